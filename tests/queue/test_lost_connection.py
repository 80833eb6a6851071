"""Messages and channels that outlive their connection to the broker."""

from __future__ import annotations

import logging

import pytest
from celery import current_app

log = logging.getLogger(__name__)

pytestmark = pytest.mark.queue


@pytest.fixture
def connection(broker):
    with current_app.connection_for_read() as opened:
        yield opened


def receive(connection):
    """Send a message and return it as a worker gets it, unacknowledged."""
    queue = connection.SimpleQueue("letters")
    queue.put({"job": 1})
    return queue.get(timeout=5)


@pytest.mark.parametrize("is_put_back", [False, True], ids=["acknowledged", "put back"])
def test_message_that_outlives_its_connection_does_not_end_the_worker(broker, connection, is_put_back):
    message = receive(connection)
    expected = connection.connection_errors

    broker.go_away()
    connection.collect()
    # Celery ends the worker for all but the expected errors, which these methods log.
    if is_put_back:
        message.reject_log_error(log, expected, requeue=True)
    else:
        message.ack_log_error(log, expected)


def test_closed_channel_raises_what_celery_reconnects_after(connection):
    channel = connection.channel()
    connection.collect()

    with (
        pytest.raises(connection.recoverable_connection_errors, match="is closed"),
        channel.conn_or_acquire(),
    ):
        pass
