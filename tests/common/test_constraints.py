"""Constraints that the database itself enforces."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from agents.models import (
    AgentJob,
    AgentJobEvent,
    GenerationSchedule,
    ModelPrice,
    ReviewItem,
    ReviewSkip,
    UserPreference,
)
from tests.support.refusals import refuses, rows_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "values", "constraint"),
    [
        # Two constraints forbid it, and the database chooses which one it names.
        ("pending", {"status": "waiting"}, "agent_jobs_"),
        ("pending", {"agent_type": "poet"}, "agent_jobs_type_known"),
        ("completed", {"confidence_score": 1.01}, "agent_jobs_confidence_range"),
        ("completed", {"confidence_score": -0.01}, "agent_jobs_confidence_range"),
        ("completed", {"output_data": None}, "agent_jobs_completed_has_output"),
        ("completed", {"confidence_score": None}, "agent_jobs_completed_has_output"),
        ("completed", {"completed_at": None}, "agent_jobs_completed_has_output"),
        ("failed", {"error_code": ""}, "agent_jobs_failed_has_code"),
        ("processing", {"claimed_until": None}, "agent_jobs_processing_is_claimed"),
        ("processing", {"started_at": None}, "agent_jobs_processing_is_claimed"),
        ("processing", {"attempts": 0}, "agent_jobs_processing_is_claimed"),
    ],
)
def test_inconsistent_job_is_refused(make_job, status, values, constraint):
    job = make_job(status)

    assert constraint in refuses(rows_of(AgentJob, **values))

    assert AgentJob.objects.get().status == job.status


def test_unknown_event_is_refused(make_job):
    job = make_job()

    assert "agent_job_events_kind_known" in refuses(
        lambda: AgentJobEvent.objects.create(job=job, kind="sneezed", attempt=0)
    )

    assert not job.events.exists()


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        # Two constraints forbid it, and the database chooses which one it names.
        ({"state": "parked"}, "agent_review_items_"),
        ({"state": "closed"}, "agent_review_items_closed_has_time"),
        ({"closed_at": timezone.now()}, "agent_review_items_closed_has_time"),
        ({"confidence": 1.5}, "agent_review_items_confidence_range"),
        ({"confidence": -0.5}, "agent_review_items_confidence_range"),
        ({"priority": 7}, "agent_review_items_priority_known"),
        # Two constraints forbid it as well.
        ({"kind": "whim"}, "agent_review_items_"),
        ({"kind": "gold"}, "agent_review_items_gold_is_for_one"),
        ({"draw_rate": 0}, "agent_review_items_draw_rate_range"),
        ({"draw_rate": 1.01}, "agent_review_items_draw_rate_range"),
        ({"opinions_wanted": 0}, "agent_review_items_opinions_range"),
        ({"opinions_wanted": 4}, "agent_review_items_opinions_range"),
        (
            {"state": "closed", "closed_at": timezone.now(), "disputed_at": timezone.now()},
            "agent_review_items_dispute_is_open",
        ),
    ],
)
def test_inconsistent_review_item_is_refused(item, values, constraint):
    assert constraint in refuses(rows_of(ReviewItem, **values))

    item.refresh_from_db()
    assert (item.state, item.closed_at, item.confidence, item.kind) == ("open", None, 0.5, "doubt")


@pytest.mark.parametrize("column", ["claimed_by", "claimed_at", "claimed_until"])
def test_half_a_claim_is_refused(item, reviewer, column):
    assert ReviewItem.objects.claim(item.pk, reviewer, claim_s=60)

    assert "agent_review_items_claim_is_whole" in refuses(rows_of(ReviewItem, **{column: None}))

    item.refresh_from_db()
    assert (item.claimed_by, item.claimed_at is None, item.claimed_until is None) == (reviewer, False, False)


@pytest.mark.parametrize("column", ["claimed_at", "claimed_until"])
def test_claim_without_user_is_refused(item, column):
    assert "agent_review_items_claim_is_whole" in refuses(rows_of(ReviewItem, **{column: timezone.now()}))


def test_claim_on_a_closed_item_is_refused(item, reviewer):
    assert ReviewItem.objects.claim(item.pk, reviewer, claim_s=60)
    closed = {"state": "closed", "closed_at": timezone.now()}

    assert "agent_review_items_claim_is_whole" in refuses(rows_of(ReviewItem, **closed))

    item.refresh_from_db()
    assert (item.state, item.claimed_by) == ("open", reviewer)


def test_second_skip_by_the_same_reviewer_is_refused(item, reviewer, creator):
    ReviewSkip.objects.create(item=item, by=reviewer)

    assert refuses(ReviewSkip(item=item, by=reviewer).save)
    assert refuses(ReviewSkip(item=item, by=creator).save) is None


def copy_of(item):
    return ReviewItem(
        job=item.job, agent_type="narrative", confidence=0.5, reasons=["Again."], reason_codes="|x|"
    )


def test_second_open_item_of_a_job_is_refused_until_the_first_is_closed(item, reviewer):
    assert refuses(copy_of(item).save)

    assert ReviewItem.objects.close(item.pk, reviewer)

    assert refuses(copy_of(item).save) is None


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"agent_type": "poet"}, "generation_schedules_type_known"),
        ({"next_run_at": None}, "generation_schedules_enabled_has_next"),
        ({"enabled": False}, "generation_schedules_enabled_has_next"),
    ],
)
def test_inconsistent_schedule_is_refused(universe, creator, values, constraint):
    GenerationSchedule.objects.create(
        name="Weekly",
        owner=creator,
        universe=universe,
        agent_type="narrative",
        input_data={},
        crontab="0 9 * * 1",
        next_run_at=timezone.now(),
    )

    assert constraint in refuses(rows_of(GenerationSchedule, **values))

    assert GenerationSchedule.objects.get().enabled


def price(**values):
    return ModelPrice(
        **{
            "model": "claude-haiku-5-5",
            "valid_from": datetime.date(2027, 1, 1),
            "input_usd": Decimal(1),
            "output_usd": Decimal(1),
            "cache_read_usd": Decimal(1),
            "cache_write_usd": Decimal(1),
            **values,
        }
    )


@pytest.mark.parametrize("column", ["input_usd", "output_usd", "cache_read_usd", "cache_write_usd"])
def test_negative_price_is_refused(column):
    assert "agent_model_prices_not_negative" in refuses(price(**{column: Decimal("-0.01")}).save)


def test_two_prices_for_one_day_and_band_are_refused():
    price().save()

    assert refuses(price(output_usd=Decimal(2)).save)
    assert refuses(price(prompt_over=100).save) is None


def test_user_has_one_row_of_preferences(creator):
    UserPreference.objects.create(user=creator)

    assert refuses(UserPreference(user=creator).save)
