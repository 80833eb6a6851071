"""What `manage.py check` says, and when it is silent."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from django.core.checks import run_checks

from agents import checks
from agents.choices import AgentType
from agents.engine.registry import AGENTS
from mediaassets.environment import Problem

KEY = "k" * 50


@pytest.fixture(autouse=True)
def _sound(settings):
    settings.ENVIRONMENT_PROBLEMS = []
    settings.SECRET_KEY = KEY
    settings.JWT_SIGNING_KEY = KEY[::-1] + "x"
    settings.KEYS_ARE_TEMPORARY = False


def said(**options):
    return [
        (message.id, message.msg)
        for message in run_checks(**options)
        if (message.id or "").startswith("agents.")
    ]


def test_sound_configuration_is_met_with_silence():
    assert said() == []
    assert said(include_deployment_checks=True) == []


def test_bad_value_of_the_environment_is_named_with_the_way_to_mend_it(settings):
    settings.ENVIRONMENT_PROBLEMS = [Problem("PORT", "PORT is 'x'.", "Use a number.")]

    found = [message for message in run_checks() if message.id == "agents.E001"]

    assert [(message.msg, message.hint) for message in found] == [("PORT is 'x'.", "Use a number.")]


@pytest.mark.parametrize("name", ["SECRET_KEY", "JWT_SIGNING_KEY"])
@pytest.mark.parametrize(("length", "is_short"), [(1, True), (31, True), (32, False)])
def test_short_key_is_refused(settings, name, length, is_short):
    setattr(settings, name, "s" * length)

    assert said() == ([("agents.E002", f"{name} is shorter than 32 bytes.")] if is_short else [])


def test_key_is_measured_in_bytes(settings):
    settings.SECRET_KEY = "é" * 16

    assert said() == []


def test_one_key_for_two_purposes_is_refused(settings):
    settings.JWT_SIGNING_KEY = settings.SECRET_KEY

    assert said() == [("agents.E003", "SECRET_KEY and JWT_SIGNING_KEY are the same.")]


def test_temporary_keys_are_a_warning_where_it_is_deployed(settings):
    settings.KEYS_ARE_TEMPORARY = True

    assert said() == []
    assert [code for code, _ in said(include_deployment_checks=True)] == ["agents.W001"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("AGENTS", "The agent 'spatial' has no class in agents/engine/registry.py."),
        ("ROUTES", "The agent 'spatial' has no route in agents/services/canon.py."),
        ("AGENT_MODELS", "The agent 'spatial' has no model in AGENT_MODELS of the settings."),
        ("REVIEW_THRESHOLDS", "The agent 'spatial' has no threshold in REVIEW_THRESHOLDS of the settings."),
    ],
)
def test_agent_that_is_half_taken_out_is_told_where(settings, monkeypatch, place, message):
    if hasattr(settings, place):
        setattr(settings, place, {k: v for k, v in getattr(settings, place).items() if k != "spatial"})
    else:
        kept = {k: v for k, v in getattr(checks, place).items() if k != AgentType.SPATIAL}
        monkeypatch.setattr(checks, place, kept)

    assert said() == [("agents.E004", message)]


def test_agent_that_is_only_a_class_is_told_every_place_that_was_forgotten(monkeypatch):
    monkeypatch.setattr(checks, "AGENTS", MappingProxyType({**AGENTS, "poet": AGENTS["narrative"]}))

    assert said() == [
        ("agents.E004", f"The agent 'poet' has no {place}.")
        for place in (
            "choice in agents/choices.py",
            "route in agents/services/canon.py",
            "model in AGENT_MODELS of the settings",
            "threshold in REVIEW_THRESHOLDS of the settings",
        )
    ]
