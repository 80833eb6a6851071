"""Consistency of compose, Dockerfile and .env.example with the settings and Celery."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import itertools
import re
import shlex
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from celery.bin.celery import celery as celery_command
from django.conf import settings
from django.core.management import get_commands
from granian.cli import cli as granian_command

from agents.common import dispatch
from mediaassets.celery import app
from tests.support.site.servers import ROOT

# Read by compose or Flower, not by the settings.
COMPOSE_ONLY = {
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
    "FLOWER_BASIC_AUTH",
    "PUBLISH_ADDRESS",
    "PUBLISH_FLOWER_ADDRESS",
}
# Each with the services that get it.
SECRETS = {
    "SECRET_KEY": {"web"},
    "JWT_SIGNING_KEY": {"web"},
    "POSTGRES_PASSWORD": {"postgres"},
    "REDIS_PASSWORD": {"redis"},
    "FLOWER_BASIC_AUTH": {"flower"},
    "ANTHROPIC_API_KEY": {"web", "worker"},
    "METRICS_TOKEN": {"web"},
    "PASSPORT_KEY": {"web"},
    "EMAIL_HOST_USER": {"worker"},
    "EMAIL_HOST_PASSWORD": {"worker"},
}
SUPERVISOR_ONLY = {"PORT", "DEMO_PASSWORD", "VERBOSE"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return parsed


@pytest.fixture(scope="module")
def services(compose) -> dict[str, Any]:
    services: dict[str, Any] = compose["services"]
    return services


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


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


def test_compose_requires_its_secrets(compose):
    text = yaml.safe_dump(compose)

    for name in ("SECRET_KEY", "JWT_SIGNING_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "FLOWER_BASIC_AUTH"):
        assert f"${{{name}:?" in text
        assert f"${{{name}}}" not in text
        assert f"${{{name}:-" not in text


def test_secrets_reach_only_the_services_that_need_them(services):
    for secret, owners in SECRETS.items():
        holders = {name for name, service in services.items() if service["environment"].get(secret)}
        assert holders == owners, secret
        # .env reaches every service of the image, unless the value is replaced.
        for name, service in services.items():
            assert "env_file" not in service or secret in service["environment"], (secret, name)


def test_every_secret_of_the_example_has_its_services():
    secret = {name for name in example_variables() if re.search("KEY|PASSWORD|AUTH|_TOKEN$|_USER$", name)}

    assert secret - SUPERVISOR_ONLY == set(SECRETS)


def test_servers_of_ones_own_take_the_place_of_those_of_compose(compose):
    address = compose["x-app"]["environment"]["DATABASE_URL"]

    assert address.startswith("${DATABASE_URL:-postgres://media:${POSTGRES_PASSWORD:?")


def test_broker_asks_for_a_password(services):
    assert '--requirepass "$$REDIS_PASSWORD"' in services["redis"]["command"][-1]
    for name in ("web", "worker", "beat", "flower", "migrate"):
        assert services[name]["environment"]["REDIS_URL"].startswith(
            "${REDIS_URL:-redis://:${REDIS_PASSWORD:?"
        )


def test_services_have_health_checks_and_restart(services, dockerfile):
    for name in {*services} - {"migrate"}:
        assert services[name]["restart"] == "unless-stopped"
        if name != "web":
            assert services[name]["healthcheck"]["test"]
    assert "HEALTHCHECK" in dockerfile
    assert "/healthz" in dockerfile
    assert services["migrate"]["restart"] == "no"


def test_processes_wait_for_servers_and_migrations(services):
    for name in ("web", "worker", "beat", "flower"):
        assert services[name]["depends_on"] == {
            "postgres": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_only_web_and_flower_are_published_on_loopback(services):
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}

    assert published == {
        "web": ["${PUBLISH_ADDRESS:-127.0.0.1}:${PORT:-8000}:8000"],
        "flower": ["${PUBLISH_FLOWER_ADDRESS:-127.0.0.1}:5555:5555"],
    }


def test_queues_are_durable_and_never_evicted(services):
    command = services["redis"]["command"][-1].split()

    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert services["redis"]["volumes"] == ["redis-data:/data"]
    assert services["postgres"]["volumes"] == ["postgres-data:/var/lib/postgresql/data"]


def test_images_have_versions(services, dockerfile):
    images = [service["image"] for service in services.values()]
    images += re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)

    assert len(images) == len(services) + 2
    for image in images:
        assert re.search(r":\d+\.\d+", image), image


def test_worker_consumes_every_routed_queue(services):
    command = services["worker"]["command"]
    queues = set(command[command.index("-Q") + 1].split(","))

    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    assert queues == {*routed, dispatch.BACKGROUND_QUEUE, dispatch.CROWDED_QUEUE}
    assert settings.CELERY_TASK_DEFAULT_QUEUE in queues


def test_worker_may_finish_a_running_model_call(services):
    grace_s = int(services["worker"]["stop_grace_period"].removesuffix("s"))

    assert grace_s > settings.LLM_TIMEOUT_S


@pytest.mark.parametrize("service", ["worker", "beat"])
def test_celery_commands_parse(services, service):
    program, flag, application, name, *arguments = services[service]["command"]

    assert (program, flag) == ("celery", "-A")
    assert importlib.import_module(application).celery_app is app
    celery_command.commands[name].make_context(name, arguments, resilient_parsing=False, obj=_Context())


class _Context:
    """The attributes that Celery's commands read while they parse their arguments."""

    app = app
    no_color = True
    quiet = True


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


def test_flower_only_shows(services, monkeypatch):
    (path,) = [word.removeprefix("--conf=") for word in services["flower"]["command"] if "--conf=" in word]
    patterns = ["/", "/tasks", "/api/workers", "/api/task/info/(.*)", "/metrics", "/healthcheck", ".*"]
    closed = [
        "/api/task/apply/(.+)",
        "/api/worker/shutdown/(.+)",
        "/api/task/revoke/(.+)",
        "/api/of/a/later/version",
    ]
    urls = SimpleNamespace(handlers=[(pattern, None) for pattern in [*patterns, *closed]])
    monkeypatch.setitem(sys.modules, "flower", SimpleNamespace(urls=urls))
    monkeypatch.setitem(sys.modules, "flower.urls", urls)

    exec((ROOT / path).read_text(), {})

    assert [pattern for pattern, _ in urls.handlers] == [name for name in patterns if name != "/metrics"]


# --- Commands of the guide for operators

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
    celery_command.commands[name].make_context(name, arguments, resilient_parsing=False, obj=_Context())
    assert set(queues.split(",")) == {"jobs", "background", "crowded", "maintenance"}
    assert granian_command.make_context(web[0], web[1:]).params["workers"] == 2


def test_management_commands_of_the_guide_exist():
    named = set(re.findall(r"manage\.py ([a-z]+)", GUIDE))

    assert named == {"check", "collectstatic", "createsuperuser", "doctor", "migrate", "showmigrations"}
    assert named <= set(get_commands())
    for module in re.findall(r"python -m ([a-z_.]+)", GUIDE):
        assert module == "venv" or importlib.util.find_spec(module)
