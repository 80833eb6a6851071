"""Checks of the models' life cycle with the provider."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agents.choices import Lifecycle
from agents.common import dispatch
from agents.common.database import connections
from agents.engine.results import CallRecord
from agents.llm.base import LLMError, ProviderAccountError
from agents.models import LanguageModel
from agents.providers import factory, lifecycle

if TYPE_CHECKING:
    from agents.llm.anthropic.models import ModelLifecycle

log = structlog.get_logger(__name__)

# Minimum interval between checks of one model that failing calls trigger.
MIN_INTERVAL = timedelta(minutes=1)


def check_if_gone(calls: Iterable[CallRecord]) -> None:
    """Enqueue a check on commit if a call did not find its model."""
    gone = {call.model for call in calls if call.error_code == "model_not_found"}
    if gone and not _was_checked_recently(gone):
        transaction.on_commit(lambda: dispatch.enqueue_task(dispatch.CHECK_LANGUAGE_MODELS, only_if_due=True))


def _was_checked_recently(names: Collection[str]) -> bool:
    since = timezone.now() - MIN_INTERVAL
    return LanguageModel.objects.filter(name__in=names, checked_at__gt=since).exists()


def check_language_models(*, only_if_due: bool = False) -> dict[str, int]:
    """Read the life cycle of every model in use from the provider and activate successors.

    Does nothing for the mock model. A failed query is stored in ``check_error`` and changes no life cycle.
    ``only_if_due`` skips models that were checked within ``MIN_INTERVAL``.
    """
    lifecycle.list_models()
    names = lifecycle.in_use()
    if factory.uses_mock():
        return {"asked": 0}
    now = timezone.now()
    rows = LanguageModel.objects.filter(name__in=names)
    if only_if_due:
        # Of several concurrent checks, only one claims the models.
        rows = rows.filter(Q(checked_at__isnull=True) | Q(checked_at__lte=now - MIN_INTERVAL))
    claimed = list(rows.values_list("name", flat=True))
    if not rows.update(checked_at=now):
        return {"asked": 0}
    connections.release()
    answers = {name: _ask(name) for name in claimed}
    failed = _store(answers, now)
    activated = lifecycle.activate_successors()
    return {"asked": len(answers), "failed": failed, "replaced": activated}


def _ask(name: str) -> ModelLifecycle | LLMError:
    # Lazy import: every process imports this module, and the SDK takes a second to load.
    from agents.llm.anthropic.models import fetch_lifecycle

    try:
        return fetch_lifecycle(factory.anthropic_client(), name)
    except LLMError as error:
        return error


def _store(answers: dict[str, ModelLifecycle | LLMError], now: datetime) -> int:
    """Store the answers; return the number of failed queries."""
    is_there = any(not isinstance(answer, LLMError) for answer in answers.values())
    failed = 0
    with transaction.atomic():
        for row in LanguageModel.objects.select_for_update().filter(name__in=answers).order_by("pk"):
            before, answer = row.lifecycle, answers[row.name]
            if isinstance(answer, LLMError):
                failed += 1
                row.check_error = f"{answer.code}: {answer.message}"
                if is_there and _is_gone(row, answer):
                    row.lifecycle = Lifecycle.RETIRED
            else:
                row.lifecycle = Lifecycle(answer.stage)
                row.deprecated_at, row.retires_at = answer.deprecated_at, answer.retires_at
                row.check_error = ""
                if row.lifecycle != Lifecycle.RETIRED:
                    # The model is back: a later successor starts a new trial.
                    row.replaced_at = None
            row.checked_at = now
            row.save()
            if row.lifecycle != before:
                log.info("model_lifecycle", model=row.name, before=before, now=row.lifecycle)
    return failed


def _is_gone(row: LanguageModel, error: LLMError) -> bool:
    """Return whether a 404 means that the model was removed.

    The provider keeps retired models in its catalogue, so a 404 usually means a misspelt name or a wrong base URL. It
    counts only for a model that the provider once knew, and while other models are found.
    """
    was_known = row.lifecycle in {Lifecycle.ACTIVE, Lifecycle.DEPRECATED}
    return was_known and isinstance(error, ProviderAccountError) and error.code == "model_not_found"
