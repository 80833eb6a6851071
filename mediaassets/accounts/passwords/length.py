"""The longest password: a longer one is refused before it is hashed, whoever asks for it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.exceptions import ValidationError

# Hashing a longer one costs time that a stranger decides on.
MAX_PASSWORD_CHARS = 1024


class MaximumLengthValidator:
    """Refuse a new password that is too long, in words."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > MAX_PASSWORD_CHARS:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return f"Your password can have at most {MAX_PASSWORD_CHARS:,} characters."


class BoundedHasher(PBKDF2PasswordHasher):
    """Django's hasher, which takes no time for a password that is too long."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        if len(password) > MAX_PASSWORD_CHARS:
            raise ValueError(f"A password has at most {MAX_PASSWORD_CHARS:,} characters.")
        return super().encode(password, salt, iterations)

    def verify(self, password: str, encoded: str) -> bool:
        return len(password) <= MAX_PASSWORD_CHARS and super().verify(password, encoded)
