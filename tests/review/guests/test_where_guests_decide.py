"""Verdicts of guests in universes where a lead lets them decide."""

from __future__ import annotations

import uuid

import pytest

from agents.errors import Forbidden
from agents.models import GuestsDecide
from agents.review import claims
from agents.review.guests import deciding, links, opinions
from agents.review.verdicts import decisions
from tests.review.guests.addresses import path_of
from tests.support.problems import pointers_of, problem_of

pytestmark = pytest.mark.django_db


class TestWhereGuestsDecide:
    @pytest.fixture(autouse=True)
    def allowed(self, lead, universe):
        deciding.allow(universe.pk, by=lead)

    def test_verdict_decides_and_is_signed(self, guest, link, item, reviewer, client_of, creator):
        page = guest.get(path_of(link, "/page")).content.decode()
        sent = {"item_id": str(item.pk), "verdict": "approved", "name": "Nora North", "comment": "Good."}

        assert guest.post(path_of(link, "/opinions"), sent).status_code == 201

        assert "Your verdict decides." in page
        item.refresh_from_db()
        decision = item.decisions.get()
        assert (item.closed_at is not None, item.job.__class__.objects.get(pk=item.job_id).outcome) == (
            True,
            "approved",
        )
        assert (decision.by, decision.guest_opinion.name) == (reviewer, "Nora North")
        assert decision.note == "Good.\n\nNora North, by the link for Studio North"
        receipt = client_of(creator).get(f"/agents/jobs/{item.job_id}/receipt").json()
        assert receipt["reviews"][0]["decisions"][0]["guest"] == "Nora North"
        (decided,) = item.job.events.filter(kind="review_decided")
        assert decided.data["guest"] == "Nora North"

    def test_maker_of_the_link_can_undo_it(self, link, item, reviewer):
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Nora")

        decisions.undo(item.pk, by=reviewer)

        item.refresh_from_db()
        assert item.closed_at is None

    def test_claimed_item_takes_an_opinion_only(self, link, item, second_reviewer):
        claims.claim(item.pk, by=second_reviewer)

        opinions.give_opinion(links.token_of(link), item.pk, verdict="approved", name="Nora")

        item.refresh_from_db()
        assert (item.closed_at, item.decisions.count(), item.guest_opinions.count()) == (None, 0, 1)

    def test_item_that_wants_several_opinions_is_not_decided(self, link, item):
        item.__class__.objects.filter(pk=item.pk).update(opinions_wanted=2)

        opinions.give_opinion(links.token_of(link), item.pk, verdict="approved", name="Nora")

        assert item.decisions.count() == 0

    def test_only_leads_say_so(self, universe, reviewer):
        with pytest.raises(Forbidden):
            deciding.forbid(universe.pk, by=reviewer)
        with pytest.raises(Forbidden):
            deciding.allow(universe.pk, by=reviewer)

        assert GuestsDecide.objects.count() == 1

    def test_lead_says_so_over_the_api(self, universe, lead, client_of):
        api, path = client_of(lead), f"/agents/guests-decide/{universe.pk}"

        (row,) = api.get("/agents/guests-decide").json()["results"]
        assert (row["universe_id"], row["allowed_by"]) == (str(universe.pk), lead.get_username())
        assert api.delete(path).status_code == 204
        assert not GuestsDecide.objects.exists()
        problem_of(api.delete(path), 404, "guests_do_not_decide")
        assert api.post("/agents/guests-decide", {"universe_id": str(universe.pk)}).status_code == 201
        assert GuestsDecide.objects.get().universe == universe
        unknown = api.post("/agents/guests-decide", {"universe_id": str(uuid.UUID(int=1))})
        assert pointers_of(unknown) == {"/universe_id": "unknown_universe"}
