"""Where opinions differ: a lead settles it; and how opinions are taken back."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from agents.choices import Verdict
from agents.errors import Conflict, Invalid, ReviewClosed
from agents.models import Notification
from agents.review import claims, decisions
from tests.services.opinions import (
    assert_undecided,
    disputed,
    edit,
    kinds,
    next_of,
    refused,
    say,
)
from universes.models import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(wanting):
    """Two opinions are wanted on it."""
    return wanting()


# --- Disagreement -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", [Verdict.REJECTED, Verdict.ASKED_AGAIN])
def test_two_verdicts_that_differ_wait_for_a_lead(item, reviewer, second, settler, lead, verdict):
    say(item, Verdict.APPROVED, reviewer)
    say(item, verdict, second)

    assert_undecided(item)
    assert item.disputed_at is not None
    assert kinds(item)[-3:] == ["review_opinion", "review_opinion", "review_disputed"]
    note = Notification.objects.get()
    assert (note.to, note.kind, note.item, note.by) == (settler, "dispute", item, None)


@pytest.mark.parametrize("other", [{}, {"title": "Neap Tide"}])
def test_edits_that_differ_are_a_disagreement(item, reviewer, second, other):
    edit(item, reviewer, title="High Tide")
    if other:
        edit(item, second, **other)
    else:
        say(item, Verdict.APPROVED, second)

    assert_undecided(item)
    assert item.disputed_at is not None


def test_of_three_the_second_who_differs_ends_the_asking(wanting, reviewer, second, third):
    item = disputed(wanting(3), reviewer, second)

    assert refused(item, third, "review_disputed") == "The reviewers disagree; a lead settles this item."
    assert next_of(third) is None
    assert_undecided(item)


def test_lead_settles_it_alone(item, reviewer, second, settler, third):
    disputed(item, reviewer, second)
    assert next_of(third) is None
    assert next_of(settler) == item.pk

    verdict = edit(item, settler, title="Spring Tide")

    item.refresh_from_db()
    assert (verdict.takes_effect, verdict.is_lead) == (True, True)
    assert (item.state, item.disputed_at, item.decision) == ("closed", None, verdict)
    assert Scene.objects.get().title == "Spring Tide"
    assert list(item.decisions.filter(takes_effect=False).values_list("by__username", flat=True)) == [
        "rudi",
        "rosa",
    ]


def test_leads_opinion_before_a_disagreement_is_one_among_others(item, settler, reviewer):
    first = say(item, Verdict.APPROVED, settler)

    assert (first.is_lead, first.takes_effect) == (False, False)
    assert_undecided(item)
    say(item, Verdict.APPROVED, reviewer)
    item.refresh_from_db()
    assert item.state == "closed"


def test_lead_who_gave_an_opinion_does_not_settle_it(item, settler, reviewer):
    disputed(item, settler, reviewer)

    refused(item, settler, "opinion_given")

    assert next_of(settler) is None
    assert_undecided(item)


def test_superuser_who_gave_an_opinion_settles_it_because_there_may_be_no_other(item, lead, reviewer):
    disputed(item, lead, reviewer)
    assert next_of(lead) == item.pk

    verdict = say(item, Verdict.APPROVED, lead)

    assert (verdict.is_lead, verdict.takes_effect) == (True, True)
    assert Scene.objects.count() == 1
    assert item.decisions.filter(by=lead).count() == 2


def test_settled_item_tells_by_whom(item, reviewer, second, settler, third):
    disputed(item, reviewer, second)
    say(item, Verdict.APPROVED, settler)

    with pytest.raises(ReviewClosed, match=r"^sella has already decided this item: approved, "):
        say(item, Verdict.APPROVED, third)


def test_reviewer_who_became_a_lead_after_the_opinion_does_not_settle_their_own_dispute(
    item, reviewer, second
):
    disputed(item, reviewer, second)
    reviewer.groups.add(Group.objects.get(name="Lead reviewers"))
    promoted = type(reviewer).objects.get(pk=reviewer.pk)

    refused(item, promoted, "opinion_given")

    assert_undecided(item)


# --- Handing over -------------------------------------------------------------------------------------------


def test_item_that_was_handed_over_is_free_again_once_judged(item, reviewer, second, third):
    claims.hand_to(item.pk, second, by=reviewer)
    assert next_of(third) is None

    say(item, Verdict.APPROVED, second)

    item.refresh_from_db()
    assert item.assigned_to is None
    assert next_of(third) == item.pk


def test_opinion_of_somebody_else_leaves_it_to_whom_it_was_handed(wanting, reviewer, second, third):
    item = wanting(3)
    claims.hand_to(item.pk, second, by=reviewer)

    say(item, Verdict.APPROVED, third)

    item.refresh_from_db()
    assert item.assigned_to == second


def test_disagreement_frees_it_for_every_lead(wanting, reviewer, second, third, settler):
    item = wanting(3)
    claims.hand_to(item.pk, third, by=reviewer)

    disputed(item, reviewer, second)

    assert item.assigned_to is None
    assert next_of(settler) == item.pk


@pytest.mark.parametrize("is_dispute", [False, True])
def test_item_is_not_handed_to_who_may_not_judge_it(wanting, reviewer, second, third, settler, is_dispute):
    item = wanting(3)
    say(item, Verdict.APPROVED, reviewer)
    if is_dispute:
        say(item, Verdict.REJECTED, second)
    by, to = (settler, third) if is_dispute else (second, reviewer)

    with pytest.raises(Invalid) as refusal:
        claims.hand_to(item.pk, to, by=by)

    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/to", "may_not_judge")]
    item.refresh_from_db()
    assert item.assigned_to is None
    assert "review_handed" not in kinds(item)


# --- Undo ---------------------------------------------------------------------------------------------------


def test_opinion_taken_back_leaves_room_for_another(item, reviewer, second):
    first = say(item, Verdict.REJECTED, reviewer)

    decisions.undo(item.pk, by=reviewer)

    assert_undecided(item)
    assert item.claimed_by == reviewer
    first.refresh_from_db()
    assert first.undone_by == reviewer
    say(item, Verdict.APPROVED, reviewer)
    say(item, Verdict.APPROVED, second)
    item.refresh_from_db()
    assert (item.state, Scene.objects.count()) == ("closed", 1)


def test_opinion_taken_back_ends_the_disagreement(item, reviewer, second, third):
    disputed(item, reviewer, second)

    decisions.undo(item.pk, by=second)

    assert_undecided(item)
    assert (item.disputed_at, item.claimed_by) == (None, second)
    claims.release(item.pk, second)
    say(item, Verdict.APPROVED, third)
    assert Scene.objects.count() == 1


def test_last_of_those_who_agreed_takes_the_effect_back_and_the_others_do_not(item, reviewer, second):
    say(item, Verdict.APPROVED, reviewer)
    say(item, Verdict.APPROVED, second)

    with pytest.raises(Conflict) as refusal:
        decisions.undo(item.pk, by=reviewer)
    assert refusal.value.code == "opinions_agreed"
    assert Scene.objects.count() == 1

    decisions.undo(item.pk, by=second)

    item.refresh_from_db()
    item.job.refresh_from_db()
    assert (item.state, item.claimed_by, item.disputed_at) == ("open", second, None)
    assert not Scene.objects.exists()
    assert item.job.human_review_required is True
    # The first opinion still counts: one more that agrees is enough.
    say(item, Verdict.APPROVED, second)
    assert Scene.objects.count() == 1
    assert item.decisions.standing().count() == 2


def test_verdict_of_a_lead_taken_back_is_a_disagreement_again(item, reviewer, second, third, settler):
    disputed(item, reviewer, second)
    say(item, Verdict.APPROVED, settler)

    decisions.undo(item.pk, by=settler)

    item.refresh_from_db()
    assert (item.state, item.claimed_by, item.disputed_at is None) == ("open", settler, False)
    assert not Scene.objects.exists()
    claims.release(item.pk, settler)
    refused(item, third, "review_disputed")
    say(item, Verdict.REJECTED, settler)
    item.refresh_from_db()
    assert (item.state, item.disputed_at) == ("closed", None)


def test_superuser_takes_back_first_the_settlement_and_then_the_opinion(item, lead, reviewer):
    disputed(item, lead, reviewer)
    say(item, Verdict.APPROVED, lead)

    decisions.undo(item.pk, by=lead)
    item.refresh_from_db()
    assert item.disputed_at is not None
    decisions.undo(item.pk, by=lead)

    item.refresh_from_db()
    assert item.disputed_at is None
    assert list(item.decisions.standing().values_list("by__username", "verdict")) == [("rosa", "rejected")]
    with pytest.raises(Conflict):
        decisions.undo(item.pk, by=lead)
