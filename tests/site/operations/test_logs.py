"""Log lines as production writes them."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse

from agents.jobs import stats
from tests.support.site.servers import ROOT

PRINT_A_TRACEBACK = """
import django, logging
django.setup()
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("django.request").error("Internal Server Error: /x", exc_info=True)
"""


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    return lambda event: [
        record.msg
        for record in caplog.records
        if isinstance(record.msg, dict) and record.msg["event"] == event
    ]


def test_record_of_the_standard_library_has_its_traceback_as_text():
    done = subprocess.run(
        [sys.executable, "-c", PRINT_A_TRACEBACK],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "mediaassets.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    (line,) = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert line["event"] == "Internal Server Error: /x"
    assert "ZeroDivisionError: division by zero" in line["exception"]
    assert "exc_info" not in line


@pytest.mark.django_db
def test_request_is_logged_with_its_id(api, creator, lines):
    response = api.get("/agents/stats", headers={"x-request-id": "trace-7.a"})

    assert response["X-Request-ID"] == "trace-7.a"
    (line,) = lines("request")
    expected = {
        "method": "GET",
        "path": "/agents/stats",
        "route": "stats",
        "status": 200,
        "user_id": creator.pk,
        "address": "127.0.0.1",
        "request_id": "trace-7.a",
    }
    assert {name: line[name] for name in expected} == expected
    assert line["took_ms"] >= 0


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, '{"event"', "é"])
def test_unusable_id_is_replaced(given):
    answers = [Client().get("/nowhere", headers={"x-request-id": given}) for _ in range(2)]

    ids = {answer["X-Request-ID"] for answer in answers}
    assert len(ids) == 2
    assert all(len(request_id) == 32 for request_id in ids)


@pytest.mark.django_db
def test_lines_of_a_failing_request_carry_its_id(api, monkeypatch, lines):
    def fail(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(stats, "job_stats", fail)

    response = api.get("/agents/stats", headers={"x-request-id": "r-1"})

    assert (response.status_code, response["X-Request-ID"]) == (500, "r-1")
    assert [line["status"] for line in lines("request")] == [500]


@pytest.mark.django_db
def test_rubbish_in_an_address_is_one_line_and_no_error(superuser_client, caplog):
    caplog.set_level(logging.INFO)
    jobs = reverse("admin:agents_agentjob_changelist")

    assert superuser_client.get(jobs, {"nonsense__x": "1"}).status_code == 400
    (record,) = [one for one in caplog.records if one.name.startswith("django.security")]
    assert (record.levelname, record.exc_info) == ("WARNING", None)
    assert record.getMessage() == "Filtering by nonsense__x not allowed"


@pytest.mark.django_db
def test_value_that_no_filter_takes_is_one_line(superuser_client, lines, caplog):
    jobs = reverse("admin:agents_agentjob_changelist")

    assert superuser_client.get(jobs, {"created_at__year": "0"}).status_code == 302
    (line,) = lines("admin_filter_refused")
    assert line["path"] == jobs
    assert "exc_info" not in line
    assert not [one for one in caplog.records if one.exc_info or one.levelno >= logging.ERROR]


def test_foreign_host_stays_an_error(caplog, settings):
    settings.ALLOWED_HOSTS = ["desk.example"]

    assert Client().get("/nowhere", headers={"host": "elsewhere.example"}).status_code == 400
    (record,) = [one for one in caplog.records if one.name == "django.security.DisallowedHost"]
    assert record.levelname == "ERROR"


def test_refused_request_is_not_logged_where_warnings_are_not(caplog):
    logger = logging.getLogger("django.security.TooManyFieldsSent")
    for level, count in ((logging.ERROR, 0), (logging.WARNING, 1)):
        caplog.set_level(level, logger=logger.name)
        logger.error("Too many.")
        assert len(caplog.records) == count
