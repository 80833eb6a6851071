"""A receiver of webhooks, and an endpoint that sends to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from agents.models import WebhookEndpoint
from agents.notify.webhooks import endpoints


@pytest.fixture
def receiver(settings) -> Iterator[Any]:
    """A server that keeps what it gets and answers as told."""
    settings.WEBHOOK_ALLOWED_HOSTS = {"localhost"}
    state = SimpleNamespace(got=[], status=204, headers={}, body=b"")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.got.append((self.path, dict(self.headers), body.decode()))
            self.send_response(state.status)
            for name, value in {**state.headers, "Content-Length": str(len(state.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(state.body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://localhost:{server.server_port}/hooks?to=me"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(creator, receiver) -> WebhookEndpoint:
    """The creator's endpoint for everything."""
    return endpoints.create_endpoint(creator, url=receiver.url, events=endpoints.EVENTS)


@pytest.fixture
def message(hook):
    return hook.deliveries.create(
        event="job.failed", source="a test", data={"job_id": "0" * 31 + "1"}, due_at=timezone.now()
    )
