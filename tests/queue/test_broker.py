"""Messages that a worker has received and not acknowledged."""

from __future__ import annotations

from queue import Empty

import pytest
from celery import current_app

from mediaassets.broker import MAX_TAKEN

QUEUE = "jobs"


@pytest.fixture
def received(broker):
    """Receive two of three messages over a channel that is still open."""
    with current_app.connection_for_write() as connection:
        producer = connection.SimpleQueue(QUEUE)
        for number in range(3):
            producer.put({"number": number})
        producer.close()
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue(QUEUE)
        queue.consumer.qos(prefetch_count=2)
        yield queue, [queue.get(timeout=5) for _ in range(2)]


def waiting():
    numbers: list[int] = []
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue(QUEUE)
        while True:
            try:
                message = queue.get(timeout=0.2)
            except Empty:
                return numbers
            message.ack()
            numbers.append(message.payload["number"])


def test_received_message_is_not_stored_a_second_time(received, broker):
    with broker.client() as client:
        assert client.exists("unacked", "unacked_index") == 0


def test_acknowledged_message_is_gone_and_the_others_come_back(received):
    queue, messages = received
    messages[0].ack()
    queue.channel.close()

    assert sorted(waiting()) == [1, 2]


def test_refused_message_comes_back_at_once(received):
    _, messages = received
    messages[0].requeue()
    messages[1].ack()

    assert sorted(waiting()) == [0, 2]


def test_messages_that_wait_are_taken_together_in_their_order(broker):
    with current_app.connection_for_write() as connection:
        producer = connection.SimpleQueue(QUEUE)
        for number in range(30):
            producer.put({"number": number})
        producer.close()
    with broker.client() as client, current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue(QUEUE)
        first = queue.get(timeout=5)
        assert (first.payload["number"], client.llen(QUEUE)) == (0, 30 - MAX_TAKEN)
        queue.channel.close()  # type: ignore[attr-defined]

    assert waiting() == list(range(30))


def test_no_more_messages_are_taken_than_the_worker_has_room_for(received, broker):
    with broker.client() as client:
        assert client.llen(QUEUE) == 1


def test_broker_that_cannot_write_does_not_end_the_worker(received, broker):
    """Refuse as with a full disk; Celery would end the worker for any error but that of a lost connection."""
    queue, messages = received
    with broker.client() as client:
        client.config_set("min-replicas-to-write", 1)
        try:
            messages[0].ack()
            with pytest.raises(Empty):
                queue.get(timeout=0.5)
            with pytest.raises(queue.channel.connection_errors, match="refuses to write"):
                messages[1].requeue()
        finally:
            client.config_set("min-replicas-to-write", 0)

    assert queue.get(timeout=5).payload == {"number": 2}
