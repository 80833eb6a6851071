"""Consistency of compose with the settings and Celery."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from types import SimpleNamespace

import pytest
import yaml
from celery.bin.celery import celery as celery_command
from django.conf import settings

from agents.common import dispatch
from mediaassets.celery import app
from tests.site.operations.celery_context import Context
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
    celery_command.commands[name].make_context(name, arguments, resilient_parsing=False, obj=Context())


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
