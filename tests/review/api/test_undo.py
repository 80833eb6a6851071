"""Undo over HTTP."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from agents.models import RejectReason, ReviewDecision
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import assert_undecided, make_review
from universes.models import Scene
from universes.services import canon
from universes.services import universes as universe_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(creator, universe):
    return make_review(creator, universe=universe)


def decide(client, item, verdict="approved", **body):
    response = client.post(f"/agents/reviews/{item.pk}/decision", {"verdict": verdict, **body})
    assert response.status_code == 201, response.content
    return response.json()


def undo(client, item, slash=""):
    return client.post(f"/agents/reviews/{item.pk}/undo{slash}")


@pytest.mark.parametrize("slash", ["", "/"])
def test_response_is_the_reopened_item_with_a_claim(reviewer_api, item, slash):
    given = decide(reviewer_api, item)

    response = undo(reviewer_api, item, slash)

    assert response.status_code == 200
    body = response.json()
    assert (body["id"], body["state"], body["closed_at"], body["decision"]) == (
        str(item.pk),
        "open",
        None,
        None,
    )
    assert body["claim"]["by"] == "rita"
    assert body == reviewer_api.get(f"/agents/reviews/{item.pk}").json()
    assert not Scene.objects.exists()
    (row,) = reviewer_api.get("/agents/reviews/decisions").json()["results"]
    assert row["id"] == given["id"]
    assert row["undone_at"].endswith("Z")


def test_job_waits_for_review_again(api, reviewer_api, item):
    decide(reviewer_api, item, "rejected", reason="other")
    undo(reviewer_api, item)

    job = api.get(f"/agents/jobs/{item.job_id}").json()

    assert job["human_review_required"] is True
    assert (job["review"]["state"], job["review"]["verdict"], job["review"]["by"]) == ("open", None, None)
    assert [(event["kind"], event["by"], event["data"]) for event in job["events"]][-1] == (
        "review_undone",
        "rita",
        {"verdict": "rejected"},
    )


def test_refusal_is_a_conflict_with_a_reason(reviewer_api, item, client_of, make_user, creator, universe):
    detail = problem_of(undo(reviewer_api, item), 409, "nothing_to_undo")["detail"]
    assert detail == "You have no verdict on this item to undo."
    assert_undecided(item)

    decide(reviewer_api, item)
    second = client_of(make_user("ruben", groups=["Reviewers"]))
    problem_of(undo(second, item), 409, "nothing_to_undo")

    universe_service.archive(universe)
    problem_of(undo(reviewer_api, item), 409, "universe_archived")
    universe_service.update_universe(universe, archived=False)

    canon.revise_scene(Scene.objects.get(), title="The Book", by=creator)
    detail = problem_of(undo(reviewer_api, item), 409, "canon_moved_on")["detail"]
    assert detail == "carla has changed “The Book” in the universe since."

    ReviewDecision.objects.update(at=timezone.now() - timedelta(minutes=11))
    detail = problem_of(undo(reviewer_api, item), 409, "undo_too_late")["detail"]
    assert detail == "A verdict can be undone for 10 minutes."

    item.refresh_from_db()
    assert (item.state, ReviewDecision.objects.get().undone_at) == ("closed", None)
    assert Scene.objects.get().title == "The Book"


@pytest.mark.parametrize("who", ["requester", "staff", "nobody"])
def test_only_reviewers_may(api, staff_api, reviewer_api, item, who):
    decide(reviewer_api, item)
    client = {"requester": api, "staff": staff_api, "nobody": APIClient()}[who]

    response = undo(client, item)

    if who == "nobody":
        problem_of(response, 401, "not_authenticated")
    else:
        problem_of(response, 403, "forbidden")
    assert ReviewDecision.objects.get().undone_at is None


@pytest.mark.parametrize("item_id", [str(uuid.UUID(int=1)), "1", "%00"])
def test_missing_item_is_404(reviewer_api, item_id):
    problem_of(reviewer_api.post(f"/agents/reviews/{item_id}/undo"), 404, "review_item_not_found")


def test_rejection_by_reason_alone_keeps_its_code_and_name(api, reviewer_api, item):
    given = decide(reviewer_api, item, "rejected", reason="badly_written")

    assert (given["reason"], given["note"]) == ("badly_written", "")
    review = api.get(f"/agents/jobs/{item.job_id}").json()["review"]
    assert (review["reason"], review["reason_name"], review["note"]) == ("badly_written", "Badly written", "")


def test_retired_reason_is_refused(reviewer_api, item):
    RejectReason.objects.filter(code="other").update(is_active=False)

    response = reviewer_api.post(
        f"/agents/reviews/{item.pk}/decision", {"verdict": "rejected", "reason": "other"}
    )

    assert pointers_of(response) == {"/reason": "unknown_reason"}
    assert "badly_written" in response.json()["errors"][0]["detail"]
    assert_undecided(item)
