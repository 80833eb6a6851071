"""The alert rules and the dashboard in docs/monitoring."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from tests.support.rows import make_job
from tests.support.site.servers import ROOT

DIRECTORY = ROOT / "docs" / "monitoring"


def expressions() -> list[str]:
    rules = yaml.safe_load((DIRECTORY / "alerts.yml").read_text())["groups"][0]["rules"]
    panels = json.loads((DIRECTORY / "dashboard.json").read_text())["panels"]
    return [rule["expr"] for rule in rules] + [
        target["expr"] for panel in panels for target in panel["targets"]
    ]


@pytest.mark.django_db
def test_expressions_name_metrics_that_exist(client, settings, creator, broker):
    settings.METRICS_TOKEN = "scrape-me"
    make_job(creator)
    page = client.get("/metrics", headers={"Authorization": "Bearer scrape-me"}).content.decode()
    exist = set(re.findall(r"^# TYPE (\w+)", page, re.MULTILINE))

    named = {name for expression in expressions() for name in re.findall(r"media_\w+", expression)}

    assert {re.sub(r"_(count|bucket|sum)$", "", name) for name in named} <= exist
    assert len(named) > 10


def test_rules_are_complete():
    rules = yaml.safe_load((DIRECTORY / "alerts.yml").read_text())["groups"][0]["rules"]

    for rule in rules:
        assert all(rule["annotations"].get(name) for name in ("summary", "action")), rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_documentation_names_every_metric(client, settings, db, broker):
    settings.METRICS_TOKEN = "scrape-me"
    page = client.get("/metrics", headers={"Authorization": "Bearer scrape-me"}).content.decode()
    text = (ROOT / "docs" / "operating.md").read_text()

    missing = {name for name in re.findall(r"^# TYPE (media_\w+)", page, re.MULTILINE) if name not in text}
    assert missing - {"media_http_request_seconds_created"} == set()
