"""Tokens whose claims have the form that this site gives them."""

from __future__ import annotations

import re
from typing import Any

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token, UntypedToken

# The account's epoch is not the token's any more.
ENDED = "The token was ended by a logout, a new password or a deactivation. Sign in again."
# Raised by the libraries for times out of range and for claims of another type.
ODD_CLAIM = (TypeError, ValueError, ArithmeticError, OSError)
# The forms that no database refuses.
FORMS = {"user_id": re.compile(r"[0-9]{1,18}", re.ASCII), "jti": re.compile(r"[!-~]{1,255}")}


class PlainClaims(Token):
    """Refuse a token with a valid signature whose claims cannot be this site's, which the libraries take on trust."""

    def __init__(self, token: Any = None, verify: bool = True) -> None:
        try:
            super().__init__(token, verify)
        except ODD_CLAIM:
            raise TokenError("Token is invalid") from None

    def verify(self) -> None:
        # Before the libraries ask the database for what the claims name.
        if not all(self._is_plain(name) for name in FORMS):
            raise TokenError("Token is invalid")
        super().verify()

    def _is_plain(self, name: str) -> bool:
        claim = self.payload.get(name)
        if claim is None:
            return True
        text = str(claim) if isinstance(claim, (str, int)) and not isinstance(claim, bool) else ""
        return FORMS[name].fullmatch(text) is not None


class PlainAccessToken(PlainClaims, AccessToken):
    pass


class PlainUntypedToken(PlainClaims, UntypedToken):
    pass


class OneUseRefreshToken(PlainClaims, RefreshToken):  # type: ignore[misc]
    """A refresh token that only one of several concurrent requests can use.

    simplejwt checks the blacklist before it writes to it, so two concurrent refreshes would both succeed. Here the
    blacklist's unique row decides: a request that did not create it is refused.
    """

    def blacklist(self) -> Any:
        # The stubs declare only the row, but the method returns the pair of get_or_create.
        pair: Any = super().blacklist()
        if not pair[1]:
            raise TokenError("Token is blacklisted")
        return pair
