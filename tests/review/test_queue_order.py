"""The order of the queue, the next item of each reviewer, and skips."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.choices import Verdict
from agents.common import permissions
from agents.errors import Conflict, Invalid
from agents.models import GenerationSchedule, ReviewItem, ReviewSkip
from agents.review import claims
from agents.review.verdicts import decisions
from tests.support.fake_llm import weak_answer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def all_in_turn(by, among=None):
    """Return the items in the order in which ``claim_next`` offers them."""
    given = []
    while (item := claims.claim_next(by, among)) is not None:
        given.append(item)
        decisions.decide(item.pk, Verdict.APPROVED, by=by)
    return given


def test_order_is_due_priority_age_id(make_item, reviewer):
    last = make_item(due_at=NOON + 2 * HOUR, opened_at=NOON - HOUR)
    of_a_schedule = make_item(due_at=NOON + HOUR, priority=1, opened_at=NOON - HOUR)
    younger = make_item(due_at=NOON + HOUR, opened_at=NOON)
    tied = [make_item(due_at=NOON + HOUR, opened_at=NOON - HOUR) for _ in range(3)]
    first = make_item(due_at=NOON, priority=1, opened_at=NOON)

    given = all_in_turn(reviewer)

    assert given == [first, *sorted(tied, key=lambda item: item.pk), younger, of_a_schedule, last]


def test_due_time_is_a_site_setting(open_review, settings):
    settings.REVIEW_WITHIN_H = 3
    before = timezone.now()

    item = open_review()

    assert before + 3 * HOUR <= item.due_at <= timezone.now() + 3 * HOUR
    assert not ReviewItem.objects.overdue().exists()
    assert ReviewItem.objects.overdue(item.due_at + timedelta(seconds=1)).get() == item


@pytest.mark.parametrize(("is_scheduled", "priority"), [(False, 0), (True, 1)])
def test_scheduled_output_has_lower_priority(submit, run, llm, universe, creator, is_scheduled, priority):
    job = submit(universe=universe)
    if is_scheduled:
        job.schedule = GenerationSchedule.objects.create(
            name="Weekly",
            owner=creator,
            universe=universe,
            agent_type="narrative",
            input_data={},
            crontab="0 9 * * 1",
            next_run_at=timezone.now() + HOUR,
        )
        job.save()
    llm.will(weak_answer)

    run(job)

    assert job.review_items.get().priority == priority


def test_next_claims_the_item(make_item, reviewer, second_reviewer, settings):
    settings.REVIEW_CLAIM_S = 60
    first, then = make_item(due_at=NOON), make_item(due_at=NOON + HOUR)

    given = claims.claim_next(reviewer)

    assert given == first
    first.refresh_from_db()
    assert (first.claimed_by, first.claimed_until - first.claimed_at) == (reviewer, timedelta(minutes=1))
    assert claims.claim_next(second_reviewer) == then


def test_next_returns_the_item_already_held(make_item, reviewer):
    first = make_item(due_at=NOON)
    make_item(due_at=NOON + HOUR)

    assert [claims.claim_next(reviewer) for _ in range(2)] == [first, first]


def test_item_with_expired_claim_is_offered_again(make_item, reviewer, second_reviewer, expire_claim):
    item = make_item()
    claims.claim(item.pk, reviewer)
    assert claims.claim_next(second_reviewer) is None
    expire_claim(item)

    assert claims.claim_next(second_reviewer) == item


def test_next_gives_up_after_many_lost_races(make_item, reviewer, monkeypatch):
    make_item()
    monkeypatch.setattr(ReviewItem.objects, "claim", lambda *args, **options: False)

    with pytest.raises(Conflict) as refusal:
        claims.claim_next(reviewer)

    assert refusal.value.code == "queue_busy"


def test_next_in_empty_queue_is_none(make_item, reviewer):
    assert claims.claim_next(reviewer) is None
    decisions.decide(make_item().pk, Verdict.APPROVED, by=reviewer)

    assert claims.claim_next(reviewer) is None


def test_next_respects_the_filter(make_item, reviewer):
    make_item(due_at=NOON, confidence=0.9)
    wanted = make_item(due_at=NOON + HOUR, confidence=0.2)
    unsure = ReviewItem.objects.filter(confidence__lt=0.5)

    assert all_in_turn(reviewer, unsure) == [wanted]


def test_next_respects_filters_on_jobs(make_item, reviewer):
    plain, again = make_item(due_at=NOON), make_item(due_at=NOON + HOUR)
    again.job.follows = plain.job
    again.job.save()

    assert claims.claim_next(reviewer, ReviewItem.objects.filter(job__follows__isnull=False)) == again


def test_next_query_count_does_not_grow_with_items(make_item, reviewer):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            claims.claim_next(reviewer)
        return len(queries)

    make_item(due_at=NOON)
    reviewer.has_perm(permissions.DECIDE)
    few = cost()
    for _ in range(40):
        make_item(due_at=NOON - HOUR)

    # Queries: savepoint, choice, claim, item with its users, and release of the savepoint.
    assert (few, cost()) == (5, 5)


# --- Skipping -----------------------------------------------------------------------------------------------


def test_skipped_item_comes_last_for_its_skipper_only(make_item, reviewer, second_reviewer):
    first, then = make_item(due_at=NOON), make_item(due_at=NOON + HOUR)
    claims.claim(first.pk, reviewer)

    claims.skip(first.pk, reviewer, " Not my genre. ")

    first.refresh_from_db()
    assert (first.state, first.claimed_by, first.claimed_until) == ("open", None, None)
    skip = ReviewSkip.objects.get()
    assert (skip.item, skip.by, skip.reason) == (first, reviewer, "Not my genre.")
    assert [(e.kind, e.by, e.data) for e in first.job.events.all()] == [
        ("review_skipped", reviewer, {"reason": "Not my genre."})
    ]
    assert claims.claim_next(second_reviewer) == first
    claims.release(first.pk, second_reviewer)
    assert all_in_turn(reviewer) == [then, first]


def test_least_recently_skipped_item_comes_first(make_item, reviewer):
    items = [make_item(due_at=NOON + number * HOUR) for number in range(3)]
    for number in (2, 0, 1):
        claims.skip(items[number].pk, reviewer)

    assert all_in_turn(reviewer) == [items[2], items[0], items[1]]


def test_skips_by_others_do_not_count(make_item, reviewer, second_reviewer):
    items = [make_item(due_at=NOON + number * HOUR) for number in range(2)]
    claims.skip(items[1].pk, second_reviewer)
    for item in items:
        claims.skip(item.pk, reviewer)

    assert all_in_turn(reviewer) == items


def test_item_skipped_again_goes_to_the_end(make_item, reviewer):
    items = [make_item(due_at=NOON), make_item(due_at=NOON + HOUR)]
    for item in (*items, items[0]):
        claims.skip(item.pk, reviewer, "Not now.")

    assert ReviewSkip.objects.count() == 2
    assert all_in_turn(reviewer) == [items[1], items[0]]


def test_skipping_a_held_item_keeps_its_claim(make_item, reviewer, second_reviewer):
    item = make_item()
    claims.claim(item.pk, second_reviewer)

    claims.skip(item.pk, reviewer)

    item.refresh_from_db()
    assert item.claimed_by == second_reviewer


@pytest.mark.parametrize(("reason", "code"), [("x" * 5001, "max_length"), ("A\x00B", "invalid")])
def test_invalid_reason_names_the_field(make_item, reviewer, reason, code):
    item = make_item()

    with pytest.raises(Invalid) as refusal:
        claims.skip(item.pk, reviewer, reason)

    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/reason", code)]
    assert not ReviewSkip.objects.exists()
