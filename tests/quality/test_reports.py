"""Stored reports of the metrics, and live figures of the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from agents.choices import ReviewKind
from agents.errors import Invalid
from agents.models import ReviewItem, ReviewReport
from agents.quality import metrics, reports, tasks
from agents.review import queue_stats
from tests.support import review_rows

pytestmark = pytest.mark.django_db


def test_first_read_computes_and_later_reads_reuse(creator, reviewer):
    review_rows.decide(review_rows.reviewed(creator), reviewer)
    first = reports.latest(30)
    review_rows.decide(review_rows.reviewed(creator), reviewer)

    second = reports.latest(30)

    assert first.figures["decided"] == second.figures["decided"] == 1
    assert (second.computed_at, ReviewReport.objects.count()) == (first.computed_at, 1)


def test_stored_report_takes_one_query(creator, reviewer, django_assert_num_queries):
    reports.latest(30)

    with django_assert_num_queries(1):
        reports.latest(30)


def test_refresh_recomputes_at_most_every_ten_seconds(creator, reviewer):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        review_rows.decide(review_rows.reviewed(creator), reviewer)
        clock.shift(1)
        reports.latest(30)
        review_rows.decide(review_rows.reviewed(creator), reviewer)
        clock.shift(9)
        assert reports.refresh(30).figures["decided"] == 1
        clock.shift(1)
        assert reports.refresh(30).figures["decided"] == 2


def test_task_computes_every_period(creator, reviewer):
    now = timezone.now()
    for days_ago in (1, 20, 60):
        review_rows.decide(review_rows.reviewed(creator), reviewer, at=now - timedelta(days=days_ago))

    assert tasks.refresh_review_reports() == {"7": 1, "30": 2, "90": 3}
    assert sorted(ReviewReport.objects.values_list("days", flat=True)) == [7, 30, 90]


def test_unknown_period_is_refused(db):
    with pytest.raises(Invalid) as refusal:
        reports.latest(31)

    assert refusal.value.errors[0].detail == "One of 7, 30, 90."
    assert not ReviewReport.objects.exists()


def test_report_of_an_older_format_is_recomputed(creator, reviewer):
    ReviewReport.objects.create(days=7, computed_at=timezone.now(), figures={"form": 0, "decided": 99})

    found = reports.latest(7)

    assert (found.figures["form"], found.figures["decided"]) == (metrics.FORM, 0)


def test_stored_report_round_trips(creator, reviewer):
    item = review_rows.reviewed(creator, kind=ReviewKind.AUDIT, draw_rate=0.05, confidence=0.9)
    review_rows.decide(item, reviewer, "edited", work_s=3.25)

    stored = reports.latest(7)

    again = ReviewReport.objects.get(days=7)
    assert again.figures == metrics.compute(7, stored.computed_at)


def test_current_queue(creator, reviewer, staff, django_assert_num_queries):
    now = timezone.now()
    oldest = now - timedelta(days=3)
    review_rows.reviewed(creator, opened_at=oldest, due_at=now - timedelta(days=2))
    review_rows.reviewed(creator, disputed_at=now)
    review_rows.reviewed(creator, kind=ReviewKind.AUDIT, draw_rate=0.05)
    for hours, who in ((1, reviewer), (2, reviewer), (1, staff)):
        held = review_rows.reviewed(creator)
        until = now + timedelta(hours=hours)
        ReviewItem.objects.filter(pk=held.pk).update(claimed_by=who, claimed_at=now, claimed_until=until)
    expired = review_rows.reviewed(creator)
    past = now - timedelta(seconds=1)
    ReviewItem.objects.filter(pk=expired.pk).update(claimed_by=staff, claimed_at=oldest, claimed_until=past)
    # Not counted: gold of others, and decided items.
    review_rows.reviewed(creator, kind=ReviewKind.GOLD, only_for=reviewer, due_at=past)
    review_rows.decide(review_rows.reviewed(creator), reviewer)
    review_rows.decide(review_rows.reviewed(creator), reviewer, at=now - timedelta(days=1))

    with django_assert_num_queries(3):
        found = queue_stats.live(staff, now)

    assert found == {
        "open": 7,
        "overdue": 1,
        "disputed": 1,
        "oldest_opened_at": oldest,
        "is_cut_off": False,
        "held": [
            {"by": "rosa", "items": 2, "until": now + timedelta(hours=2)},
            {"by": "sam", "items": 1, "until": now + timedelta(hours=1)},
        ],
        "decided_today": 1,
    }


def test_very_long_queue_is_counted_up_to_a_limit(creator, staff, monkeypatch):
    monkeypatch.setattr(queue_stats, "MAX_COUNTED", 3)
    for _ in range(4):
        review_rows.reviewed(creator)

    found = queue_stats.live(staff)

    assert (found["open"], found["is_cut_off"]) == (3, True)


def test_empty_queue(staff):
    assert queue_stats.live(staff) == {
        "open": 0,
        "overdue": 0,
        "disputed": 0,
        "oldest_opened_at": None,
        "is_cut_off": False,
        "held": [],
        "decided_today": 0,
    }
