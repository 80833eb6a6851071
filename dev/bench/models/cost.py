"""Cost of a job by agent, live, without the prompt cache, and in a batch.

    python -m dev.bench.models.cost [--jobs 2000]

Runs many jobs of all agents over one world of 4,000 tokens, then each agent at its usual sizes: instructions and world
of 3,600 tokens, a job text of 200, 150 and 1,400 tokens, an answer of 1,200, 700 and 120 tokens. The jobs run in
threads of this process, with limits and a cache writer, against the stand-in for the Messages API; costs are those of
the ledger.
"""

from __future__ import annotations

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dev.bench.rig import site
from dev.standin import KEY, StandIn

if TYPE_CHECKING:
    import uuid

    from django.contrib.auth.models import User

    from agents.models import ModelCall
    from universes.models import Universe

THREADS = 24
CHARS_PER_TOKEN = 4
WORLD_TOKENS = 4000
PREFIX_TOKENS = 3600
FILLER = "The tide takes what the marsh lends. "


@dataclass(frozen=True)
class Usual:
    """Tokens of the job text and of the answer, and the maximum cost of a live job in dollars."""

    job_text: int
    answer: int
    max_usd: str


USUAL = {
    "narrative": Usual(200, 1200, "0.00066"),
    "spatial": Usual(150, 700, "0.00040"),
    "consistency": Usual(1400, 120, "0.00024"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--usual", type=int, default=100, help="jobs of each agent at its usual sizes")
    options = parser.parse_args()
    with (
        StandIn(delay_s=0.05, seed=1) as standin,
        site(
            ANTHROPIC_API_KEY=KEY,
            ANTHROPIC_BASE_URL=standin.url,
            WORKER_CONCURRENCY=str(THREADS),
            DB_POOL_SIZE=str(THREADS + 4),
            AUDIT_SHARE_NARRATIVE="0",
            AUDIT_SHARE_SPATIAL="0",
            AUDIT_SHARE_CONSISTENCY="0",
        ),
    ):
        from django.contrib.auth.models import User

        user = User.objects.create(username="bench")
        standin.answers(
            {"where": "of the consistency", "value": _report(USUAL["consistency"].answer)},
            *({"where": f"of the {agent}", "output_tokens": usual.answer} for agent, usual in USUAL.items()),
        )
        _one_world(user, options.jobs)
        _usual_sizes(user, options.usual)


def _report(tokens: int) -> str:
    """Return a report without violations that is ``tokens`` long."""
    report = {"is_consistent": True, "violations": [], "explanation": "", "suggestions": []}
    room = CHARS_PER_TOKEN * tokens - len(json.dumps(report))
    report["explanation"] = (FILLER * room)[: room - 1] + "."
    return json.dumps(report)


def _one_world(user: User, count: int) -> None:
    universe = _universe(user, "One world", CHARS_PER_TOKEN * WORLD_TOKENS)
    agents = list(USUAL)
    started = time.monotonic()
    _run([_submit(user, universe, agents[number % 3], number) for number in range(count)])
    took_s = time.monotonic() - started
    print(f"{count} jobs over one world of {WORLD_TOKENS:,} tokens, {count / took_s:.0f} a second")
    _head()
    for agent in agents:
        _row(agent, _calls(universe, agent))


def _usual_sizes(user: User, count: int) -> None:
    print(f"{count} jobs of each agent at its usual sizes, the cache warm")
    _head()
    for agent, usual in USUAL.items():
        universe, text_chars = _sized(user, agent, usual)
        first = _newest_call().pk
        _run([_submit(user, universe, agent, number, text_chars) for number in range(count)])
        _row(agent, [call for call in _calls(universe, agent) if call.pk > first], usual)


def _sized(user: User, agent: str, usual: Usual) -> tuple[Universe, int]:
    """Return a universe with a warm prefix of the usual size, and the characters of a job text of the usual size."""
    world_chars, text_chars = CHARS_PER_TOKEN * 1500, 0
    for _ in range(4):
        universe = _universe(user, f"The world of the {agent}, {world_chars} letters", world_chars)
        _run([_submit(user, universe, agent, 0, text_chars)])
        _run([_submit(user, universe, agent, 1, text_chars)])
        used = _newest_call()
        missing = PREFIX_TOKENS - used.cache_read_tokens, usual.job_text - used.input_tokens
        if missing == (0, 0):
            break
        world_chars += CHARS_PER_TOKEN * missing[0]
        text_chars += CHARS_PER_TOKEN * missing[1]
    return universe, text_chars


def _universe(user: User, name: str, chars: int) -> Universe:
    from universes.services.rules import RuleInput
    from universes.services.universes import create_universe, update_world_config

    universe = create_universe(user, name=name)
    rules = [RuleInput(text) for text in _texts(chars)]
    update_world_config(universe, rules=rules)
    return universe


def _texts(chars: int) -> list[str]:
    """Return different rules that take ``chars`` characters of a prompt."""
    texts = []
    number = 0
    while chars > 0:
        number += 1
        text = f"Rule {number:04}. {FILLER * 12}".strip()
        # In a prompt, two quotes and a comma are added to each.
        texts.append(text[: max(12, min(len(text), chars - 3))].strip())
        chars -= len(texts[-1]) + 3
    return texts


def _submit(user: User, universe: Universe, agent: str, number: int, text_chars: int = 0) -> uuid.UUID:
    from agents.jobs import submission
    from agents.jobs.submission import JobRequest

    text = f"Number {number:05} of the {agent}. " + (FILLER * (text_chars // len(FILLER) + 1))[:text_chars]
    inputs: dict[str, dict[str, Any]] = {
        "narrative": {"prompt": text},
        "spatial": {"location_name": "Low Marsh", "details": text},
        "consistency": {"content": text},
    }
    job = submission.submit_job(
        JobRequest(by=user, agent_type=agent, input_data=inputs[agent], universe_id=universe.pk)
    )
    return job.pk


def _run(job_ids: list[uuid.UUID]) -> None:
    from django.db import connection
    from django.utils import timezone

    from agents.batches.answer_source import process_job
    from agents.models import AgentJob

    def run(pk: uuid.UUID) -> None:
        try:
            process_job(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        while waiting := list(
            AgentJob.objects.filter(pk__in=job_ids, status="pending").values_list("pk", flat=True)
        ):
            AgentJob.objects.filter(pk__in=waiting).update(available_at=timezone.now())
            list(pool.map(run, waiting))
    unfinished = AgentJob.objects.filter(pk__in=job_ids).exclude(status="completed").first()
    if unfinished:
        raise SystemExit(f"A job is {unfinished.status}: {unfinished.error_message}")


def _calls(universe: Universe, agent: str) -> list[ModelCall]:
    from agents.models import ModelCall

    return list(ModelCall.objects.filter(universe=universe, agent_type=agent, error_code="").order_by("pk"))


def _newest_call() -> ModelCall:
    from agents.models import ModelCall

    return ModelCall.objects.latest("pk")


def _head() -> None:
    tokens = f"{'read':>8}{'written':>8}{'input':>7}{'output':>7}"
    print(
        f"  {'agent':13}{'calls':>6}{'cached':>9}{tokens}{'live, $':>11}{'no cache':>11}{'batch':>11}  at most"
    )


def _row(agent: str, calls: list[ModelCall], usual: Usual | None = None) -> None:
    from agents.billing import prices
    from agents.llm.base import Usage

    def price(is_batch: bool, is_cached: bool) -> Decimal:
        """Return the mean price of these calls under other conditions."""
        total = Decimal(0)
        for call in calls:
            read, written = (call.cache_read_tokens, call.cache_write_tokens) if is_cached else (0, 0)
            usage = Usage(
                input_tokens=call.tokens - call.output_tokens - read - written,
                output_tokens=call.output_tokens,
                cache_read_tokens=read,
                cache_write_tokens=written,
            )
            rates = prices.price_for(call.model, usage, at=call.at, is_batch=is_batch)
            assert rates is not None
            total += rates.cost_of(usage)
        return total / len(calls)

    cost = sum((call.cost_usd for call in calls if call.cost_usd is not None), Decimal(0)) / len(calls)
    read = sum(call.cache_read_tokens for call in calls)
    # Every call could have read the same prefix.
    readable = len(calls) * max(call.cache_read_tokens + call.cache_write_tokens for call in calls)
    means = [
        sum(getattr(call, f"{kind}_tokens") for call in calls) / len(calls)
        for kind in ("cache_read", "cache_write", "input", "output")
    ]
    tokens = "{:8.0f}{:8.0f}{:7.0f}{:7.0f}".format(*means)
    bound = f"{usual.max_usd} / {Decimal(usual.max_usd) / 2}" if usual else ""
    print(
        f"  {agent:13}{len(calls):6}{100 * read / readable:8.2f}%{tokens}"
        f"{cost:11.6f}{price(False, False):11.6f}{price(True, True):11.6f}  {bound}"
    )


if __name__ == "__main__":
    main()
