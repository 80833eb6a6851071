"""Decisions: each verdict with its effect in one transaction."""

from __future__ import annotations

import uuid

import pytest

from agents.canon import placement
from agents.choices import Verdict
from agents.errors import Conflict, Forbidden, Invalid, NotFound, ReviewClosed
from agents.models import AgentJob, ReviewDecision
from agents.review.verdicts import decisions
from tests.support.facts import event_kinds
from tests.support.fake_llm import FIVE_WORDS
from universes.errors import FieldError
from universes.models import CanonChange, Element, Scene
from universes.services import universes

pytestmark = pytest.mark.django_db


def edit_of(item, **changes):
    return {**item.job.output_data, **changes}


# --- Verdicts and their effects -----------------------------------------------------------------------------


def test_approved_scene_is_canon(review_item, reviewer, universe):
    job = review_item.job

    decision = decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer, note="Lovely.")

    scene = Scene.objects.get()
    assert (scene.universe, scene.canon_status, scene.origin_ref) == (universe, "canon", str(job.pk))
    assert (scene.title, scene.text, scene.created_by) == ("Low Tide", (FIVE_WORDS * 6).strip(), reviewer)
    assert (decision.verdict, decision.by, decision.note) == ("approved", reviewer, "Lovely.")
    assert (decision.before, decision.after, decision.follow_up) == (job.output_data, None, None)
    review_item.refresh_from_db()
    assert review_item.state == "closed"
    assert review_item.closed_at is not None
    job.refresh_from_db()
    assert (job.status, job.human_review_required) == ("completed", False)
    assert event_kinds(job)[-2:] == ["review_decided", "canon_added"]
    assert [(e.by, e.data.get("verdict")) for e in job.events.filter(kind="review_decided")] == [
        (reviewer, "approved")
    ]
    assert job.events.last().by == reviewer


def test_approved_place_is_a_canon_location(open_review, reviewer):
    item = open_review("spatial")

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    place = Element.objects.get()
    assert (place.kind, place.name, place.canon_status) == ("location", "Harrow Causeway", "canon")


def test_approved_report_is_not_placed(open_review, reviewer):
    item = open_review("consistency")

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    assert (Scene.objects.count(), Element.objects.count()) == (0, 0)
    assert event_kinds(item.job)[-1] == "review_decided"


def test_output_without_a_universe_can_be_approved(open_review, reviewer):
    item = open_review(universe=None)

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    assert item.decision.verdict == "approved"
    assert not Scene.objects.exists()


def test_edited_text_becomes_canon(review_item, reviewer):
    before = review_item.job.output_data
    edited = edit_of(review_item, title="High Tide", content="The water came at noon.")

    decision = decisions.decide(review_item.pk, Verdict.EDITED, by=reviewer, edited=edited)

    scene = Scene.objects.get()
    assert (scene.title, scene.text, scene.canon_status) == ("High Tide", "The water came at noon.", "canon")
    assert (decision.verdict, decision.before) == ("edited", before)
    assert decision.after == {**edited, "word_count": 5}
    review_item.job.refresh_from_db()
    assert review_item.job.output_data == before


def test_system_fields_cannot_be_edited(review_item, reviewer):
    edited = edit_of(review_item, title="High Tide", model="me", tokens_used=1, word_count=9999)

    decision = decisions.decide(review_item.pk, Verdict.EDITED, by=reviewer, edited=edited)

    assert decision.after is not None
    assert (decision.after["model"], decision.after["tokens_used"]) == ("claude-haiku-5-5", 1200)
    assert decision.after["word_count"] == 30


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n") + "\r\n",
        lambda text: f"  \n{text} \t\n\n",
        lambda text: f"\ufeff{text[:3]}\u200b{text[3:]}\u00ad",
    ],
    ids=["line ends", "space", "invisible signs"],
)
def test_edit_that_nobody_sees_is_an_approval(review_item, reviewer, change):
    edited = edit_of(review_item)
    edited["content"] = change(edited["content"])

    decision = decisions.decide(review_item.pk, Verdict.EDITED, by=reviewer, edited=edited)

    assert (decision.verdict, decision.after) == ("approved", None)


def test_edit_of_one_letter_is_an_edit(review_item, reviewer):
    edited = edit_of(review_item)
    edited["content"] = edited["content"] + "."

    decision = decisions.decide(review_item.pk, Verdict.EDITED, by=reviewer, edited=edited)

    assert decision.verdict == "edited"


def test_unchanged_edit_is_an_approval(review_item, reviewer):
    decision = decisions.decide(review_item.pk, Verdict.EDITED, by=reviewer, edited=edit_of(review_item))

    assert (decision.verdict, decision.after) == ("approved", None)
    assert Scene.objects.count() == 1


def test_rejected_output_is_not_placed(review_item, reviewer):
    decision = decisions.decide(review_item.pk, Verdict.REJECTED, by=reviewer, note="  Too thin. ")

    assert (decision.verdict, decision.note) == ("rejected", "Too thin.")
    review_item.job.refresh_from_db()
    assert (review_item.job.status, review_item.job.human_review_required) == ("completed", False)
    assert not Scene.objects.exists()
    assert AgentJob.objects.count() == 1


def test_ask_again_makes_a_job_for_the_original_requester(review_item, reviewer, creator, universe):
    decision = decisions.decide(review_item.pk, Verdict.ASKED_AGAIN, by=reviewer, note="More weather.")

    follow_up = AgentJob.objects.get(follows=review_item.job)
    assert (follow_up.requested_by, follow_up.universe, follow_up.status) == (creator, universe, "pending")
    assert (follow_up.input_data, follow_up.revision_note) == (review_item.job.input_data, "More weather.")
    assert decision.follow_up == follow_up
    assert event_kinds(follow_up) == ["submitted"]
    assert not Scene.objects.exists()


# --- Refusals: nothing changes ------------------------------------------------------------------------------


@pytest.fixture
def still_open(review_item):
    yield review_item
    review_item.refresh_from_db()
    review_item.job.refresh_from_db()
    assert (review_item.state, review_item.closed_at) == ("open", None)
    assert review_item.job.human_review_required is True
    assert not ReviewDecision.objects.exists()
    assert not Scene.objects.exists()
    assert AgentJob.objects.count() == 1
    assert event_kinds(review_item.job)[-1] == "review_opened"


@pytest.mark.parametrize("name", ["creator", "staff", "stranger"])
def test_only_reviewers_decide(still_open, request, name):
    with pytest.raises(Forbidden):
        decisions.decide(still_open.pk, Verdict.APPROVED, by=request.getfixturevalue(name))


def test_inactive_reviewer_cannot_decide(still_open, reviewer):
    reviewer.is_active = False

    with pytest.raises(Forbidden):
        decisions.decide(still_open.pk, Verdict.APPROVED, by=reviewer)


@pytest.mark.parametrize(
    ("verdict", "options", "pointer", "code"),
    [
        (Verdict.REJECTED, {}, "/reason", "required"),
        (Verdict.REJECTED, {"note": " \n"}, "/reason", "required"),
        (Verdict.REJECTED, {"reason": "bored"}, "/reason", "unknown_reason"),
        (Verdict.APPROVED, {"reason": "other"}, "/reason", "invalid"),
        (Verdict.ASKED_AGAIN, {"reason": "other", "note": "More."}, "/reason", "invalid"),
        (Verdict.ASKED_AGAIN, {}, "/note", "required"),
        (Verdict.APPROVED, {"note": "x" * 5001}, "/note", "max_length"),
        (Verdict.EDITED, {}, "/output", "required"),
        (Verdict.APPROVED, {"edited": {}}, "/output", "invalid"),
        (Verdict.EDITED, {"edited": {"title": "Only this."}}, "/output/content", "required"),
    ],
)
def test_incomplete_verdict_names_the_field(still_open, reviewer, verdict, options, pointer, code):
    with pytest.raises(Invalid) as refusal:
        decisions.decide(still_open.pk, verdict, by=reviewer, **options)

    assert [(error.pointer, error.code) for error in refusal.value.errors] == [(pointer, code)]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"content": " "}, "/output/content"),
        ({"content": 7}, "/output/content"),
        ({"mood": "dark"}, "/output/mood"),
        ({"title": "A\x00B"}, "/output/title"),
    ],
)
def test_edit_violating_the_schema_is_refused(still_open, reviewer, changes, pointer):
    with pytest.raises(Invalid) as refusal:
        decisions.decide(still_open.pk, Verdict.EDITED, by=reviewer, edited=edit_of(still_open, **changes))

    assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_item_that_does_not_exist_is_not_found(reviewer):
    with pytest.raises(NotFound) as refusal:
        decisions.decide(uuid.uuid4(), Verdict.APPROVED, by=reviewer)

    assert refusal.value.code == "review_item_not_found"


def test_archived_universe_keeps_the_item_open(still_open, reviewer, universe):
    universes.archive(universe)

    with pytest.raises(Conflict) as refusal:
        decisions.decide(still_open.pk, Verdict.APPROVED, by=reviewer)

    assert refusal.value.code == "universe_archived"


def test_ask_again_in_archived_universe_is_refused(still_open, reviewer, universe):
    universes.archive(universe)

    with pytest.raises(Conflict) as refusal:
        decisions.decide(still_open.pk, Verdict.ASKED_AGAIN, by=reviewer, note="Again.")

    assert refusal.value.code == "universe_archived"


def test_rejection_works_in_archived_universe(review_item, reviewer, universe):
    universes.archive(universe)

    decisions.decide(review_item.pk, Verdict.REJECTED, by=reviewer, note="No.")

    review_item.refresh_from_db()
    assert review_item.state == "closed"


def test_failing_effect_rolls_back_the_decision(still_open, reviewer, monkeypatch):
    def refuse(*args, **kwargs):
        raise Invalid("Too long.", [FieldError("/text", "Too long.", "max_length")])

    monkeypatch.setattr(placement, "place", refuse)

    with pytest.raises(Invalid):
        decisions.decide(still_open.pk, Verdict.APPROVED, by=reviewer)


# --- Twice --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "note", "said"),
    [
        (Verdict.APPROVED, "", "approved"),
        (Verdict.REJECTED, "No.", "rejected"),
        (Verdict.ASKED_AGAIN, "Again.", "asked again"),
    ],
)
def test_second_decision_names_the_first(review_item, reviewer, make_user, first, note, said):
    second = make_user("rita", is_superuser=True)
    decision = decisions.decide(review_item.pk, first, by=reviewer, note=note)

    with pytest.raises(ReviewClosed) as refusal:
        decisions.decide(review_item.pk, Verdict.APPROVED, by=second)

    assert refusal.value.message == (
        f"rosa has already decided this item: {said}, {decision.at:%Y-%m-%d %H:%M} UTC."
    )
    assert ReviewDecision.objects.get().by == reviewer
    assert Scene.objects.count() == (1 if first == Verdict.APPROVED else 0)


def test_repeated_placement_makes_one_scene(review_item, reviewer):
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)

    again = placement.place(review_item.job, review_item.job.output_data, status="canon", by=reviewer)

    assert again is not None
    assert again.id == str(Scene.objects.get().pk)
    assert CanonChange.objects.count() == 1


def test_approval_promotes_the_draft(review_item, reviewer):
    draft = placement.place(review_item.job, review_item.job.output_data, status="draft", by=None)
    edited = edit_of(review_item, title="High Tide")

    decisions.decide(review_item.pk, Verdict.EDITED, by=reviewer, edited=edited)

    assert draft is not None
    scene = Scene.objects.get()
    assert (str(scene.pk), scene.canon_status, scene.title) == (draft.id, "canon", "High Tide")


@pytest.mark.parametrize(("agent_type", "model"), [("narrative", Scene), ("spatial", Element)])
def test_mentions_of_the_request_are_placed_with_the_output(open_review, reviewer, agent_type, model):
    mentions = [
        {"name": "Mira Voss", "how": "posthumous"},
        {"name": " mira voss ", "how": "legend"},
        {"name": "Odran", "how": "flashback"},
    ]
    item = open_review(agent_type, mentions=mentions)

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    # A universe has each of them once.
    assert model.objects.get().mentions == [mentions[0], mentions[2]]


def test_mentions_are_asked_again(open_review, reviewer):
    mentions = [{"name": "Mira Voss", "how": "posthumous"}]
    item = open_review(mentions=mentions)

    decisions.decide(item.pk, Verdict.ASKED_AGAIN, by=reviewer, note="More weather.")

    assert AgentJob.objects.get(follows=item.job).input_data["mentions"] == mentions
