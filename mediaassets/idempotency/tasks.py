"""Celery task that deletes old idempotency keys."""

from __future__ import annotations

from celery import shared_task

from mediaassets.idempotency import keys


@shared_task(name="mediaassets.delete_old_idempotency_keys", ignore_result=True)
def delete_old_idempotency_keys() -> int:
    return keys.delete_old()
