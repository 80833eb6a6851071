"""Composition of the site: settings, URLs, processes. Django and Celery load it by name; no app imports it."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Load the Celery application when somebody asks for it; `make up` and health checks do not."""
    if name == "celery_app":
        from mediaassets.celery import app

        return app
    raise AttributeError(name)
