"""Diagnosis of a running site: each part with its state, and what to do about it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

import redis
from django.conf import settings
from django.core import checks as system_checks
from django.db import DatabaseError, connection
from django.utils import timezone

from agents.choices import JobStatus
from agents.common.database import connections
from agents.jobs import stats
from agents.models import AgentJob, GenerationSchedule, WorkerProcess
from agents.providers import lifecycle, status
from mediaassets.operations import beat, health
from mediaassets.operations.broker_client import impatient_client

# Difference between the clocks of two machines from which on leases and due times go wrong.
MAX_SKEW_S: Final = 2.0
# Wait of a due job from which on no worker seems to take any.
MAX_DUE_S: Final = 300
RECENT: Final = timedelta(days=1)


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """Result of one check; ``mend`` says what to do, and is empty if there is nothing to do."""

    name: str
    state: State
    detail: str
    mend: str = ""


Check = Callable[[], Iterator[Result]]


def diagnose() -> list[Result]:
    """Run all checks; those whose server is away are left out, after the one that says so."""
    results = [*_configuration(), *_database()]
    has_database = results[-1].state is State.OK
    results += _broker()
    has_broker = results[-1].state is State.OK
    results += _disk()
    for check, needs_broker in CHECKS:
        if not has_database or (needs_broker and not has_broker):
            continue
        try:
            results += check()
        except DatabaseError as error:
            name = check.__name__.strip("_").replace("_", " ")
            detail = str(error).partition("\n")[0]
            results.append(Result(name, State.FAILED, detail, "See the database's log."))
    return results


def _configuration() -> Iterator[Result]:
    found = system_checks.run_checks(tags=["configuration"])
    for message in found:
        state = State.FAILED if message.level >= system_checks.ERROR else State.WARNING
        yield Result("configuration", state, str(message.msg), str(message.hint or ""))
    if not found:
        yield Result("configuration", State.OK, "Every variable is valid.")


def _database() -> Iterator[Result]:
    if missing := _missing_file():
        # Connecting would create it.
        mend = "Run manage.py migrate, or correct DATABASE_URL."
        yield Result("database", State.FAILED, f"There is no file {missing}.", mend)
        return
    started = time.monotonic()
    own = connections.open_own()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        detail = str(error).strip().partition("\n")[0]
        yield Result("database", State.FAILED, detail, "Start it, or correct DATABASE_URL.")
        return
    finally:
        own.close()
    took_ms = (time.monotonic() - started) * 1000
    yield Result("database", State.OK, f"{connection.display_name} answers in {took_ms:.0f} ms.")


def _missing_file() -> Path | None:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or "memory" in name or Path(name).is_file():
        return None
    return Path(name)


def _broker() -> Iterator[Result]:
    client = impatient_client(settings.REDIS_URL, timeout_s=2)
    try:
        with client:
            seconds, microseconds = client.time()
    except (redis.RedisError, OSError) as error:
        yield Result("broker", State.FAILED, str(error), "Start it, or correct REDIS_URL.")
        return
    yield _skew("clock of the broker", seconds + microseconds / 1e6 - time.time())
    yield Result("broker", State.OK, "Reachable.")


def _disk() -> Iterator[Result]:
    found = health.disk()
    if found["detail"] is None:
        return
    state = State.OK if found["ok"] else State.FAILED
    mend = "" if found["ok"] else "Free some, or move DATA_DIR to a larger disk."
    yield Result("disk", state, f"{found['detail']:,} MB are free beside the data.", mend)


def _migrations() -> Iterator[Result]:
    found = health.MigrationCheck()()
    if found["ok"]:
        yield Result("migrations", State.OK, "All migrations are applied.")
    else:
        yield Result("migrations", State.FAILED, f"{found['detail']} are missing.", "Run manage.py migrate.")


def _clock() -> Iterator[Result]:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        yield _skew("clock of the database", float(cursor.fetchone()[0]) - time.time())


def _skew(name: str, skew_s: float) -> Result:
    if abs(skew_s) <= MAX_SKEW_S:
        return Result(name, State.OK, "It agrees with this machine's.")
    way = "ahead of" if skew_s > 0 else "behind"
    detail = f"It is {abs(skew_s):.1f} s {way} this machine's."
    return Result(name, State.FAILED, detail, "Synchronise the clocks of all machines (NTP).")


def _workers() -> Iterator[Result]:
    names = sorted(WorkerProcess.objects.alive().values_list("name", flat=True))
    if names:
        yield Result("workers", State.OK, f"{len(names)} alive: {', '.join(names)}.")
    else:
        yield Result("workers", State.FAILED, "No worker is alive, so jobs wait.", "Start one; see its log.")


def _beat() -> Iterator[Result]:
    age_s = beat.age_s()
    if age_s is not None:
        yield Result("beat", State.OK, f"Its last heartbeat is {age_s:.0f} s old.")
    else:
        detail = f"It had no heartbeat within {beat.MAX_AGE_S:.0f} s: schedules, batches and mail pause."
        yield Result("beat", State.FAILED, detail, "Start it; see its log.")


def _waiting_jobs() -> Iterator[Result]:
    age_s = stats.oldest_due_age_s()
    if age_s is None or age_s < MAX_DUE_S:
        detail = "No job is due." if age_s is None else f"The oldest due job has waited for {age_s:.0f} s."
        yield Result("due jobs", State.OK, detail)
    else:
        mend = "Start more workers, or see below whether its model is paused."
        yield Result("due jobs", State.WARNING, f"The oldest due job has waited for {age_s:.0f} s.", mend)


def _failed_jobs() -> Iterator[Result]:
    codes = (
        AgentJob.objects.filter(status=JobStatus.FAILED, created_at__gte=timezone.now() - RECENT)
        .order_by()
        .values_list("error_code", flat=True)[:1000]
    )
    numbers: dict[str, int] = {}
    for code in codes:
        numbers[code] = numbers.get(code, 0) + 1
    if not numbers:
        yield Result("failed jobs", State.OK, "None of those submitted in the last day.")
        return
    causes = ", ".join(f"{number} {code}" for code, number in sorted(numbers.items()))
    mend = "Retry them in the admin under Failed jobs, once the cause is gone."
    yield Result("failed jobs", State.WARNING, f"Of those submitted in the last day: {causes}.", mend)


def _stopped_schedules() -> Iterator[Result]:
    number = GenerationSchedule.objects.exclude(disabled_reason="").count()
    if number:
        mend = "Each says why under Generation schedules. Fix that, and enable it again."
        yield Result("schedules", State.WARNING, f"{number} switched themselves off.", mend)
    else:
        yield Result("schedules", State.OK, "None has switched itself off.")


def _key() -> Iterator[Result]:
    if settings.ANTHROPIC_API_KEY:
        yield Result("model", State.OK, "A key is set.")
    else:
        mend = "Set ANTHROPIC_API_KEY for a real model."
        yield Result("model", State.WARNING, "The built-in mock answers.", mend)


def _lifecycle() -> Iterator[Result]:
    for notice in lifecycle.notices():
        state = State.FAILED if notice.is_urgent else State.WARNING
        yield Result("language models", state, notice.message, notice.hint)


def _quotas() -> Iterator[Result]:
    for model in status.model_states():
        for breaker in model.breakers:
            if breaker.state != "closed":
                detail = f"{model.model} is paused: {breaker.cause}. {breaker.message}".strip()
                yield Result(
                    "quota", State.WARNING, detail, "Correct the cause; the model is probed automatically."
                )


# Whether a check needs the broker besides the database.
CHECKS: Final[tuple[tuple[Check, bool], ...]] = (
    (_migrations, False),
    (_clock, False),
    (_workers, False),
    (_beat, True),
    (_waiting_jobs, False),
    (_failed_jobs, False),
    (_stopped_schedules, False),
    (_key, False),
    (_lifecycle, False),
    (_quotas, True),
)
