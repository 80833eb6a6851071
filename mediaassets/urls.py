"""URL configuration of the site; API paths work with and without a trailing slash."""

from __future__ import annotations

from django.contrib import admin
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularSwaggerSplitView

from mediaassets.api.schema.views import SchemaView
from mediaassets.api.sign_in.views import LogoutView, RefreshView, TokenView, VerifyView
from mediaassets.operations import health, metrics
from mediaassets.web.sign_in import SignInForm

handler400 = "mediaassets.api.errors.handler400"
handler403 = "mediaassets.api.errors.handler403"
handler404 = "mediaassets.api.errors.handler404"
handler500 = "mediaassets.api.errors.handler500"

admin.autodiscover()
admin.site.login_form = SignInForm

urlpatterns = [
    path("", lambda request: redirect("studio:home"), name="index"),
    path("studio/", include("studio.urls")),
    path("studio", lambda request: redirect("studio:home")),
    path("", include("mediaassets.accounts.passwords.pages")),
    path("admin/", admin.site.urls),
    # Django serves the admin only with the slash; users type the path without it.
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("favicon.ico", lambda request: redirect(static("favicon.svg"))),
    re_path(r"^auth/token/?$", TokenView.as_view(), name="token"),
    re_path(r"^auth/token/refresh/?$", RefreshView.as_view(), name="token-refresh"),
    re_path(r"^auth/token/verify/?$", VerifyView.as_view(), name="token-verify"),
    re_path(r"^auth/logout/?$", LogoutView.as_view(), name="auth-logout"),
    re_path(r"^healthz/?$", health.healthz, name="healthz"),
    re_path(r"^readyz/?$", health.readyz, {"migrations": health.MigrationCheck()}, name="readyz"),
    re_path(r"^metrics/?$", metrics.view, name="metrics"),
    re_path(r"^schema/?$", SchemaView.as_view(), name="schema"),
    re_path(r"^docs/?$", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("", include("mediaassets.accounts.urls")),
    path("", include("universes.api.urls")),
    path("", include("agents.urls")),
]
