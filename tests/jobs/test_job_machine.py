"""Random interleavings of everything that happens to jobs, with workers that die between any two statements."""

from __future__ import annotations

import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Value
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from agents.billing import totals
from agents.choices import EventKind, JobOutcome, JobStatus
from agents.common.in_flight import in_flight
from agents.errors import DomainError
from agents.jobs import actions, stats, submission
from agents.jobs.running import processing, rescue
from agents.jobs.running.answer_source import DirectSource
from agents.jobs.submission import JobRequest
from agents.llm.base import LLMReply, LLMRequest, TransientError
from agents.models import AgentJob, AgentJobEvent, JobTotal, ModelCall, ReviewItem, WorkerProcess
from agents.models.jobs.states import FINISHED
from tests.support.crashing import run_or_crash
from tests.support.fake_llm import FakeLLM, Step, weak_answer
from tests.support.fixtures.jobs import INPUTS
from universes.ids import new_id
from universes.models import CanonChange

pytestmark = pytest.mark.django_db

ENDS = (EventKind.COMPLETED, EventKind.FAILED, EventKind.CANCELLED)
PLACED = ("narrative", "spatial")
HOUR = timedelta(hours=1)

crashes = st.none() | st.integers(min_value=1, max_value=25)
some = st.integers(min_value=0, max_value=50)


class Model(FakeLLM):
    """The model, whose caller notes each call in its row before it asks."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[tuple[str, int]] = Counter()

    def complete(self, request: LLMRequest, on_text: Any = None) -> LLMReply:
        in_flight.note_call(request.job)
        WorkerProcess.objects.filter(pk__in=[in_flight.worker]).update(calling=in_flight.calling())
        self.asked[request.job, request.attempt] += 1
        return super().complete(request, on_text)


@dataclass
class Attempt:
    """A claimed job in the memory of a process, which others may have taken back since."""

    source: DirectSource
    worker: uuid.UUID | None


class JobMachine(RuleBasedStateMachine):
    """Jobs of one person, and one worker process that is replaced when it dies."""

    def __init__(self, creator: Any, universe: Any) -> None:
        super().__init__()
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self.creator, self.universe = creator, universe
        self.model = Model()
        self.held: list[Attempt] = []
        self.number = 0
        self._begin_worker()

    # --- What people do

    @rule(agent=st.sampled_from(sorted(INPUTS)), in_universe=st.booleans(), crash=crashes)
    def submit(self, agent: str, in_universe: bool, crash: int | None) -> None:
        self.number += 1
        field, value = next(iter(INPUTS[agent].items()))
        request = JobRequest(
            by=self.creator,
            agent_type=agent,
            input_data={**INPUTS[agent], field: f"{value} {self.number}"},
            universe_id=self.universe.pk if in_universe else None,
        )
        run_or_crash(lambda: submission.submit_job(request), crash)

    @precondition(lambda self: AgentJob.objects.exists())
    @rule(which=some, crash=crashes)
    def cancel(self, which: int, crash: int | None) -> None:
        with suppress(DomainError):
            run_or_crash(lambda: actions.cancel_job(self._any(which), by=self.creator), crash)

    @precondition(lambda self: AgentJob.objects.filter(status="failed").exists())
    @rule(which=some, crash=crashes)
    def retry(self, which: int, crash: int | None) -> None:
        pk = self._any(which, status="failed")
        with suppress(DomainError):
            run_or_crash(lambda: actions.retry_job(pk, by=self.creator), crash)

    # --- What workers do

    @precondition(lambda self: AgentJob.objects.due().exists())
    @rule(which=some, crash=crashes)
    def claim(self, which: int, crash: int | None) -> None:
        pk = self._any(which, status="pending")

        def work() -> None:
            source = DirectSource.claim(pk, self.model)
            if source is not None:
                self.held.append(Attempt(source, in_flight.worker))

        if not run_or_crash(work, crash):
            self._die()

    @precondition(lambda self: bool(self.held))
    @rule(which=some, answer=st.sampled_from(["good", "weak", "busy", "refused"]), crash=crashes)
    def finish(self, which: int, answer: str, crash: int | None) -> None:
        attempt = self.held.pop(which % len(self.held))
        steps: dict[str, Step] = {
            "weak": weak_answer,
            "busy": TransientError("overloaded", "Busy."),
            "refused": self.model.refusal(),
        }
        if answer in steps:
            self.model.will(steps[answer])
        if not run_or_crash(lambda: processing.run_job(attempt.source), crash):
            self._die()
        self.model._script.clear()

    @rule()
    def die(self) -> None:
        self._die()

    @rule()
    def freeze(self) -> None:
        """Stop the process for an hour; it wakes up with what it held, beside the one that replaced it."""
        frozen = self.held
        self._die()
        self.held = frozen

    @rule(crash=crashes)
    def rescue(self, crash: int | None) -> None:
        run_or_crash(rescue.rescue_stalled_jobs, crash)

    @precondition(lambda self: AgentJob.objects.filter(status="processing").exists())
    @rule(which=some)
    def let_claim_run_out(self, which: int) -> None:
        AgentJob.objects.filter(pk=self._any(which, status="processing")).update(
            claimed_until=timezone.now() - timedelta(seconds=1)
        )

    @rule()
    def let_time_pass(self) -> None:
        AgentJob.objects.filter(status="pending").update(available_at=timezone.now() - HOUR)

    @rule(crash=crashes)
    def count(self, crash: int | None) -> None:
        run_or_crash(totals.count_new_rows, crash)

    # --- What always holds

    @invariant()
    def jobs_are_what_their_events_say(self) -> None:
        kinds = Counter(AgentJobEvent.objects.values_list("job", "kind"))
        for job in AgentJob.objects.all():
            ends = sum(kinds[job.pk, kind] for kind in ENDS) - kinds[job.pk, EventKind.RETRIED]
            assert ends == (job.status in FINISHED), job.pk
            assert kinds[job.pk, EventKind.SUBMITTED] == 1
            assert kinds[job.pk, EventKind.CLAIMED] == job.attempts
            assert (job.claimed_until is not None) == (job.status == JobStatus.PROCESSING)
            assert job.attempts <= job.attempt_limit

    @invariant()
    def effects_are_those_of_the_outcome(self) -> None:
        items = Counter(ReviewItem.objects.values_list("job", flat=True))
        placed = Counter(CanonChange.objects.values_list("origin_ref", flat=True))
        for job in AgentJob.objects.all():
            is_placed = (
                job.outcome == JobOutcome.TRUSTED and job.universe_id is not None and job.agent_type in PLACED
            )
            assert items[job.pk] == (job.outcome == JobOutcome.AWAITING_REVIEW)
            assert placed[str(job.pk)] == is_placed

    @invariant()
    def ledger_has_each_call_once(self) -> None:
        rows = list(ModelCall.objects.values_list("job", "attempt", "error_code"))
        answered = Counter((str(job), attempt) for job, attempt, code in rows if code != "worker_lost")
        lost = Counter((str(job), attempt) for job, attempt, code in rows if code == "worker_lost")
        assert not answered - self.model.asked
        rescued = Counter(
            (str(job), attempt)
            for job, attempt in AgentJobEvent.objects.filter(kind=EventKind.RESCUED).values_list(
                "job", "attempt"
            )
        )
        assert not lost - rescued
        open_attempts = {
            (str(pk), attempt)
            for pk, attempt in AgentJob.objects.filter(status="processing").values_list("pk", "attempts")
        }
        # A worker that dies after its job was cancelled leaves nobody who would book its call.
        cancelled = {
            (str(pk), attempt)
            for pk, attempt in AgentJob.objects.filter(status="cancelled").values_list("pk", "attempts")
        }
        assert not self.model.asked.keys() - answered.keys() - lost.keys() - open_attempts - cancelled

    def teardown(self) -> None:
        try:
            self._end_all()
        finally:
            transaction.set_rollback(True)
            self._transaction.__exit__(None, None, None)

    def _end_all(self) -> None:
        """Let all jobs end, as in a site that works again, and count the totals anew."""
        while AgentJob.objects.exclude(status__in=FINISHED).exists():
            self._die()
            self.let_time_pass()
            rescue.rescue_stalled_jobs()
            for pk in AgentJob.objects.due().values_list("pk", flat=True):
                self.claim_and_finish(pk)
        self.jobs_are_what_their_events_say()
        self.effects_are_those_of_the_outcome()
        self.ledger_has_each_call_once()
        totals.count_new_rows()
        counted = stats.job_stats(None)
        JobTotal.objects.all().delete()
        AgentJob.objects.update(counted_as="", is_counted=False)
        assert stats.job_stats(None) == counted

    def claim_and_finish(self, pk: uuid.UUID) -> None:
        source = DirectSource.claim(pk, self.model)
        if source is not None:
            processing.run_job(source)

    def _any(self, which: int, **where: str) -> uuid.UUID:
        pks = list(AgentJob.objects.filter(**where).order_by("pk").values_list("pk", flat=True))
        return pks[which % len(pks)]

    def _begin_worker(self) -> None:
        in_flight.__init__()  # type: ignore[misc]
        row = WorkerProcess.objects.create(
            pk=new_id(), name="worker", started_at=timezone.now(), seen_at=timezone.now()
        )
        in_flight.worker = row.pk

    def _die(self) -> None:
        """End the process an hour ago, and begin another one."""
        WorkerProcess.objects.update(seen_at=F("seen_at") - Value(HOUR))
        running = AgentJob.objects.filter(status="processing")
        running.update(started_at=F("started_at") - Value(HOUR))
        self.held = []
        self._begin_worker()


@pytest.fixture
def own_register():
    """A register of running attempts that is empty before and after."""
    yield
    in_flight.__init__()  # type: ignore[misc]


def test_jobs_survive_whatever_happens(creator, universe, own_register):
    run_state_machine_as_test(
        lambda: JobMachine(creator, universe),  # type: ignore[arg-type]  # any function that makes one
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("wakes_first", [True, False], ids=["wakes first", "wakes last"])
def test_an_attempt_that_was_taken_back_ends_nothing(creator, universe, own_register, wakes_first):
    """Random steps rarely make this sequence: a frozen process wakes up beside the attempt that replaced its own."""
    machine = JobMachine(creator, universe)
    try:
        machine.submit("narrative", True, None)
        machine.claim(0, None)
        machine.freeze()
        machine.rescue(None)
        machine.let_time_pass()
        machine.claim(0, None)
        for which in (0, 0) if wakes_first else (1, 0):
            machine.finish(which, "good", None)
            machine.jobs_are_what_their_events_say()
            machine.effects_are_those_of_the_outcome()
            machine.ledger_has_each_call_once()
        job = AgentJob.objects.get()
        assert (job.status, job.attempts) == ("completed", 2)
        ended = AgentJobEvent.objects.get(kind=EventKind.COMPLETED)
        assert ended.attempt == 2
    finally:
        machine.teardown()
