"""One signed POST to one endpoint."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils import timezone
from standardwebhooks import Webhook
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from agents.common.text.timestamps import isoformat_utc
from agents.models import WebhookDelivery
from agents.notify.webhooks import guard

CONNECT_TIMEOUT_S: Final = 5.0
READ_TIMEOUT_S: Final = 10.0
# From the resolved address to the end: an answer that trickles in keeps within the other two.
MAX_CALL_S: Final = 15.0
MAX_STORED_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer of an endpoint, or the reason why there is none."""

    status: int | None
    body: str = ""
    error: str = ""

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def body_of(delivery: WebhookDelivery) -> str:
    """Return the body, which is the same for every attempt."""
    data = {key: _plain(value) for key, value in delivery.data.items() if value is not None}
    shown = {"type": delivery.event, "timestamp": isoformat_utc(delivery.created_at), "data": data}
    return json.dumps(shown, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """Spell an id as the API does: SQLite stores it without hyphens."""
    if isinstance(value, str) and len(value) == 32:
        with suppress(ValueError):
            return str(uuid.UUID(hex=value))
    return value


def headers_of(delivery: WebhookDelivery, body: str, now: datetime) -> dict[str, str]:
    """Return the headers of the convention, signed with the secret and for a while with the one before."""
    endpoint = delivery.endpoint
    secrets = [endpoint.secret]
    if endpoint.previous_secret and endpoint.previous_until and endpoint.previous_until > now:
        secrets.append(endpoint.previous_secret)
    message_id = f"msg_{delivery.pk}"
    signatures = [Webhook(secret).sign(message_id, now, body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
        "content-type": "application/json",
        "user-agent": "unified-media-asset-manager",
    }


def send(delivery: WebhookDelivery) -> Reply:
    """POST a message once; a redirect is an answer like any other and is not followed."""
    parts = urlsplit(delivery.endpoint.url)
    host, port = guard.host_and_port(parts)
    body = body_of(delivery)
    connection: HTTPConnection | None = None
    try:
        address = guard.public_address(host, port)
        connection = _connection(parts.scheme, host, address, port)
        connection.connect()
        assert connection.sock is not None
        connection.sock.settimeout(READ_TIMEOUT_S)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"host": parts.netloc, **headers_of(delivery, body, timezone.now())}
        end = threading.Timer(MAX_CALL_S, _cut, [connection.sock])
        end.start()
        try:
            connection.request("POST", path, body.encode(), headers, preload_content=False)
            answer = connection.getresponse()
            stored = answer.read(MAX_STORED_BYTES, decode_content=False)
        finally:
            end.cancel()
        # A column of PostgreSQL takes no NUL.
        return Reply(answer.status, stored.decode("utf-8", "replace").replace("\x00", "\ufffd"))
    except guard.NotPublic as refusal:
        return Reply(None, error=str(refusal))
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        return Reply(None, error=f"{type(error).__name__}: no answer from {host}.")
    finally:
        if connection is not None:
            connection.close()


def _connection(scheme: str, host: str, address: str, port: int) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(address, port, timeout=CONNECT_TIMEOUT_S)
    return HTTPSConnection(
        address,
        port,
        timeout=CONNECT_TIMEOUT_S,
        server_hostname=host,
        assert_hostname=host,
        ssl_context=ssl.create_default_context(),
    )


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
