"""Turns at the interpreter: jobs wait for their models together, however few of them compute at a time."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import connections

from agents.batches import answer_source
from agents.batches.answer_source import process_job
from agents.jobs.running import processing
from agents.jobs.running.grouping import Grouped
from agents.llm.turns import MAX_GAP_S, Turns, turns
from agents.models import AgentJob
from tests.support.fake_llm import good_answer
from tests.support.threads import run_concurrently
from universes.ids import new_id

JOBS = 12


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_all_jobs_wait_for_their_models_at_the_same_time(submit, llm, broker):
    all_called = threading.Barrier(JOBS)

    def answer(request):
        all_called.wait(30)
        return good_answer(request)

    llm.will(*[answer] * JOBS)
    jobs = [submit(prompt=f"Evening {number}.") for number in range(JOBS)]

    run_concurrently(*[partial(process_job, job.pk) for job in jobs])

    assert turns._free < JOBS
    assert AgentJob.objects.filter(status="completed").count() == JOBS


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_thread_that_waits_for_its_group_holds_no_connection():
    own = connections["default"]
    grouped: Grouped[str, bool] = Grouped(
        "test", lambda items: [own.connection is None for _ in items], max_items=1
    )
    own.ensure_connection()

    assert grouped.ask("item")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_thread_that_waits_for_its_turn_holds_no_connection(submit, llm, broker, monkeypatch):
    own, seen = connections["default"], []

    def lease(*_):
        own.ensure_connection()
        return "leased"

    monkeypatch.setattr(answer_source.BatchSource, "lease", staticmethod(lease))
    monkeypatch.setattr(processing, "run_job", lambda source: seen.append((source, own.connection)))

    process_job(new_id())

    assert seen == [("leased", None)]


class Clocks:
    """Time and processor time of a process, which pass only when a test says so."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.cpu_now_s = 10.0

    def pass_by(self, *, wall_s: float, cpu_s: float) -> None:
        self.now_s += wall_s
        self.cpu_now_s += cpu_s


def test_gap_is_the_processor_time_of_a_job_however_many_messages_claim_nothing():
    clocks = Clocks()
    paced = Turns(4, starts=24, clock=lambda: clocks.now_s, cpu_clock=lambda: clocks.cpu_now_s)
    for number in range(400):
        with paced.starting():
            clocks.pass_by(wall_s=0.01, cpu_s=0.0005)
            if number % 4 == 0:
                with paced.taken():
                    clocks.pass_by(wall_s=0.01, cpu_s=0.004)

    # A job in four messages: its own 4 ms, and the half millisecond that each of the four took to be claimed.
    assert paced._gap_s == pytest.approx(0.006, rel=0.02)
    assert paced._gap_s < MAX_GAP_S
