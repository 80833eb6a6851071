"""``Idempotency-Key`` on every POST of the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from mediaassets.api.errors import problem_response
from mediaassets.idempotency import keys

MAX_KEY_CHARS = 255
RETRY_AFTER_S = 1
# Refusals by the state of things. They are answers like any other, unless they ask for another try.
KEPT_REFUSALS = frozenset({402, 403, 404, 409})

View = Callable[..., HttpResponseBase]


class IdempotencyMiddleware:
    """Carry out a POST with an ``Idempotency-Key`` at most once for its account, method and path.

    The key is claimed in a transaction of its own. The work and the answer to it are then committed together: a
    process that dies before has changed nothing, and a repetition carries out the request; one that dies after has
    left the answer, and a repetition gets it.

    The answer of a view with ``answer_is_secret`` is not stored: a repetition is told that it was carried out.

    Covers each API view that knows its caller. It must come last, so that headers of the other middleware are added
    to a repeated answer anew.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or key is None:
            return None
        user = _account(request, getattr(view, "cls", None))
        if user is None:
            return None
        if not (0 < len(key) <= MAX_KEY_CHARS and key.isascii() and key.isprintable()):
            detail = f"An Idempotency-Key has 1 to {MAX_KEY_CHARS} printable ASCII characters."
            return problem_response(400, "idempotency_key_invalid", detail)
        try:
            request_hash = _hash_of(request)
        except (RequestDataTooBig, MultiPartParserError):
            # The view refuses it.
            return None
        try:
            claimed = keys.claim(user.pk, keys.scope_of("POST", request.path, key), request_hash)
        except keys.KeyReused:
            detail = "This Idempotency-Key was used for another request to this path. Use a new one."
            return problem_response(422, "idempotency_key_reused", detail)
        except keys.StillRunning:
            return _still_running()
        if isinstance(claimed, keys.Answer):
            headers = {**claimed.headers, "Idempotency-Replayed": "true"}
            return HttpResponse(claimed.body, status=claimed.status, headers=headers)
        is_secret = getattr(view.cls, "answer_is_secret", False)  # type: ignore[attr-defined]
        return _carry_out(claimed, lambda: view(request, *args, **kwargs), is_secret=is_secret)


def _hash_of(request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    if request.content_type == "multipart/form-data":
        # One that is not there is an empty list.
        files = {name: file.chunks() for name in request.FILES if (file := request.FILES.get(name))}
        return keys.hash_of_form(query, dict(request.POST.lists()), files)
    return keys.hash_of(query, request.body)


def _account(request: HttpRequest, view_class: type[APIView] | None) -> User | None:
    """Return the signed-in caller of an API view, by the view's own rules; None if there is none."""
    if view_class is None:
        return None
    try:
        user = Request(request, authenticators=view_class().get_authenticators()).user
    except APIException:
        # The view refuses it.
        return None
    return user if isinstance(user, User) else None


def _carry_out(
    claim: keys.Claim, work: Callable[[], HttpResponseBase], *, is_secret: bool
) -> HttpResponseBase:
    try:
        with transaction.atomic():
            response = work()
            assert isinstance(response, HttpResponse)
            if callable(render := getattr(response, "render", None)):
                render()
            is_kept = _is_kept(response)
            kept = _shown_once() if is_secret and response.status_code < 400 else response
            if is_kept and not keys.keep(claim, _answer(kept)):
                # Another process has taken over and carries out the request: this work must not count as well.
                transaction.set_rollback(True)
                return _still_running()
            if response.status_code >= 500:
                transaction.set_rollback(True)
    except Exception:
        keys.release(claim)
        raise
    if not is_kept:
        keys.release(claim)
    return response


def _is_kept(response: HttpResponse) -> bool:
    is_refusal = response.status_code in KEPT_REFUSALS and "Retry-After" not in response.headers
    return response.status_code < 400 or is_refusal


def _answer(response: HttpResponse) -> keys.Answer:
    return keys.Answer(response.status_code, dict(response.headers.items()), response.content)


def _shown_once() -> HttpResponse:
    """Return the answer to repetitions of a request whose own answer holds a secret and must not be stored."""
    detail = "The request was carried out, and its answer, which holds a secret, is shown only once."
    return problem_response(409, "shown_once", detail)


def _still_running() -> HttpResponse:
    return problem_response(
        409,
        "idempotency_key_in_use",
        "The first request with this Idempotency-Key is still running. Send it again.",
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )
