"""Disputes: settlement by a lead, and undone opinions."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from agents.choices import Verdict
from agents.errors import Conflict, Invalid, ReviewClosed
from agents.models import Notification
from agents.review import claims
from agents.review.verdicts import decisions
from tests.review.verdicts.opinions import assert_undecided, disputed, edit, give_opinion, next_of, refused
from tests.support.facts import event_kinds
from universes.models import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(double_review_item):
    """An item that takes two opinions."""
    return double_review_item()


# --- Disagreement -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", [Verdict.REJECTED, Verdict.ASKED_AGAIN])
def test_differing_verdicts_wait_for_a_lead(item, reviewer, second_reviewer, lead, superuser, verdict):
    give_opinion(item, Verdict.APPROVED, reviewer)
    give_opinion(item, verdict, second_reviewer)

    assert_undecided(item)
    assert item.disputed_at is not None
    assert event_kinds(item.job)[-3:] == ["review_opinion", "review_opinion", "review_disputed"]
    note = Notification.objects.get()
    assert (note.to, note.kind, note.item, note.by) == (lead, "dispute", item, None)


@pytest.mark.parametrize("other", [{}, {"title": "Neap Tide"}])
def test_differing_edits_are_a_dispute(item, reviewer, second_reviewer, other):
    edit(item, reviewer, title="High Tide")
    if other:
        edit(item, second_reviewer, **other)
    else:
        give_opinion(item, Verdict.APPROVED, second_reviewer)

    assert_undecided(item)
    assert item.disputed_at is not None


def test_second_differing_opinion_of_three_opens_a_dispute(
    double_review_item, reviewer, second_reviewer, third_reviewer
):
    item = disputed(double_review_item(3), reviewer, second_reviewer)

    assert (
        refused(item, third_reviewer, "review_disputed")
        == "The reviewers disagree. A lead decides this item."
    )
    assert next_of(third_reviewer) is None
    assert_undecided(item)


def test_lead_settles_a_dispute_alone(item, reviewer, second_reviewer, lead, third_reviewer):
    disputed(item, reviewer, second_reviewer)
    assert next_of(third_reviewer) is None
    assert next_of(lead) == item.pk

    verdict = edit(item, lead, title="Spring Tide")

    item.refresh_from_db()
    assert (verdict.takes_effect, verdict.is_lead) == (True, True)
    assert (item.state, item.disputed_at, item.decision) == ("closed", None, verdict)
    assert Scene.objects.get().title == "Spring Tide"
    assert list(item.decisions.filter(takes_effect=False).values_list("by__username", flat=True)) == [
        "rudi",
        "rosa",
    ]


def test_opinion_of_a_lead_counts_as_one_before_a_dispute(item, lead, reviewer):
    first = give_opinion(item, Verdict.APPROVED, lead)

    assert (first.is_lead, first.takes_effect) == (False, False)
    assert_undecided(item)
    give_opinion(item, Verdict.APPROVED, reviewer)
    item.refresh_from_db()
    assert item.state == "closed"


def test_lead_with_an_opinion_cannot_settle(item, lead, reviewer):
    disputed(item, lead, reviewer)

    refused(item, lead, "opinion_given")

    assert next_of(lead) is None
    assert_undecided(item)


def test_superuser_with_an_opinion_can_settle(item, superuser, reviewer):
    disputed(item, superuser, reviewer)
    assert next_of(superuser) == item.pk

    verdict = give_opinion(item, Verdict.APPROVED, superuser)

    assert (verdict.is_lead, verdict.takes_effect) == (True, True)
    assert Scene.objects.count() == 1
    assert item.decisions.filter(by=superuser).count() == 2


def test_settled_item_shows_who_settled_it(item, reviewer, second_reviewer, lead, third_reviewer):
    disputed(item, reviewer, second_reviewer)
    give_opinion(item, Verdict.APPROVED, lead)

    with pytest.raises(ReviewClosed, match=r"^lena has already decided this item: approved, "):
        give_opinion(item, Verdict.APPROVED, third_reviewer)


def test_reviewer_promoted_to_lead_cannot_settle_own_dispute(item, reviewer, second_reviewer):
    disputed(item, reviewer, second_reviewer)
    reviewer.groups.add(Group.objects.get(name="Lead reviewers"))
    promoted = type(reviewer).objects.get(pk=reviewer.pk)

    refused(item, promoted, "opinion_given")

    assert_undecided(item)


# --- Handing over -------------------------------------------------------------------------------------------


def test_handed_over_item_is_free_after_the_opinion(item, reviewer, second_reviewer, third_reviewer):
    claims.hand_to(item.pk, second_reviewer, by=reviewer)
    assert next_of(third_reviewer) is None

    give_opinion(item, Verdict.APPROVED, second_reviewer)

    item.refresh_from_db()
    assert item.assigned_to is None
    assert next_of(third_reviewer) == item.pk


def test_opinion_of_another_keeps_the_assignment(
    double_review_item, reviewer, second_reviewer, third_reviewer
):
    item = double_review_item(3)
    claims.hand_to(item.pk, second_reviewer, by=reviewer)

    give_opinion(item, Verdict.APPROVED, third_reviewer)

    item.refresh_from_db()
    assert item.assigned_to == second_reviewer


def test_dispute_clears_the_assignment(double_review_item, reviewer, second_reviewer, third_reviewer, lead):
    item = double_review_item(3)
    claims.hand_to(item.pk, third_reviewer, by=reviewer)

    disputed(item, reviewer, second_reviewer)

    assert item.assigned_to is None
    assert next_of(lead) == item.pk


@pytest.mark.parametrize("is_dispute", [False, True])
def test_item_is_not_handed_to_ineligible_reviewer(
    double_review_item, reviewer, second_reviewer, third_reviewer, lead, is_dispute
):
    item = double_review_item(3)
    give_opinion(item, Verdict.APPROVED, reviewer)
    if is_dispute:
        give_opinion(item, Verdict.REJECTED, second_reviewer)
    by, to = (lead, third_reviewer) if is_dispute else (second_reviewer, reviewer)

    with pytest.raises(Invalid) as refusal:
        claims.hand_to(item.pk, to, by=by)

    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/to", "may_not_judge")]
    item.refresh_from_db()
    assert item.assigned_to is None
    assert "review_handed" not in event_kinds(item.job)


# --- Undo ---------------------------------------------------------------------------------------------------


def test_undone_opinion_allows_another(item, reviewer, second_reviewer):
    first = give_opinion(item, Verdict.REJECTED, reviewer)

    decisions.undo(item.pk, by=reviewer)

    assert_undecided(item)
    assert item.claimed_by == reviewer
    first.refresh_from_db()
    assert first.undone_by == reviewer
    give_opinion(item, Verdict.APPROVED, reviewer)
    give_opinion(item, Verdict.APPROVED, second_reviewer)
    item.refresh_from_db()
    assert (item.state, Scene.objects.count()) == ("closed", 1)


def test_undone_opinion_ends_the_dispute(item, reviewer, second_reviewer, third_reviewer):
    disputed(item, reviewer, second_reviewer)

    decisions.undo(item.pk, by=second_reviewer)

    assert_undecided(item)
    assert (item.disputed_at, item.claimed_by) == (None, second_reviewer)
    claims.release(item.pk, second_reviewer)
    give_opinion(item, Verdict.APPROVED, third_reviewer)
    assert Scene.objects.count() == 1


def test_undo_by_the_last_agreeing_reviewer_reverts_the_effect(item, reviewer, second_reviewer):
    give_opinion(item, Verdict.APPROVED, reviewer)
    give_opinion(item, Verdict.APPROVED, second_reviewer)

    with pytest.raises(Conflict) as refusal:
        decisions.undo(item.pk, by=reviewer)
    assert refusal.value.code == "opinions_agreed"
    assert Scene.objects.count() == 1

    decisions.undo(item.pk, by=second_reviewer)

    item.refresh_from_db()
    item.job.refresh_from_db()
    assert (item.state, item.claimed_by, item.disputed_at) == ("open", second_reviewer, None)
    assert not Scene.objects.exists()
    assert item.job.human_review_required is True
    # The first opinion still counts, so one more that agrees is enough.
    give_opinion(item, Verdict.APPROVED, second_reviewer)
    assert Scene.objects.count() == 1
    assert item.decisions.in_force().count() == 2


def test_undone_settlement_reopens_the_dispute(item, reviewer, second_reviewer, third_reviewer, lead):
    disputed(item, reviewer, second_reviewer)
    give_opinion(item, Verdict.APPROVED, lead)

    decisions.undo(item.pk, by=lead)

    item.refresh_from_db()
    assert (item.state, item.claimed_by, item.disputed_at is None) == ("open", lead, False)
    assert not Scene.objects.exists()
    claims.release(item.pk, lead)
    refused(item, third_reviewer, "review_disputed")
    give_opinion(item, Verdict.REJECTED, lead)
    item.refresh_from_db()
    assert (item.state, item.disputed_at) == ("closed", None)


def test_superuser_undoes_settlement_before_opinion(item, superuser, reviewer):
    disputed(item, superuser, reviewer)
    give_opinion(item, Verdict.APPROVED, superuser)

    decisions.undo(item.pk, by=superuser)
    item.refresh_from_db()
    assert item.disputed_at is not None
    decisions.undo(item.pk, by=superuser)

    item.refresh_from_db()
    assert item.disputed_at is None
    assert list(item.decisions.in_force().values_list("by__username", "verdict")) == [("rosa", "rejected")]
    with pytest.raises(Conflict):
        decisions.undo(item.pk, by=superuser)
