"""Every fault that the model's side can have, many times each: what becomes of the jobs, and of the books.

    python bench/faults.py [--times 100] [--only overloaded,cut]

The product's own path (``run_job``, limits, the real client) against the stand-in, in threads of this process, on a
private PostgreSQL. For each fault it is known beforehand how the job ends, after how many tries and with how many
calls. The ledger is held against the stand-in's own price, call by call: equal where the answer was delivered,
unknown where it was not. The exit status is 1 if anything is otherwise.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rig import site

from standin import KEY, StandIn, faults, status

if TYPE_CHECKING:
    import uuid

    from agents.llm.base import LLMClient

THREADS = 16
# Hangs and drips are waited out; everything else has time enough.
TIMEOUT_S, LONG_FAULTS_S = 30, 2


@dataclass(frozen=True)
class Case:
    """A job whose first calls meet ``fault``: its status, its error, its tries and its calls in the end."""

    fault: faults.Fault
    ends: str = "completed"
    code: str = ""
    tries: int = 2
    calls: int = 2


def forever(fault: faults.Fault) -> faults.Fault:
    return fault.repeated(20)


# One pass is waited out and tried again; one that does not pass fails by name after the fourth try.
_PASSING = (
    "rate_limited",
    "rate_limited_silent",
    "ramp_limited",
    "overloaded",
    "server_error",
    "unavailable",
)
_BROKEN = ("gateway_timeout", "html", "reset", "reset_late", "cut", "ended", "stream_error", "hang", "drip")
# One repair in the same try.
_SPOILED = {
    "truncated": "truncated",
    "wrong_json": "invalid_output",
    "not_json": "invalid_output",
    "empty": "empty_output",
}
# The line stops for everybody until it works again; no try is used up.
_STOPPED = ("billing", "spend_limit_tier", "spend_limit_own", "credit_low")

CASES: dict[str, Case] = {
    **{name: Case(faults.NAMED[name]) for name in (*_PASSING, *_BROKEN)},
    "overloaded for good": Case(forever(faults.overloaded), "failed", "overloaded", 4, 4),
    "reset for good": Case(forever(faults.reset), "failed", "connection", 4, 4),
    "cut for good": Case(forever(faults.cut), "failed", "bad_response", 4, 4),
    "409": Case(status(409)),
    "400": Case(status(400), "failed", "bad_request", 1, 1),
    "413": Case(status(413), "failed", "payload_too_large", 1, 1),
    "422": Case(status(422), "failed", "bad_request", 1, 1),
    "refused": Case(faults.refused, "failed", "refused", 1, 1),
    **{name: Case(faults.NAMED[name], tries=1) for name in _SPOILED},
    **{
        f"{name} for good": Case(forever(faults.NAMED[name]), "failed", code, 4, 8)
        for name, code in _SPOILED.items()
    },
    **{name: Case(faults.NAMED[name], tries=1) for name in _STOPPED},
    "401": Case(status(401), tries=1),
    "403": Case(status(403), tries=1),
    "404 retired": Case(status(404), tries=1),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--only", default="", help="names of faults, separated by commas")
    options = parser.parse_args()
    wanted = [name for name in options.only.split(",") if name] or list(CASES)
    with (
        StandIn(seed=1) as standin,
        site(
            ANTHROPIC_API_KEY=KEY,
            ANTHROPIC_BASE_URL=standin.url,
            LLM_TIMEOUT_S=str(TIMEOUT_S),
            WORKER_CONCURRENCY=str(THREADS),
            DB_POOL_SIZE=str(THREADS + 4),
        ),
    ):
        slept = _watch_sleeps()
        print(f"{'fault':22}{'jobs':>6}{'calls':>7}{'known cost, $':>15}{'unknown':>9}")
        wrong = [line for name in wanted for line in _play(name, CASES[name], options.times, standin)]
        longest = max(slept, default=0.0)
        print(f"The longest sleep of a worker's thread: {longest:.2f} s.")
        if longest > 2:
            wrong.append(f"a worker slept for {longest:.2f} s")
    for line in wrong:
        print("WRONG:", line)
    sys.exit(1 if wrong else 0)


def _watch_sleeps() -> list[float]:
    """Every ``time.sleep`` of the threads that work, from now on."""
    slept: list[float] = []
    really = time.sleep

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        really(seconds)

    time.sleep = sleep  # type: ignore[assignment]
    return slept


def _play(name: str, case: Case, times: int, standin: StandIn) -> Iterable[str]:
    from django.conf import settings
    from django.contrib.auth.models import User

    from agents.services import jobs

    user, _ = User.objects.get_or_create(username="bench")
    standin.reset()
    made = []
    settings.LLM_TIMEOUT_S = LONG_FAULTS_S if case.fault.kind in {"hang", "drip"} else TIMEOUT_S
    for number in range(times):
        mark = f"The tide of {name}, number {number}."
        standin.next(case.fault.containing(mark))
        made.append(
            jobs.submit_job(
                by=user, agent_type="spatial", input_data={"location_name": "Low Marsh", "details": mark}
            ).pk
        )
    client = _client()
    _work(made, client)
    client.close()
    yield from _wrong_jobs(name, case, made)
    yield from _wrong_books(name, made, standin)


def _client() -> LLMClient:
    """As the workers have it, but that breakers close soon: here faults are the rule."""
    from django.conf import settings

    from agents.llm.anthropic_client import AnthropicClient
    from agents.llm.limits.client import LimitedClient
    from agents.llm.limits.config import BREAKERS, Allowance, LimitSettings
    from agents.llm.limits.local import LocalLimits
    from agents.llm.limits.prefixes import LocalPrefixes, PrefixSettings

    soon = {cause: replace(rule, pause_s=0.05, longest_pause_s=0.05) for cause, rule in BREAKERS.items()}
    plenty = Allowance(requests=1e6, input_tokens=1e9, output_tokens=1e9)
    limits = LocalLimits(LimitSettings(default=plenty, breakers=soon, pause_s=0.05))
    client = AnthropicClient(settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL)
    # The stand-in's first byte comes at once: who waits for it for a second has none left for a repair.
    prefixes = LocalPrefixes(PrefixSettings(first_byte_s=0.01))
    # The client was imported before its sleep was watched.
    return LimitedClient(client, limits, prefixes, sleep=time.sleep)


def _work(made: list[uuid.UUID], client: LLMClient) -> None:
    """As workers and sweepers would, without the pauses between two tries."""
    from django.db import connection
    from django.utils import timezone

    from agents.models import AgentJob
    from agents.services import processing

    def run(pk: uuid.UUID) -> None:
        try:
            processing.run_job(pk, llm=client)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        deadline = time.monotonic() + 600
        while waiting := list(
            AgentJob.objects.filter(pk__in=made, status="pending").values_list("pk", flat=True)
        ):
            if time.monotonic() > deadline:
                raise SystemExit(f"{len(waiting)} jobs did not finish.")
            AgentJob.objects.filter(pk__in=waiting).update(available_at=timezone.now())
            list(pool.map(run, waiting))


def _wrong_jobs(name: str, case: Case, made: list[uuid.UUID]) -> Iterable[str]:
    from agents.models import AgentJob, AgentJobEvent, ModelCall

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
            yield f"{name}: {count} jobs ended {found}, not {expected} (status, code, tries, calls)"
    for job in AgentJob.objects.filter(pk__in=made, status="completed"):
        if not job.output_data or not job.output_data["description"].strip():
            yield f"{name}: job {job.pk} is completed with nothing"


def _wrong_books(name: str, made: list[uuid.UUID], standin: StandIn) -> Iterable[str]:
    from decimal import Decimal

    from agents.models import ModelCall

    rows = list(ModelCall.objects.filter(job__in=made))
    by_request: dict[str, Any] = {row.request_id: row for row in rows if row.request_id}
    billed = [call for call in standin.log.messages if call.used is not None]
    for call in billed:
        row = by_request.get(call.request_id)
        known = row.cost_usd if row is not None else None
        price = call.price_usd if call.is_delivered else None
        if row is None and not call.is_delivered:
            # Nothing came back, not even the name of the call; its row is one of the unknown ones.
            continue
        if known != price:
            yield f"{name}: the ledger has {known} for a call that cost {price}"
    known_sum = sum((row.cost_usd for row in rows if row.cost_usd is not None), Decimal(0))
    unknown = sum(row.cost_usd is None for row in rows)
    if known_sum != standin.log.delivered_price_usd:
        yield f"{name}: the ledger's sum is {known_sum}, delivered were {standin.log.delivered_price_usd}"
    lost = sum(not call.is_delivered for call in billed)
    if unknown < lost:
        yield f"{name}: {lost} calls were billed and not delivered, {unknown} are unknown in the ledger"
    print(f"{name:22}{len(made):6}{len(rows):7}{known_sum:15.6f}{unknown:9}")


if __name__ == "__main__":
    main()
