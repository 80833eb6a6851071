"""Webhooks: addresses that must not be called."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from agents.errors import Invalid
from agents.models import WebhookEndpoint
from agents.notify.webhooks import delivery, endpoints, sending

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https://user:word@example.org/",
        "https://example.org/#part",
        "https://example.org:99999/",
        "https://exämple.org/",
        "https://example.org/ /",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
    ],
)
def test_address_that_must_not_be_called_is_refused(creator, url):
    with pytest.raises(Invalid) as refusal:
        endpoints.create_endpoint(creator, url=url, events=["job.failed"])

    assert refusal.value.errors[0].pointer == "/url"
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["fe80::1%eth0"], []])
@pytest.mark.django_db(transaction=True)
def test_host_of_a_private_address_is_not_called(message, monkeypatch, addresses):
    WebhookEndpoint.objects.update(url="https://inside.example.org/")
    found = [(0, 0, 0, "", (address, 443)) for address in addresses]

    def resolve(*args: Any, **options: Any) -> Any:
        if not found:
            raise socket.gaierror("unknown")
        return found

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    connected: list[Any] = []
    monkeypatch.setattr(sending, "_connection", lambda *to: connected.append(to))

    delivery.deliver_due()

    message.refresh_from_db()
    assert connected == []
    assert message.error.startswith("The host inside.example.org has ")


@pytest.mark.django_db(transaction=True)
def test_call_goes_to_the_address_that_was_checked(message, monkeypatch):
    """A name that is resolved a second time could lead into the network."""
    WebhookEndpoint.objects.update(url="https://moving.example.org/")
    resolve = socket.getaddrinfo
    asked: list[str] = []

    def once_public(host: str, *args: Any, **options: Any) -> Any:
        if host != "moving.example.org":
            return resolve(host, *args, **options)
        asked.append(host)
        return [(0, 0, 0, "", ("93.184.215.14" if len(asked) == 1 else "127.0.0.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", once_public)
    connected: list[Any] = []

    def connect(address: Any, *args: Any, **options: Any) -> Any:
        connected.append(address)
        raise OSError("no route")

    monkeypatch.setattr("urllib3.connection.connection.create_connection", connect)

    delivery.deliver_due()

    assert (asked, connected) == (["moving.example.org"], [("93.184.215.14", 443)])
