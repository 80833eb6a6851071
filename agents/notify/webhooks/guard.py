"""Guard against calls into the site's own network: only public addresses, checked as they are used."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from agents.errors import FieldError, Invalid

_PORTS: Final = {"https": 443, "http": 80}
# Translated to addresses of version 4, which could be private ones.
_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")


class NotPublic(Exception):
    """A host with an address that is not public, or with none; the message is for the endpoint's owner."""


def checked_url(url: str) -> str:
    """Return a usable address of an endpoint; raise ``Invalid`` for one that could never be called."""
    try:
        parts = urlsplit(url)
        host, _ = host_and_port(parts)
    except ValueError:
        raise _invalid("This is not a web address.") from None
    if parts.scheme not in _PORTS or not host or not url.isascii() or not url.isprintable() or " " in url:
        raise _invalid("Use an address such as https://example.org/hooks, in ASCII.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _invalid("An address of a webhook has no user, password or fragment.")
    if host in settings.WEBHOOK_ALLOWED_HOSTS:
        return url
    if parts.scheme != "https":
        raise _invalid("Use https.")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return url
    if not is_public(address):
        raise _invalid("This address is not public.")
    return url


def host_and_port(parts: SplitResult) -> tuple[str, int]:
    return (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 443)


def public_address(host: str, port: int) -> str:
    """Resolve a host; raise ``NotPublic`` unless all of its addresses are public or the site allows it.

    The caller connects to the address that is returned: a second resolution could give another one.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotPublic(f"The host {host} has no address.") from None
    addresses = [str(entry[4][0]) for entry in found]
    if host not in settings.WEBHOOK_ALLOWED_HOSTS and not all(
        is_public(ipaddress.ip_address(address.partition("%")[0])) for address in addresses
    ):
        raise NotPublic(f"The host {host} has an address that is not public.")
    return addresses[0]


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _TRANSLATED or address.sixtofour is not None or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


def _invalid(detail: str) -> Invalid:
    return Invalid(detail, [FieldError("/url", detail)])
