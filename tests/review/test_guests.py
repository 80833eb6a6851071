"""Review by link: signed, expiring, revocable; a guest sees the items of the link and nothing else."""

from __future__ import annotations

import logging
import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from agents.choices import Verdict
from agents.errors import Conflict, Forbidden, NotFound
from agents.models import GuestOpinion, GuestsDecide, ReviewItem, ReviewLink
from agents.review import claims
from agents.review.guests import deciding, links, opinions
from agents.review.verdicts import decisions
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import OUTPUTS, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(creator, universe):
    return make_review(creator, universe=universe)


@pytest.fixture
def link(item, reviewer):
    return links.make_link([item.pk], label="Studio North", expires_in_h=24, by=reviewer)


@pytest.fixture
def guest():
    return APIClient()


def path_of(link, tail=""):
    return f"/review-links/{links.token_of(link)}{tail}"


def test_guest_sees_request_and_output_and_nothing_else(guest, link, item, client_of, reviewer):
    shown = guest.get(path_of(link))

    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    body = shown.json()
    assert (body["label"], [row["id"] for row in body["items"]]) == ("Studio North", [str(item.pk)])
    assert set(body["items"][0]) == {"id", "agent_type", "request", "output", "decides", "opinions"}
    assert body["items"][0]["output"]["content"] == OUTPUTS["narrative"]["content"]
    assert not {"model", "tokens_used"} & body["items"][0]["output"].keys()
    for path in ("/agents/jobs", f"/agents/reviews/{item.pk}", f"/universes/{item.universe_id}"):
        assert guest.get(path).status_code == 401
    (listed,) = client_of(reviewer).get("/agents/review-links").json()["results"]
    assert listed["address"].endswith(path_of(link, "/page"))
    assert listed["last_used_at"] is not None


def test_opinion_is_read_by_reviewers_and_decides_nothing(guest, link, item, client_of, reviewer):
    sent = {"item_id": str(item.pk), "verdict": "rejected", "name": " Ann  Lee ", "comment": "Too dark."}

    answer = guest.post(path_of(link, "/opinions"), sent)

    assert answer.status_code == 201
    said = {"name": "Ann Lee", "verdict": "rejected", "comment": "Too dark.", "at": answer.json()["at"]}
    assert client_of(reviewer).get(f"/agents/reviews/{item.pk}").json()["guest_opinions"] == [said]
    assert guest.get(path_of(link)).json()["items"][0]["opinions"] == [said]
    item.refresh_from_db()
    assert (item.state, item.job.outcome) == ("open", "awaiting_review")
    events = {event.kind: event.data for event in item.job.events.all()}
    assert events["review_shared"] == {"link_id": str(link.pk), "label": "Studio North"}
    assert events["guest_opinion"]["name"] == "Ann Lee"
    assert "verdict" not in events["guest_opinion"]
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)


def test_opinion_sent_twice_is_recorded_once(link, item):
    for comment in ("Too dark.", "Too dark.", "Still too dark."):
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann", comment=comment)

    assert list(GuestOpinion.objects.order_by("at").values_list("comment", flat=True)) == [
        "Too dark.",
        "Still too dark.",
    ]


def test_opinion_of_a_guest_does_not_influence_independent_ones(link, item, client_of, reviewer):
    type(item).objects.update(opinions_wanted=2)
    opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann")

    def seen():
        return len(client_of(reviewer).get(f"/agents/reviews/{item.pk}").json()["guest_opinions"])

    assert seen() == 0
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    assert seen() == 1


def test_reviewer_who_opens_the_link_is_not_influenced_either(link, item, reviewer, reviewer_client):
    type(item).objects.update(opinions_wanted=2)
    opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann", comment="Vile.")

    def is_seen(client):
        return "Vile." in client.get(path_of(link, "/page")).content.decode()

    assert (is_seen(Client()), is_seen(reviewer_client)) == (True, False)
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    assert is_seen(reviewer_client)


class TestNumberOfAnswers:
    """The queue shows how many answers of guests an item has, and nothing else of them."""

    @pytest.fixture(autouse=True)
    def other(self, creator):
        return make_review(creator)

    @pytest.fixture(params=[1, 2])
    def wanted(self, request, item):
        """The opinions of reviewers that the item wants."""
        type(item).objects.filter(pk=item.pk).update(opinions_wanted=request.param)

    @pytest.mark.usefixtures("wanted")
    def test_row_of_the_queue_has_it(self, link, item, reviewer_client):
        queue = reverse("admin:agents_reviewitem_changelist")

        def shown(query=""):
            response = reviewer_client.get(queue + query)
            counts = {quick.label: quick.count for quick in response.context["quick_links"]}
            return response.content.decode(), counts.get("Answered by a guest")

        def given(page):
            return re.findall(r"\d answers? by [a ]*guests?", page)

        page, counted = shown()
        assert (given(page), counted) == ([], None)
        assert shown("?guests=true")[1] == 0
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann")
        page, counted = shown()
        assert (given(page), counted) == (["1 answer by a guest"], 1)
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Bo", comment="Vile.")

        page, counted = shown("?guests=true")
        assert (given(page), counted) == (["2 answers by guests"], 1)
        assert page.count('class="action-select"') == 1
        assert not re.search("Vile|rejected|Ann", page)

    def test_closed_row_keeps_it(self, link, item, reviewer, reviewer_client):
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann")
        decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

        page = reviewer_client.get(reverse("admin:agents_reviewitem_changelist"), {"state": "closed"})
        assert "1 answer by a guest" in page.content.decode()

    def test_page_says_that_answers_are_hidden(self, link, item, reviewer, reviewer_client):
        type(item).objects.filter(pk=item.pk).update(opinions_wanted=2)
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann", comment="Vile.")
        page = reverse("admin:agents_reviewitem_change", args=[item.pk])

        before = reviewer_client.get(page).content.decode()
        decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
        after = reviewer_client.get(page).content.decode()

        hidden = "1 answer by a guest, hidden until you have given your opinion."
        assert (hidden in before, "Vile." in before) == (True, False)
        assert (hidden in after, "Vile." in after) == (False, True)

    @pytest.mark.usefixtures("wanted")
    def test_api_has_it_in_lists_and_items(self, link, item, other, client_of, reviewer):
        api, before = client_of(reviewer), timezone.now()
        ReviewItem.objects.update(opened_at=before - timedelta(hours=1))
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann")

        def found(query):
            rows = api.get(f"/agents/reviews?{query}").json()["results"]
            return {row["id"]: row["guest_opinions_given"] for row in rows}

        assert found("") == {str(item.pk): 1, str(other.pk): 0}
        assert found("guests=true") == {str(item.pk): 1}
        assert found("guests=false") == {str(other.pk): 0}
        assert found(f"updated_since={before:%Y-%m-%dT%H:%M:%S.%fZ}") == {str(item.pk): 1}
        assert api.get(f"/agents/reviews/{item.pk}").json()["guest_opinions_given"] == 1
        assert api.post("/agents/reviews/next?guests=true").json()["id"] == str(item.pk)
        assert pointers_of(api.get("/agents/reviews?guests=maybe")).keys() == {"?guests"}

    def test_number_is_in_the_answer_of_a_hand_over(self, link, item, client_of, reviewer, second_reviewer):
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann")

        body = {"to": second_reviewer.username}
        handed = client_of(reviewer).post(f"/agents/reviews/{item.pk}/hand", body).json()
        assert handed["guest_opinions_given"] == 1


@pytest.mark.parametrize("end", ["expired", "revoked", "forged", "maker gone"])
def test_closed_link_shows_and_takes_nothing(guest, link, item, client_of, reviewer, end):
    path, page, token = path_of(link), path_of(link, "/page"), links.token_of(link)
    if end == "expired":
        now = timezone.now()
        ReviewLink.objects.update(made_at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    elif end == "revoked":
        assert client_of(reviewer).delete(f"/agents/review-links/{link.pk}").status_code == 204
    elif end == "forged":
        path, page = path.replace(token, token[:-2] + "xx"), page.replace(token, token[:-2] + "xx")
    else:
        reviewer.is_active = False
        reviewer.save()

    problem_of(guest.get(path), 404, "review_link_not_found")
    sent = {"item_id": str(item.pk), "verdict": "approved", "name": "Ann"}
    problem_of(guest.post(f"{path}/opinions", sent), 404, "review_link_not_found")
    closed = Client().get(page)
    assert closed.status_code == 404
    assert "Ask the person who sent it" in closed.content.decode()
    assert "/admin/" not in closed.content.decode()
    assert not GuestOpinion.objects.exists()


def test_link_opens_its_items_alone(guest, link, creator):
    other = make_review(creator)
    sent = {"item_id": str(other.pk), "verdict": "approved", "name": "Ann"}

    problem_of(guest.post(path_of(link, "/opinions"), sent), 404, "review_item_not_found")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"item_ids": [str(uuid.UUID(int=1))]}, "/item_ids"),
        ({"item_ids": []}, "/item_ids"),
        ({"label": " "}, "/label"),
        ({"expires_in_h": 0}, "/expires_in_h"),
        ({"expires_in_h": 2161}, "/expires_in_h"),
    ],
)
def test_link_is_checked(client_of, reviewer, item, changes, pointer):
    body = {"item_ids": [str(item.pk)], "label": "Studio", **changes}

    assert next(iter(pointers_of(client_of(reviewer).post("/agents/review-links", body)))).startswith(pointer)
    assert not ReviewLink.objects.exists()


def test_gold_of_another_reviewer_cannot_be_shared(plant_gold, client_of, reviewer, second_reviewer):
    hidden = plant_gold(second_reviewer)
    body = {"item_ids": [str(hidden.pk)], "label": "Studio"}

    assert client_of(reviewer).post("/agents/review-links", body).status_code == 400


def test_others_see_and_revoke_a_link_only_as_leads(client_of, link, second_reviewer, lead):
    url = f"/agents/review-links/{link.pk}"
    assert client_of(second_reviewer).get("/agents/review-links").json()["count"] == 0
    problem_of(client_of(second_reviewer).delete(url), 403, "forbidden")
    assert client_of(lead).get("/agents/review-links").json()["count"] == 1
    assert client_of(lead).delete(url).status_code == 204
    assert client_of(lead).delete(url).status_code == 204
    assert list(link.items.get().job.events.filter(kind="review_unshared").values_list("by", flat=True)) == [
        lead.pk
    ]


def test_number_of_opinions_is_bounded(link, item, monkeypatch):
    monkeypatch.setattr(opinions, "MAX_OPINIONS", 1)
    give = {"verdict": "approved", "name": "Ann"}
    opinions.give_opinion(links.token_of(link), item.pk, **give)

    with pytest.raises(Conflict):
        opinions.give_opinion(links.token_of(link), item.pk, **give, comment="Lovely.")


def test_page_of_a_guest_shows_and_takes_an_opinion(link, item, reviewer_client):
    page, client = path_of(link, "/page"), Client()
    shown = client.get(page)
    assert "ferryman" in shown.content.decode()
    assert (shown["Referrer-Policy"], shown["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "0.45" not in shown.content.decode()

    refused = client.post(
        page, {"item": str(item.pk), "verdict": "approved", "name": " ", "comment": "Kept."}
    )
    assert (refused.status_code, "Kept." in refused.content.decode()) == (400, True)
    client.post(page, {"item": str(item.pk), "verdict": "approved", "name": "Ann"})

    assert GuestOpinion.objects.get().name == "Ann"
    own = reviewer_client.get(reverse("admin:agents_reviewitem_change", args=[item.pk])).content.decode()
    assert page in own
    assert "Would approve it." in own


def test_page_remembers_the_name_for_its_link_alone(link, item, creator, reviewer):
    other = make_review(creator)
    elsewhere = links.make_link([other.pk], label="Other", expires_in_h=1, by=reviewer)
    client = Client()
    client.post(path_of(link, "/page"), {"item": str(item.pk), "verdict": "approved", "name": "Zoë Ng"})

    assert 'value="Zoë Ng"' in client.get(path_of(link, "/page")).content.decode()
    kept = client.cookies["guest_name"]
    assert (kept["path"], kept["httponly"], kept["max-age"]) == (path_of(link, "/page"), True, "")
    assert kept["path"] != path_of(elsewhere, "/page")


def test_page_shows_the_answer_to_whom_gave_it(link, item, reviewer):
    page, client = path_of(link, "/page"), Client()
    sent = {"item": str(item.pk), "verdict": "approved", "name": " Ann  Lee ", "comment": "Good."}
    answer = client.post(page, sent)
    assert answer["Location"] == f"{page}#answer-{item.pk}"

    shown = client.get(page).content.decode()
    assert "The reviewers have your answer." in shown
    assert "Your answer: <strong>Approve it.</strong>" in shown
    assert "Change your answer" in shown
    other = Client().get(page).content.decode()
    assert "Your answer" not in other
    assert "Ann Lee: <strong>Approve it.</strong>" in other

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    shown = client.get(page).content.decode()
    assert "This text has been decided." in shown
    assert "Your answer: <strong>Approve it.</strong>" in shown
    assert "Change your answer" not in shown


def test_refused_change_of_an_answer_is_kept_open(link, item):
    page, client = path_of(link, "/page"), Client()
    client.post(page, {"item": str(item.pk), "verdict": "approved", "name": "Ann"})

    refused = client.post(
        page, {"item": str(item.pk), "verdict": "maybe", "name": "Ann", "comment": "Hm."}
    ).content.decode()
    assert '<details class="more" open>' in refused
    assert "Hm.</textarea>" in refused


def test_reviewer_shares_and_revokes_on_the_page(reviewer_client, item):
    reviewer_client.post(
        reverse("admin:agents_reviewitem_share", args=[item.pk]), {"label": "Studio", "days": "2"}
    )
    link = ReviewLink.objects.get()
    assert link.expires_at - link.made_at == timedelta(days=2)

    reviewer_client.post(reverse("admin:agents_reviewitem_unshare", args=[item.pk]), {"link": str(link.pk)})

    with pytest.raises(NotFound):
        links.find_link(links.token_of(link))


def test_token_is_not_in_the_log(link, guest, caplog):
    guest.get(path_of(link))

    assert "/review-links/…" in caplog.text
    assert links.token_of(link) not in caplog.text


def test_token_is_not_in_djangos_log_of_a_refusal(link, guest, caplog):
    path = path_of(link, "/page")
    assert Client().post(path, {}).status_code == 400

    (record,) = [record for record in caplog.records if record.name == "django.request"]
    formatter = next(
        handler.formatter
        for handler in logging.getLogger().handlers
        if handler.formatter is not None and "ProcessorFormatter" in type(handler.formatter).__name__
    )
    line = formatter.format(record)
    assert "/page" in line
    assert links.token_of(link) not in line


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
