"""Constraints of the database on decisions, comments and gold items."""

from __future__ import annotations

import pytest
from django.utils import timezone

from agents.models import (
    GoldStandard,
    RejectReason,
    ReviewComment,
    ReviewDecision,
    ReviewItem,
    ReviewReport,
)
from tests.support.refusals import refuses, rows_of

pytestmark = pytest.mark.django_db


def decision(item, by, **values):
    return ReviewDecision(**{"item": item, "verdict": "approved", "by": by, "before": {}, **values})


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"verdict": "shrugged"}, "agent_review_decisions_verdict_known"),
        ({"verdict": "rejected"}, "agent_review_decisions_no_has_reason"),
        ({"verdict": "asked_again"}, "agent_review_decisions_again_has_note"),
        ({"verdict": "edited"}, "agent_review_decisions_edit_has_text"),
        ({"verdict": "approved", "after": {"content": "New."}}, "agent_review_decisions_edit_has_text"),
        ({"work_s": -0.1}, "agent_review_decisions_work_range"),
        ({"undone_at": timezone.now()}, "agent_review_decisions_undone_is_whole"),
    ],
)
def test_inconsistent_decision_is_refused(item, reviewer, values, constraint):
    assert constraint in refuses(decision(item, reviewer, **values).save)

    assert not ReviewDecision.objects.exists()


def test_undo_needs_user_and_time(item, reviewer):
    decision(item, reviewer).save()

    for half in ({"undone_at": timezone.now()}, {"undone_by": reviewer}):
        assert "agent_review_decisions_undone_is_whole" in refuses(rows_of(ReviewDecision, **half))

    assert ReviewDecision.objects.in_force().count() == 1


def test_one_verdict_per_item_takes_effect(item, reviewer, second_reviewer):
    decision(item, reviewer).save()

    # PostgreSQL reports the constraint's name, SQLite its column.
    assert refuses(decision(item, second_reviewer, verdict="rejected", note="No.").save)

    assert ReviewDecision.objects.get().verdict == "approved"
    assert refuses(decision(item, second_reviewer, takes_effect=False).save) is None


def test_undone_verdict_allows_another(item, reviewer, second_reviewer):
    decision(item, reviewer, undone_at=timezone.now(), undone_by=reviewer).save()

    assert refuses(decision(item, second_reviewer).save) is None
    assert refuses(decision(item, reviewer, takes_effect=False).save) is None
    assert ReviewDecision.objects.count() == 3


def test_one_standing_opinion_per_reviewer(item, reviewer, second_reviewer):
    decision(item, reviewer, takes_effect=False).save()

    assert refuses(decision(item, reviewer, takes_effect=False, verdict="rejected", note="No.").save)

    assert refuses(decision(item, second_reviewer, takes_effect=False).save) is None
    assert ReviewDecision.objects.count() == 2


def test_lead_may_have_opinion_and_settlement(item, reviewer):
    decision(item, reviewer, takes_effect=False).save()

    assert refuses(decision(item, reviewer, is_lead=True).save) is None
    assert refuses(decision(item, reviewer, is_lead=True).save)


@pytest.mark.parametrize("words", [{"note": "No."}, {"reason": "other"}])
def test_rejection_needs_reason_or_note(item, reviewer, words):
    if "reason" in words:
        words = {"reason": RejectReason.objects.get(code=words["reason"])}

    assert refuses(decision(item, reviewer, verdict="rejected", **words).save) is None


# --- Gold ---------------------------------------------------------------------------------------------------


def gold_of(item, user, **values):
    return ReviewItem(
        job=item.job,
        agent_type="narrative",
        kind="gold",
        only_for=user,
        confidence=0.5,
        reasons=[],
        reason_codes="",
        **values,
    )


def test_gold_coexists_with_a_review_once_per_reviewer(item, reviewer, second_reviewer):
    gold_of(item, reviewer).save()

    assert refuses(gold_of(item, reviewer).save)
    assert refuses(gold_of(item, reviewer, state="closed", closed_at=timezone.now()).save)
    assert refuses(gold_of(item, second_reviewer).save) is None
    assert ReviewItem.objects.filter(kind="gold").count() == 2


@pytest.mark.parametrize("kind", ["doubt", "audit"])
def test_only_gold_is_limited_to_one_reviewer(make_item, reviewer, kind):
    made = make_item(kind=kind)

    assert "agent_review_items_gold_is_for_one" in refuses(
        lambda: ReviewItem.objects.filter(pk=made.pk).update(only_for=reviewer)
    )


def test_job_has_one_open_review(item, reviewer):
    audit = ReviewItem(
        job=item.job, agent_type="narrative", kind="audit", confidence=0.5, reasons=[], reason_codes=""
    )

    assert refuses(audit.save)

    assert ReviewItem.objects.close(item.pk, reviewer)
    assert refuses(audit.save) is None


def test_job_is_gold_once_with_a_valid_answer(item, reviewer):
    GoldStandard.objects.create(job=item.job, answer="accept", why="Known.", added_by=reviewer)

    assert refuses(GoldStandard(job=item.job, answer="refuse", why="No.", added_by=reviewer).save)
    assert "agent_gold_standards_answer_known" in refuses(
        lambda: GoldStandard.objects.update(answer="perhaps")
    )
    assert GoldStandard.objects.get().answer == "accept"


# --- The rest -----------------------------------------------------------------------------------------------


def test_empty_comment_is_refused(item, reviewer):
    assert "agent_review_comments_not_empty" in refuses(ReviewComment(item=item, by=reviewer, text="").save)


def test_reason_code_is_unique():
    assert refuses(RejectReason(code="other", name="Once more").save)
    assert refuses(RejectReason(code="another", name="Once more").save) is None


def test_one_report_per_period():
    ReviewReport.objects.create(days=30, computed_at=timezone.now(), figures={})

    assert refuses(ReviewReport(days=30, computed_at=timezone.now(), figures={}).save)
    assert refuses(ReviewReport(days=7, computed_at=timezone.now(), figures={}).save) is None
