"""Generation schedules over HTTP."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models import GenerationSchedule
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import INPUTS, make_job, make_schedule
from universes.services import universes as universe_service

pytestmark = pytest.mark.django_db

KEYS = [
    "id",
    "name",
    "owner",
    "universe_id",
    "agent_type",
    "input_data",
    "crontab",
    "time_zone",
    "in_words",
    "overlap",
    "month_limit_usd",
    "enabled",
    "disabled_reason",
    "next_run_at",
    "next_runs",
    "last_run_at",
    "last_job_id",
    "last_skipped_at",
    "last_skip_reason",
    "consecutive_failures",
    "created_at",
    "updated_at",
]


def asked(universe, **fields):
    return {
        "name": "A scene every Monday",
        "universe_id": str(universe.pk),
        "agent_type": "narrative",
        "input_data": INPUTS["narrative"],
        "crontab": "0 7 * * 1",
        **fields,
    }


@pytest.mark.parametrize("path", ["/agents/schedules", "/agents/schedules/"])
def test_created_schedule_shows_its_next_run(api, client_of, creator, universe, path):
    # A Wednesday, in the week before the clocks go forward in London.
    with time_machine.travel("2026-03-25T12:00:00+00:00", tick=False):
        api = client_of(creator)
        response = api.post(path, asked(universe, time_zone="Europe/London"))

    schedule = GenerationSchedule.objects.get()
    assert response.status_code == 201
    assert response["Location"] == f"/agents/schedules/{schedule.pk}"
    body = response.json()
    assert list(body) == KEYS
    assert body == {
        "id": str(schedule.pk),
        "name": "A scene every Monday",
        "owner": "carla",
        "universe_id": str(universe.pk),
        "agent_type": "narrative",
        "input_data": INPUTS["narrative"],
        "crontab": "0 7 * * 1",
        "time_zone": "Europe/London",
        "in_words": "At 07:00 on Monday (Europe/London).",
        "overlap": "skip",
        "month_limit_usd": None,
        "enabled": True,
        "disabled_reason": "",
        "next_run_at": "2026-03-30T06:00:00Z",
        "next_runs": [f"2026-{day}T06:00:00Z" for day in ("03-30", "04-06", "04-13", "04-20", "04-27")],
        "last_run_at": None,
        "last_job_id": None,
        "last_skipped_at": None,
        "last_skip_reason": "",
        "consecutive_failures": 0,
        "created_at": "2026-03-25T12:00:00Z",
        "updated_at": "2026-03-25T12:00:00Z",
    }


def test_disabled_schedule_has_no_next_run(api, universe):
    response = api.post("/agents/schedules", asked(universe, enabled=False))

    assert response.status_code == 201
    assert (response.json()["enabled"], response.json()["next_run_at"]) == (False, None)


REFUSED: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "nothing": (
        {
            "name": None,
            "universe_id": None,
            "agent_type": None,
            "input_data": None,
            "crontab": None,
            "time_zone": None,
            "enabled": None,
        },
        {f"/{name}": "null" for name in (*KEYS[1:2], *KEYS[3:8], "enabled")},
    ),
    "blank name": ({"name": " "}, {"/name": "blank"}),
    "long name": ({"name": "x" * 201}, {"/name": "max_length"}),
    "words for enabled": ({"enabled": "yes"}, {"/enabled": "invalid"}),
    "unknown field": ({"owner": "stefan"}, {"/owner": "unknown_field"}),
    "three fields": ({"crontab": "0 7 *"}, {"/crontab": "invalid"}),
    "six fields": ({"crontab": "0 7 * * 1 *"}, {"/crontab": "invalid"}),
    "minute 60": ({"crontab": "60 * * * *"}, {"/crontab": "invalid"}),
    "letters": ({"crontab": "a b c d e"}, {"/crontab": "invalid"}),
    "other digits": ({"crontab": "² * * * *"}, {"/crontab": "invalid"}),
    "a day that never comes": ({"crontab": "0 0 30 2 *"}, {"/crontab": "invalid"}),
    "unknown zone": ({"time_zone": "Mars/Olympus"}, {"/time_zone": "invalid"}),
    "path for zone": ({"time_zone": "../../etc/passwd"}, {"/time_zone": "invalid"}),
    "directory for zone": ({"time_zone": "Europe"}, {"/time_zone": "invalid"}),
    "bad input": (
        {"input_data": {"prompt": 5, "mood": "x"}},
        {"/input_data/prompt": "wrong_type", "/input_data/mood": "unknown_field"},
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_fields_are_named_and_nothing_is_stored(api, universe, case):
    changes, expected = REFUSED[case]

    response = api.post("/agents/schedules", asked(universe, **changes))

    assert pointers_of(response) == expected
    assert not GenerationSchedule.objects.exists()


@pytest.mark.parametrize("case", [case for case in REFUSED if case not in {"nothing", "unknown field"}])
def test_bad_changes_are_named_and_change_nothing(api, creator, universe, case):
    changes, expected = REFUSED[case]
    schedule = make_schedule(creator, universe)
    before = api.get(f"/agents/schedules/{schedule.pk}").json()

    response = api.patch(f"/agents/schedules/{schedule.pk}", changes)

    assert pointers_of(response) == expected
    assert api.get(f"/agents/schedules/{schedule.pk}").json() == before


def test_unknown_agent_type_is_named(api, universe):
    response = api.post("/agents/schedules", asked(universe, agent_type="poet"))

    assert pointers_of(response, "unknown_agent_type") == {"/agent_type": "unknown_agent_type"}
    assert not GenerationSchedule.objects.exists()


def test_universe_must_be_writable(api, universe, stranger, foreign_universe):
    universe_service.archive(universe)

    archived = api.post("/agents/schedules", asked(universe))
    foreign = api.post("/agents/schedules", asked(foreign_universe))

    problem_of(archived, 409, "universe_archived")
    problem_of(foreign, 404, "universe_not_found")
    assert not GenerationSchedule.objects.exists()


def test_viewer_may_not_schedule(api, read_only_universe):
    problem_of(api.post("/agents/schedules", asked(read_only_universe)), 403, "role_too_low")

    assert not GenerationSchedule.objects.exists()


def test_list_is_newest_first_and_permission_shows_all(
    api, staff_api, watcher_api, creator, stranger, universe, foreign_universe
):
    first, second = make_schedule(creator, universe), make_schedule(creator, universe)
    theirs = make_schedule(stranger, foreign_universe)

    mine, everybodys = api.get("/agents/schedules/").json(), watcher_api.get("/agents/schedules").json()

    assert [row["id"] for row in mine["results"]] == [str(second.pk), str(first.pk)]
    assert list(mine["results"][0]) == [key for key in KEYS if key != "input_data"]
    assert [row["id"] for row in everybodys["results"]] == [str(row.pk) for row in (theirs, second, first)]
    assert staff_api.get("/agents/schedules").json()["results"] == []
    problem_of(staff_api.get(f"/agents/schedules/{theirs.pk}"), 404, "schedule_not_found")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("enabled=true", "a"),
        ("enabled=false", "b"),
        ("agent_type=spatial", "b"),
        ("universe_id={universe}", "ba"),
        ("universe_id={universe}&enabled=true", "a"),
        ("limit=1", "b"),
    ],
)
def test_filters(api, creator, universe, query, found):
    names = {
        str(make_schedule(creator, universe).pk): "a",
        str(make_schedule(creator, universe, agent_type="spatial", enabled=False, next_run_at=None).pk): "b",
    }

    rows = api.get(f"/agents/schedules?{query.format(universe=universe.pk)}").json()["results"]

    assert "".join(names[row["id"]] for row in rows) == found


@pytest.mark.parametrize(("query", "pointer"), [("enabled=maybe", "?enabled"), ("owner=me", "?owner")])
def test_invalid_query_parameter_is_named_in_400(api, query, pointer):
    assert list(pointers_of(api.get(f"/agents/schedules?{query}"))) == [pointer]


def test_query_count_does_not_grow_with_rows(api, creator, universe):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert api.get("/agents/schedules").status_code == 200
        return len(queries)

    make_schedule(creator, universe, last_job=make_job(creator))
    few = cost()
    for _ in range(29):
        make_schedule(creator, universe, last_job=make_job(creator))

    # Queries: the account, the rows with their count, and their limits.
    assert (few, cost()) == (3, 3)


@pytest.mark.parametrize("slash", ["", "/"])
def test_patch_changes_given_fields_only(api, creator, universe, slash):
    schedule = make_schedule(creator, universe)

    response = api.patch(
        f"/agents/schedules/{schedule.pk}{slash}",
        {"name": "Noons", "crontab": "0 12 * * *", "agent_type": "spatial", "input_data": INPUTS["spatial"]},
    )

    assert response.status_code == 200
    body = response.json()
    assert (body["name"], body["crontab"], body["agent_type"]) == ("Noons", "0 12 * * *", "spatial")
    assert body["next_run_at"].endswith("T12:00:00Z")
    assert (body["time_zone"], body["enabled"], body["owner"]) == ("UTC", True, "carla")


def test_input_must_fit_the_new_agent(api, creator, universe):
    schedule = make_schedule(creator, universe)

    response = api.patch(f"/agents/schedules/{schedule.pk}", {"agent_type": "consistency"})

    assert pointers_of(response) == {
        "/input_data/content": "required",
        "/input_data/prompt": "unknown_field",
        "/input_data/type": "unknown_field",
        "/input_data/characters": "unknown_field",
    }
    schedule.refresh_from_db()
    assert schedule.agent_type == "narrative"


def test_disable_and_enable(api, creator, universe):
    schedule = make_schedule(creator, universe, consecutive_failures=3)

    off = api.patch(f"/agents/schedules/{schedule.pk}", {"enabled": False}).json()
    on = api.patch(f"/agents/schedules/{schedule.pk}", {"enabled": True}).json()

    assert (off["enabled"], off["next_run_at"], off["disabled_reason"]) == (
        False,
        None,
        "Switched off by carla.",
    )
    assert (on["enabled"], on["disabled_reason"], on["consecutive_failures"]) == (True, "", 0)
    assert on["next_run_at"] is not None


def test_read_only_fields_are_refused(api, creator, universe, foreign_universe):
    schedule = make_schedule(creator, universe)

    response = api.patch(
        f"/agents/schedules/{schedule.pk}",
        {"universe_id": str(foreign_universe.pk), "next_run_at": "2020-01-01T00:00:00Z"},
    )

    assert pointers_of(response) == {"/universe_id": "unknown_field", "/next_run_at": "unknown_field"}


@pytest.mark.parametrize("slash", ["", "/"])
def test_deleting_a_schedule_keeps_its_jobs(api, creator, universe, slash):
    schedule = make_schedule(creator, universe)
    job = make_job(creator, schedule=schedule)

    response = api.delete(f"/agents/schedules/{schedule.pk}{slash}")

    assert (response.status_code, response.content) == (204, b"")
    assert not GenerationSchedule.objects.exists()
    assert api.get(f"/agents/jobs/{job.pk}").json()["schedule_id"] is None


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
@pytest.mark.parametrize("schedule_id", ["others", str(uuid.UUID(int=1)), "x", "%00"])
def test_foreign_schedule_is_404(api, stranger, foreign_universe, schedule_id, method):
    theirs = make_schedule(stranger, foreign_universe)
    wanted = theirs.pk if schedule_id == "others" else schedule_id

    body = {"name": "Mine"} if method == "patch" else None
    response = getattr(api, method)(f"/agents/schedules/{wanted}", body)

    problem_of(response, 404, "schedule_not_found")
    theirs.refresh_from_db()
    assert theirs.name == "A scene every Monday"
