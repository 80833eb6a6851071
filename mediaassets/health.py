"""What a load balancer and an operator ask: is the process alive, can it do its work?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import MigrationSchemaMissing
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from redis.backoff import NoBackoff
from redis.retry import Retry

from agents.jobs import stats
from agents.providers import status
from mediaassets.api import errors

BROKER_TIMEOUT_S = 1.0


class Check(TypedDict):
    """One thing that the work needs; ``detail`` is a word, a number or null."""

    ok: bool
    detail: Any


class _Migrations:
    """Whether all migrations were once seen applied: they stay so for the life of the process."""

    all_applied = False


@csrf_exempt
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; it asks nobody."""
    return _refused(request) or JsonResponse({"status": "ok"})


@csrf_exempt
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when all checks are well, otherwise 503; each check is a ``{"ok", "detail"}`` by its name.

    A broker that is away makes this 503 although requests are still accepted and kept: jobs then wait.
    """
    if refused := _refused(request):
        return refused
    database = _database()
    unknown = Check(ok=False, detail="the database does not answer")
    checks = {
        "database": database,
        "broker": _broker(),
        "migrations": _asked(_migrations) if database["ok"] else unknown,
        "oldest_due_job": _asked(_oldest_due_job) if database["ok"] else unknown,
        "model": Check(ok=True, detail="anthropic" if settings.ANTHROPIC_API_KEY else "mock"),
        # A line that is paused makes jobs wait, and is no reason to send clients away.
        "lines": Check(ok=True, detail=status.summary()),
    }
    is_ready = all(check["ok"] for check in checks.values())
    response = JsonResponse(checks, status=200 if is_ready else 503)
    response["Cache-Control"] = "no-store"
    return response


def _refused(request: HttpRequest) -> HttpResponse | None:
    if request.method in {"GET", "HEAD"}:
        return None
    document = errors.document(405, "method_not_allowed", f"{request.path} answers GET and HEAD only.")
    response = JsonResponse(document, status=405, content_type=errors.CONTENT_TYPE)
    response["Allow"] = "GET, HEAD"
    return response


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        # Its text may name hosts and users, and this address is public.
        return Check(ok=False, detail=type(error).__name__)
    return Check(ok=True, detail=connection.vendor)


def _broker() -> Check:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=BROKER_TIMEOUT_S,
        socket_connect_timeout=BROKER_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        with client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        return Check(ok=False, detail=type(error).__name__)
    return Check(ok=True, detail="answers")


def _asked(check: Callable[[], Check]) -> Check:
    """The answer of a check that reads tables, which may not be there yet."""
    try:
        return check()
    except DatabaseError as error:
        return Check(ok=False, detail=type(error).__name__)


def _migrations() -> Check:
    if _Migrations.all_applied:
        return Check(ok=True, detail=0)
    try:
        executor = MigrationExecutor(connection)
    except MigrationSchemaMissing:
        return Check(ok=False, detail=None)
    unapplied = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _Migrations.all_applied = unapplied == 0
    return Check(ok=unapplied == 0, detail=unapplied)


def _oldest_due_job() -> Check:
    """Seconds that the longest waiting due job has waited; a long queue is no reason to send clients away."""
    return Check(ok=True, detail=stats.oldest_due_age_s())
