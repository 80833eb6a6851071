"""Races between reviewers, with real threads and connections: one wins and the others get an error."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from agents.choices import Verdict
from agents.common import world_context
from agents.errors import ReviewClaimed, ReviewClosed
from agents.models import AgentJob, IntentionalFinding, ReviewDecision, ReviewItem
from agents.review import claims, intentional, items
from agents.review.verdicts import decisions
from tests.support import rows, sample_findings
from tests.support.threads import refusals, run_concurrently
from universes.models import Universe

PHONE = sample_findings.finding()

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("broker")]


@pytest.fixture
def reviewers(make_reviewer):
    return [make_reviewer(f"reviewer{number}") for number in range(12)]


def test_one_of_twelve_claims_wins_and_losers_name_the_holder(make_item, reviewers):
    item = make_item()

    answers = run_concurrently(*[lambda by=by: claims.claim(item.pk, by) for by in reviewers])

    item.refresh_from_db()
    held = refusals(answers, ReviewClaimed)
    assert [answer.pk for answer in answers if isinstance(answer, ReviewItem)] == [item.pk]
    assert len(held) == 11
    assert {refusal.message for refusal in held} == {
        f"{item.claimed_by.username} has claimed this item until {item.claimed_until:%H:%M} UTC."
    }


def test_twelve_concurrent_nexts_get_twelve_items(make_item, reviewers):
    items = {make_item().pk for _ in range(12)}

    answers = run_concurrently(*[lambda by=by: claims.claim_next(by) for by in reviewers])

    assert {answer.pk for answer in answers} == items
    held = dict(ReviewItem.objects.values_list("pk", "claimed_by"))
    assert held == {answer.pk: by.pk for answer, by in zip(answers, reviewers, strict=True)}


# SQLite has one writer at a time, so other writers always wait there.
@pytest.mark.postgres
def test_next_does_not_wait_for_locked_items_or_jobs(make_item, reviewers):
    """Lock an item and a job in a transaction that ends only after "next" has returned."""
    now = timezone.now()
    first, then = make_item(due_at=now), make_item(due_at=now + timedelta(hours=1))
    written, answered = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            ReviewItem.objects.claim(first.pk, reviewers[0], claim_s=60)
            AgentJob.objects.filter(pk=then.job_id).update(is_mock=True)
            written.set()
            return answered.wait(10)

    def press_next():
        assert written.wait(30)
        try:
            # This filter joins the jobs.
            return claims.claim_next(reviewers[1], ReviewItem.objects.filter(job__follows=None))
        finally:
            answered.set()

    assert run_concurrently(write, press_next) == [True, then]


def test_twelve_nexts_for_five_items_give_five(make_item, reviewers):
    items = {make_item().pk for _ in range(5)}

    answers = run_concurrently(*[lambda by=by: claims.claim_next(by) for by in reviewers])

    assert {answer.pk for answer in answers if answer is not None} == items
    assert answers.count(None) == 7


def test_takeover_of_an_expired_claim_has_one_winner(make_item, reviewers, expire_claim):
    item = make_item()
    claims.claim(item.pk, reviewers[0])
    expire_claim(item)

    answers = run_concurrently(*[lambda by=by: claims.claim(item.pk, by) for by in reviewers[1:]])

    assert len(refusals(answers, ReviewClaimed)) == 10
    item.refresh_from_db()
    assert [answer.claimed_by for answer in answers if isinstance(answer, ReviewItem)] == [item.claimed_by]


@pytest.mark.parametrize("round_", range(4))
def test_claim_racing_a_decision_leaves_one_winner(make_item, reviewers, round_):
    item, (first, second, *_) = make_item(), reviewers

    claimed, decided = run_concurrently(
        lambda: claims.claim(item.pk, first),
        lambda: decisions.decide(item.pk, Verdict.APPROVED, by=second),
    )

    item.refresh_from_db()
    if isinstance(decided, ReviewClaimed):
        assert (item.state, item.claimed_by) == ("open", first)
        assert not ReviewDecision.objects.exists()
    else:
        assert (item.state, item.claimed_by, decided.by) == ("closed", None, second)
        assert isinstance(claimed, ReviewClosed)


def test_one_of_eight_breaks_is_recorded(make_item, reviewers, make_user):
    item = make_item()
    leads = [make_user(f"lead{number}", is_superuser=True) for number in range(8)]
    claims.claim(item.pk, reviewers[0])

    run_concurrently(*[lambda by=by: claims.break_claim(item.pk, by) for by in leads])

    assert item.job.events.filter(kind="review_claim_broken").count() == 1


@pytest.fixture
def found_item(creator, low_marches):
    """An item whose job has a finding; a closed item may be marked by every reviewer."""
    job = rows.finished_job(creator, low_marches, signals=sample_findings.signals(PHONE))
    return rows.item_of(job, state="closed")


def test_twelve_concurrent_marks_make_one(found_item, reviewers):
    answers = run_concurrently(
        *[lambda by=by: intentional.mark(found_item.pk, PHONE.id, by=by) for by in reviewers]
    )

    mark = IntentionalFinding.objects.select_related("marked_by").get()
    assert {answer["mark"]["by"] for answer in answers} == {str(mark.marked_by)}
    assert found_item.job.events.filter(kind="finding_marked").count() == 1


def test_twelve_concurrent_undos_are_one(found_item, reviewers):
    intentional.mark(found_item.pk, PHONE.id, by=reviewers[0])

    run_concurrently(*[lambda by=by: intentional.unmark(found_item.pk, PHONE.id, by=by) for by in reviewers])

    assert not IntentionalFinding.objects.exists()
    assert found_item.job.events.filter(kind="finding_unmarked").count() == 1


def test_mark_racing_a_mark_of_a_process_without_locks_is_one_row(found_item, reviewers, monkeypatch):
    """Without the lock of the universe the constraint still decides."""
    monkeypatch.setattr(world_context, "lock_universe", lambda pk: Universe.objects.get(pk=pk))
    monkeypatch.setattr(items, "lock_item", items.find_item)

    run_concurrently(*[lambda by=by: intentional.mark(found_item.pk, PHONE.id, by=by) for by in reviewers])

    assert IntentionalFinding.objects.get().finding_id == PHONE.id
