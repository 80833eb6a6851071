"""Admin page for user preferences."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin
from agents.models import UserPreference


@admin.register(UserPreference)
class UserPreferenceAdmin(ReadOnlyAdmin):
    list_display = ["user", "updated_at"]
    list_select_related = ["user"]
    search_fields = ["user__username"]
    fields = ["user", "preferences_shown", "created_at", "updated_at"]
    readonly_fields = ["preferences_shown", "created_at", "updated_at"]

    @admin.display(description="Preferences")
    def preferences_shown(self, preference: UserPreference) -> SafeString:
        return display.json_block(preference.preferences)
