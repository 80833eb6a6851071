"""Celery task that reads the models' life cycle from the provider."""

from __future__ import annotations

from celery import shared_task

from agents.common import dispatch
from agents.providers import lifecycle_checks


@shared_task(name=dispatch.CHECK_LANGUAGE_MODELS)
def check_language_models(only_if_due: bool = False) -> dict[str, int]:
    return lifecycle_checks.check_language_models(only_if_due=only_if_due)
