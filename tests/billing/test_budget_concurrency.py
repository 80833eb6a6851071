"""Concurrent use of budgets, with real threads and connections."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum

from agents.batches.answer_source import process_job
from agents.billing import budget_settings, budgets, estimates
from agents.common.world_context import world_view
from agents.errors import BudgetExceeded
from agents.jobs import actions
from agents.models import AgentJob, Budget, BudgetPeriod, BudgetReservation, ModelCall
from tests.support.threads import new_thread, refusals, run_concurrently, wait_until_blocking_others
from universes.services import universes

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("broker"),
]


@pytest.fixture(autouse=True)
def _with_a_key(settings):
    settings.ANTHROPIC_API_KEY = "a-key"


def ledger_pico():
    return int(ModelCall.objects.aggregate(cost=Sum("cost_usd"))["cost"] * 10**12)


def test_ten_of_a_hundred_submits_fit_a_budget_for_ten(submit, llm):
    first = submit()
    ceiling = estimates.ceiling_of(first, None, is_batch=False)
    assert ceiling is not None
    Budget.objects.create(scope="site", period="month", limit_usd=10 * ceiling)

    answers = run_concurrently(*[submit] * 100)

    made = [answer for answer in answers if isinstance(answer, AgentJob)]
    assert (len(made), len(refusals(answers, BudgetExceeded))) == (10, 90)
    assert AgentJob.objects.exclude(pk=first.pk).count() == 10
    period = BudgetPeriod.objects.get()
    assert (period.reserved_pico_usd, period.spent_pico_usd) == (10 * int(ceiling * 10**12), 0)

    run_concurrently(*[lambda job=job: process_job(job.pk) for job in made])

    assert set(AgentJob.objects.exclude(pk=first.pk).values_list("status", flat=True)) == {"completed"}
    period.refresh_from_db()
    assert (period.reserved_pico_usd, period.spent_pico_usd) == (0, ledger_pico())
    assert period.spent_pico_usd == 10 * 200 * 10**6


def test_budget_made_while_fifty_submits_run_binds_at_once(submit, llm, admin_user):
    """Every job is either older than the budget or reserved in it, and its call is counted once."""
    submit()
    made = threading.Event()
    late = []

    def submit_and_note():
        is_late = made.is_set()
        job = submit()
        late.append(job.pk) if is_late else None
        return job

    def make():
        budget = budget_settings.create_budget(
            by=admin_user, scope="site", period="month", limit_usd=Decimal("0.000001")
        )
        made.set()
        return budget

    answers = run_concurrently(*[submit_and_note] * 25, make, *[submit_and_note] * 25)
    refused = len(refusals(answers, BudgetExceeded))

    assert late == []
    assert AgentJob.objects.count() == 1 + 50 - refused
    assert not BudgetReservation.objects.exists()
    with pytest.raises(BudgetExceeded):
        submit()
    run_concurrently(*[lambda pk=pk: process_job(pk) for pk in AgentJob.objects.values_list("pk", flat=True)])
    assert BudgetPeriod.objects.get().spent_pico_usd == ledger_pico()


def test_budget_made_while_calls_end_misses_none(submit, llm, admin_user):
    jobs = [submit() for _ in range(40)]

    run_concurrently(
        *[lambda pk=job.pk: process_job(pk) for job in jobs[:20]],
        lambda: budget_settings.create_budget(
            by=admin_user, scope="site", period="month", limit_usd=Decimal(100)
        ),
        *[lambda pk=job.pk: process_job(pk) for job in jobs[20:]],
    )

    assert ModelCall.objects.count() == 40
    assert BudgetPeriod.objects.get().spent_pico_usd == ledger_pico()


def test_submit_waits_for_a_budget_that_is_being_made(submit, llm):
    """The version in memory says that there is none: only the lock tells."""
    submit()
    answers = []
    with transaction.atomic():
        Budget.objects.create(scope="site", period="month", limit_usd=0)
        thread = new_thread(lambda: answers.append(run_concurrently(submit)[0]))
        thread.start()
        wait_until_blocking_others()
    thread.join(20)

    assert isinstance(answers[0], BudgetExceeded)


def test_concurrent_submit_complete_and_cancel_lose_no_money(submit, llm, creator, universe):
    for scope, of in (("site", {}), ("universe", {"universe": universe}), ("user", {"user": creator})):
        for period in ("month", "day"):
            Budget.objects.create(scope=scope, period=period, limit_usd=Decimal(1), **of)
    done = [submit(universe=universe) for _ in range(10)]
    stopped = [submit(universe=universe) for _ in range(10)]

    run_concurrently(
        *[lambda job=job: process_job(job.pk) for job in done],
        *[lambda job=job: actions.cancel_job(job.pk, by=creator) for job in stopped],
        *[lambda: submit(universe=universe)] * 10,
    )

    waiting = AgentJob.objects.filter(status="pending")
    assert waiting.count() == 10
    ceiling = estimates.ceiling_of(waiting[0], world_view(universe), is_batch=False)
    assert ceiling is not None
    held = int(ceiling * 10**12)
    assert BudgetReservation.objects.count() == 60
    assert ledger_pico() == 10 * 200 * 10**6
    amounts = set(BudgetPeriod.objects.values_list("reserved_pico_usd", "spent_pico_usd", "unknown_calls"))
    assert amounts == {(10 * held, ledger_pico(), 0)}


def test_cancel_and_universe_deletion_do_not_deadlock(submit, creator, universe, monkeypatch):
    Budget.objects.create(scope="universe", universe=universe, period="month", limit_usd=Decimal(1))
    job = submit(universe=universe)
    settle = budgets.settle
    deleting = new_thread(lambda: universes.delete_universe(universe))

    def while_it_is_deleted(*args, **kwargs):
        deleting.start()
        wait_until_blocking_others()
        settle(*args, **kwargs)

    monkeypatch.setattr(budgets, "settle", while_it_is_deleted)

    actions.cancel_job(job.pk, by=creator)
    deleting.join()

    job.refresh_from_db()
    assert (job.status, job.universe_id, Budget.objects.count()) == ("cancelled", None, 0)
