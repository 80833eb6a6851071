"""The test environment itself: database, broker, worker processes."""

from __future__ import annotations

import os

import pytest
import redis
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection

from mediaassets.celery import app


def test_broker_answers_and_is_empty(broker):
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert client.ping() is True

    assert broker.size() == 0
    assert broker.url == settings.REDIS_URL


def test_broker_that_lost_everything_answers_and_is_empty(broker):
    with broker.client() as client:
        client.set("kept", "1")
    assert broker.size() == 1

    broker.lose_everything()

    assert broker.size() == 0


def test_broker_that_went_away_keeps_its_data(broker):
    with broker.client() as client:
        client.set("kept", "1")

    broker.go_away()

    with broker.client() as client, pytest.raises(redis.ConnectionError):
        client.ping()
    broker.start()
    assert broker.size() == 1


@pytest.mark.parametrize("run", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_transactional_tests_see_the_rows_of_migrations(run):
    # The end of the first run empties all tables.
    assert Group.objects.filter(name="Reviewers").count() == 1


def test_environment_of_the_machine_is_ignored():
    assert settings.ANTHROPIC_API_KEY == ""
    assert settings.DEBUG is False
    assert settings.SITE_URL == "http://127.0.0.1:8000"
    assert str(settings.DATA_DIR).startswith(os.environ["TEST_RUN_DIRECTORY"])


@pytest.mark.queue
def test_worker_process_uses_the_test_database_and_broker(worker_process):
    worker = worker_process(queues="maintenance", MOCK_LATENCY_S="0")

    assert connection.settings_dict["NAME"] != ":memory:"
    with app.connection_for_write() as connection_to_broker:
        replies = app.control.ping(destination=[worker.name], timeout=5, connection=connection_to_broker)
    assert replies == [{worker.name: {"ok": "pong"}}]
    assert worker.stop() == 0
