"""Authentication by access token. A module of its own: REST framework imports it while it imports its views."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication


class BearerAuthentication(JWTAuthentication):
    """simplejwt's authentication with the scheme in any case, as RFC 9110 has it."""

    def get_header(self, request: Request) -> bytes:
        header: bytes = super().get_header(request)
        scheme, space, token = header.partition(b" ") if header else (b"", b"", b"")
        return b"Bearer" + space + token if scheme.lower() == b"bearer" else header
