"""Liveness and readiness endpoints for load balancers and operators."""

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
    """Return 200 if all checks pass, otherwise 503, with a ``{"ok", "detail"}`` per check.

    An unreachable broker makes this 503, although requests are still accepted: their jobs wait as rows.
    """
    if refusal := _refusal(request):
        return refusal
    database = _database()
    unknown = Check(ok=False, detail="the database does not answer")
    checks = {
        "database": database,
        "broker": _broker(),
        "migrations": _guarded(migrations) if database["ok"] else unknown,
        "oldest_due_job": _guarded(_oldest_due_job) if database["ok"] else unknown,
        "model": Check(ok=True, detail="anthropic" if settings.ANTHROPIC_API_KEY else "mock"),
        # A paused model delays jobs, but the site can still serve clients.
        "lines": Check(ok=True, detail=status.summary()),
    }
    is_ready = all(check["ok"] for check in checks.values())
    response = JsonResponse(checks, status=200 if is_ready else 503)
    response["Cache-Control"] = "no-store"
    return response


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """Return a 405 for methods other than GET and HEAD."""
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
        # The error's text may name hosts and users, and this endpoint is public.
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


def _guarded(check: Callable[[], Check]) -> Check:
    """Run a check that reads tables, which may not exist yet."""
    try:
        return check()
    except DatabaseError as error:
        return Check(ok=False, detail=type(error).__name__)


def _oldest_due_job() -> Check:
    """Return the longest wait of a due job in seconds; a long queue does not make the site unready."""
    return Check(ok=True, detail=stats.oldest_due_age_s())
