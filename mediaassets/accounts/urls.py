"""Paths of the accounts, each with and without a trailing slash."""

from __future__ import annotations

from django.urls import re_path

from mediaassets.accounts.keys import key_views
from mediaassets.accounts.own import own_views

urlpatterns = [
    re_path(r"^auth/password/?$", own_views.PasswordView.as_view(), name="new-password"),
    re_path(r"^auth/close/?$", own_views.CloseView.as_view(), name="close-account"),
    re_path(r"^auth/me/data/?$", own_views.OwnDataView.as_view(), name="own-data"),
    re_path(r"^auth/api-keys/?$", key_views.ApiKeysView.as_view(), name="api-keys"),
    re_path(r"^auth/api-keys/(?P<key_id>[^/]+)/?$", key_views.ApiKeyView.as_view(), name="api-key-detail"),
]
