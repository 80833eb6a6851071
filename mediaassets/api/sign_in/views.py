"""Sign-in: simplejwt's three endpoints, with refresh tokens that work exactly once, and the logout."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.serializers import (
    TokenObtainPairSerializer,
    TokenRefreshSerializer,
    TokenVerifySerializer,
)
from rest_framework_simplejwt.tokens import Token
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView, TokenVerifyView

from mediaassets.accounts import epochs
from mediaassets.api.sign_in.tokens import ENDED, OneUseRefreshToken, PlainUntypedToken
from universes.api.paths import signed_in


class SignInSerializer(TokenObtainPairSerializer):
    @classmethod
    def get_token(cls, user: Any) -> Token:
        epoch = epochs.of_sign_in(user)
        if epoch is None:
            raise AuthenticationFailed(cls.default_error_messages["no_active_account"], "no_active_account")
        token: Token = super().get_token(user)
        token[epochs.CLAIM] = epoch
        return token


class OneUseRefreshSerializer(TokenRefreshSerializer):
    token_class = OneUseRefreshToken

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        refresh = self.token_class(attrs["refresh"])
        _require_live(refresh)
        access = str(refresh.access_token)
        refresh.blacklist()
        refresh.set_jti()
        refresh.set_exp()
        refresh.set_iat()
        refresh.outstand()
        return {"access": access, "refresh": str(refresh)}


class LiveVerifySerializer(TokenVerifySerializer):
    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        _require_live(PlainUntypedToken(attrs["token"]))
        return dict(super().validate(attrs))


def _require_live(token: Token) -> None:
    """Raise a 401 for a token whose account is gone or inactive, or has ended it."""
    user_id = token.get("user_id")
    account = None if user_id is None else epochs.of_account(int(user_id))
    if account is None:
        raise InvalidToken("The token's account no longer exists.")
    epoch, is_active = account
    if not is_active:
        raise AuthenticationFailed("The token's account is not active.", "no_active_account")
    if epochs.is_past(token.payload, epoch):
        raise InvalidToken(ENDED)


class TokenView(TokenObtainPairView):
    """Exchange name and password for two tokens."""

    _serializer_class = "mediaassets.api.sign_in.views.SignInSerializer"


class RefreshView(TokenRefreshView):
    _serializer_class = "mediaassets.api.sign_in.views.OneUseRefreshSerializer"


class VerifyView(TokenVerifyView):
    """Check a token: 200 with an empty object if it is valid and its account is active."""

    _serializer_class = "mediaassets.api.sign_in.views.LiveVerifySerializer"


class LogoutView(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """End all access and refresh tokens of the caller, on every device; API keys stay."""
        epochs.end_tokens(signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
