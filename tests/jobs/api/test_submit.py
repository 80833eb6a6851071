"""POST /agents/jobs: accepted and refused requests; a refusal stores nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models import AgentJob, AgentJobEvent, Budget
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import INPUTS
from universes.services import universes as universe_service

NOWHERE = "00000000-0000-7000-8000-000000000000"

BODY = {"agent_type": "narrative", "input_data": INPUTS["narrative"]}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/agents/jobs", "/agents/jobs/"])
@pytest.mark.parametrize("agent_type", ["narrative", "spatial", "consistency"])
def test_submitted_job_is_accepted_and_stored(api, creator, agent_type, path):
    response = api.post(path, {"agent_type": agent_type, "input_data": INPUTS[agent_type]})

    job = AgentJob.objects.get()
    assert response.status_code == 202
    assert response["Content-Type"] == "application/json"
    assert response["Location"] == f"/agents/jobs/{job.pk}"
    assert response["Retry-After"] == "2"
    body = response.json()
    assert body.pop("created_at").endswith("Z")
    assert body == {
        "job_id": str(job.pk),
        "status": "pending",
        "agent_type": agent_type,
        "universe_id": None,
        "input_data": INPUTS[agent_type],
        "attempts": 0,
    }
    assert (job.status, job.requested_by, job.input_data) == ("pending", creator, INPUTS[agent_type])
    assert [event.kind for event in job.events.all()] == ["submitted"]


@pytest.mark.parametrize(
    ("agent_type", "input_data"),
    [
        ("narrative", {"prompt": "A heist.", "characters": [{"name": "Mira", "description": "A smuggler."}]}),
        ("narrative", {"prompt": "A heist.", "characters": [], "world_config": {}}),
        ("spatial", {"location_name": "Harrowgate", "type": "location", "details": "By the sea."}),
        (
            "consistency",
            {"content": "He slept.", "world_config": {"genre": "noir"}, "content_type": "narrative"},
        ),
    ],
)
def test_request_of_the_original_project_is_accepted(api, agent_type, input_data):
    response = api.post("/agents/jobs", {"agent_type": agent_type, "input_data": input_data})

    assert (response.status_code, response.json()["input_data"]) == (202, input_data)


def test_batch_job_is_due_later_and_says_so(api, settings):
    settings.ANTHROPIC_API_KEY = "a-key"

    response = api.post(
        "/agents/jobs", {"agent_type": "spatial", "input_data": INPUTS["spatial"], "priority": "batch"}
    )

    job = AgentJob.objects.get()
    assert (response.status_code, response["Retry-After"]) == (202, "120")
    assert (job.priority, job.available_at) == ("batch", job.batch_until)
    shown = api.get(response["Location"]).json()
    assert (shown["priority"], shown["available_at"] > shown["created_at"]) == ("batch", True)


def test_location_header_leads_to_the_job(api):
    accepted = api.post("/agents/jobs", {"agent_type": "spatial", "input_data": INPUTS["spatial"]})

    found = api.get(accepted["Location"])

    assert found.status_code == 200
    assert found.json()["job_id"] == accepted.json()["job_id"]


def test_job_keeps_its_universe_id(api, universe):
    response = api.post(
        "/agents/jobs",
        {"agent_type": "narrative", "universe_id": str(universe.pk), "input_data": INPUTS["narrative"]},
    )

    assert response.status_code == 202
    assert response.json()["universe_id"] == str(universe.pk)
    assert AgentJob.objects.get().universe == universe


def test_earlier_output_is_reused_only_on_request(api):
    body = {"agent_type": "spatial", "input_data": INPUTS["spatial"]}
    api.post("/agents/jobs", body)
    api.post("/agents/jobs", {**body, "reuse": True})
    refused = api.post("/agents/jobs", {**body, "reuse": "yes"})

    assert list(AgentJob.objects.order_by("created_at").values_list("may_reuse", flat=True)) == [False, True]
    assert pointers_of(refused) == {"/reuse": "invalid"}


def test_null_universe_means_no_universe(api):
    response = api.post(
        "/agents/jobs", {"agent_type": "spatial", "universe_id": None, "input_data": INPUTS["spatial"]}
    )

    assert (response.status_code, response.json()["universe_id"]) == (202, None)


@pytest.mark.parametrize("universe_id", [NOWHERE, "foreign"])
def test_foreign_universe_is_404(api, foreign_universe, universe_id):
    wanted = str(foreign_universe.pk) if universe_id == "foreign" else universe_id

    response = api.post(
        "/agents/jobs",
        {"agent_type": "narrative", "universe_id": wanted, "input_data": INPUTS["narrative"]},
    )

    body = problem_of(response, 404, "universe_not_found")
    assert wanted in body["detail"]
    assert not AgentJob.objects.exists()


def test_staff_cannot_submit_in_foreign_universe(staff_api, universe):
    response = staff_api.post(
        "/agents/jobs",
        {"agent_type": "narrative", "universe_id": str(universe.pk), "input_data": INPUTS["narrative"]},
    )

    problem_of(response, 404, "universe_not_found")
    assert not AgentJob.objects.exists()


def test_viewer_cannot_submit(api, read_only_universe):
    response = api.post(
        "/agents/jobs",
        {
            "agent_type": "narrative",
            "universe_id": str(read_only_universe.pk),
            "input_data": INPUTS["narrative"],
        },
    )

    problem_of(response, 403, "role_too_low")
    assert not AgentJob.objects.exists()


def test_archived_universe_refuses_jobs(api, universe):
    universe_service.archive(universe)

    response = api.post(
        "/agents/jobs",
        {"agent_type": "narrative", "universe_id": str(universe.pk), "input_data": INPUTS["narrative"]},
    )

    body = problem_of(response, 409, "universe_archived")
    assert "Low Marsh" in body["detail"]
    assert not AgentJob.objects.exists()


def test_unknown_agent_type_lists_the_known_ones(api):
    response = api.post("/agents/jobs", {"agent_type": "poet", "input_data": {"prompt": "A poem."}})

    assert pointers_of(response, "unknown_agent_type") == {"/agent_type": "unknown_agent_type"}
    assert "narrative, spatial, consistency" in response.json()["errors"][0]["detail"]
    assert not AgentJob.objects.exists()


REFUSED = {
    "nothing": ({}, {"/agent_type": "required", "/input_data": "required"}),
    "no input": ({"agent_type": "narrative"}, {"/input_data": "required"}),
    "unknown field": (
        {"agent_type": "narrative", "input_data": {"prompt": "x"}, "urgency": 1, "a/b~c": 1},
        {"/urgency": "unknown_field", "/a~1b~0c": "unknown_field"},
    ),
    "unknown priority": (
        {"agent_type": "narrative", "input_data": {"prompt": "x"}, "priority": "urgent"},
        {"/priority": "invalid_choice"},
    ),
    "priority of another type": (
        {"agent_type": "narrative", "input_data": {"prompt": "x"}, "priority": 1},
        {"/priority": "invalid_choice"},
    ),
    "several at once": (
        {"agent_type": 5, "universe_id": "here", "input_data": [], "status": "completed"},
        {
            "/agent_type": "invalid",
            "/universe_id": "invalid",
            "/input_data": "not_a_dict",
            "/status": "unknown_field",
        },
    ),
    "null type": ({"agent_type": None, "input_data": {"prompt": "x"}}, {"/agent_type": "null"}),
    "null input": ({"agent_type": "narrative", "input_data": None}, {"/input_data": "null"}),
    "text for input": ({"agent_type": "narrative", "input_data": "x"}, {"/input_data": "not_a_dict"}),
    "number for universe": (
        {"agent_type": "narrative", "universe_id": 7, "input_data": {"prompt": "x"}},
        {"/universe_id": "invalid"},
    ),
    "missing prompt": ({"agent_type": "narrative", "input_data": {}}, {"/input_data/prompt": "required"}),
    "blank prompt": (
        {"agent_type": "narrative", "input_data": {"prompt": " \n"}},
        {"/input_data/prompt": "blank"},
    ),
    "number for prompt": (
        {"agent_type": "narrative", "input_data": {"prompt": 5}},
        {"/input_data/prompt": "wrong_type"},
    ),
    "unknown input field": (
        {"agent_type": "narrative", "input_data": {"prompt": "x", "mood": "grim"}},
        {"/input_data/mood": "unknown_field"},
    ),
    "deep fault": (
        {
            "agent_type": "narrative",
            "input_data": {
                "prompt": "x",
                "type": "opera",
                "characters": ["Mira", {"name": ""}, {"nom": "Odran"}],
                "world_config": {"rules": [3]},
            },
        },
        {
            "/input_data/type": "invalid_choice",
            "/input_data/characters/1/name": "blank",
            "/input_data/characters/2/name": "required",
            "/input_data/characters/2/nom": "unknown_field",
            "/input_data/world_config/rules/0": "wrong_type",
        },
    ),
    "prompt too long": (
        {"agent_type": "narrative", "input_data": {"prompt": "x" * 20_001}},
        {"/input_data/prompt": "too_long"},
    ),
    "text too long": (
        {"agent_type": "consistency", "input_data": {"content": "x" * 50_001}},
        {"/input_data/content": "too_long"},
    ),
    "no location": (
        {"agent_type": "spatial", "input_data": {"details": "x"}},
        {"/input_data/location_name": "required"},
    ),
    "too many characters": (
        {"agent_type": "narrative", "input_data": {"prompt": "x", "characters": ["a"] * 51}},
        {"/input_data/characters": "too_many"},
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_fields_are_named_and_nothing_is_stored(api, case):
    sent, expected = REFUSED[case]

    response = api.post("/agents/jobs", sent)

    assert pointers_of(response) == expected
    assert not AgentJob.objects.exists()
    assert not AgentJobEvent.objects.exists()


@pytest.mark.parametrize(
    ("agent_type", "input_data"),
    [
        ("narrative", {"prompt": "x" * 20_000}),
        ("consistency", {"content": "x" * 50_000}),
        ("narrative", {"prompt": "x", "characters": ["a"] * 50, "word_range": [300, 400]}),
    ],
)
def test_input_at_its_limit_is_accepted(api, agent_type, input_data):
    response = api.post("/agents/jobs", {"agent_type": agent_type, "input_data": input_data})

    assert response.status_code == 202
    assert AgentJob.objects.get().input_data == input_data


def test_non_ascii_text_is_preserved(api):
    prompt = "Žofie čte účetní knihu 📒 — ‘salt’\u2028 and \ue000"
    accepted = api.post("/agents/jobs", {"agent_type": "narrative", "input_data": {"prompt": prompt}})

    found = api.get(accepted["Location"])

    assert found.json()["input_data"] == {"prompt": prompt}


@pytest.mark.django_db(transaction=True)
def test_unavailable_broker_does_not_fail_the_request(api, broker):
    broker.go_away()

    response = api.post("/agents/jobs", {"agent_type": "narrative", "input_data": INPUTS["narrative"]})

    job = AgentJob.objects.get()
    assert response.status_code == 202
    assert response.json()["job_id"] == str(job.pk)
    # The sweeper enqueues unsent jobs.
    assert (job.status, job.sent_at) == ("pending", None)


@pytest.mark.django_db(transaction=True)
def test_accepted_job_is_queued_once(api, broker):
    api.post("/agents/jobs", {"agent_type": "narrative", "input_data": INPUTS["narrative"]})
    api.post("/agents/jobs", {"agent_type": "narrative", "input_data": {}})

    with broker.client() as client:
        messages = client.lrange("jobs", 0, -1)
    assert len(messages) == 1
    assert AgentJob.objects.get().sent_at is not None


def test_exhausted_budget_is_402_with_reset_time(api, creator):
    budget = Budget.objects.create(scope="user", user=creator, period="month", limit_usd=0)

    response = api.post("/agents/jobs", {"agent_type": "narrative", "input_data": {"prompt": "Mira waits."}})

    assert response.status_code == 402
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["code"]) == (402, "budget_exceeded")
    assert problem["detail"].startswith("The budget of carla for this month has nothing left: of $")
    assert (problem["budget"]["id"], problem["budget"]["limit_usd"]) == (budget.pk, "0")
    assert not AgentJob.objects.exists()


# --- Cost


def sent_by_submit(api) -> int:
    """Count what a submit sends besides the savepoint, which is a test's."""
    with CaptureQueriesContext(connection) as queries:
        assert api.post("/agents/jobs", BODY).status_code == 202
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


def test_submit_sends_three_statements_and_two_more_for_its_budgets(api, creator):
    sent_by_submit(api)

    # The account; the version of the budgets with the number of waiting jobs; the job with its event.
    assert sent_by_submit(api) == 3

    for scope, of in (("site", {}), ("user", {"user": creator})):
        for period in ("day", "month"):
            Budget.objects.create(scope=scope, period=period, limit_usd=1, **of)
    sent_by_submit(api)

    # And the lock of all periods; the reservations in all of them.
    assert sent_by_submit(api) == 5
