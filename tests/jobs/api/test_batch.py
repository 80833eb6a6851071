"""POST /agents/jobs/batch: many jobs with few statements, each with an answer of its own."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.conf import settings as site
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.billing import estimates
from agents.models import AgentJob, AgentJobEvent, Budget, BudgetPeriod, BudgetReservation
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import INPUTS
from tests.support.threads import run_concurrently
from universes.services import universes

pytestmark = pytest.mark.django_db

GOOD = {"agent_type": "spatial", "input_data": INPUTS["spatial"]}
NO_PROMPT = {"agent_type": "narrative", "input_data": {}}
NOWHERE = "00000000-0000-7000-8000-000000000000"


def post(client, jobs, **more):
    return client.post("/agents/jobs/batch", {"jobs": jobs, **more})


def results_of(response):
    assert response.status_code == 200, response.content
    return response.json()["results"]


def in_universe(universe, **more):
    return {**GOOD, "universe_id": str(universe.pk), **more}


def test_each_job_is_stored_as_its_own_submit_would_store_it(api, creator, universe):
    results = results_of(post(api, [in_universe(universe, reuse=True), GOOD]))

    first, second = (AgentJob.objects.get(pk=result["job_id"]) for result in results)
    assert [(result["index"], result["status"]) for result in results] == [(0, 202), (1, 202)]
    assert (first.universe, first.may_reuse, first.requested_by) == (universe, True, creator)
    assert (second.universe, second.may_reuse, second.input_data) == (None, False, INPUTS["spatial"])
    assert (second.status, second.attempt_limit) == ("pending", site.JOB_MAX_RETRIES + 1)
    assert [(e.kind, e.by) for e in first.events.all()] == [("submitted", creator)]


def test_refused_jobs_do_not_spoil_the_others(api, universe, read_only_universe):
    archived = universes.create_universe(universe.owner, name="Closed")
    universes.archive(archived)
    jobs = [
        NO_PROMPT,
        GOOD,
        in_universe(read_only_universe),
        {**GOOD, "universe_id": NOWHERE},
        in_universe(archived),
        {"agent_type": "poet", "input_data": {}},
        {**GOOD, "dry_run": True},
        "not a job",
    ]

    results = results_of(post(api, jobs))

    refused = {
        result["index"]: (result["status"], result["error"]["code"])
        for result in results
        if "error" in result
    }
    assert refused == {
        0: (400, "invalid"),
        2: (403, "role_too_low"),
        3: (404, "universe_not_found"),
        4: (409, "universe_archived"),
        5: (400, "unknown_agent_type"),
        6: (400, "invalid"),
        7: (400, "invalid"),
    }
    assert results[0]["error"]["errors"][0]["pointer"] == "/input_data/prompt"
    assert results[6]["error"]["errors"][0]["pointer"] == "/dry_run"
    assert [str(pk) for pk in AgentJob.objects.values_list("pk", flat=True)] == [results[1]["job_id"]]


@pytest.mark.parametrize("bad", [NO_PROMPT, {**GOOD, "universe_id": NOWHERE}, 5])
def test_atomic_batch_with_a_refused_job_stores_nothing(api, bad):
    response = post(api, [GOOD, bad, GOOD], atomic=True)

    body = response.json()
    assert (response.status_code, body["code"]) == (400, "jobs_refused")
    assert body["detail"] == "1 of 3 jobs are refused, so none was submitted."
    assert [result["index"] for result in body["results"]] == [1]
    assert not AgentJob.objects.exists()
    assert not AgentJobEvent.objects.exists()


def test_atomic_batch_of_good_jobs_is_stored(api):
    assert [result["status"] for result in results_of(post(api, [GOOD] * 3, atomic=True))] == [202] * 3


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"/jobs": "required"}),
        ({"jobs": []}, {"/jobs": "min_length"}),
        ({"jobs": [{}] * 1001}, {"/jobs": "max_length"}),
        ({"jobs": {}}, {"/jobs": "not_a_list"}),
        ({"jobs": [GOOD], "atomic": "yes", "other": 1}, {"/atomic": "invalid", "/other": "unknown_field"}),
    ],
)
def test_bad_batch_is_refused_as_a_whole(api, body, expected):
    assert pointers_of(api.post("/agents/jobs/batch", body)) == expected
    assert not AgentJob.objects.exists()


def test_batch_over_the_size_of_a_body_is_413(api, settings):
    long = {"agent_type": "consistency", "input_data": {"content": "x" * 45_000}}

    problem_of(post(api, [long] * 23), 413, "body_too_large")

    assert not AgentJob.objects.exists()


@pytest.fixture
def ceiling(settings, creator):
    """The price that a budget reserves for ``GOOD``."""
    settings.ANTHROPIC_API_KEY = "a-key"
    job = AgentJob(requested_by=creator, **GOOD)
    return estimates.ceiling_of(job, None, is_batch=False)


def test_budget_takes_the_first_jobs_that_fit(api, creator, ceiling):
    Budget.objects.create(scope="user", user=creator, period="day", limit_usd=2 * ceiling)

    results = results_of(post(api, [GOOD] * 4))

    assert [result["status"] for result in results] == [202, 202, 402, 402]
    assert results[2]["error"]["code"] == "budget_exceeded"
    kept = {result["job_id"] for result in results[:2]}
    assert {str(pk) for pk in AgentJob.objects.values_list("pk", flat=True)} == kept
    assert {str(pk) for pk in AgentJobEvent.objects.values_list("job", flat=True)} == kept
    assert {str(pk) for pk in BudgetReservation.objects.values_list("job", flat=True)} == kept
    assert BudgetPeriod.objects.get().reserved_pico_usd == 2 * int(ceiling * 10**12)


def test_budget_of_one_universe_refuses_only_its_jobs(api, universe, ceiling):
    Budget.objects.create(scope="universe", universe=universe, period="day", limit_usd=0)
    Budget.objects.create(scope="site", period="month", limit_usd=Decimal(1))

    results = results_of(post(api, [GOOD, in_universe(universe), GOOD]))

    assert [result["status"] for result in results] == [202, 402, 202]
    assert results[1]["error"]["budget"]["scope"] == "universe"
    reserved = dict(BudgetPeriod.objects.values_list("budget__scope", "reserved_pico_usd"))
    assert reserved == {"universe": 0, "site": 2 * int(ceiling * 10**12)}


def test_atomic_batch_over_the_budget_reserves_nothing(api, creator, ceiling):
    Budget.objects.create(scope="user", user=creator, period="day", limit_usd=2 * ceiling)

    response = post(api, [GOOD] * 3, atomic=True)

    assert (response.status_code, response.json()["results"][0]["status"]) == (400, 402)
    assert not AgentJob.objects.exists()
    assert not BudgetReservation.objects.exists()


def test_statements_do_not_grow_with_the_jobs(api, creator, universe, ceiling):
    Budget.objects.create(scope="user", user=creator, period="day", limit_usd=1000 * ceiling)
    other = universes.create_universe(creator, name="Uplands")
    jobs = [in_universe(universe), in_universe(other), GOOD]
    post(api, jobs)

    counts = []
    for times in (1, 30):
        with CaptureQueriesContext(connection) as queries:
            post(api, jobs * times)
        counts.append(len(queries))

    assert counts[1] <= counts[0]
    assert counts[0] <= 30
    assert AgentJob.objects.count() == 3 + 3 + 90


def test_a_thousand_jobs_are_accepted(api):
    statuses = [result["status"] for result in results_of(post(api, [GOOD] * 1000))]

    assert (statuses, AgentJob.objects.count()) == ([202] * 1000, 1000)


@pytest.mark.django_db(transaction=True)
def test_accepted_jobs_are_queued_by_their_urgency(api, broker, settings):
    settings.ANTHROPIC_API_KEY = "a-key"

    results = results_of(post(api, [GOOD, NO_PROMPT, {**GOOD, "priority": "batch"}, GOOD]))

    with broker.client() as client:
        queued = [json.loads(message)["headers"]["argsrepr"] for message in client.lrange("jobs", 0, -1)]
    wanted = [results[0]["job_id"], results[3]["job_id"]]
    assert sorted(queued) == sorted(f"['{job_id}']" for job_id in wanted)


@pytest.mark.django_db(transaction=True)
def test_key_submits_the_batch_once(api, broker):
    answers = [
        api.post("/agents/jobs/batch", {"jobs": [GOOD, NO_PROMPT]}, headers={"Idempotency-Key": "many"})
        for _ in range(2)
    ]

    assert answers[0].content == answers[1].content
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert AgentJob.objects.count() == 1
    with broker.client() as client:
        assert client.llen("jobs") == 1


@pytest.mark.django_db(transaction=True)
def test_atomic_refusal_with_a_key_leaves_nothing_and_frees_the_key(api, broker):
    headers = {"Idempotency-Key": "many"}
    refused = api.post("/agents/jobs/batch", {"jobs": [GOOD, NO_PROMPT], "atomic": True}, headers=headers)
    mended = api.post("/agents/jobs/batch", {"jobs": [GOOD, GOOD], "atomic": True}, headers=headers)

    assert (refused.status_code, mended.status_code) == (400, 200)
    assert AgentJob.objects.count() == 2
    with broker.client() as client:
        assert client.llen("jobs") == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_concurrent_batches_share_a_budget(client_of, creator, ceiling, broker):
    Budget.objects.create(scope="user", user=creator, period="day", limit_usd=10 * ceiling)

    answers = run_concurrently(*[lambda: post(client_of(creator), [GOOD] * 4)] * 5)

    statuses = [result["status"] for answer in answers for result in results_of(answer)]
    assert (statuses.count(202), statuses.count(402)) == (10, 10)
    assert AgentJob.objects.count() == BudgetReservation.objects.count() == 10
    assert BudgetPeriod.objects.get().reserved_pico_usd == 10 * int(ceiling * 10**12)
