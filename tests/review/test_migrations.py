"""Migration of a database with reviews of the first release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

BEFORE = [("agents", "0004_periodic_tasks"), ("universes", "0001_initial")]


def migrate(targets=None):
    """Migrate one by one, without the migrations that replace many; by default to the newest."""
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    graph = executor.loader.graph
    targets = targets or [leaf for leaf in graph.leaf_nodes() if not graph.nodes[leaf].replaces]
    executor.migrate(targets)
    return MigrationLoader(connection, replace_migrations=False).project_state(targets).apps


def schema() -> dict[str, set[tuple[Any, ...]]]:
    """Return the columns, constraints, indexes and triggers of the database, without names that Django generates."""
    public = "'public'::regnamespace"
    queries = {
        "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default"
        " FROM information_schema.columns WHERE table_schema = 'public'",
        "constraints": "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
        f" WHERE connamespace = {public}",
        "indexes": "SELECT tablename, regexp_replace(indexdef, '_[0-9a-f]{8}', '') FROM pg_indexes"
        " WHERE schemaname = 'public'",
        "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "functions": f"SELECT proname, prosrc FROM pg_proc WHERE pronamespace = {public}",
    }
    found = {}
    with connection.cursor() as cursor:
        for name, query in queries.items():
            cursor.execute(query)
            found[name] = set(cursor.fetchall())
    return found


def _leave_for(database: str) -> None:
    connection.close()
    # The pool would hand out connections to the former database.
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["NAME"] = database


@pytest.fixture
def new_schema(transactional_db: None) -> dict[str, set[tuple[Any, ...]]]:
    """The schema of a new database, whose first migrations are one."""
    return schema()


@pytest.fixture
def old_apps(new_schema) -> Iterator[Any]:
    """The models of the first release, on an empty database of their own."""
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS first_release")
        cursor.execute("CREATE DATABASE first_release TEMPLATE template0")
    name = connection.settings_dict["NAME"]
    _leave_for("first_release")
    try:
        yield migrate(BEFORE)
    finally:
        _leave_for(name)
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE first_release WITH (FORCE)")


def test_reviews_of_the_first_release_are_unchanged_in_the_schema_of_a_new_database(old_apps, new_schema):
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

    migrate()

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
    found = schema()
    # The command adds triggers of its own after the migrations.
    assert {name: found[name] - rows for name, rows in new_schema.items() if found[name] - rows} == {}
    tables = ("columns", "constraints", "indexes")
    assert {name: new_schema[name] - found[name] for name in tables if new_schema[name] - found[name]} == {}
