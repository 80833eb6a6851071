"""Kombu's Redis transport without a second copy of each message, and with several messages at a time.

Kombu stores every message that a worker has received in Redis again until it is acknowledged, to deliver it once more
an hour after its worker has died. Here a message only points to a row: the sweeper sends it again within a minute, and
periodic tasks come again anyway. So a worker keeps its unacknowledged messages in memory, and puts them back when it
stops.

A thread that reads one message per turn falls behind hundreds of threads that compute: it takes as many messages as the
worker has room for. This needs Redis 7, or any Valkey.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty
from typing import Any, Final

import redis
import structlog
from kombu.transport import TRANSPORT_ALIASES
from kombu.transport import redis as kombu_redis
from kombu.transport.virtual import base

log = structlog.get_logger(__name__)

# Messages that a worker takes at most in one turn, so that several workers share a short queue.
MAX_TAKEN: Final = 20

# Pause after a refusal of the broker, which cannot write: its disk or its memory is full.
REFUSED_PAUSE_S: Final = 1.0


class QoS(kombu_redis.QoS):
    """Messages that this worker has received and not acknowledged."""

    # The stubs of Kombu know less of them.
    channel: Any
    _delivered: Any
    _flush: Any

    def append(self, message: Any, delivery_tag: str) -> None:
        base.QoS.append(self, message, delivery_tag)

    def ack(self, delivery_tag: str) -> None:
        base.QoS.ack(self, delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        if requeue and delivery_tag in self._delivered:
            self._put_back([self._delivered[delivery_tag]], is_last=True)
        base.QoS.ack(self, delivery_tag)

    def restore_unacked(self, client: redis.Redis | None = None) -> None:
        self._flush()
        # The oldest last, so that it is the next to be taken.
        self._put_back(list(self._delivered.values())[::-1], is_last=False)
        self._delivered.clear()

    def _put_back(self, messages: list[Any], *, is_last: bool) -> None:
        with self.channel.conn_or_acquire() as client, client.pipeline() as pipe:
            for message in messages:
                route = message.delivery_info["exchange"], message.delivery_info["routing_key"]
                self.channel._do_restore_message(message._raw, *route, pipe, leftmost=is_last)
            try:
                pipe.execute()
            except redis.ResponseError as error:
                # As if it were away, which is expected of it. The sweeper sends the messages again.
                raise redis.ConnectionError(f"The broker refuses to write: {error}") from error


class Channel(kombu_redis.Channel):
    """Channel with one client for all its commands; Kombu makes a new one for each.

    It takes the messages that wait in one queue together, up to ``MAX_TAKEN``.
    """

    QoS = QoS
    # The stubs of Kombu know less of it.
    _create_client: Any
    _queue_cycle: Any
    _q_for_pri: Any
    connection_errors: Any
    _flush_brpop_reauth: Any
    client: Any
    qos: Any
    connection: Any
    _kept: redis.Redis | None = None

    @contextmanager
    def conn_or_acquire(self, client: redis.Redis | None = None) -> Iterator[redis.Redis]:
        # After a fork or a lost connection the channel has another pool.
        if client is None and (self._kept is None or self._kept.connection_pool is not self.pool):
            self._kept = self._create_client()
        kept = client or self._kept
        assert kept is not None
        yield kept

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        # A late acknowledgement may still use a channel whose connection is gone. Kombu raises an AttributeError then,
        # which Celery takes for a defect: the worker ends. After this one it reconnects.
        if getattr(self.connection, "client", None) is None:
            raise redis.ConnectionError("The connection of this channel to the broker is closed.")
        parameters: dict[str, Any] = super()._connparams(asynchronous=asynchronous)  # type: ignore[misc]
        return parameters

    def _brpop_start(self, timeout: float | None = None) -> None:
        queues = self._queue_cycle.consume(len(self.active_queues))
        if not queues:
            return
        keys = [self._q_for_pri(queue, priority) for priority in self.priority_steps for queue in queues]
        room = self.qos.can_consume_max_estimate()
        count = MAX_TAKEN if room is None else max(1, min(room, MAX_TAKEN))
        connection = self.client.connection
        self._in_poll, self._brpop_sent_at = connection, time.monotonic()
        wait_s = self.brpop_timeout if timeout is None else timeout
        connection.send_command("BLMPOP", wait_s or 0, len(keys), *keys, "RIGHT", "COUNT", count)

    def _brpop_read(self, **options: Any) -> bool:
        connection = self.client.connection
        try:
            try:
                answer = self.client.parse_response(connection, "BLMPOP", **options)
            except self.connection_errors:
                connection.disconnect()
                raise
            except redis.ResponseError as error:
                # Celery takes it for a defect: the worker would end, as soon as its jobs have.
                log.warning("broker_refuses", error=str(error))
                time.sleep(REFUSED_PAUSE_S)
                raise Empty from error
            if not answer:
                raise Empty
        finally:
            self._in_poll = None
            self._flush_brpop_reauth()
        self._deliver_all(*answer)
        return True

    def _deliver_all(self, key: bytes, messages: list[bytes]) -> None:
        queue = key.decode().rsplit(self.sep, 1)[0]
        self._queue_cycle.rotate(queue)
        while messages:
            message = messages.pop(0)
            try:
                self.connection._deliver(json.loads(message), queue)
            except BaseException:
                # The next to be taken is at the right end.
                if messages:
                    with self.conn_or_acquire() as client:
                        client.rpush(key, *reversed(messages))
                raise


class Transport(kombu_redis.Transport):
    Channel = Channel


def use() -> None:
    """Make Kombu use this transport for the addresses of Redis."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"
