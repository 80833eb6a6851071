"""Sign-in: simplejwt's three endpoints, with refresh tokens that work exactly once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from rest_framework.throttling import ScopedRateThrottle
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.serializers import TokenRefreshSerializer
from rest_framework_simplejwt.tokens import RefreshToken
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView, TokenVerifyView


class BearerScheme(SimpleJWTScheme):  # type: ignore[no-untyped-call]
    """Describe ``BearerAuthentication`` in the schema."""

    target_class = "mediaassets.api.bearer.BearerAuthentication"


class OneUseRefreshToken(RefreshToken):
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


class OneUseRefreshSerializer(TokenRefreshSerializer):
    token_class = OneUseRefreshToken

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        try:
            return dict(super().validate(attrs))
        except get_user_model().DoesNotExist:
            raise InvalidToken("The token's account no longer exists.") from None


class SignInThrottle(ScopedRateThrottle):
    """Rate limit per client address against password guessing."""

    scope_attr = "sign_in_scope"


class TokenView(TokenObtainPairView):
    throttle_classes = [SignInThrottle]
    sign_in_scope = "sign-in"


class RefreshView(TokenRefreshView):
    _serializer_class = "mediaassets.api.auth.OneUseRefreshSerializer"


class VerifyView(TokenVerifyView):
    """Check a token: 200 with an empty object if it is valid and not blacklisted."""
