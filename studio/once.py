"""A form is carried out once, however often its button is pressed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from mediaassets.idempotency import keys
from universes.errors import Busy
from universes.ids import new_id

FIELD: Final = "once"


def new_key() -> str:
    """Return a value for the form's field ``FIELD``."""
    return str(new_id())


def once(request: HttpRequest, user: User, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Carry out a form, or repeat the answer to the same form with the same key.

    Work and answer are committed together, as for ``Idempotency-Key``. A form that was changed after going back is
    another one. Raises ``Busy`` while the first press is carried out, and what ``work`` raises.
    """
    key = request.POST.get(FIELD, "")
    if not key:
        return work()
    content = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    try:
        claimed = keys.claim(user.pk, keys.scope_of("POST", request.path, f"{key} {digest}"), digest)
    except keys.StillRunning:
        raise Busy(
            "This form has already been sent and is being processed. Check your work in a moment."
        ) from None
    if isinstance(claimed, keys.Answer):
        return HttpResponse(claimed.body, status=claimed.status, headers=dict(claimed.headers))
    try:
        with transaction.atomic():
            response = work()
            answer = keys.Answer(response.status_code, dict(response.headers.items()), response.content)
            if not keys.keep(claimed, answer):
                transaction.set_rollback(True)
                raise Busy(
                    "This form has already been sent and is being processed. Check your work in a moment."
                )
    except Exception:
        keys.release(claimed)
        raise
    return response
