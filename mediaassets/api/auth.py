"""Sign-in: simplejwt's three calls, with refresh tokens that work exactly once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from rest_framework.throttling import ScopedRateThrottle
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.serializers import TokenRefreshSerializer
from rest_framework_simplejwt.tokens import RefreshToken
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView, TokenVerifyView


class OneUseRefreshToken(RefreshToken):
    """A refresh token whose blacklisting has one winner.

    simplejwt looks first and writes later; of two refreshes at the same instant both would pass. The unique row
    of the blacklist decides here: who did not create it is told that the token is used.
    """

    def blacklist(self) -> Any:
        # The stubs name the row alone; what comes back is get_or_create's pair.
        pair: Any = super().blacklist()
        if not pair[1]:
            raise TokenError("Token is blacklisted")
        return pair


class OneUseRefreshSerializer(TokenRefreshSerializer):
    token_class = OneUseRefreshToken

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        try:
            return dict(super().validate(attrs))
        except get_user_model().DoesNotExist:
            raise InvalidToken("The token's account no longer exists.") from None


class SignInThrottle(ScopedRateThrottle):
    """Guards passwords against guessing; counted per address."""

    scope_attr = "sign_in_scope"


class TokenView(TokenObtainPairView):
    throttle_classes = [SignInThrottle]
    sign_in_scope = "sign-in"


class RefreshView(TokenRefreshView):
    _serializer_class = "mediaassets.api.auth.OneUseRefreshSerializer"


class VerifyView(TokenVerifyView):
    """Answers 200 and an empty object for a token that is valid and not blacklisted."""
