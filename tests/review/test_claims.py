"""Claims: holder, lease, and decisions under a claim."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from agents.choices import Verdict
from agents.errors import Conflict, Forbidden, NotFound, ReviewClaimed, ReviewClosed
from agents.models import ReviewDecision, ReviewItem, ReviewSkip
from agents.review import claims
from agents.review.verdicts import decisions
from tests.support.facts import events_of, holder

pytestmark = pytest.mark.django_db


def held_message(item):
    item.refresh_from_db()
    return f"{item.claimed_by.username} has claimed this item until {item.claimed_until:%H:%M} UTC."


# --- Claim, renew, let go -----------------------------------------------------------------------------------


def test_claim_lasts_as_long_as_the_setting(item, reviewer, settings):
    settings.REVIEW_CLAIM_S = 600

    claimed = claims.claim(item.pk, reviewer)

    assert (claimed.pk, claimed.claimed_by) == (item.pk, reviewer)
    assert claimed.claimed_at is not None
    assert claimed.claimed_until == claimed.claimed_at + timedelta(minutes=10)
    assert events_of(item) == []


def test_renewal_extends_even_an_expired_free_claim(item, reviewer):
    claims.claim(item.pk, reviewer)
    ReviewItem.objects.update(claimed_until=timezone.now() - timedelta(minutes=1))

    renewed = claims.renew(item.pk, reviewer)

    assert renewed.claimed_by == reviewer
    assert renewed.is_claimed(timezone.now())


def test_renewal_does_not_reclaim_a_released_item(item, reviewer):
    claims.claim(item.pk, reviewer)
    claims.release(item.pk, reviewer)

    with pytest.raises(Conflict, match=r"^Your claim on this item has ended\.$") as refused:
        claims.renew(item.pk, reviewer)

    assert refused.value.code == "claim_lost"
    assert holder(item) is None


def test_renewal_of_a_broken_claim_names_who_broke_it(item, reviewer, superuser):
    claims.claim(item.pk, reviewer)
    claims.break_claim(item.pk, superuser)

    with pytest.raises(Conflict, match=rf"^{superuser.username} broke your claim on this item\.$"):
        claims.renew(item.pk, reviewer)

    assert holder(item) is None


def test_renewal_names_the_new_holder_or_decider(item, reviewer, second_reviewer):
    claims.claim(item.pk, second_reviewer)
    with pytest.raises(ReviewClaimed) as held:
        claims.renew(item.pk, reviewer)
    assert held.value.message == held_message(item)

    decisions.decide(item.pk, Verdict.APPROVED, by=second_reviewer)
    with pytest.raises(ReviewClosed, match=rf"^{second_reviewer.username} has already decided"):
        claims.renew(item.pk, reviewer)


def test_repeated_claim_extends_the_lease(item, reviewer):
    long_ago = timezone.now() - timedelta(minutes=14)
    claims.claim(item.pk, reviewer)
    soon = timezone.now() + timedelta(minutes=1)
    ReviewItem.objects.update(claimed_at=long_ago, claimed_until=soon)

    renewed = claims.claim(item.pk, reviewer)

    assert (renewed.claimed_by, renewed.claimed_at) == (reviewer, long_ago)
    assert renewed.claimed_until is not None
    assert renewed.claimed_until > soon + timedelta(minutes=13)


def test_expired_own_claim_starts_again(item, reviewer):
    long_ago = timezone.now() - timedelta(hours=2)
    claims.claim(item.pk, reviewer)
    ReviewItem.objects.update(claimed_at=long_ago, claimed_until=long_ago + timedelta(minutes=15))

    again = claims.claim(item.pk, reviewer)

    assert again.claimed_at is not None
    assert again.claimed_at > long_ago + timedelta(hours=1)


def test_second_claim_names_the_holder(item, reviewer, second_reviewer):
    claims.claim(item.pk, reviewer)

    with pytest.raises(ReviewClaimed) as refusal:
        claims.claim(item.pk, second_reviewer)

    assert refusal.value.message == held_message(item)
    assert refusal.value.message.startswith("rosa has claimed this item until ")
    assert holder(item) == reviewer


def test_expired_claim_is_taken_over(item, reviewer, second_reviewer, expire_claim):
    claims.claim(item.pk, reviewer)
    expire_claim(item)

    claims.claim(item.pk, second_reviewer)

    assert holder(item) == second_reviewer
    with pytest.raises(ReviewClaimed, match="rudi has claimed this item"):
        claims.claim(item.pk, reviewer)


def test_released_item_is_free(item, reviewer, second_reviewer):
    claims.claim(item.pk, reviewer)

    assert claims.release(item.pk, reviewer) is True

    assert (holder(item), item.claimed_at, item.claimed_until) == (None, None, None)
    assert claims.release(item.pk, reviewer) is False
    assert claims.claim(item.pk, second_reviewer).claimed_by == second_reviewer


def test_claim_is_released_by_its_holder_only(item, reviewer, second_reviewer, superuser):
    claims.claim(item.pk, reviewer)

    assert claims.release(item.pk, second_reviewer) is False
    assert claims.release(item.pk, superuser) is False

    assert holder(item) == reviewer


def test_decided_item_cannot_be_claimed(item, reviewer, second_reviewer):
    decision = decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")

    with pytest.raises(ReviewClosed) as refusal:
        claims.claim(item.pk, second_reviewer)

    assert refusal.value.message == (
        f"rosa has already decided this item: rejected, {decision.at:%Y-%m-%d %H:%M} UTC."
    )
    assert holder(item) is None


def test_claim_succeeds_if_the_winner_releases_meanwhile(item, reviewer, second_reviewer, monkeypatch):
    claims.claim(item.pk, reviewer)
    claim = ReviewItem.objects.claim
    tries: list[bool] = []

    def claim_and_lose_once(*args, **options):
        won = claim(*args, **options)
        if not tries:
            claims.release(item.pk, reviewer)
        tries.append(won)
        return won

    monkeypatch.setattr(ReviewItem.objects, "claim", claim_and_lose_once)

    claims.claim(item.pk, second_reviewer)

    assert tries == [False, True]
    assert holder(item) == second_reviewer


def test_expired_holder_is_not_named(item, reviewer, expire_claim):
    claims.claim(item.pk, reviewer)
    expire_claim(item)
    answers = [True, False]

    claims.run_transition(item.pk, reviewer, answers.pop)

    assert answers == []


def test_claim_gives_up_if_the_item_keeps_changing_hands(item, reviewer):
    with pytest.raises(Conflict) as refusal:
        claims.run_transition(item.pk, reviewer, lambda: False)

    assert refusal.value.code == "queue_busy"


@pytest.mark.parametrize("who", ["creator", "staff", "stranger"])
@pytest.mark.parametrize(
    "call",
    [
        lambda item, by: claims.claim_next(by),
        lambda item, by: claims.claim(item.pk, by),
        lambda item, by: claims.skip(item.pk, by),
        lambda item, by: claims.hand_to(item.pk, by, by=by),
        lambda item, by: claims.break_claim(item.pk, by),
    ],
    ids=["next", "claim", "skip", "hand", "break"],
)
def test_only_reviewers_work_the_queue(item, request, who, call):
    with pytest.raises(Forbidden):
        call(item, request.getfixturevalue(who))

    assert (holder(item), item.assigned_to) == (None, None)
    assert not ReviewSkip.objects.exists()


@pytest.mark.parametrize(
    "call",
    [
        claims.claim,
        claims.skip,
        claims.break_claim,
        lambda item_id, by: claims.hand_to(item_id, by, by=by),
    ],
    ids=["claim", "skip", "break", "hand"],
)
def test_item_that_does_not_exist_is_not_found(superuser, call):
    with pytest.raises(NotFound) as refusal:
        call(uuid.uuid4(), superuser)

    assert refusal.value.code == "review_item_not_found"


# --- Deciding under claims ----------------------------------------------------------------------------------


def test_held_item_cannot_be_decided_by_another(item, reviewer, second_reviewer):
    claims.claim(item.pk, reviewer)

    with pytest.raises(ReviewClaimed) as refusal:
        decisions.decide(item.pk, Verdict.APPROVED, by=second_reviewer)

    assert refusal.value.message == held_message(item)
    assert (item.state, holder(item)) == ("open", reviewer)
    item.job.refresh_from_db()
    assert item.job.human_review_required is True
    assert not ReviewDecision.objects.exists()
    assert events_of(item) == []


@pytest.mark.parametrize("is_held", [True, False])
def test_own_and_free_items_are_decided_and_released(item, reviewer, is_held):
    if is_held:
        claims.claim(item.pk, reviewer)

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    assert (holder(item), item.claimed_at, item.claimed_until, item.state) == (None, None, None, "closed")
    assert ReviewDecision.objects.get().by == reviewer


def test_expired_holder_is_told_who_decided(item, reviewer, second_reviewer, expire_claim):
    claims.claim(item.pk, reviewer)
    expire_claim(item)

    decisions.decide(item.pk, Verdict.APPROVED, by=second_reviewer)

    with pytest.raises(ReviewClosed, match=r"^rudi has already decided this item: approved, "):
        decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")
    assert ReviewDecision.objects.get().by == second_reviewer


def test_expired_holder_may_still_decide_a_free_item(item, reviewer, expire_claim):
    claims.claim(item.pk, reviewer)
    expire_claim(item)

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    assert ReviewDecision.objects.get().by == reviewer
