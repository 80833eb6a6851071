"""API views of user preferences."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.common.api.requests import json_object
from agents.notify import preferences
from agents.notify.api import serializers
from universes.api.paths import signed_in


class PreferencesView(APIView):
    @extend_schema(responses=serializers.PreferencesOut)
    def get(self, request: Request) -> Response:
        """Return your preferences; empty values follow the site's settings."""
        return Response(preferences.describe(signed_in(request)))

    @extend_schema(request=serializers.PreferencesIn, responses=serializers.PreferencesOut)
    def put(self, request: Request) -> Response:
        """Replace all your preferences."""
        return self._save(request, replace=True)

    @extend_schema(request=serializers.PreferencesIn, responses=serializers.PreferencesOut)
    def patch(self, request: Request) -> Response:
        """Change the given keys; null removes one."""
        return self._save(request, replace=False)

    def _save(self, request: Request, *, replace: bool) -> Response:
        user = signed_in(request)
        preferences.save_preferences(user, json_object(request), replace=replace)
        return Response(preferences.describe(user))
