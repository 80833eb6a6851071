"""API of the caller's own account: its data, and its end."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mediaassets.accounts import closing, personal_data
from universes.api.base import validated
from universes.api.paths import signed_in
from universes.api.strict import StrictCharField, StrictSerializer
from universes.errors import FieldError, Invalid


class CloseIn(StrictSerializer):
    password = StrictCharField(trim_whitespace=False, help_text="To be sure that it is you.")


@extend_schema(tags=["auth"])
class CloseView(APIView):
    @extend_schema(request=CloseIn, responses={204: None})
    def post(self, request: Request) -> Response:
        """Close your account for good: name, mail, password, tokens and keys go, and your records get a pseudonym."""
        account = signed_in(request)
        password = validated(CloseIn, request)["password"]
        # Through the door that counts failures.
        if authenticate(request._request, username=account.username, password=password) is None:
            detail = "This is not your password."
            raise Invalid("Not valid: password.", [FieldError("/password", detail, "wrong_password")])
        closing.close_account(account)
        return Response(status=status.HTTP_204_NO_CONTENT)


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
