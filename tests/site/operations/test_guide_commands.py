"""Commands of the guide for operators."""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import re
import shlex
from pathlib import Path

from celery.bin.celery import celery as celery_command
from django.core.management import get_commands
from granian.cli import cli as granian_command

from mediaassets.celery import app
from tests.site.operations.celery_context import Context
from tests.support.site.servers import ROOT

GUIDE = (ROOT / "docs" / "operating.md").read_text()


def test_compose_commands_of_the_guide_name_services_that_exist(services):
    known = {*services, "web-b"}
    scaled = set(re.findall(r"--scale (\S+)=\d", GUIDE))
    acted_on = {
        name
        for line in re.findall(r"docker compose (?:stop|start|run|exec|up) ([^#`<|&\n]+)", GUIDE)
        for name in _services_in(line)
    }

    assert scaled == {"postgres", "redis", "flower", "worker"}
    assert acted_on == {"postgres", "web", "web-b", "worker", "beat", "migrate"}
    assert scaled | acted_on <= known


def _services_in(arguments: str) -> list[str]:
    """Return the services in the arguments of a compose command, before the command that one of them runs."""
    words = [word for word in arguments.split() if not word.startswith("-")]
    names = list(itertools.takewhile(lambda word: word.isalpha() or word == "web-b", words))
    return names[:1] if len(words) > len(names) else [name for name in names if "=" not in name]


def test_unit_files_of_the_guide_start_commands_that_exist():
    commands = [shlex.split(line) for line in re.findall(r"^ExecStart=(.*)$", GUIDE, re.MULTILINE)]

    assert [Path(command[0]).name for command in commands] == ["celery", "granian"]
    (_, _, application, name, *arguments), web = commands
    assert importlib.import_module(application).celery_app is app
    queues = arguments[arguments.index("-Q") + 1]
    celery_command.commands[name].make_context(name, arguments, resilient_parsing=False, obj=Context())
    assert set(queues.split(",")) == {"jobs", "background", "crowded", "maintenance"}
    assert granian_command.make_context(web[0], web[1:]).params["workers"] == 2


def test_management_commands_of_the_guide_exist():
    named = set(re.findall(r"manage\.py ([a-z]+)", GUIDE))

    assert named == {"check", "collectstatic", "createsuperuser", "doctor", "migrate", "showmigrations"}
    assert named <= set(get_commands())
    for module in re.findall(r"python -m ([a-z_.]+)", GUIDE):
        assert module == "venv" or importlib.util.find_spec(module)
