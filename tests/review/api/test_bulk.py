"""Bulk verdicts over HTTP."""

from __future__ import annotations

import uuid

import pytest
from rest_framework.test import APIClient

from agents.models import ReviewDecision, ReviewItem
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import make_review
from universes.models import Scene

pytestmark = pytest.mark.django_db

BULK = "/agents/reviews/bulk"


@pytest.fixture
def items(creator, universe):
    return [make_review(creator, universe=universe, confidence=confidence) for confidence in (0.6, 0.2, 0.4)]


def ids(items):
    return [str(item.pk) for item in items]


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("is_dry", [True, False])
def test_response_lists_decided_items_and_dry_run_decides_none(
    reviewer_api, second_reviewer_api, items, slash, is_dry
):
    held = items[1]
    second_reviewer_api.post(f"/agents/reviews/{held.pk}/claim")
    held.refresh_from_db()
    body = {"verdict": "approved", "ids": ids(items)}

    response = reviewer_api.post(BULK + slash, {**body, "dry_run": True} if is_dry else body)

    assert response.status_code == 200
    body = response.json()
    assert (body.pop("bulk_id") is None) == is_dry
    assert body == {
        "dry_run": is_dry,
        "decided": ids([items[0], items[2]]),
        "left_out": [
            {"id": str(held.pk), "why": f"ruben has claimed it until {held.claimed_until:%H:%M} UTC."},
        ],
        "lowest_confidence": 0.4,
        "highest_confidence": 0.6,
        "sample": ids([items[2], items[0]]),
    }
    decided = set() if is_dry else {items[0].pk, items[2].pk}
    assert set(ReviewDecision.objects.values_list("item", flat=True)) == decided
    assert set(ReviewItem.objects.filter(state="closed").values_list("pk", flat=True)) == decided
    assert Scene.objects.count() == len(decided)


def test_bulk_rejection_stores_reason_and_note(reviewer_api, items):
    response = reviewer_api.post(
        BULK, {"verdict": "rejected", "ids": ids(items), "reason": "other", "note": "All of a kind."}
    )

    assert sorted(response.json()["decided"]) == sorted(ids(items))
    assert set(ReviewDecision.objects.values_list("verdict", "reason__code", "note", "by__username")) == {
        ("rejected", "other", "All of a kind.", "rita")
    }


def test_response_says_which_items_are_skipped_and_why(
    reviewer_api, second_reviewer_api, creator, api_reviewer, items
):
    decided, blind, several = items
    second_reviewer_api.post(f"/agents/reviews/{decided.pk}/decision", {"verdict": "approved"})
    ReviewItem.objects.filter(pk=blind.pk).update(is_blind=True)
    ReviewItem.objects.filter(pk=several.pk).update(opinions_wanted=2)
    gold = make_review(creator, kind="gold", is_blind=True, only_for=creator)
    unknown = str(uuid.UUID(int=7))

    response = reviewer_api.post(BULK, {"verdict": "approved", "ids": [*ids([*items, gold]), unknown]})

    body = response.json()
    assert {left["id"]: left["why"] for left in body["left_out"]} == {
        str(decided.pk): "ruben has decided it.",
        str(blind.pk): "Blind items are decided one by one.",
        str(several.pk): "It requires several opinions.",
        str(gold.pk): "There is no such item.",
        unknown: "There is no such item.",
    }
    assert (body["decided"], body["sample"]) == ([], [])
    # The range leaves out the confidence of skipped items.
    assert (body["lowest_confidence"], body["highest_confidence"]) == (None, None)


ONE = [str(uuid.UUID(int=1))]


@pytest.mark.parametrize(
    ("body", "code", "expected"),
    [
        ({}, "invalid", {"/verdict": "required", "/ids": "required"}),
        ({"verdict": "edited", "ids": ONE}, "invalid", {"/verdict": "invalid_choice"}),
        ({"verdict": "asked_again", "ids": ONE}, "invalid", {"/verdict": "invalid_choice"}),
        ({"verdict": "approved", "ids": []}, "invalid", {"/ids": "empty"}),
        ({"verdict": "approved", "ids": ONE[0]}, "invalid", {"/ids": "not_a_list"}),
        ({"verdict": "approved", "ids": [*ONE, "x"]}, "invalid", {"/ids/1": "invalid"}),
        ({"verdict": "approved", "ids": [7]}, "invalid", {"/ids/0": "invalid"}),
        ({"verdict": "approved", "ids": [None]}, "invalid", {"/ids/0": "null"}),
        ({"verdict": "approved", "ids": ONE * 501}, "invalid", {"/ids": "max_length"}),
        ({"verdict": "approved", "ids": ONE, "dry_run": "false"}, "invalid", {"/dry_run": "invalid"}),
        ({"verdict": "approved", "ids": ONE, "dry_run": 0}, "invalid", {"/dry_run": "invalid"}),
        ({"verdict": "approved", "ids": ONE, "dry_run": None}, "invalid", {"/dry_run": "null"}),
        ({"verdict": "approved", "ids": ONE, "output": {}}, "invalid", {"/output": "unknown_field"}),
        ({"verdict": "approved", "ids": ONE, "reason": "other"}, "invalid", {"/reason": "invalid"}),
        ({"verdict": "rejected", "ids": ONE}, "reason_required", {"/reason": "required"}),
        ({"verdict": "rejected", "ids": ONE, "reason": "bored"}, "invalid", {"/reason": "unknown_reason"}),
        ({"verdict": "rejected", "ids": ONE, "note": "x" * 5001}, "invalid", {"/note": "max_length"}),
    ],
)
def test_bad_body_is_named_and_decides_nothing(reviewer_api, items, body, code, expected):
    if body.get("ids") == ONE:
        body = {**body, "ids": ids(items)}

    assert pointers_of(reviewer_api.post(BULK, body), code) == expected

    assert not ReviewDecision.objects.exists()


def test_five_hundred_items_are_accepted(reviewer_api, items):
    unknown = [str(uuid.UUID(int=number + 1)) for number in range(499)]

    response = reviewer_api.post(BULK, {"verdict": "approved", "ids": [str(items[0].pk), *unknown]})

    assert response.status_code == 200
    assert (response.json()["decided"], len(response.json()["left_out"])) == (ids(items[:1]), 499)


@pytest.mark.parametrize("who", ["requester", "staff", "nobody"])
def test_only_reviewers_may(api, staff_api, items, who):
    client = {"requester": api, "staff": staff_api, "nobody": APIClient()}[who]

    response = client.post(BULK, {"verdict": "approved", "ids": ids(items)})

    if who == "nobody":
        problem_of(response, 401, "not_authenticated")
    else:
        problem_of(response, 403, "forbidden")
    assert not ReviewDecision.objects.exists()
