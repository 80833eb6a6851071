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
from universes.api.preconditions import IF_MATCH, IF_MATCH_REQUIRED, if_unchanged, tagged


class PreferencesView(APIView):
    @extend_schema(responses=serializers.PreferencesOut)
    def get(self, request: Request) -> Response:
        """Return your preferences; empty values follow the site's settings."""
        return tagged(preferences.describe(signed_in(request)))

    @extend_schema(
        request=serializers.PreferencesIn,
        responses=serializers.PreferencesOut,
        parameters=[IF_MATCH_REQUIRED],
    )
    def put(self, request: Request) -> Response:
        """Replace all your preferences; a key that is missing is a 400 that names it, null resets one."""
        return self._save(request, replace=True)

    @extend_schema(
        request=serializers.PreferencesIn, responses=serializers.PreferencesOut, parameters=[IF_MATCH]
    )
    def patch(self, request: Request) -> Response:
        """Change the given keys; null removes one."""
        return self._save(request, replace=False)

    def _save(self, request: Request, *, replace: bool) -> Response:
        user = signed_in(request)
        changes = json_object(request)
        if replace:
            preferences.check_complete(changes)
        with if_unchanged(request, lambda: preferences.lock_and_describe(user), required=replace):
            preferences.save_preferences(user, changes, replace=replace)
            changed = preferences.describe(user)
        return tagged(changed)
