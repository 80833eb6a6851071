"""Undo: the effect of each verdict is reverted completely."""

from __future__ import annotations

import pytest

from agents.choices import Verdict
from agents.jobs import actions
from agents.models import AgentJob, ReviewDecision
from agents.review.verdicts import decisions
from tests.review.verdicts.undoing import age, assert_open_and_held_by, edit_of
from tests.support.facts import canon_steps, event_kinds
from tests.support.fake_llm import FIVE_WORDS
from universes.choices import TrustedOutput
from universes.models import CanonChange, Element, Scene
from universes.services import universes

pytestmark = pytest.mark.django_db


# --- Each verdict -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_edit", [False, True])
def test_undo_removes_the_approved_scene(review_item, reviewer, is_edit):
    edited = edit_of(review_item, title="High Tide") if is_edit else None
    verdict = Verdict.EDITED if is_edit else Verdict.APPROVED
    decision = decisions.decide(review_item.pk, verdict, by=reviewer, edited=edited)

    given = decisions.undo(review_item.pk, by=reviewer)

    assert given.pk == review_item.pk
    assert not Scene.objects.exists()
    assert_open_and_held_by(review_item, reviewer)
    decision.refresh_from_db()
    assert decision.undone_by == reviewer
    assert decision.undone_at is not None
    assert (decision.verdict, decision.after is not None) == (verdict, is_edit)
    review_item.job.refresh_from_db()
    assert review_item.job.human_review_required is True
    assert event_kinds(review_item.job)[-4:] == [
        "review_decided",
        "canon_added",
        "canon_withdrawn",
        "review_undone",
    ]
    undone = review_item.job.events.get(kind="review_undone")
    assert (undone.by, undone.data) == (reviewer, {"verdict": verdict})


def test_canon_history_keeps_both_steps(review_item, reviewer):
    decision = decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    scene = Scene.objects.get()

    decisions.undo(review_item.pk, by=reviewer)

    assert canon_steps(review_item.job) == [("added", "rosa"), ("withdrawn", "rosa")]
    added, withdrawn = CanonChange.objects.order_by("at", "id")
    assert added.pk == decision.canon_change_id
    assert (added.target_id, withdrawn.target_id) == (scene.pk, scene.pk)
    assert (withdrawn.before, withdrawn.after) == (added.after, {})


def test_undone_rejection_leaves_the_open_item(review_item, reviewer):
    decisions.decide(review_item.pk, Verdict.REJECTED, by=reviewer, reason="other")

    decisions.undo(review_item.pk, by=reviewer)

    assert_open_and_held_by(review_item, reviewer)
    review_item.job.refresh_from_db()
    assert review_item.job.human_review_required is True
    assert (Scene.objects.count(), CanonChange.objects.count()) == (0, 0)
    assert event_kinds(review_item.job)[-2:] == ["review_decided", "review_undone"]


@pytest.mark.parametrize(("status", "was_running"), [("pending", False), ("processing", True)])
def test_undone_ask_again_cancels_the_follow_up(review_item, reviewer, status, was_running):
    decision = decisions.decide(review_item.pk, Verdict.ASKED_AGAIN, by=reviewer, note="More weather.")
    follow_up = decision.follow_up
    assert follow_up is not None
    if was_running:
        assert AgentJob.objects.claim(follow_up.pk, claim_s=60)

    decisions.undo(review_item.pk, by=reviewer)

    follow_up.refresh_from_db()
    assert follow_up.status == "cancelled"
    cancelled = follow_up.events.get(kind="cancelled")
    assert (cancelled.by, cancelled.data) == (reviewer, {"was_running": was_running})
    assert_open_and_held_by(review_item, reviewer)


def test_follow_up_awaiting_retry_was_not_running(review_item, reviewer):
    decision = decisions.decide(review_item.pk, Verdict.ASKED_AGAIN, by=reviewer, note="More weather.")
    assert decision.follow_up is not None
    AgentJob.objects.filter(pk=decision.follow_up.pk).update(attempts=1)

    decisions.undo(review_item.pk, by=reviewer)

    assert decision.follow_up.events.get(kind="cancelled").data == {"was_running": False}


def test_failed_or_cancelled_follow_up_allows_undo(review_item, reviewer):
    decision = decisions.decide(review_item.pk, Verdict.ASKED_AGAIN, by=reviewer, note="More weather.")
    assert decision.follow_up is not None
    actions.cancel_job(decision.follow_up.pk, by=review_item.job.requested_by)

    decisions.undo(review_item.pk, by=reviewer)

    assert_open_and_held_by(review_item, reviewer)
    assert decision.follow_up.events.filter(kind="cancelled").count() == 1


def test_undone_report_approval_reopens_the_item(open_review, reviewer):
    item = open_review("consistency")
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    decisions.undo(item.pk, by=reviewer)

    assert_open_and_held_by(item, reviewer)
    assert event_kinds(item.job)[-1] == "review_undone"


@pytest.mark.parametrize(
    ("verdict", "options"),
    [
        (Verdict.APPROVED, {}),
        (Verdict.EDITED, {"title": "High Tide", "content": "The water came at noon."}),
        (Verdict.REJECTED, {}),
        (Verdict.ASKED_AGAIN, {}),
    ],
)
def test_undone_audit_restores_the_draft(open_audit, reviewer, verdict, options):
    item = open_audit()
    before = Scene.objects.values().get()
    edited = edit_of(item, **options) if options else None
    decision = decisions.decide(item.pk, verdict, by=reviewer, note="Because.", edited=edited)
    changed = Scene.objects.get()
    expected = "canon" if verdict in {Verdict.APPROVED, Verdict.EDITED} else "retired"
    assert changed.canon_status == expected

    decisions.undo(item.pk, by=reviewer)

    after = Scene.objects.values().get()
    assert {**after, "updated_at": 0} == {**before, "updated_at": 0}
    action = {"canon": "promoted", "retired": "retired"}[expected]
    assert canon_steps(item.job) == [("added", None), (action, "rosa"), ("withdrawn", "rosa")]
    assert decision.canon_change_id == CanonChange.objects.get(action=action).pk
    item.job.refresh_from_db()
    assert item.job.human_review_required is False
    assert_open_and_held_by(item, reviewer)


def test_undone_edit_of_canon_restores_the_text(open_audit, reviewer, universe):
    universes.update_universe(universe, trusted_output=TrustedOutput.CANON)
    item = open_audit("spatial")
    before = Element.objects.values().get()
    edited = edit_of(item, description="A ford, no more.", location_name="Harrow Ford")
    decisions.decide(item.pk, Verdict.EDITED, by=reviewer, edited=edited)
    assert (Element.objects.get().name, Element.objects.get().canon_status) == ("Harrow Ford", "canon")

    decisions.undo(item.pk, by=reviewer)

    assert {**Element.objects.values().get(), "updated_at": 0} == {**before, "updated_at": 0}


# --- After an undo ------------------------------------------------------------------------------------------


def test_approval_after_undo_enters_canon_again(review_item, reviewer):
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    gone = Scene.objects.get().pk
    decisions.undo(review_item.pk, by=reviewer)

    second = decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)

    scene = Scene.objects.get()
    assert (scene.canon_status, scene.text, scene.pk == gone) == ("canon", (FIVE_WORDS * 6).strip(), False)
    assert canon_steps(review_item.job) == [("added", "rosa"), ("withdrawn", "rosa"), ("added", "rosa")]
    review_item.refresh_from_db()
    assert (review_item.state, review_item.decision) == ("closed", second)
    assert ReviewDecision.objects.count() == 2


def test_undone_audit_approval_can_become_a_rejection(open_audit, reviewer):
    item = open_audit()
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    decisions.undo(item.pk, by=reviewer)

    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")

    assert Scene.objects.get().canon_status == "retired"


def test_undone_audit_rejection_can_be_repeated(open_audit, reviewer):
    item = open_audit()
    for _ in range(2):
        decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")
        assert Scene.objects.get().canon_status == "retired"
        decisions.undo(item.pk, by=reviewer)
        assert Scene.objects.get().canon_status == "draft"


def test_verdict_after_an_undo_can_be_undone(review_item, reviewer):
    decisions.decide(review_item.pk, Verdict.REJECTED, by=reviewer, note="No.")
    decisions.undo(review_item.pk, by=reviewer)
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)

    decisions.undo(review_item.pk, by=reviewer)

    assert not Scene.objects.exists()
    assert_open_and_held_by(review_item, reviewer)
    assert ReviewDecision.objects.in_force().count() == 0


# --- What can be undone -------------------------------------------------------------------------------------


def test_newest_own_decision_can_be_undone(make_item, reviewer, second_reviewer, settings):
    first, then, theirs = make_item(), make_item(), make_item()
    assert decisions.last_undoable(reviewer) is None
    old = decisions.decide(first.pk, Verdict.APPROVED, by=reviewer)
    new = decisions.decide(then.pk, Verdict.APPROVED, by=reviewer)
    decisions.decide(theirs.pk, Verdict.APPROVED, by=second_reviewer)

    assert decisions.last_undoable(reviewer) == new

    decisions.undo(then.pk, by=reviewer)
    assert decisions.last_undoable(reviewer) == old
    age(old, settings.REVIEW_UNDO_S + 5)
    assert decisions.last_undoable(reviewer) is None
