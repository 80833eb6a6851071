"""Migration of a database with reviews of the first release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

BEFORE = [("agents", "0004_periodic_tasks"), ("universes", "0001_initial")]


def migrate(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def old_apps(transactional_db: None) -> Iterator[Any]:
    """The models of the first release, on an empty database of their own."""
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS first_release")
        cursor.execute("CREATE DATABASE first_release TEMPLATE template0")
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "first_release"
    try:
        yield migrate(BEFORE)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE first_release WITH (FORCE)")


def test_reviews_of_the_first_release_are_unchanged(old_apps):
    now = timezone.now()
    person = old_apps.get_model("auth", "User").objects.create(username="rosa")
    universe = old_apps.get_model("universes", "Universe").objects.create(
        owner=person, name="Low Marsh", slug="low-marsh"
    )
    Job, Item, Decision, Event = (
        old_apps.get_model("agents", name)
        for name in ("AgentJob", "ReviewItem", "ReviewDecision", "AgentJobEvent")
    )
    # Beat schedules have no unique constraint, so a site may have duplicates.
    Interval = old_apps.get_model("django_celery_beat", "IntervalSchedule")
    Crontab = old_apps.get_model("django_celery_beat", "CrontabSchedule")
    for _ in range(2):
        Interval.objects.create(every=300, period="seconds")
        Crontab.objects.create(minute="15", hour="7", timezone="UTC")
    expected: dict[Any, Any] = {}
    for verdict, note, after in [
        ("approved", "", None),
        ("edited", "", {"content": "New."}),
        ("rejected", "No.", None),
        ("asked_again", "Longer.", None),
        (None, "", None),
    ]:
        job = Job.objects.create(
            agent_type="narrative",
            status="completed",
            requested_by=person,
            universe=universe,
            input_data={},
            output_data={"content": "Old."},
            attempts=1,
            attempt_limit=4,
            completed_at=now,
            confidence_score=0.4,
        )
        Event.objects.create(job=job, kind="review_opened", attempt=1, data={})
        item = Item.objects.create(
            job=job,
            universe=universe,
            agent_type="narrative",
            confidence=0.4,
            reasons=["Short."],
            reason_codes="|x|",
            state="open" if verdict is None else "closed",
            closed_at=None if verdict is None else now,
        )
        expected[item.pk] = None
        if verdict is not None:
            Decision.objects.create(
                item=item, verdict=verdict, by=person, note=note, before={"content": "Old."}, after=after
            )
            expected[item.pk] = (verdict, note, after, True, False, None, None)

    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())

    from agents.models import RejectReason, ReviewItem

    assert {
        item.pk: item.decision
        and (
            item.decision.verdict,
            item.decision.note,
            item.decision.after,
            item.decision.takes_effect,
            item.decision.is_lead,
            item.decision.reason,
            item.decision.undone_at,
        )
        for item in ReviewItem.objects.with_decisions()
    } == expected
    columns: list[str] = ["kind", "is_blind", "draw_rate", "opinions_wanted", "only_for"]
    assert set(ReviewItem.objects.values_list(*columns)) == {("doubt", False, 1.0, 1, None)}
    assert RejectReason.objects.count() == 10
