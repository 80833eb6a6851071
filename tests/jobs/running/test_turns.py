"""Turns at the interpreter: jobs wait for their models together, however few of them compute at a time."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from agents.batches.answer_source import process_job
from agents.llm.turns import turns
from agents.models import AgentJob
from tests.support.fake_llm import good_answer
from tests.support.threads import run_concurrently

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
