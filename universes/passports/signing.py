"""Signatures of passports: canonical JSON (RFC 8785), signed with Ed25519.

Anybody can verify them offline with the public keys; docs/disclosure.md has the commands.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

ALGORITHM: Final = "Ed25519"
_ID_LENGTH: Final = 16


def signed(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with its signature, which is None on a site without a key."""
    if not settings.PASSPORT_KEY:
        return {"document": document, "signature": None}
    key, key_id = _private_key(settings.PASSPORT_KEY)
    value = base64.b64encode(key.sign(canonical_json(document).encode())).decode()
    return {"document": document, "signature": {"algorithm": ALGORITHM, "key_id": key_id, "value": value}}


def public_keys() -> list[dict[str, str | bool]]:
    """Return the key that signs now and the earlier ones, as JSON Web Keys with a PEM form beside."""
    keys = [
        (Ed25519PublicKey.from_public_bytes(_decoded(text)), False) for text in settings.PASSPORT_OLD_PUBLIC
    ]
    if settings.PASSPORT_KEY:
        keys.insert(0, (_private_key(settings.PASSPORT_KEY)[0].public_key(), True))
    return [
        {
            "kid": _id(key),
            "kty": "OKP",
            "crv": ALGORITHM,
            "alg": "EdDSA",
            "use": "sig",
            "x": base64.urlsafe_b64encode(_raw(key)).rstrip(b"=").decode(),
            "pem": key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
            "is_current": is_current,
        }
        for key, is_current in keys
    ]


def content_hash(content: Any) -> str:
    """Return the SHA-256 of the canonical JSON of a text's fields."""
    return hashlib.sha256(canonical_json(content).encode("utf-8", "surrogatepass")).hexdigest()


def canonical_json(value: Any) -> str:
    """Return the one form of a value in JSON by RFC 8785: keys sorted by UTF-16, no spaces, numbers as JavaScript."""
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(key)}:{canonical_json(value[key])}" for key in keys) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(canonical_json(item) for item in value) + "]"
    return _number(value) if isinstance(value, float) else _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    if value == 0:
        return "0"
    if not 1e-6 <= abs(value) < 1e21:
        mantissa, exponent = f"{value!r}".split("e")
        return f"{mantissa}e{int(exponent):+d}"
    digits = f"{Decimal(repr(value)):f}"
    return digits.removesuffix(".0")


@lru_cache(maxsize=4)
def _private_key(text: str) -> tuple[Ed25519PrivateKey, str]:
    key = Ed25519PrivateKey.from_private_bytes(_decoded(text))
    return key, _id(key.public_key())


def _id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(_raw(key)).hexdigest()[:_ID_LENGTH]


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _decoded(text: str) -> bytes:
    """Return 32 bytes from Base64 in either alphabet, with or without padding."""
    return base64.b64decode(text.rstrip("=") + "=", b"-_" if set("-_") & set(text) else None)
