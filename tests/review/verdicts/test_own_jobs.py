"""Four eyes: nobody decides on a job that they requested, unless a lead has allowed it for the universe."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.choices import Verdict
from agents.errors import Conflict
from agents.models import ReviewDecision, ReviewItem, SelfReview
from agents.quality import gold
from agents.review import claims, self_review
from agents.review.verdicts import bulk, decisions
from tests.support import rows
from tests.support.problems import problem_of
from universes.choices import Role
from universes.models import Scene
from universes.services import universes

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_own(open_review, universe):
    """Open an item of a person's own job in the creator's universe."""

    def make(by: User) -> ReviewItem:
        universes.add_member(universe, by, Role.EDITOR)
        item: ReviewItem = open_review(by=by)
        return item

    return make


@pytest.fixture
def own_item(open_own, api_reviewer):
    return open_own(api_reviewer)


def decide(client, item, **body):
    return client.post(f"/agents/reviews/{item.pk}/decision", {"verdict": "approved", **body})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"verdict": "rejected", "note": "Thin."},
        {"verdict": "asked_again", "note": "Longer."},
        {"verdict": "edited", "output": {**rows.NARRATIVE, "title": "Another"}},
    ],
)
def test_requester_cannot_decide(reviewer_api, own_item, body):
    refused = problem_of(decide(reviewer_api, own_item, **body), 409, "own_job")

    assert "another reviewer decides" in refused["detail"]
    assert "Low Marsh" in refused["detail"]
    rows.assert_undecided(own_item)


def test_another_reviewer_can(second_reviewer_api, own_item):
    assert decide(second_reviewer_api, own_item).status_code == 201
    assert Scene.objects.get().canon_status == "canon"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "claim", {}),
        ("post", "hand", {"to": "ruben"}),
    ],
)
def test_requester_cannot_hold_or_hand_it(reviewer_api, second_reviewer_api, own_item, method, path, body):
    problem_of(getattr(reviewer_api, method)(f"/agents/reviews/{own_item.pk}/{path}", body), 409, "own_job")
    own_item.refresh_from_db()
    assert (own_item.claimed_by, own_item.assigned_to) == (None, None)


def test_it_cannot_be_handed_to_the_requester(second_reviewer_api, own_item):
    response = second_reviewer_api.post(f"/agents/reviews/{own_item.pk}/hand", {"to": "rita"})

    assert response.status_code == 400
    assert "requested" in response.json()["errors"][0]["detail"]


def test_queue_does_not_offer_it(reviewer_api, second_reviewer_api, own_item):
    assert reviewer_api.post("/agents/reviews/next").status_code == 204
    assert second_reviewer_api.post("/agents/reviews/next").json()["id"] == str(own_item.pk)


def test_bulk_leaves_it_out(reviewer_api, api_reviewer, creator, universe):
    own, foreign = (rows.make_review(person, universe=universe) for person in (api_reviewer, creator))

    preview = bulk.plan([own.pk, foreign.pk], by=api_reviewer)
    body = {"ids": [str(own.pk), str(foreign.pk)], "verdict": "approved"}
    result = reviewer_api.post("/agents/reviews/bulk", body).json()

    assert [item.pk for item in preview.items] == [foreign.pk]
    assert result["decided"] == [str(foreign.pk)]
    assert [row["id"] for row in result["left_out"]] == [str(own.pk)]
    assert "You requested this job" in str(result["left_out"])
    assert ReviewItem.objects.get(pk=own.pk).state == "open"


def test_opinion_of_the_requester_is_none_of_several(universe, reviewer_api, own_item):
    ReviewItem.objects.update(opinions_wanted=2)

    problem_of(decide(reviewer_api, own_item), 409, "own_job")
    assert not ReviewDecision.objects.exists()


def test_superuser_and_lead_are_no_exception(open_own, superuser, lead, superuser_api):
    for person in (superuser, lead):
        item = open_own(person)
        with pytest.raises(Conflict, match="You requested"):
            decisions.decide(item.pk, Verdict.APPROVED, by=person)


def test_lead_settles_no_dispute_about_their_own_job(open_own, universe, reviewer, second_reviewer, lead):
    universes.update_universe(universe, opinions_wanted=2)
    item = open_own(lead)
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    decisions.decide(item.pk, Verdict.REJECTED, by=second_reviewer, note="No.")

    with pytest.raises(Conflict, match="You requested"):
        decisions.decide(item.pk, Verdict.APPROVED, by=lead)


def test_job_without_a_universe_needs_no_other(api_reviewer, reviewer_api):
    item = rows.make_review(api_reviewer)

    assert decide(reviewer_api, item).status_code == 201


def test_gold_measures_whom_it_measures(plant_gold, make_reviewer):
    reviewer = make_reviewer("gala")
    item = plant_gold(reviewer)
    item.job.__class__.objects.update(requested_by=reviewer)

    assert decisions.decide(item.pk, Verdict.APPROVED, by=reviewer).self_review_allowed_by is None
    assert gold.plant_gold() == {"planted": 0}


# --- The lead's setting


def test_lead_allows_it_and_the_receipt_says_so(lead_api, reviewer_api, own_item, universe):
    allowed = lead_api.post("/agents/self-reviews", {"universe_id": str(universe.pk)})
    assert allowed.status_code == 201
    assert (allowed.json()["universe"], allowed.json()["allowed_by"]) == ("Low Marsh", "sella")
    assert [row["universe_id"] for row in lead_api.get("/agents/self-reviews").json()["results"]] == [
        str(universe.pk)
    ]

    assert reviewer_api.post("/agents/reviews/next").json()["id"] == str(own_item.pk)
    assert decide(reviewer_api, own_item).status_code == 201

    lead_api.delete(f"/agents/self-reviews/{universe.pk}")
    receipt = reviewer_api.get(f"/agents/jobs/{own_item.job_id}/receipt").json()
    assert receipt["reviews"][0]["decisions"][0]["self_review_allowed_by"] == "sella"


def test_receipt_of_another_reviewers_verdict_names_nobody(lead, second_reviewer_api, own_item, universe):
    self_review.allow(universe.pk, by=lead)

    decide(second_reviewer_api, own_item)

    receipt = second_reviewer_api.get(f"/agents/jobs/{own_item.job_id}/receipt").json()
    assert receipt["reviews"][0]["decisions"][0]["self_review_allowed_by"] is None


def test_list_of_settings_takes_two_queries(lead_api, lead, universe, foreign_universe):
    for row in (universe, foreign_universe):
        self_review.allow(row.pk, by=lead)

    with CaptureQueriesContext(connection) as queries:
        assert lead_api.get("/agents/self-reviews").json()["count"] == 2
    assert len(queries) == 2


def test_setting_ends(lead_api, reviewer_api, own_item, universe):
    lead_api.post("/agents/self-reviews", {"universe_id": str(universe.pk)})

    assert lead_api.delete(f"/agents/self-reviews/{universe.pk}").status_code == 204

    problem_of(decide(reviewer_api, own_item), 409, "own_job")
    problem_of(lead_api.delete(f"/agents/self-reviews/{universe.pk}"), 404, "self_review_not_found")


def test_setting_is_of_one_universe(lead, foreign_universe, reviewer_api, own_item):
    self_review.allow(foreign_universe.pk, by=lead)

    problem_of(decide(reviewer_api, own_item), 409, "own_job")


def test_setting_is_a_leads_alone(api, reviewer_api, universe):
    for client in (api, reviewer_api):
        assert client.post("/agents/self-reviews", {"universe_id": str(universe.pk)}).status_code == 403
    assert not SelfReview.objects.exists()


def test_unknown_universe_is_refused(lead_api):
    made_up = "00000000-0000-7000-8000-000000000000"

    assert lead_api.post("/agents/self-reviews", {"universe_id": made_up}).status_code == 400


# --- Admin


def test_page_says_why_there_are_no_buttons(client, make_reviewer, open_own):
    reviewer = make_reviewer("gala")
    item = open_own(reviewer)
    client.force_login(reviewer)
    url = f"/admin/agents/reviewitem/{item.pk}/"

    page = client.get(f"{url}change/").content.decode()
    client.post(f"{url}decide/", {"verdict": "approved"})

    assert "another reviewer decides on it" in page
    assert 'value="approved"' not in page
    rows.assert_undecided(item)


def test_bulk_action_of_the_admin_leaves_it_out(client, make_reviewer, universe):
    reviewer = make_reviewer("gala")
    item = rows.make_review(reviewer, universe=universe)
    client.force_login(reviewer)

    body = {"ids": [str(item.pk)], "verdict": "approved", "confirmed": "yes"}
    client.post("/admin/agents/reviewitem/bulk/", body)

    assert ReviewItem.objects.get().state == "open"
    assert not ReviewItem.objects.offered_to(reviewer, timezone.now()).exists()


def test_lead_allows_and_ends_it_in_the_admin(client, lead, universe):
    client.force_login(lead)
    url = "/admin/agents/selfreview/"

    assert client.post(f"{url}add/", {"universe": str(universe.pk)}).status_code == 302
    allowed = SelfReview.objects.get()
    assert (allowed.universe, allowed.allowed_by) == (universe, lead)
    assert client.post(f"{url}{universe.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not SelfReview.objects.exists()


def test_admin_receipt_names_the_lead(client, lead, make_reviewer, open_own, universe):
    reviewer = make_reviewer("gala")
    item = open_own(reviewer)
    self_review.allow(universe.pk, by=lead)
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    client.force_login(reviewer)

    page = client.get(f"/admin/agents/agentjob/{item.job_id}/receipt/").content.decode()

    assert "own job, allowed by" in page
    assert "lena" in page


def test_claims_of_others_are_told_before_the_own_job(own_item, api_reviewer, api_second_reviewer):
    claims.claim(own_item.pk, api_second_reviewer)
    decisions.decide(own_item.pk, Verdict.APPROVED, by=api_second_reviewer)

    with pytest.raises(Conflict, match="already decided"):
        decisions.decide(own_item.pk, Verdict.APPROVED, by=api_reviewer)
