"""Filters that many lists share: sets of values, orders, and rows that changed since a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agents.choices import EventKind, JobStatus, NotificationKind, Verdict
from agents.models import AgentJobEvent, Notification, ReviewDecision, ReviewItem
from agents.notify import notifications
from agents.review.verdicts import decisions
from tests.support.problems import ids_of, job_ids_of, pointers_of
from tests.support.rows import item_of, make_job, make_review, make_schedule, make_universe
from universes.services import canon

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# The plus sign of the offset arrives as a space.
SINCE_NOON = "updated_since=2026-03-01T14:00:00+02:00"


# --- Sets


def test_status_is_a_set(api, creator):
    jobs = {status: str(make_job(creator, status=status).pk) for status in JobStatus.values}

    assert job_ids_of(api.get("/agents/jobs?status=pending,failed")) == [jobs["failed"], jobs["pending"]]
    assert job_ids_of(api.get("/agents/jobs?status=failed")) == [jobs["failed"]]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/agents/jobs", "agent_type=narrative,spatial"),
        ("/agents/reviews", "state=open,closed"),
        ("/agents/reviews", "agent_type=narrative,spatial"),
        ("/agents/reviews/decisions", "verdict=approved,rejected"),
        ("/agents/reviews/decisions", "agent_type=narrative,spatial"),
        ("/agents/schedules", "agent_type=narrative,spatial"),
        ("/universes/{universe}/elements", "kind=item,faction"),
        ("/universes/{universe}/elements", "canon_status=draft,retired"),
        ("/universes/{universe}/scenes", "canon_status=draft,retired"),
    ],
)
def test_each_filter_by_choice_takes_a_set(client_of, lead, path, query):
    universe = make_universe(lead, slug="sets")
    decisions.decide(make_review(lead).pk, Verdict.APPROVED, by=lead)
    make_schedule(lead, universe)
    canon.add_element(universe, kind="item", name="Bell")
    canon.add_scene(universe, title="Dawn", text="Fog.")
    client, path = client_of(lead), path.format(universe=universe.pk)
    name, _, words = query.partition("=")

    assert client.get(f"{path}?{query}").json()["count"] >= 1
    assert pointers_of(client.get(f"{path}?{query},banana")) == {f"?{name}": "invalid"}
    assert pointers_of(client.get(f"{path}?{name}=,{words}")) == {f"?{name}": "invalid"}


# --- Orders


@pytest.mark.parametrize(
    ("path", "orders"),
    [
        ("/agents/jobs", ["created_at"]),
        ("/agents/reviews", ["due_at"]),
        ("/agents/reviews/decisions", ["at"]),
        ("/agents/schedules", ["created_at", "updated_at", "name"]),
        ("/agents/notifications", ["at"]),
        ("/universes", ["created_at", "updated_at", "name"]),
        ("/universes/{universe}/elements", ["created_at", "updated_at", "name"]),
        ("/universes/{universe}/scenes", ["created_at", "updated_at", "title"]),
    ],
)
def test_lists_are_ordered_both_ways_and_paged_in_that_order(client_of, lead, path, orders):
    universe = make_universe(lead, name="Zennor", slug="zennor")
    for number in (2, 0, 1):
        make_universe(lead, name=f"World {number}", slug=f"world-{number}")
        item = make_review(lead)
        notifications.notify([lead], NotificationKind.MENTION, item, by=None)
        decisions.decide(item.pk, Verdict.APPROVED, by=lead)
        make_schedule(lead, universe, name=f"Schedule {number}")
        canon.add_element(universe, kind="item", name=f"Bell {number}")
        canon.add_scene(universe, title=f"Dawn {number}", text="Fog.")
    client, path = client_of(lead), path.format(universe=universe.pk)

    for order in orders:
        rows = client.get(f"{path}?ordering={order}").json()["results"]
        values = [row[order] for row in rows]
        assert len(rows) >= 3
        assert values == sorted(values)
        assert client.get(f"{path}?ordering=-{order}").json()["results"] == rows[::-1]
        first = client.get(f"{path}?ordering={order}&limit=1").json()
        second = client.get(f"{path}?ordering={order}&limit=1&cursor={first['next_cursor']}").json()
        assert first["results"] + second["results"] == rows[:2]
    assert list(pointers_of(client.get(f"{path}?ordering=colour"))) == ["?ordering"]


# --- Changes


def test_jobs_that_changed_in_any_way_are_found(api, creator, lead):
    before, after = NOON - MINUTE, NOON
    make_job(creator, created_at=before, status="completed", completed_at=before)
    submitted = make_job(creator, created_at=after)
    finished = make_job(creator, created_at=before, status="failed", completed_at=after)
    retried, untouched = (make_job(creator, created_at=before) for _ in range(2))
    AgentJobEvent.objects.create(job=retried, kind=EventKind.RETRIED, attempt=1, at=after)
    AgentJobEvent.objects.create(job=untouched, kind=EventKind.SUBMITTED, attempt=0, at=before)
    decided, undone, old = (
        make_job(creator, created_at=before, status="completed", completed_at=before) for _ in range(3)
    )
    for job, at, undone_at in ((decided, after, None), (undone, before, after), (old, before, None)):
        decision = decisions.decide(item_of(job, opened_at=before).pk, Verdict.APPROVED, by=lead)
        ReviewDecision.objects.filter(pk=decision.pk).update(
            at=at, undone_at=undone_at, undone_by=lead if undone_at else None
        )

    found = job_ids_of(api.get(f"/agents/jobs?{SINCE_NOON}"))

    assert sorted(found) == sorted(str(job.pk) for job in (submitted, finished, retried, decided, undone))


def test_review_items_that_changed_are_found(reviewer_api, api_reviewer, creator):
    old, opened, decided, claimed = (
        make_review(creator, opened_at=NOON + minutes * MINUTE) for minutes in (-5, 0, -4, -3)
    )
    decision = decisions.decide(decided.pk, Verdict.APPROVED, by=api_reviewer)
    ReviewDecision.objects.filter(pk=decision.pk).update(at=NOON)
    ReviewItem.objects.filter(pk=decided.pk).update(closed_at=NOON)
    ReviewItem.objects.filter(pk=claimed.pk).update(
        claimed_by=api_reviewer, claimed_at=NOON, claimed_until=NOON + MINUTE
    )

    found = ids_of(reviewer_api.get(f"/agents/reviews?{SINCE_NOON}"))

    assert sorted(found) == sorted(str(item.pk) for item in (opened, decided, claimed))
    assert ids_of(reviewer_api.get(f"/agents/reviews/decisions?{SINCE_NOON}")) == [str(decision.pk)]
    assert str(old.pk) not in found


def test_notifications_that_were_sent_or_read_are_found(api, creator):
    item = make_review(creator)
    rows = [notifications.notify([creator], NotificationKind.MENTION, item, by=None)[0] for _ in range(3)]
    for row, at, read_at in zip(rows, (-1, 0, -1), (None, None, 0), strict=True):
        Notification.objects.filter(pk=row.pk).update(
            at=NOON + at * MINUTE, read_at=None if read_at is None else NOON
        )

    found = ids_of(api.get(f"/agents/notifications?{SINCE_NOON}"))

    assert sorted(found) == sorted(str(row.pk) for row in rows[1:])
