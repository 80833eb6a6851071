"""Errors as ``application/problem+json`` (RFC 9457); no other module maps errors to HTTP status codes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error
from psycopg.errors import DiskFull, LockNotAvailable
from rest_framework import status
from rest_framework.exceptions import (
    APIException,
    MethodNotAllowed,
    NotAuthenticated,
    Throttled,
    ValidationError,
)
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from mediaassets.api.parsers import Unstorable
from mediaassets.api.words import in_our_words
from mediaassets.web import database_watch
from universes import errors as domain

log = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = "2"
DATABASE_AWAY = "The database does not answer. Try again."
# Bounds the response to a body with thousands of invalid fields.
MAX_ERRORS = 100

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    402: "Budget exhausted",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    412: "Precondition failed",
    413: "Body too large",
    415: "Unsupported media type",
    422: "Idempotency key reused",
    428: "Precondition required",
    429: "Too many requests",
    500: "Internal error",
    503: "Not available",
    507: "Storage full",
}

STATUS_OF: tuple[tuple[type[domain.DomainError], int], ...] = (
    (domain.Invalid, 400),
    (domain.Forbidden, 403),
    (domain.NotFound, 404),
    (domain.Conflict, 409),
    (domain.Unaffordable, 402),
    (domain.QuotaExceeded, 429),
    (domain.PreconditionFailed, 412),
    (domain.PreconditionRequired, 428),
    (domain.Unavailable, 503),
)

# These paths have error pages, and so has a mistyped address in a browser; all others answer like the API.
HTML_PREFIXES = ("/admin/", "/static/", "/studio/")
API_PREFIXES = ("/agents", "/auth", "/universes", "/users", "/healthz", "/readyz", "/metrics", "/schema")


def problem(
    http_status: int,
    code: str,
    detail: str,
    *,
    errors: Iterable[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Build a problem response; ``errors`` has a ``{"pointer", "detail", "code"}`` for each invalid field."""
    body = document(http_status, code, detail, errors)
    return Response(body, status=http_status, headers=dict(headers or {}), content_type=CONTENT_TYPE)


def document(
    http_status: int, code: str, detail: str, errors: Iterable[Mapping[str, str]] = ()
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(http_status, "Error"),
        "status": http_status,
        "code": code,
        "detail": in_our_words(detail),
    }
    if fields := list(islice(errors, MAX_ERRORS)):
        body["errors"] = [{**field, "detail": in_our_words(field["detail"])} for field in fields]
    return body


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Convert an exception for DRF; None passes an unknown one on to Django, whose handler500 answers alike."""
    response = _problem_of(error)
    request = context.get("request")
    if response is not None and request is not None:
        # Views that respond in YAML or HTML still refuse in JSON.
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type
    return response


def _problem_of(error: Exception) -> Response | None:
    if isinstance(error, domain.DomainError):
        return _domain_problem(error)
    if isinstance(error, Http404):
        return problem(404, "not_found", "There is nothing at this address.")
    if isinstance(error, PermissionDenied):
        return problem(403, "forbidden", str(error) or "You may not do this.")
    if isinstance(error, RequestDataTooBig):
        return problem(413, "body_too_large", "The body is too large.")
    if isinstance(error, Unstorable):
        field = {"pointer": error.pointer, "detail": str(error.detail), "code": "invalid_text"}
        return problem(400, "invalid", str(error.detail), errors=[field])
    if isinstance(error, ValidationError):
        fields = list(islice(_fields(error.get_full_details()), MAX_ERRORS))
        return problem(400, "invalid", _summary(fields), errors=fields)
    if isinstance(error, APIException):
        return _api_problem(error)
    if isinstance(error, OperationalError):
        status_, code, detail = _database_failure(error)
        return problem(status_, code, detail, headers={"Retry-After": RETRY_AFTER_S})
    return None


def _domain_problem(error: domain.DomainError) -> Response:
    http_status = next((number for kind, number in STATUS_OF if isinstance(error, kind)), 400)
    fields = [
        {"pointer": field.pointer, "detail": field.detail, "code": field.code}
        for field in getattr(error, "errors", ())
    ]
    headers: dict[str, str] = {}
    if isinstance(error, domain.Busy | domain.Unavailable):
        headers["Retry-After"] = "1"
    if isinstance(error, domain.QuotaExceeded):
        headers |= _quota_headers(error.quota)
    if isinstance(error, domain.PreconditionFailed):
        headers["ETag"] = error.details["etag"]
    response = problem(http_status, error.code, error.message, errors=fields, headers=headers)
    response.data |= error.details
    return response


def _quota_headers(quota: domain.Quota) -> dict[str, str]:
    """Return the headers of a refusal by a quota, two of them by the IETF's draft on rate limits."""
    return {
        "Retry-After": str(quota.resets_in_s),
        "RateLimit-Policy": f'"{quota.name}";q={quota.limit};w={quota.window_s}',
        "RateLimit": f'"{quota.name}";r={quota.remaining};t={quota.resets_in_s}',
    }


def _api_problem(error: APIException) -> Response:
    headers: dict[str, str] = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    wait_s = getattr(error, "wait", None)
    if isinstance(error, Throttled) and wait_s:
        headers["Retry-After"] = str(int(wait_s) + 1)
    detail, code = _sentence_and_code(error.get_full_details())
    if isinstance(error, NotAuthenticated):
        detail = "Send `Authorization: Bearer <token>`; `POST /auth/token` gives one."
    if isinstance(error, MethodNotAllowed):
        code = "method_not_allowed"
    if code == "permission_denied":
        # One code for everything that an account may not do.
        code = "forbidden"
    return problem(error.status_code, code, detail, headers=headers)


def _sentence_and_code(details: Any) -> tuple[str, str]:
    """Return the sentence and code of an APIException; simplejwt nests them one level deeper than DRF."""
    if isinstance(details, list):
        return _sentence_and_code(details[0])
    if isinstance(details, dict) and isinstance(details.get("message"), str):
        return str(details["message"]), str(details["code"])
    if isinstance(details, dict) and "detail" in details:
        sentence, code = _sentence_and_code(details["detail"])
        nested = details.get("code")
        return sentence, nested["message"] if isinstance(nested, dict) else code
    return "The request was refused.", "error"


def _fields(details: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Flatten DRF's nested details into one entry per field, with its JSON pointer."""
    if (
        isinstance(details, dict)
        and isinstance(details.get("message"), str)
        and set(details) == {"message", "code"}
    ):
        yield {"pointer": pointer, "detail": str(details["message"]), "code": str(details["code"])}
    elif isinstance(details, dict):
        for key, value in details.items():
            step = "" if key == "non_field_errors" else "/" + str(key).replace("~", "~0").replace("/", "~1")
            yield from _fields(value, pointer + step)
    elif isinstance(details, list):
        is_leaf_list = all(isinstance(item, dict) and set(item) == {"message", "code"} for item in details)
        for index, item in enumerate(details):
            yield from _fields(item, pointer if is_leaf_list else f"{pointer}/{index}")


def _summary(fields: list[dict[str, str]]) -> str:
    names = [field["pointer"].lstrip("/") for field in fields if field["pointer"]]
    if not names:
        return fields[0]["detail"] if fields else "The request is not valid."
    return f"Not valid: {', '.join(dict.fromkeys(names))}."


# --- Errors outside DRF: unknown paths, unknown hosts, crashes -------------------------------------------------


def problem_response(
    http_status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None
) -> JsonResponse:
    """Build a problem response without DRF."""
    return JsonResponse(
        document(http_status, code, detail), status=http_status, headers=headers, content_type=CONTENT_TYPE
    )


def _is_page(request: HttpRequest) -> bool:
    if request.path.startswith(HTML_PREFIXES):
        return True
    is_browser = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    return is_browser and not request.path.startswith(API_PREFIXES)


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_page(request):
        return bad_request(request, exception)
    return problem_response(status.HTTP_400_BAD_REQUEST, "bad_request", "The request is not valid.")


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_page(request):
        return permission_denied(request, exception)
    return problem_response(status.HTTP_403_FORBIDDEN, "forbidden", "You may not do this.")


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_page(request):
        return page_not_found(request, exception)
    return problem_response(status.HTTP_404_NOT_FOUND, "not_found", f"There is nothing at {request.path}.")


def method_not_allowed(request: HttpRequest, refusal: HttpResponseNotAllowed) -> HttpResponse:
    """Return a page for people whose browser opens an address that only takes forms; the refusal for programs."""
    if not _is_page(request):
        return refusal
    page = render(request, "405.html", status=status.HTTP_405_METHOD_NOT_ALLOWED)
    page["Allow"] = refusal["Allow"]
    return page


def database_away(request: HttpRequest) -> HttpResponse:
    """Return the answer to a request that needs the database while it is away."""
    return _unavailable(request, 503, "database_unavailable", DATABASE_AWAY)


def _unavailable(request: HttpRequest, http_status: int, code: str, detail: str) -> HttpResponse:
    response = (
        HttpResponse(detail, status=http_status, content_type="text/plain")
        if _is_page(request)
        else problem_response(http_status, code, detail)
    )
    response["Retry-After"] = RETRY_AFTER_S
    return response


def _database_failure(error: OperationalError) -> tuple[int, str, str]:
    """Log why the database refused, and return the answer's status, code and sentence."""
    if isinstance(error.__cause__, DiskFull) or "disk is full" in str(error):
        log.error("disk_full", exc_info=error)
        return 507, "disk_full", "The database's disk is full. Nothing was stored."
    if isinstance(error.__cause__, LockNotAvailable):
        log.warning("lock_timeout", exc_info=error)
        return 503, "busy", "Another change to the same data is taking a long time. Try again."
    log.error("database_unavailable", exc_info=error)
    database_watch.suspect_database()
    return 503, "database_unavailable", DATABASE_AWAY


def handler500(request: HttpRequest) -> HttpResponse:
    # Django calls this while it handles the exception, also one of a middleware or of the admin.
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError):
        return _unavailable(request, *_database_failure(error))
    if _is_page(request):
        return server_error(request)
    return problem_response(
        status.HTTP_500_INTERNAL_SERVER_ERROR, "internal_error", "Something went wrong. It was logged."
    )
