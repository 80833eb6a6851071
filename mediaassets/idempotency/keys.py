"""Claim an idempotency key, keep the answer to it, and delete old ones."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import Error
from django.db.models import QuerySet
from django.utils import timezone

from mediaassets.idempotency.abandoned import Abandoned
from mediaassets.idempotency.models import IdempotentRequest

KEPT_FOR = timedelta(hours=24)
# Longer than any POST takes. A claim that has outlived it was left by a process that died.
CLAIM_LASTS = timedelta(seconds=60)


class KeyReused(Exception):
    """The key was used for another request to the same path."""


class StillRunning(Exception):
    """The first request with the key has no answer yet."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry out the request of one key."""

    user_id: int
    scope: str
    token: uuid.UUID


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def scope_of(method: str, path: str, key: str) -> str:
    return _digest(method, path.rstrip("/"), key)


def hash_of(query: str, body: bytes) -> str:
    """Return a hash that is the same for the same JSON, however it is spaced and ordered."""
    try:
        text = json.dumps(json.loads(body), sort_keys=True)
    except (ValueError, RecursionError):
        # The view refuses it.
        text = body.hex()
    return _digest(query, text)


def hash_of_form(
    query: str, fields: Mapping[str, Iterable[str]], files: Mapping[str, Iterable[bytes]]
) -> str:
    """Return a hash that is the same for the same form, whatever the boundary between its parts."""
    contents: dict[str, str] = {}
    for name, chunks in files.items():
        content = hashlib.sha256()
        for chunk in chunks:
            content.update(chunk)
        contents[name] = content.hexdigest()
    return _digest(query, json.dumps([dict(fields), contents], sort_keys=True, default=list))


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def claim(user_id: int, scope: str, request_hash: str) -> Claim | Answer:
    """Claim a key, or return the answer that it has; of concurrent claims the unique row lets one through.

    Raises ``KeyReused`` or ``StillRunning``.
    """
    mine = Claim(user_id, scope, uuid.uuid4())
    try:
        return _claim(mine, request_hash)
    except Error:
        # It may be committed although its answer was lost.
        _abandoned.add(mine)
        raise


def _claim(claim: Claim, request_hash: str) -> Claim | Answer:
    rows = IdempotentRequest.objects.filter(user_id=claim.user_id, scope=claim.scope)
    while True:
        now = timezone.now()
        mine = IdempotentRequest(
            user_id=claim.user_id,
            scope=claim.scope,
            token=claim.token,
            request_hash=request_hash,
            claimed_until=now + CLAIM_LASTS,
        )
        IdempotentRequest.objects.bulk_create([mine], ignore_conflicts=True)
        row = rows.first()
        if row is None:
            # Released since: the first request changed nothing.
            continue
        if row.created_at < now - KEPT_FOR:
            row.delete()
            continue
        if row.token == mine.token:
            return claim
        if row.request_hash != request_hash:
            raise KeyReused
        if row.status is not None:
            return Answer(row.status, row.headers, bytes(row.body))
        if row.claimed_until > now:
            raise StillRunning
        left = rows.filter(pk=row.pk, token=row.token, answered_at=None)
        if left.update(token=mine.token, claimed_until=mine.claimed_until):
            return claim


def keep(claim: Claim, answer: Answer) -> bool:
    """Store the answer in the transaction of the work; False if the claim was lost, and the work must not count."""
    return bool(
        _unanswered(claim).update(
            answered_at=timezone.now(),
            status=answer.status,
            headers=dict(answer.headers),
            body=answer.body,
        )
    )


def release(claim: Claim) -> bool:
    """Free the key after a request that changed nothing; False if the claim was lost.

    Also False if the database is away; it is then freed as soon as that is back, so that the client can try again.
    """
    try:
        return _free(claim)
    except Error:
        _abandoned.add(claim)
        return False


def _free(claim: Claim) -> bool:
    deleted, _ = _unanswered(claim).delete()
    return bool(deleted)


_abandoned: Abandoned[Claim] = Abandoned(_free)


def _unanswered(claim: Claim) -> QuerySet[IdempotentRequest]:
    rows = IdempotentRequest.objects.filter(user_id=claim.user_id, scope=claim.scope)
    return rows.filter(token=claim.token, answered_at=None)


def delete_old() -> int:
    deleted, _ = IdempotentRequest.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted
