"""Messages of `manage.py check`."""

from __future__ import annotations

import os
import subprocess
import sys
from types import MappingProxyType

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import ProgrammingError

from agents import checks
from agents.choices import AgentType
from agents.engine.registry import AGENTS
from agents.models import LanguageModel
from agents.providers import lifecycle
from mediaassets.settings.environment import Problem

# The check of models reads the database.
pytestmark = pytest.mark.django_db

KEY = "k" * 50


@pytest.fixture(autouse=True)
def _sound(settings):
    settings.ENVIRONMENT_PROBLEMS = []
    settings.SECRET_KEY = KEY
    settings.JWT_SIGNING_KEY = KEY[::-1] + "x"
    settings.KEYS_ARE_TEMPORARY = False


def check_messages(**options):
    return [
        (message.id, message.msg)
        for message in run_checks(**options)
        if (message.id or "").startswith("agents.")
    ]


def test_valid_configuration_has_no_messages():
    assert check_messages() == []
    assert check_messages(include_deployment_checks=True) == []


def test_invalid_environment_value_is_named_with_a_fix(settings):
    settings.ENVIRONMENT_PROBLEMS = [Problem("PORT", "PORT is 'x'.", "Use a number.")]

    found = [message for message in run_checks() if message.id == "agents.E001"]

    assert [(message.msg, message.hint) for message in found] == [("PORT is 'x'.", "Use a number.")]


@pytest.mark.parametrize("name", ["SECRET_KEY", "JWT_SIGNING_KEY"])
@pytest.mark.parametrize(("length", "is_short"), [(1, True), (31, True), (32, False)])
def test_short_key_is_refused(settings, name, length, is_short):
    setattr(settings, name, "s" * length)

    assert check_messages() == ([("agents.E002", f"{name} is shorter than 32 bytes.")] if is_short else [])


def test_key_is_measured_in_bytes(settings):
    settings.SECRET_KEY = "é" * 16

    assert check_messages() == []


def test_shared_key_for_two_purposes_is_refused(settings):
    settings.JWT_SIGNING_KEY = settings.SECRET_KEY

    assert check_messages() == [("agents.E003", "SECRET_KEY and JWT_SIGNING_KEY are the same.")]


def test_temporary_keys_are_a_deployment_warning(settings):
    settings.KEYS_ARE_TEMPORARY = True

    assert check_messages() == []
    assert [code for code, _ in check_messages(include_deployment_checks=True)] == ["agents.W001"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("AGENTS", "The agent 'spatial' has no class in agents/engine/registry.py."),
        ("ROUTES", "The agent 'spatial' has no route in agents/canon/placement.py."),
        ("EFFECTS", "The agent 'spatial' has no effect in agents/canon/placement.py."),
        ("MAIN_INPUT", "The agent 'spatial' has no main input in agents/common/text/job_text.py."),
        ("MAIN_OUTPUT", "The agent 'spatial' has no main output in agents/common/text/job_text.py."),
        ("AGENT_MODELS", "The agent 'spatial' has no model in AGENT_MODELS of the settings."),
        ("REVIEW_THRESHOLDS", "The agent 'spatial' has no threshold in REVIEW_THRESHOLDS of the settings."),
        ("AUDIT_SHARES", "The agent 'spatial' has no share in AUDIT_SHARES of the settings."),
    ],
)
def test_half_removed_agent_names_the_leftover_place(settings, monkeypatch, place, message):
    if hasattr(settings, place):
        setattr(settings, place, {k: v for k, v in getattr(settings, place).items() if k != "spatial"})
    else:
        kept = {k: v for k, v in getattr(checks, place).items() if k != AgentType.SPATIAL}
        monkeypatch.setattr(checks, place, kept)

    assert check_messages() == [("agents.E004", message)]


def test_new_agent_class_names_every_missing_place(monkeypatch):
    monkeypatch.setattr(checks, "AGENTS", MappingProxyType({**AGENTS, "poet": AGENTS["narrative"]}))

    assert check_messages() == [
        ("agents.E004", f"The agent 'poet' has no {place}.")
        for place in (
            "choice in agents/choices.py",
            "route in agents/canon/placement.py",
            "effect in agents/canon/placement.py",
            "main input in agents/common/text/job_text.py",
            "main output in agents/common/text/job_text.py",
            "model in AGENT_MODELS of the settings",
            "threshold in REVIEW_THRESHOLDS of the settings",
            "share in AUDIT_SHARES of the settings",
        )
    ]


def test_deprecated_model_is_a_warning(settings):
    settings.MODEL_SUCCESSORS = {"claude-opus-5-5": "claude-haiku-5-5"}
    LanguageModel.objects.create(name="claude-sonnet-5-5", lifecycle="retired")
    LanguageModel.objects.create(name="claude-opus-5-5", lifecycle="deprecated")

    assert check_messages(tags=[checks.LANGUAGE_MODELS]) == [
        (
            "agents.W002",
            "claude-opus-5-5 is deprecated; no day is set yet for its retirement. "
            "claude-haiku-5-5 then takes its place.",
        ),
        ("agents.W003", "claude-sonnet-5-5 is retired and has no successor: its jobs wait."),
    ]


def test_unreadable_database_has_no_messages(monkeypatch):
    def away():
        raise ProgrammingError("relation agent_language_models does not exist")

    monkeypatch.setattr(lifecycle, "notices", away)

    assert checks.check_language_models(None) == []


def test_check_does_not_create_a_database(tmp_path):
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "SECRET_KEY": KEY, "JWT_SIGNING_KEY": KEY + "x"}
    environment.pop("DATABASE_URL", None)

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--tag", checks.LANGUAGE_MODELS],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr, list(tmp_path.iterdir())) == (
        0,
        "",
        [],
    )


def test_tracing_without_its_packages_is_an_error(settings, monkeypatch):
    settings.TRACING = True
    monkeypatch.setattr(checks, "find_spec", lambda name: None)

    (error,) = checks.check_tracing(None)

    assert (error.id, error.hint) == ("agents.E005", "Install requirements-otel.txt, or leave TRACING unset.")
