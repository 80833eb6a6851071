"""Hand-over to a colleague, and breaking of a claim."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.choices import Verdict
from agents.errors import Forbidden, Invalid, ReviewClaimed, ReviewClosed
from agents.models import ReviewDecision, ReviewSkip
from agents.review import claims
from agents.review.verdicts import decisions
from tests.support.facts import events_of, holder

pytestmark = pytest.mark.django_db


# --- Handing over -------------------------------------------------------------------------------------------


def test_hand_over_releases_assigns_and_records(item, reviewer, second_reviewer):
    claims.claim(item.pk, reviewer)

    claims.hand_to(item.pk, second_reviewer, by=reviewer, note=" You know the tides. ")

    assert (holder(item), item.claimed_until, item.assigned_to, item.state) == (
        None,
        None,
        second_reviewer,
        "open",
    )
    assert events_of(item) == [("review_handed", reviewer, {"to": "rudi", "note": "You know the tides."})]


def test_handed_over_item_is_offered_to_its_assignee_only(item, make_item, reviewer, second_reviewer):
    other = make_item(due_at=item.due_at + timedelta(hours=1))

    claims.hand_to(item.pk, second_reviewer, by=reviewer)

    assert claims.claim_next(reviewer) == other
    assert claims.claim_next(second_reviewer) == item


def test_item_of_an_inactive_assignee_is_offered_to_all(item, reviewer, second_reviewer):
    claims.hand_to(item.pk, second_reviewer, by=reviewer)
    second_reviewer.is_active = False
    second_reviewer.save()

    assert claims.claim_next(reviewer) == item


def test_item_of_an_assignee_who_lost_the_role_is_offered_to_all(item, reviewer, second_reviewer):
    claims.hand_to(item.pk, second_reviewer, by=reviewer)
    assert claims.claim_next(reviewer) is None

    second_reviewer.groups.clear()

    assert claims.claim_next(reviewer) == item


def test_item_of_a_superuser_is_kept_for_them(item, reviewer, superuser):
    claims.hand_to(item.pk, superuser, by=reviewer)

    assert claims.claim_next(reviewer) is None
    assert claims.claim_next(superuser) == item


def test_handed_over_item_may_be_decided_by_others(item, reviewer, second_reviewer):
    claims.hand_to(item.pk, second_reviewer, by=reviewer)

    claims.claim(item.pk, reviewer)
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    assert ReviewDecision.objects.get().by == reviewer


@pytest.mark.parametrize("who", ["creator", "retired"])
def test_item_is_handed_to_active_reviewers_only(item, reviewer, second_reviewer, creator, who):
    second_reviewer.is_active = False
    second_reviewer.save()
    to = creator if who == "creator" else second_reviewer
    claims.claim(item.pk, reviewer)

    with pytest.raises(Invalid) as refusal:
        claims.hand_to(item.pk, to, by=reviewer)

    (error,) = refusal.value.errors
    assert (error.pointer, error.code) == ("/to", "not_a_reviewer")
    assert error.detail == f"{to.username} is not a reviewer."
    assert (holder(item), item.assigned_to) == (reviewer, None)
    assert events_of(item) == []


def test_unknown_user_is_named(db):
    with pytest.raises(Invalid) as refusal:
        claims.find_reviewer("nobody")

    (error,) = refusal.value.errors
    assert (error.pointer, error.detail) == ("/to", "There is no reviewer “nobody”.")


def test_held_item_cannot_be_handed_over(item, reviewer, second_reviewer, superuser):
    claims.claim(item.pk, reviewer)

    with pytest.raises(ReviewClaimed, match=r"^rosa has claimed this item until "):
        claims.hand_to(item.pk, superuser, by=second_reviewer)

    assert (holder(item), item.assigned_to) == (reviewer, None)
    assert events_of(item) == []


@pytest.mark.parametrize(
    "call",
    [
        lambda item, by: claims.hand_to(item.pk, by, by=by),
        lambda item, by: claims.skip(item.pk, by),
    ],
    ids=["hand", "skip"],
)
def test_decided_item_cannot_be_handed_over_or_skipped(item, reviewer, second_reviewer, call):
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    with pytest.raises(ReviewClosed, match=r"^rosa has already decided this item: approved, "):
        call(item, second_reviewer)

    item.refresh_from_db()
    assert item.assigned_to is None
    assert not ReviewSkip.objects.exists()
    assert [kind for kind, _, _ in events_of(item)] == ["review_decided"]


# --- Breaking a claim ---------------------------------------------------------------------------------------


def test_superuser_breaks_a_claim_on_record(item, reviewer, second_reviewer, superuser):
    claims.claim(item.pk, reviewer)

    claims.break_claim(item.pk, superuser)

    assert holder(item) is None
    assert events_of(item) == [("review_claim_broken", superuser, {"holder": "rosa"})]
    assert claims.claim(item.pk, second_reviewer).claimed_by == second_reviewer


def test_reviewer_cannot_break_a_claim(item, reviewer, second_reviewer):
    claims.claim(item.pk, reviewer)

    with pytest.raises(Forbidden, match=r"^Only superusers may break a claim\.$"):
        claims.break_claim(item.pk, second_reviewer)

    assert holder(item) == reviewer
    assert events_of(item) == []


@pytest.mark.parametrize("is_lapsed", [True, False])
def test_breaking_a_free_item_does_nothing(item, reviewer, superuser, expire_claim, is_lapsed):
    if is_lapsed:
        claims.claim(item.pk, reviewer)
        expire_claim(item)

    claims.break_claim(item.pk, superuser)

    assert events_of(item) == []
