"""Request ids, and one line in the log and one count in the metrics for each request."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from agents.common import tracing
from mediaassets.web import request_metrics
from mediaassets.web.sign_in import address_of

log = structlog.get_logger(__name__)

HEADER = "X-Request-ID"
# An id from outside becomes part of every line of the log.
_USABLE = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)


class RequestLog:
    """Middleware that names each request, in its answer and in all that is logged meanwhile, and logs its end.

    A client or proxy may give the id in ``X-Request-ID``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if _USABLE.fullmatch(given) else uuid.uuid4().hex
        started = time.monotonic()
        with (
            structlog.contextvars.bound_contextvars(request_id=request_id),
            tracing.continued(request.headers),
            tracing.span("request", method=request.method or "", request_id=request_id) as span,
        ):
            response = self._get_response(request)
            response[HEADER] = request_id
            match = request.resolver_match
            route = match.view_name if match else None
            took_s = time.monotonic() - started
            if span is not None:
                span.update_name(f"{request.method} {route or 'unknown'}")
                span.set_attribute("status", response.status_code)
            request_metrics.observe(request.method or "", route, response.status_code, took_s)
            log.info(
                "request",
                method=request.method,
                path=request.path,
                route=route,
                status=response.status_code,
                took_ms=round(took_s * 1000),
                user_id=_user_id(request),
                address=address_of(request),
            )
        return response


def _user_id(request: HttpRequest) -> int | None:
    """Return who asked, if that is known already: the log must cost no query."""
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject):
        user = request.__dict__.get("_cached_user")
    return getattr(user, "pk", None)
