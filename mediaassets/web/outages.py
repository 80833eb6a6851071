"""Short waits of the web process for a database or broker that does not answer."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from agents.common.database import connections
from mediaassets.api import errors
from mediaassets.celery import app
from mediaassets.web import database_watch

# The longest wait for the broker to connect, and for its answer.
BROKER_TIMEOUT_S = 0.4
# The longest wait for a row that another transaction holds: of a submission for a budget or universe, of any request.
SUBMISSION_LOCK_TIMEOUT_MS = 500
LOCK_TIMEOUT_MS = 3000


class RefuseDuringOutage:
    """Middleware that refuses requests at once while the database is away, except for the health checks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if database_watch.is_database_away() and not request.path.startswith(("/healthz", "/readyz")):
            return errors.database_away(request)
        return self._get_response(request)


def answer_fast() -> None:
    """Give this process short waits. Call it before the first connection is opened.

    Workers keep the long ones: they must not lose the result of a model call to a short pause of a server.
    """
    app.conf.broker_transport_options = {
        **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        "socket_timeout": BROKER_TIMEOUT_S,
        "socket_connect_timeout": BROKER_TIMEOUT_S,
    }
    connections.bound_lock_waits(SUBMISSION_LOCK_TIMEOUT_MS)
    options = settings.DATABASES["default"].get("OPTIONS", {})
    # Of PostgreSQL. Otherwise a row that is held for long would take one thread after the other, until none is left.
    if "options" in options:
        options["options"] += f" -c lock_timeout={LOCK_TIMEOUT_MS}"
    database_watch.install()
