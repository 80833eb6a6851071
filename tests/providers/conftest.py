"""The stand-in as provider, and models that it has retired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from agents.common import dispatch
from agents.models import LanguageModel
from agents.providers import factory
from dev.standin import KEY, StandIn

HAIKU, SONNET, OPUS = "claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """The stand-in as the provider of the settings."""
    with StandIn() as server:
        settings.ANTHROPIC_API_KEY = KEY
        settings.ANTHROPIC_BASE_URL = server.url
        monkeypatch.setattr(factory, "clients", factory.ProviderClients())
        yield server
        factory.anthropic_client().close()


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    rung: list[Any] = []

    def ring(task: str, **arguments: bool) -> None:
        rung.append((task, arguments))

    monkeypatch.setattr(dispatch, "enqueue", lambda jobs: rung.extend(job.pk for job in jobs))
    monkeypatch.setattr(dispatch, "enqueue_task", ring)
    return rung


@pytest.fixture
def retired(settings: Any) -> Callable[..., LanguageModel]:
    """Retire a model in favour of a successor, on a site with an API key."""
    settings.ANTHROPIC_API_KEY = KEY

    def make(name: str = HAIKU, successor: str = SONNET, **fields: Any) -> LanguageModel:
        return LanguageModel.objects.create(
            **{"name": name, "lifecycle": "retired", "successor": successor, "replaced_at": timezone.now()}
            | fields
        )

    return make


@pytest.fixture(autouse=True)
def no_audits(settings: Any) -> None:
    """The draw of an audit depends on the job's id."""
    settings.AUDIT_SHARES = dict.fromkeys(settings.AUDIT_SHARES, 0)


@pytest.fixture
def admin(make_user: Callable[..., Any]) -> Any:
    return make_user("ada", is_staff=True, is_superuser=True)
