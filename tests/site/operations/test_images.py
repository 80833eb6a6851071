"""The images: what they contain, run and install."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re

import pytest
from granian.cli import cli as granian_command

from tests.support.site.servers import ROOT


def test_web_command_parses_and_its_target_exists(dockerfile):
    match = re.search(r"^CMD (\[.*\])", dockerfile.replace("\\\n", ""), re.MULTILINE)
    assert match
    command = ast.literal_eval(match[1])

    options = granian_command.make_context(command[0], command[1:]).params

    assert command[0] == "granian"
    assert (options["host"], options["port"]) == ("0.0.0.0", 8000)
    assert options["interface"].value == "asgi"
    module, _, name = options["app"].partition(":")
    assert getattr(importlib.import_module(module), name)


def test_image_runs_unprivileged_and_copies_no_secret(dockerfile):
    final = dockerfile[dockerfile.rindex("FROM ") :]

    assert re.findall(r"^USER (\S+)", final, re.MULTILINE) == ["media"]
    assert final.index("USER media") > final.index("collectstatic")
    assert "COPY . " not in dockerfile
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def test_image_contains_every_package_of_the_project(dockerfile):
    copied = set(re.findall(r"^COPY (?!--from)(\S+)", dockerfile, re.MULTILINE))
    ignored = (ROOT / ".dockerignore").read_text()

    packages = {"manage.py", "mediaassets", "universes", "agents", "templates", "static"}
    assert packages <= copied
    for name in packages | {"requirements.txt", "requirements-flower.txt", "requirements-otel.txt"}:
        assert f"!{name}\n" in ignored


def test_app_services_share_one_image(services):
    images = {services[name]["image"] for name in ("migrate", "web", "worker", "beat")}

    assert images == {"unified-media-asset-manager:1.0.0"}


def pins(name: str) -> set[str]:
    lines = (ROOT / name).read_text().splitlines()
    # With hashes, each of them is a line that continues the one of its package.
    return {line.rstrip(" \\") for line in lines if line and line[0] not in " #"}


def test_only_the_flower_image_has_flower(services, dockerfile):
    build = services["flower"]["build"]
    assert build["args"] == {"REQUIREMENTS": "requirements-flower.txt"}
    assert services["flower"]["image"] != services["web"]["image"]
    assert {services[name]["build"] for name in ("migrate", "web", "worker", "beat")} == {"."}
    assert "ARG REQUIREMENTS=requirements.txt\n" in dockerfile

    assert any(line.startswith("flower==") for line in pins("requirements-flower.txt"))
    assert not any(line.startswith("flower==") for line in pins("requirements.txt"))
    assert pins("requirements.txt") <= pins("requirements-flower.txt")


def test_only_the_image_with_traces_has_opentelemetry():
    sdk = "opentelemetry-sdk=="
    assert any(line.startswith(sdk) for line in pins("requirements-otel.txt"))
    assert not any(line.startswith(sdk) for line in pins("requirements.txt"))
    assert pins("requirements.txt") <= pins("requirements-otel.txt")


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-flower.txt", "requirements-otel.txt", "requirements-dev.txt"]
)
def test_requirements_are_pinned(name):
    assert len(pins(name)) > 40
    assert [line for line in pins(name) if "==" not in line] == []
