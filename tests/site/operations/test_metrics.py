"""`GET /metrics`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from agents.models import AgentJob, ModelCall, WorkerProcess
from mediaassets.operations import beat
from tests.support.rows import make_job, make_review

TOKEN = "scrape-me"
pytestmark = pytest.mark.django_db


@pytest.fixture
def scrape(client, settings, broker):
    """Return the values by name and the values of the labels, in the order of the labels' names."""
    settings.METRICS_TOKEN = TOKEN

    def values() -> dict[tuple[str, ...], float]:
        response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/plain")
        return {
            (sample.name, *dict(sorted(sample.labels.items())).values()): sample.value
            for family in text_string_to_metric_families(response.content.decode())
            for sample in family.samples
        }

    return values


def test_page_does_not_exist_without_a_token(client, settings):
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}])
def test_wrong_token_is_refused(client, settings, given):
    settings.METRICS_TOKEN = TOKEN

    response = client.get("/metrics", headers=given)

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")


def test_jobs_reviews_workers_and_beat(scrape, creator):
    now = timezone.now()
    make_job(creator, status="pending", available_at=now - timedelta(seconds=90))
    make_job(creator, status="failed", agent_type="spatial")
    make_review(creator, due_at=now - timedelta(hours=1))
    WorkerProcess.objects.create(name="w", started_at=now, seen_at=now)
    beat.record_heartbeat()

    values = scrape()

    assert values["media_jobs", "narrative", "pending"] == 1
    assert values["media_jobs", "spatial", "failed"] == 1
    assert values["media_jobs", "spatial", "pending"] == 0
    assert 90 <= values["media_oldest_due_job_seconds",] < 100
    assert values["media_reviews", "open"] == 1
    assert values["media_reviews", "overdue"] == 1
    assert values["media_workers",] == 1
    assert values["media_beat_up",] == 1


def test_running_jobs(scrape, creator):
    now = timezone.now()
    make_job(creator, status="processing")
    AgentJob.objects.update(available_at=now - timedelta(seconds=70), started_at=now - timedelta(seconds=60))

    values = scrape()

    assert values["media_pickup_seconds", "max"] == pytest.approx(10)
    assert 60 <= values["media_longest_attempt_seconds",] < 70


def test_calls_tokens_and_money(scrape, creator):
    common = {"agent_type": "narrative", "attempt": 1, "model": "m", "requested_by": creator}
    ModelCall.objects.create(**common, latency_ms=1500, input_tokens=7, cost_usd="0.25")
    ModelCall.objects.create(**common, latency_ms=2500, error_code="timeout")
    ModelCall.objects.create(**common, at=timezone.now() - timedelta(days=2), latency_ms=99_000, cost_usd="9")

    values = scrape()

    assert values["media_recent_calls", "", "m"] == 1
    assert values["media_recent_calls", "timeout", "m"] == 1
    assert values["media_recent_latency_seconds", "m", "0.99"] == 2.5
    assert values["media_tokens_today", "input", "m"] == 7
    assert values["media_cost_usd_today", "m"] == 0.25
    assert values["media_calls_of_unknown_cost_today", "m"] == 1


def test_requests_are_counted_by_route_and_status(scrape, client):
    before = scrape().get(("media_http_request_seconds_count", "GET", "readyz", "400"), 0)
    client.get("/readyz?require=cats")

    assert scrape()["media_http_request_seconds_count", "GET", "readyz", "400"] == before + 1


def test_clients_cannot_add_labels(scrape, client):
    before = scrape()
    client.generic("BREW", "/no/such/path")
    client.generic("STEEP", "/another")
    after = scrape()

    name = "media_http_request_seconds_count"
    added = {key for key in after if key[0] == name and after[key] != before.get(key)}
    assert added == {(name, "GET", "metrics", "200"), (name, "other", "none", "404")}


def test_part_that_fails_is_named_and_spares_the_others(scrape, monkeypatch):
    def fail() -> None:
        raise DatabaseError

    monkeypatch.setattr("mediaassets.operations.metrics.stats.count_jobs", fail)

    values = scrape()

    assert (values["media_part_up", "jobs"], values["media_part_up", "reviews"]) == (0, 1)
    assert "media_oldest_review_seconds" in {key[0] for key in values}


@pytest.mark.parametrize("number", [1, 30])
def test_number_of_queries_does_not_grow(scrape, creator, number, django_assert_max_num_queries):
    for _ in range(number):
        make_review(creator)

    with django_assert_max_num_queries(10):
        scrape()
