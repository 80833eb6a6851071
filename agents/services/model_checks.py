"""Asking the provider how far the models of this site are in their lives."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agents import dispatch
from agents.choices import Lifecycle
from agents.engine.results import CallRecord
from agents.llm.base import LLMError, ProviderAccountError
from agents.models import LanguageModel
from agents.services import connections, language_models, wiring

if TYPE_CHECKING:
    from agents.llm.anthropic.models import ModelLifecycle

log = structlog.get_logger(__name__)

# Calls that find their model gone have the provider asked no more often than this.
PAUSE = timedelta(minutes=1)


def ring_if_gone(calls: Iterable[CallRecord]) -> None:
    """Have the provider asked once this transaction is committed, where a call did not find its model."""
    gone = {call.model for call in calls if call.error_code == "model_not_found"}
    if gone and not _asked_lately(gone):
        transaction.on_commit(lambda: dispatch.ring(dispatch.CHECK_LANGUAGE_MODELS, only_if_due=True))


def _asked_lately(names: Collection[str]) -> bool:
    since = timezone.now() - PAUSE
    return LanguageModel.objects.filter(name__in=names, checked_at__gt=since).exists()


def check_language_models(*, only_if_due: bool = False) -> dict[str, int]:
    """Ask about every model in use, write down what is said, and let successors take over.

    The mock model has no provider: then nobody is asked. A question that fails is kept in ``check_error`` and changes
    no model's life. ``only_if_due`` leaves alone what was asked about within the last minute.
    """
    names = language_models.in_use()
    LanguageModel.objects.bulk_create([LanguageModel(name=name) for name in names], ignore_conflicts=True)
    if wiring.uses_mock():
        return {"asked": 0}
    now = timezone.now()
    rows = LanguageModel.objects.filter(name__in=names)
    if only_if_due:
        # Of several who were rung for at once, one has something to claim.
        rows = rows.filter(Q(checked_at__isnull=True) | Q(checked_at__lte=now - PAUSE))
    claimed = list(rows.values_list("name", flat=True))
    if not rows.update(checked_at=now):
        return {"asked": 0}
    connections.release()
    answers = {name: _ask(name) for name in claimed}
    failed = _write_down(answers, now)
    begun = language_models.let_take_over()
    return {"asked": len(answers), "failed": failed, "replaced": begun}


def _ask(name: str) -> ModelLifecycle | LLMError:
    # Imported late, because every process imports this file and the SDK takes a second to load.
    from agents.llm.anthropic.models import fetch_lifecycle

    try:
        return fetch_lifecycle(wiring.line(), name)
    except LLMError as error:
        return error


def _write_down(answers: dict[str, ModelLifecycle | LLMError], now: datetime) -> int:
    """How many questions brought no answer."""
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
                    # Believed, so that its successor would be on trial anew.
                    row.replaced_at = None
            row.checked_at = now
            row.save()
            if row.lifecycle != before:
                log.info("model_lifecycle", model=row.name, before=before, now=row.lifecycle)
    return failed


def _is_gone(row: LanguageModel, error: LLMError) -> bool:
    """Whether a 404 means that the model was taken away.

    The provider keeps retired models in its catalogue, so that a 404 is rather a misspelt name or a wrong address. It
    counts only for a model that the provider once knew, and while it answers for another one.
    """
    was_known = row.lifecycle in {Lifecycle.ACTIVE, Lifecycle.DEPRECATED}
    return was_known and isinstance(error, ProviderAccountError) and error.code == "model_not_found"
