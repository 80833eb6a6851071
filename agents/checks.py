"""System checks of the configuration, the registration of agents and the lifecycle of language models."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError, connection

from agents.canon.placement import EFFECTS, ROUTES
from agents.choices import AgentType
from agents.common.database import connections
from agents.common.text.job_text import MAIN_INPUT, MAIN_OUTPUT
from agents.engine.registry import AGENTS
from agents.providers import lifecycle

CONFIGURATION = "configuration"
# `manage.py check --tag language_models`: reads the database.
LANGUAGE_MODELS = "language_models"
MIN_KEY_BYTES = 32


@register(CONFIGURATION)
def check_environment(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report environment values that are invalid and were replaced by their default."""
    return [
        Error(problem.message, hint=problem.hint, id="agents.E001")
        for problem in settings.ENVIRONMENT_PROBLEMS
    ]


@register(CONFIGURATION)
def check_keys(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for name in ("SECRET_KEY", "JWT_SIGNING_KEY"):
        if len(getattr(settings, name).encode()) < MIN_KEY_BYTES:
            hint = 'Make one with: python -c "import secrets; print(secrets.token_urlsafe(50))"'
            found.append(Error(f"{name} is shorter than {MIN_KEY_BYTES} bytes.", hint=hint, id="agents.E002"))
    if settings.SECRET_KEY == settings.JWT_SIGNING_KEY:
        found.append(
            Error("SECRET_KEY and JWT_SIGNING_KEY are the same.", hint="Use two keys.", id="agents.E003")
        )
    return found


@register(CONFIGURATION)
def check_tracing(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.TRACING or all(find_spec(f"opentelemetry.{part}") for part in ("sdk", "exporter")):
        return []
    hint = "Install requirements-otel.txt, or leave TRACING unset."
    return [Error("TRACING is set, and OpenTelemetry is not installed.", hint=hint, id="agents.E005")]


@register(CONFIGURATION, deploy=True)
def check_temporary_keys(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.KEYS_ARE_TEMPORARY:
        return []
    return [
        checks.Warning(
            "SECRET_KEY or JWT_SIGNING_KEY is not set: each process makes its own, and sign-ins end with it.",
            hint="Set both to values of their own, the same for every process.",
            id="agents.W001",
        )
    ]


@register()
def check_agents(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report the places that an agent is missing from: each has to be added in several."""
    found: list[CheckMessage] = []
    places = {
        "a class in agents/engine/registry.py": set(AGENTS),
        "a choice in agents/choices.py": set(AgentType.values),
        "a route in agents/canon/placement.py": {str(key.value) for key in ROUTES},
        "an effect in agents/canon/placement.py": {str(key.value) for key in EFFECTS},
        "a main input in agents/common/text/job_text.py": set(MAIN_INPUT),
        "a main output in agents/common/text/job_text.py": set(MAIN_OUTPUT),
        "a model in AGENT_MODELS of the settings": set(settings.AGENT_MODELS),
        "a threshold in REVIEW_THRESHOLDS of the settings": set(settings.REVIEW_THRESHOLDS),
        "a share in AUDIT_SHARES of the settings": set(settings.AUDIT_SHARES),
    }
    for agent_type in sorted(set().union(*places.values())):
        for place, known in places.items():
            if agent_type not in known:
                found.append(
                    Error(
                        f"The agent {agent_type!r} has no {place.split(' ', 1)[1]}.",
                        hint="Add it.",
                        id="agents.E004",
                    )
                )
    return found


@register(LANGUAGE_MODELS)
def check_language_models(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report models in use that the provider has deprecated or retired; none if the database cannot be read."""
    try:
        notices = lifecycle.notices() if _is_database_reachable() else []
    except DatabaseError:
        # Not migrated yet.
        return []
    return [
        checks.Warning(
            notice.message, hint=notice.hint, id="agents.W003" if notice.is_urgent else "agents.W002"
        )
        for notice in notices
    ]


def _is_database_reachable() -> bool:
    """Return True if the database exists and answers; a missing SQLite file must not be created by the check."""
    if connection.connection is not None:
        return True
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return name == ":memory:" or "mode=memory" in name or Path(name).is_file()
    own = connections.open_own()
    try:
        own.ensure_connection()
    except DatabaseError:
        return False
    finally:
        own.close()
    return True
