"""API of the caller's own API keys."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mediaassets.accounts.keys import api_keys
from mediaassets.accounts.keys.scopes import Scope
from mediaassets.accounts.models import MAX_NAME_CHARS, ApiKey
from universes.api.base import ListView, validated
from universes.api.bodies.strict import StrictCharField, StrictChoiceField, StrictSerializer
from universes.api.paths import signed_in

KEY_ID = OpenApiParameter("key_id", str, OpenApiParameter.PATH, description="The key.")


class ApiKeyIn(StrictSerializer):
    name = StrictCharField(max_length=MAX_NAME_CHARS, help_text="What uses it.")
    scopes = serializers.ListField(
        child=StrictChoiceField(Scope.choices),
        allow_empty=False,
        max_length=len(Scope),
        help_text="`read`: GET. `submit`: jobs and schedules. `review`: claims and verdicts, if you may review.",
    )
    expires_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Null: it does not expire."
    )


class ApiKeyOut(serializers.ModelSerializer[ApiKey]):
    """A key without its secret."""

    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))

    class Meta:
        model = ApiKey
        fields = ["id", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
        read_only_fields = fields


class NewApiKeyOut(ApiKeyOut):
    key = serializers.CharField(help_text="The key itself. It is shown only here.")

    class Meta(ApiKeyOut.Meta):
        fields = [*ApiKeyOut.Meta.fields, "key"]


@extend_schema(tags=["auth"])
class ApiKeysView(ListView):
    """API keys of the caller, newest first."""

    queryset = ApiKey.objects.none()
    serializer_class = ApiKeyIn
    # A repetition must not find the key in the store of answers.
    answer_is_secret = True

    @extend_schema(responses=ApiKeyOut(many=True))
    def get(self, request: Request) -> Response:
        return self.page(ApiKey.objects.filter(user=signed_in(request)), ApiKeyOut)

    @extend_schema(request=ApiKeyIn, responses={201: NewApiKeyOut})
    def post(self, request: Request) -> Response:
        """Make an API key; the answer is the only one that shows it."""
        key, text = api_keys.make_key(signed_in(request), **validated(ApiKeyIn, request))
        body: dict[str, Any] = {**ApiKeyOut(key).data, "key": text}
        headers = {"Location": f"/auth/api-keys/{key.pk}", "Cache-Control": "no-store"}
        return Response(body, status.HTTP_201_CREATED, headers=headers)


@extend_schema(tags=["auth"], parameters=[KEY_ID])
class ApiKeyView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, key_id: str) -> Response:
        """Revoke an API key at once."""
        api_keys.revoke(signed_in(request), key_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
