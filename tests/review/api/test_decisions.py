"""Decisions over HTTP: each verdict and its effect, each refusal."""

from __future__ import annotations

import uuid

import pytest

from agents.models import ReviewDecision
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import INPUTS, OUTPUTS, assert_undecided, make_review
from universes.models import Element, Scene
from universes.services import universes as universe_service

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slash", ["", "/"])
def test_approved_scene_enters_the_universe(reviewer_api, creator, universe, slash):
    item = make_review(creator, universe=universe)

    response = reviewer_api.post(f"/agents/reviews/{item.pk}/decision{slash}", {"verdict": "approved"})

    decision = ReviewDecision.objects.get()
    assert response.status_code == 201
    body = response.json()
    assert body.pop("at").endswith("Z")
    assert body == {
        "id": str(decision.pk),
        "item_id": str(item.pk),
        "verdict": "approved",
        "by": "rita",
        "reason": None,
        "note": "",
        "before": OUTPUTS["narrative"],
        "after": None,
        "takes_effect": True,
        "is_lead": False,
        "work_s": None,
        "follow_up_job_id": None,
        "undone_at": None,
    }
    scene = Scene.objects.get()
    assert (scene.universe, scene.canon_status, scene.origin_ref) == (universe, "canon", str(item.job_id))
    assert scene.text == OUTPUTS["narrative"]["content"]
    item.refresh_from_db()
    assert item.state == "closed"


def test_approved_scene_is_listed_by_the_universe(api, reviewer_api, creator, universe):
    item = make_review(creator, universe=universe)
    reviewer_api.post(f"/agents/reviews/{item.pk}/decision", {"verdict": "approved"})

    (scene,) = api.get(f"/universes/{universe.pk}/scenes").json()["results"]

    assert (scene["origin_ref"], scene["canon_status"]) == (str(item.job_id), "canon")


def test_approved_place_enters_the_universe(reviewer_api, creator, universe):
    item = make_review(creator, universe=universe, agent_type="spatial")

    response = reviewer_api.post(f"/agents/reviews/{item.pk}/decision", {"verdict": "approved"})

    assert response.status_code == 201
    place = Element.objects.get()
    assert (place.kind, place.name, place.canon_status) == ("location", "Emberfall", "canon")


def test_edited_text_enters_and_both_texts_are_kept(reviewer_api, creator, universe):
    item = make_review(creator, universe=universe)
    edited = {**OUTPUTS["narrative"], "content": "Mira closed the ledger.", "tokens_used": 1}

    response = reviewer_api.post(
        f"/agents/reviews/{item.pk}/decision", {"verdict": "edited", "output": edited, "note": "Shorter."}
    )

    body = response.json()
    assert (response.status_code, body["verdict"], body["note"]) == (201, "edited", "Shorter.")
    assert body["before"] == OUTPUTS["narrative"]
    # The word count is recomputed; model and tokens stay.
    assert body["after"] == {
        **OUTPUTS["narrative"],
        "content": "Mira closed the ledger.",
        "word_count": 4,
    }
    assert Scene.objects.get().text == "Mira closed the ledger."


def test_rejected_output_does_not_enter(reviewer_api, creator, universe):
    item = make_review(creator, universe=universe)

    response = reviewer_api.post(
        f"/agents/reviews/{item.pk}/decision", {"verdict": "rejected", "note": "Too thin."}
    )

    assert (response.status_code, response.json()["note"]) == (201, "Too thin.")
    assert not Scene.objects.exists()
    item.refresh_from_db()
    assert item.state == "closed"


def test_ask_again_makes_a_job_with_the_note(api, reviewer_api, creator, universe):
    item = make_review(creator, universe=universe)

    response = reviewer_api.post(
        f"/agents/reviews/{item.pk}/decision", {"verdict": "asked_again", "note": "Let it rain."}
    )

    assert response.status_code == 201
    follow_up = api.get(f"/agents/jobs/{response.json()['follow_up_job_id']}").json()
    assert (follow_up["status"], follow_up["revision_note"], follow_up["follows_job_id"]) == (
        "pending",
        "Let it rain.",
        str(item.job_id),
    )
    assert follow_up["input_data"] == INPUTS["narrative"]
    assert not Scene.objects.exists()


def test_second_decision_names_who_decided_first(reviewer_api, client_of, make_user, creator, universe):
    item = make_review(creator, universe=universe)
    reviewer_api.post(f"/agents/reviews/{item.pk}/decision", {"verdict": "approved"})
    second = client_of(make_user("ruben", groups=["Reviewers"]))

    response = second.post(f"/agents/reviews/{item.pk}/decision", {"verdict": "rejected", "note": "No."})

    body = problem_of(response, 409, "review_closed")
    assert body["detail"].startswith("rita has already decided this item: approved, ")
    assert ReviewDecision.objects.get().verdict == "approved"
    assert Scene.objects.count() == 1


def test_archived_universe_refuses_approval(reviewer_api, creator, universe):
    item = make_review(creator, universe=universe)
    universe_service.archive(universe)

    response = reviewer_api.post(f"/agents/reviews/{item.pk}/decision", {"verdict": "approved"})

    problem_of(response, 409, "universe_archived")
    assert_undecided(item)


NARRATIVE = OUTPUTS["narrative"]
REFUSED = {
    "nothing": ({}, "invalid", {"/verdict": "required"}),
    "unknown verdict": ({"verdict": "maybe"}, "invalid", {"/verdict": "invalid_choice"}),
    "number": ({"verdict": 1}, "invalid", {"/verdict": "invalid_choice"}),
    "unknown field": ({"verdict": "approved", "by": "me"}, "invalid", {"/by": "unknown_field"}),
    "no reason": ({"verdict": "rejected"}, "reason_required", {"/reason": "required"}),
    "blank words": (
        {"verdict": "rejected", "note": " ", "reason": ""},
        "reason_required",
        {"/reason": "required"},
    ),
    "unknown reason": (
        {"verdict": "rejected", "reason": "bored"},
        "invalid",
        {"/reason": "unknown_reason"},
    ),
    "reason of another verdict": (
        {"verdict": "approved", "reason": "other"},
        "invalid",
        {"/reason": "invalid"},
    ),
    "reason is a number": ({"verdict": "rejected", "reason": 1}, "invalid", {"/reason": "invalid"}),
    "nothing to do again": ({"verdict": "asked_again"}, "note_required", {"/note": "required"}),
    "long note": ({"verdict": "rejected", "note": "x" * 5001}, "invalid", {"/note": "max_length"}),
    "no output": ({"verdict": "edited"}, "invalid", {"/output": "required"}),
    "output is a text": ({"verdict": "edited", "output": "x"}, "invalid", {"/output": "not_a_dict"}),
    "output with another verdict": (
        {"verdict": "approved", "output": NARRATIVE},
        "invalid",
        {"/output": "invalid"},
    ),
    "empty output": (
        {"verdict": "edited", "output": {}},
        "invalid",
        {"/output/title": "required", "/output/content": "required"},
    ),
    "wrong output": (
        {"verdict": "edited", "output": {**NARRATIVE, "content": 5, "shots": []}},
        "invalid",
        {"/output/content": "wrong_type", "/output/shots": "unknown_field"},
    ),
    "blank text": (
        {"verdict": "edited", "output": {**NARRATIVE, "content": "  "}},
        "invalid",
        {"/output/content": "blank"},
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_invalid_decision_names_the_field_and_decides_nothing(reviewer_api, creator, universe, case):
    sent, code, expected = REFUSED[case]
    item = make_review(creator, universe=universe)

    response = reviewer_api.post(f"/agents/reviews/{item.pk}/decision", sent)

    assert pointers_of(response, code) == expected
    assert_undecided(item)


@pytest.mark.parametrize("item_id", [str(uuid.UUID(int=1)), "1", "%00"])
def test_missing_item_is_404(reviewer_api, item_id):
    problem_of(reviewer_api.get(f"/agents/reviews/{item_id}"), 404, "review_item_not_found")
    problem_of(
        reviewer_api.post(f"/agents/reviews/{item_id}/decision", {"verdict": "approved"}),
        404,
        "review_item_not_found",
    )
