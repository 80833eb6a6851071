"""Sign-in: simplejwt's three endpoints, with refresh tokens that work exactly once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.serializers import TokenRefreshSerializer, TokenVerifySerializer
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView, TokenVerifyView

from mediaassets.api.tokens import OneUseRefreshToken, PlainUntypedToken


class OneUseRefreshSerializer(TokenRefreshSerializer):
    token_class = OneUseRefreshToken

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        try:
            return dict(super().validate(attrs))
        except get_user_model().DoesNotExist:
            raise InvalidToken("The token's account no longer exists.") from None


class PlainVerifySerializer(TokenVerifySerializer):
    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        PlainUntypedToken(attrs["token"])
        return dict(super().validate(attrs))


class TokenView(TokenObtainPairView):
    """Exchange name and password for two tokens."""


class RefreshView(TokenRefreshView):
    _serializer_class = "mediaassets.api.auth.OneUseRefreshSerializer"


class VerifyView(TokenVerifyView):
    """Check a token: 200 with an empty object if it is valid and not blacklisted."""

    _serializer_class = "mediaassets.api.auth.PlainVerifySerializer"
