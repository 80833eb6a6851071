"""Kombu's Redis transport without a second copy of each message.

Kombu stores every message that a worker has received in Redis again until it is acknowledged, to deliver it once more
an hour after its worker has died. Here a message only points to a row: the sweeper sends it again within a minute, and
periodic tasks come again anyway. So a worker keeps its unacknowledged messages in memory, and puts them back when it
stops.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from kombu.transport import TRANSPORT_ALIASES
from kombu.transport import redis as kombu_redis
from kombu.transport.virtual import base


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
            self._put_back([self._delivered[delivery_tag]])
        base.QoS.ack(self, delivery_tag)

    def restore_unacked(self, client: redis.Redis | None = None) -> None:
        self._flush()
        self._put_back(list(self._delivered.values()))
        self._delivered.clear()

    def _put_back(self, messages: list[Any]) -> None:
        with self.channel.conn_or_acquire() as client, client.pipeline() as pipe:
            for message in messages:
                route = message.delivery_info["exchange"], message.delivery_info["routing_key"]
                self.channel._do_restore_message(message._raw, *route, pipe, leftmost=True)
            pipe.execute()


class Channel(kombu_redis.Channel):
    """Channel with one client for all its commands; Kombu makes a new one for each."""

    QoS = QoS
    _create_client: Any
    _kept: redis.Redis | None = None

    @contextmanager
    def conn_or_acquire(self, client: redis.Redis | None = None) -> Iterator[redis.Redis]:
        # After a fork or a lost connection the channel has another pool.
        if client is None and (self._kept is None or self._kept.connection_pool is not self.pool):
            self._kept = self._create_client()
        kept = client or self._kept
        assert kept is not None
        yield kept


class Transport(kombu_redis.Transport):
    Channel = Channel


def use() -> None:
    """Make Kombu use this transport for the addresses of Redis."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"
