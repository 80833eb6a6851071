"""Submits at once over HTTP, against a budget for three jobs."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection, transaction

from agents.billing import estimates
from agents.common.database import connections
from agents.models import AgentJob, Budget, BudgetPeriod
from tests.support.problems import problem_of
from tests.support.threads import run_concurrently

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("broker")]

BODY = {"agent_type": "narrative", "input_data": {"prompt": "Mira waits out the tide."}}


@pytest.fixture(autouse=True)
def _with_a_key(settings):
    settings.ANTHROPIC_API_KEY = "a-key"


@pytest.fixture
def price(submit, stranger) -> Decimal:
    """The maximum price of the job, which each one reserves."""
    ceiling = estimates.ceiling_of(submit(by=stranger), None, is_batch=False)
    assert ceiling
    return ceiling


@pytest.fixture
def budget(creator, price) -> Budget:
    return Budget.objects.create(scope="user", user=creator, period="month", limit_usd=3 * price)


@pytest.mark.parametrize("has_row", [True, False], ids=["counted before", "first submit ever"])
def test_three_of_twenty_submits_fit_a_budget_for_three(client_of, creator, budget, price, has_row):
    if has_row:
        client_of(creator).post("/agents/jobs", BODY)
        Budget.objects.update(limit_usd=4 * price)
    assert BudgetPeriod.objects.exists() is has_row

    answers = run_concurrently(*[lambda: client_of(creator).post("/agents/jobs", BODY)] * 20)

    assert Counter(answer.status_code for answer in answers) == {202: 3, 402: 17}
    for answer in answers:
        if answer.status_code == 402:
            shown = problem_of(answer, 402, "budget_exceeded")["budget"]
            assert (shown["id"], shown["left_usd"]) == (budget.pk, "0")
    jobs = AgentJob.objects.filter(requested_by=creator).count()
    assert jobs == (4 if has_row else 3)
    assert BudgetPeriod.objects.get().reserved_pico_usd == jobs * int(price * 10**12)


def test_three_of_twenty_jobs_in_batches_fit_a_budget_for_three(client_of, creator, budget, price):
    batch = {"jobs": [BODY] * 5}

    answers = run_concurrently(*[lambda: client_of(creator).post("/agents/jobs/batch", batch)] * 4)

    results = [result for answer in answers for result in answer.json()["results"]]
    assert Counter(result["status"] for result in results) == {202: 3, 402: 17}
    assert AgentJob.objects.filter(requested_by=creator).count() == 3
    assert BudgetPeriod.objects.get().reserved_pico_usd == 3 * int(price * 10**12)


@pytest.mark.postgres
def test_submit_does_not_wait_long_for_a_budget_that_another_holds(client_of, creator, budget, impatient):
    client_of(creator).post("/agents/jobs", BODY)
    with transaction.atomic():
        list(BudgetPeriod.objects.select_for_update())
        (answer,) = run_concurrently(lambda: client_of(creator).post("/agents/jobs", BODY))

    problem_of(answer, 503, "budgets_busy")
    assert answer["Retry-After"] == "1"
    assert AgentJob.objects.filter(requested_by=creator).count() == 1
    assert client_of(creator).post("/agents/jobs", BODY).status_code == 202


@pytest.mark.postgres
def test_submit_does_not_wait_long_for_a_budget_that_is_being_changed(client_of, creator, budget, impatient):
    with transaction.atomic():
        Budget.objects.update(limit_usd=0)
        (answer,) = run_concurrently(lambda: client_of(creator).post("/agents/jobs", BODY))

    problem_of(answer, 503, "budgets_busy")
    assert not AgentJob.objects.filter(requested_by=creator).exists()


@pytest.mark.postgres
def test_bound_is_that_of_one_statement(impatient):
    with transaction.atomic():
        connections.rows_locked("SELECT id FROM agent_budget_periods FOR UPDATE", [])
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("0",)
