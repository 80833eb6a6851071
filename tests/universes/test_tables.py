"""The tables of a new database, made by one operation."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from universes.tables import CreateTables

OPERATIONS = [
    migrations.CreateModel("Ferry", [("id", models.BigAutoField(primary_key=True))]),
    migrations.CreateModel(
        "Crossing",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("ferry", models.ForeignKey("tides.ferry", models.CASCADE)),
        ],
    ),
    migrations.AddField("ferry", "last", models.ForeignKey("tides.crossing", models.SET_NULL, null=True)),
    migrations.AddIndex("ferry", models.Index(fields=["-id"], name="tides_newest_ferries")),
]


@pytest.mark.django_db(transaction=True)
def test_tables_have_what_later_operations_add_and_can_be_dropped():
    operation = CreateTables(OPERATIONS)
    before, after = ProjectState(), ProjectState()

    operation.state_forwards("tides", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("tides", editor, before, after)

    with connection.cursor() as cursor:
        assert {"tides_ferry", "tides_crossing"} <= set(connection.introspection.table_names(cursor))
        columns = connection.introspection.get_table_description(cursor, "tides_ferry")
        assert [column.name for column in columns] == ["id", "last_id"]
        assert "tides_newest_ferries" in connection.introspection.get_constraints(cursor, "tides_ferry")

    with connection.schema_editor() as editor:
        operation.database_backwards("tides", editor, after, before)

    assert not {"tides_ferry", "tides_crossing"} & set(connection.introspection.table_names())


def test_models_are_built_when_all_of_them_are_known():
    one_by_one, together = ProjectState(), ProjectState()
    for operation in OPERATIONS:
        operation.state_forwards("tides", one_by_one)
    _ = together.apps

    CreateTables(OPERATIONS).state_forwards("tides", together)

    assert "apps" not in vars(together)
    assert together == one_by_one
    assert {model.__name__ for model in together.apps.get_models()} == {"Ferry", "Crossing"}
