"""The example environment: exactly the variables in use, with their defaults and no secrets."""

from __future__ import annotations

import ast
import re

from django.conf import settings

from tests.site.operations.test_deployment import COMPOSE_ONLY, SECRETS
from tests.support.site.servers import ROOT

SUPERVISOR_ONLY = {"PORT", "DEMO_PASSWORD", "VERBOSE"}


def example_variables() -> dict[str, str]:
    text = (ROOT / ".env.example").read_text()
    return dict(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$", text, re.MULTILINE))


def variables_of_settings() -> set[str]:
    """Return the first argument of every ``env.…("NAME", …)`` in the settings."""
    return {
        str(node.args[0].value)
        for part in (ROOT / "mediaassets" / "settings").glob("*.py")
        for node in ast.walk(ast.parse(part.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.func.attr != "report"
        and isinstance(node.args[0], ast.Constant)
    }


def test_example_environment_lists_exactly_the_variables_in_use():
    in_compose = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))

    assert len(variables_of_settings()) > 25
    assert in_compose <= COMPOSE_ONLY | set(SECRETS) | {"PORT", "DATABASE_URL", "REDIS_URL"}
    assert set(example_variables()) == variables_of_settings() | COMPOSE_ONLY | SUPERVISOR_ONLY


def test_example_environment_holds_no_secret():
    secret = {
        name: value
        for name, value in example_variables().items()
        if re.search("KEY|PASSWORD|AUTH|_TOKEN$", name)
    }

    assert set(secret.values()) == {""}


def test_example_defaults_match_the_settings(monkeypatch):
    defaults = {
        "WORKER_CONCURRENCY": 64,
        "LLM_TIMEOUT_S": 120,
        "JOB_MAX_RETRIES": 3,
        "RETRY_BACKOFF_S": 4,
        "RETRY_AFTER_CAP_S": 900,
        "LEASE_S": 10,
        "CLAIM_MARGIN_S": 60,
        "RESEND_AFTER_S": 60,
        "CLEANUP_AFTER_DAYS": 30,
        "MOCK_LATENCY_S": 0,
    }

    for name, value in defaults.items():
        assert getattr(settings, name) == value
        assert float(example_variables()[name]) == value
    for agent, threshold in settings.REVIEW_THRESHOLDS.items():
        assert float(example_variables()[f"REVIEW_THRESHOLD_{agent.upper()}"]) == threshold
    for agent, model in settings.AGENT_MODELS.items():
        assert example_variables()[f"MODEL_{agent.upper()}"] == model


def test_every_secret_of_the_example_has_its_services():
    secret = {name for name in example_variables() if re.search("KEY|PASSWORD|AUTH|_TOKEN$|_USER$", name)}

    assert secret - SUPERVISOR_ONLY == set(SECRETS)
