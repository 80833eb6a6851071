"""Liveness and readiness endpoints for load balancers and operators."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any, TypedDict

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import MigrationSchemaMissing
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from agents.jobs import stats
from agents.models import WorkerProcess
from agents.providers import status
from mediaassets.api import errors
from mediaassets.operations import beat
from mediaassets.operations.broker_client import impatient_client
from mediaassets.web import database_watch

BROKER_TIMEOUT_S = 0.25
# SQLite needs room for its log, and a server for its logs.
MIN_FREE_MB = 50


class Check(TypedDict):
    """Result of one check; ``detail`` is a word, a number, an object or null."""

    ok: bool
    detail: Any


class MigrationCheck:
    """Count unapplied migrations. Once there are none, that holds for the life of the process."""

    def __init__(self) -> None:
        self._all_applied = False

    def __call__(self) -> Check:
        if self._all_applied:
            return Check(ok=True, detail=0)
        try:
            executor = MigrationExecutor(connection)
        except MigrationSchemaMissing:
            return Check(ok=False, detail=None)
        unapplied = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        self._all_applied = unapplied == 0
        return Check(ok=self._all_applied, detail=unapplied)


@csrf_exempt
def healthz(request: HttpRequest) -> HttpResponse:
    """Return 200 while the process answers, without contacting the database or the broker."""
    return _refusal(request) or JsonResponse({"status": "ok"})


@csrf_exempt
def readyz(request: HttpRequest, *, migrations: Callable[[], Check]) -> HttpResponse:
    """Return a ``{"ok", "detail"}`` per check; 200 if this process can serve, otherwise 503.

    That needs the database with all migrations, and room for it where it is a file. Jobs of requests that arrive
    while the broker, all workers or beat are away wait as rows. ``?require=workers,beat`` makes more checks binding.
    """
    if refusal := _refusal(request):
        return refusal
    required = {name for name in request.GET.get("require", "").split(",") if name}
    checks = all_checks(migrations)
    if unknown := required - set(checks):
        names = ", ".join(sorted(checks))
        document = errors.document(400, "invalid", f"Not a check: {', '.join(sorted(unknown))}. Use {names}.")
        return JsonResponse(document, status=400, content_type=errors.CONTENT_TYPE)
    is_ready = all(checks[name]["ok"] for name in _binding() | required)
    response = JsonResponse(checks, status=200 if is_ready else 503)
    response["Cache-Control"] = "no-store"
    return response


def all_checks(migrations: Callable[[], Check]) -> dict[str, Check]:
    """Check servers first and skip what would wait for one that does not answer."""
    database, broker = _database(), _broker()
    no_database = Check(ok=False, detail="the database does not answer")
    no_broker = Check(ok=False, detail="the broker does not answer")
    return {
        "database": database,
        "broker": broker,
        "migrations": _guarded(migrations) if database["ok"] else no_database,
        "disk": disk(),
        "workers": _guarded(_workers) if database["ok"] else no_database,
        "beat": _beat() if broker["ok"] else no_broker,
        "oldest_due_job": _guarded(_oldest_due_job) if database["ok"] else no_database,
        "model": Check(ok=True, detail="anthropic" if settings.ANTHROPIC_API_KEY else "mock"),
        # A paused model delays jobs, but the site can still serve clients.
        "lines": Check(ok=True, detail=status.summary() if broker["ok"] else {}),
    }


def _binding() -> set[str]:
    binding = {"database", "migrations"}
    return binding | {"disk"} if connection.vendor == "sqlite" else binding


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """Return a 405 for methods other than GET and HEAD."""
    if request.method in {"GET", "HEAD"}:
        return None
    document = errors.document(405, "method_not_allowed", f"{request.path} answers GET and HEAD only.")
    response = JsonResponse(document, status=405, content_type=errors.CONTENT_TYPE)
    response["Allow"] = "GET, HEAD"
    return response


def _database() -> Check:
    if database_watch.is_database_away():
        return Check(ok=False, detail="away")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        database_watch.suspect_database()
        # The error's text may name hosts and users, and this endpoint is public.
        return Check(ok=False, detail=type(error).__name__)
    return Check(ok=True, detail=connection.vendor)


def _broker() -> Check:
    client = impatient_client(settings.REDIS_URL, timeout_s=BROKER_TIMEOUT_S)
    try:
        with client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        return Check(ok=False, detail=type(error).__name__)
    return Check(ok=True, detail="answers")


def disk() -> Check:
    """Return the free megabytes beside the data of this process."""
    try:
        free_mb = shutil.disk_usage(settings.DATA_DIR).free // 2**20
    except OSError:
        return Check(ok=True, detail=None)
    return Check(ok=free_mb >= MIN_FREE_MB, detail=free_mb)


def _workers() -> Check:
    """Return the number of worker processes whose lease runs."""
    alive = WorkerProcess.objects.alive().count()
    return Check(ok=alive > 0, detail=alive)


def _beat() -> Check:
    """Return the age of beat's last heartbeat in seconds, or None without a recent one."""
    age_s = beat.age_s()
    return Check(ok=age_s is not None, detail=None if age_s is None else round(age_s, 1))


def _guarded(check: Callable[[], Check]) -> Check:
    """Run a check that reads tables, which may not exist yet."""
    try:
        return check()
    except DatabaseError as error:
        return Check(ok=False, detail=type(error).__name__)


def _oldest_due_job() -> Check:
    """Return the longest wait of a due job in seconds; a long queue does not make the site unready."""
    return Check(ok=True, detail=stats.oldest_due_age_s())
