"""API of the caller's own account: its password, its data, and its end."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mediaassets.accounts.own import closing, personal_data
from mediaassets.accounts.passwords.length import MAX_PASSWORD_CHARS
from universes.api.base import validated
from universes.api.bodies.strict import StrictCharField, StrictSerializer
from universes.api.paths import signed_in
from universes.errors import FieldError, Invalid


class CloseIn(StrictSerializer):
    password = StrictCharField(trim_whitespace=False, help_text="Confirms that it is you.")


class PasswordIn(StrictSerializer):
    password = StrictCharField(trim_whitespace=False, help_text="Your current password.")
    new_password = StrictCharField(trim_whitespace=False, max_length=MAX_PASSWORD_CHARS)


@extend_schema(tags=["auth"])
class CloseView(APIView):
    @extend_schema(request=CloseIn, responses={204: None})
    def post(self, request: Request) -> Response:
        """Close your account for good: name, mail, password, tokens and keys go, and your records get a pseudonym."""
        account = _confirmed(request, validated(CloseIn, request)["password"])
        closing.close_account(account)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["auth"])
class PasswordView(APIView):
    @extend_schema(request=PasswordIn, responses={204: None})
    def post(self, request: Request) -> Response:
        """Set a new password, which ends all your tokens: sign in with it."""
        body = validated(PasswordIn, request)
        account = _confirmed(request, body["password"])
        try:
            validate_password(body["new_password"], account)
        except ValidationError as error:
            refused = [FieldError("/new_password", text, "weak_password") for text in error.messages]
            raise Invalid("Not valid: new_password.", refused) from None
        account.set_password(body["new_password"])
        account.save(update_fields=["password"])
        return Response(status=status.HTTP_204_NO_CONTENT)


def _confirmed(request: Request, password: str) -> User:
    """Return the caller if this is their password; guesses count as attempts to sign in."""
    account = signed_in(request)
    if authenticate(request._request, username=account.username, password=password) is None:
        detail = "This is not your password."
        raise Invalid("Not valid: password.", [FieldError("/password", detail, "wrong_password")])
    return account


@extend_schema(tags=["auth"])
class OwnDataView(APIView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> StreamingHttpResponse:
        """Download your data: profile, preferences, universes, jobs, schedules, reviews, comments, keys and more."""
        return StreamingHttpResponse(
            personal_data.stream(signed_in(request)),
            content_type="application/json",
            headers={
                "Content-Disposition": 'attachment; filename="my-data.json"',
                "Cache-Control": "no-store",
            },
        )
