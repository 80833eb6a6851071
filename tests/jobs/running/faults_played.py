"""Jobs whose model fails in a known way, run through the real client and the limits."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from unittest.mock import patch

import redis
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from agents.batches.answer_source import process_job
from agents.engine.agents.spatial import SpatialAgent
from agents.jobs import submission
from agents.jobs.submission import JobRequest
from agents.llm.anthropic.client import AnthropicClient
from agents.llm.base import LLMClient
from agents.llm.limits.client import LimitedClient
from agents.llm.limits.config import BREAKERS, Allowance, LimitSettings
from agents.llm.limits.prompt_cache import PromptCache, PromptCacheSettings
from agents.llm.limits.redis_limits import RedisLimits
from agents.models import AgentJob, AgentJobEvent, ModelCall
from dev.standin import KEY, StandIn, faults, status

# Hanging and dripping responses run into the timeout, so it is short for them alone.
TIMEOUT_S, LONG_FAULTS_S = 30, 1.5


@dataclass(frozen=True)
class Case:
    """A fault of a job's first calls, with the final status, error code, tries and calls.

    Without a fault the model works, and our own code fails on its answer.
    """

    fault: faults.Fault | None
    ends: str = "completed"
    code: str = ""
    tries: int = 2
    calls: int = 2


def _forever(fault: faults.Fault) -> faults.Fault:
    return fault.repeated(20)


# A passing fault is retried; a lasting one fails the job with its code after the fourth try.
_PASSING = (
    "rate_limited",
    "rate_limited_silent",
    "ramp_limited",
    "overloaded",
    "server_error",
    "unavailable",
)
_BROKEN = ("gateway_timeout", "html", "reset", "reset_late", "cut", "ended", "stream_error", "hang", "drip")
# One repair within the same try.
_SPOILED = {
    "truncated": "truncated",
    "wrong_json": "invalid_output",
    "not_json": "invalid_output",
    "empty": "empty_output",
}
# The model is paused for all jobs until it works again; no try is used up.
_STOPPED = ("billing", "spend_limit_tier", "spend_limit_own", "credit_low")

CASES: dict[str, Case] = {
    **{name: Case(faults.NAMED[name]) for name in (*_PASSING, *_BROKEN)},
    # Each pauses the model for all jobs for as long as it says.
    "rate_limited": Case(replace(faults.rate_limited, headers={"retry-after": "0.2"})),
    "ramp_limited": Case(replace(faults.ramp_limited, headers={"retry-after": "0.2"})),
    "overloaded for good": Case(_forever(faults.overloaded), "failed", "overloaded", 4, 4),
    "reset for good": Case(_forever(faults.reset), "failed", "connection", 4, 4),
    "cut for good": Case(_forever(faults.cut), "failed", "bad_response", 4, 4),
    "our own mistake": Case(None, "failed", "internal_error", 1, 1),
    "409": Case(status(409)),
    "400": Case(status(400), "failed", "bad_request", 1, 1),
    "413": Case(status(413), "failed", "payload_too_large", 1, 1),
    "422": Case(status(422), "failed", "bad_request", 1, 1),
    "refused": Case(faults.refused, "failed", "refused", 1, 1),
    **{name: Case(faults.NAMED[name], tries=1) for name in _SPOILED},
    **{
        f"{name} for good": Case(_forever(faults.NAMED[name]), "failed", code, 4, 8)
        for name, code in _SPOILED.items()
    },
    **{name: Case(faults.NAMED[name], tries=1) for name in _STOPPED},
    "401": Case(status(401), tries=1),
    "403": Case(status(403), tries=1),
    "404 retired": Case(status(404), tries=1),
}


@dataclass(frozen=True)
class Played:
    """The result: ``wrong`` lists deviations in sentences, ``calls`` counts the ledger's rows."""

    calls: int
    known_usd: Decimal
    unknown: int
    wrong: list[str]


def play(name: str, times: int, standin: StandIn, user: User, *, threads: int = 1) -> Played:
    """Run ``times`` jobs with the fault called ``name`` until each has ended."""
    case = CASES[name]
    is_long = case.fault is not None and case.fault.kind in {"hang", "drip"}
    standin.reset()
    made = []
    for number in range(times):
        mark = f"The tide of {name}, number {number}."
        if case.fault is not None:
            standin.next(case.fault.containing(mark))
        asked = {"location_name": "Low Marsh", "details": mark}
        made.append(submission.submit_job(JobRequest(by=user, agent_type="spatial", input_data=asked)).pk)
    client = _client(standin)
    with (
        override_settings(LLM_TIMEOUT_S=LONG_FAULTS_S if is_long else TIMEOUT_S),
        patch.object(SpatialAgent, "observe", SpatialAgent.observe if case.fault else _break),
    ):
        _work(made, client, threads)
    client.close()
    rows = list(ModelCall.objects.filter(job__in=made))
    return Played(
        calls=len(rows),
        known_usd=sum((row.cost_usd for row in rows if row.cost_usd is not None), Decimal(0)),
        unknown=sum(row.cost_usd is None for row in rows),
        wrong=[*_wrong_jobs(case, made), *_wrong_books(rows, standin)],
    )


def _break(*args: object) -> None:
    raise ArithmeticError("A mistake of ours.")


def _client(standin: StandIn) -> LLMClient:
    """Use the workers' settings, but breakers that close soon, because faults are the rule here."""
    soon = {cause: replace(rule, pause_s=0.05, max_pause_s=0.05) for cause, rule in BREAKERS.items()}
    plenty = Allowance(requests=1e6, input_tokens=1e9, output_tokens=1e9)
    shared, namespace = redis.Redis.from_url(settings.REDIS_URL), uuid.uuid4().hex
    limits = RedisLimits(
        shared, LimitSettings(default=plenty, breakers=soon, pause_s=0.05), namespace=namespace
    )
    client = AnthropicClient(KEY, standin.url)
    # The stand-in sends its first byte at once.
    prefixes = PromptCache(shared, PromptCacheSettings(first_byte_s=0.01), namespace=namespace)
    return LimitedClient(client, limits, prefixes, sleep=time.sleep)


def _work(made: list[uuid.UUID], client: LLMClient, threads: int) -> None:
    """Act as workers and sweepers do, without the pauses between attempts."""

    def run(pk: uuid.UUID) -> None:
        try:
            process_job(pk, client)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        deadline = time.monotonic() + 600
        while waiting := list(
            AgentJob.objects.filter(pk__in=made, status="pending").values_list("pk", flat=True)
        ):
            if time.monotonic() > deadline:
                raise SystemExit(f"{len(waiting)} jobs did not finish.")
            AgentJob.objects.filter(pk__in=waiting).update(available_at=timezone.now())
            list(pool.map(run, waiting))


def _wrong_jobs(case: Case, made: list[uuid.UUID]) -> Iterable[str]:
    postponed = Counter(
        AgentJobEvent.objects.filter(job__in=made, kind="postponed").values_list("job", flat=True)
    )
    calls = Counter(ModelCall.objects.filter(job__in=made).values_list("job", flat=True))
    seen = Counter(
        (job.status, job.error_code, job.attempts - postponed[job.pk], calls[job.pk])
        for job in AgentJob.objects.filter(pk__in=made)
    )
    expected = (case.ends, case.code, case.tries, case.calls)
    for found, count in seen.items():
        if found != expected:
            yield f"{count} jobs ended {found}, not {expected} (status, code, tries, calls)"
    for job in AgentJob.objects.filter(pk__in=made, status="completed"):
        if not job.output_data or not job.output_data["description"].strip():
            yield f"job {job.pk} is completed with nothing"


def _wrong_books(rows: list[ModelCall], standin: StandIn) -> Iterable[str]:
    by_request = {row.request_id: row for row in rows if row.request_id}
    billed = [call for call in standin.log.messages if call.used is not None]
    for call in billed:
        row = by_request.get(call.request_id)
        if row is None and not call.is_delivered:
            # Not even a request id came back, so the call's row is one of unknown cost.
            continue
        known = row.cost_usd if row is not None else None
        price = call.price_usd if call.is_delivered else None
        if known != price:
            yield f"the ledger has {known} for a call that cost {price}"
    known_sum = sum((row.cost_usd for row in rows if row.cost_usd is not None), Decimal(0))
    if known_sum != standin.log.delivered_price_usd:
        yield f"the ledger's sum is {known_sum}, delivered were {standin.log.delivered_price_usd}"
    lost = sum(not call.is_delivered for call in billed)
    unknown = sum(row.cost_usd is None for row in rows)
    if unknown < lost:
        yield f"{lost} calls were billed and not delivered, {unknown} are unknown in the ledger"
