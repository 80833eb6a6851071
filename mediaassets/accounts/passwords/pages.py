"""Pages on which people choose a password, without being signed in."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm
from django.core.exceptions import ValidationError
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from agents.common import dispatch
from mediaassets.accounts.passwords.links import MAIL_FORGOTTEN, valid_days
from mediaassets.web.sign_in import limit_requests
from universes.errors import QuotaExceeded


class ForgottenForm(PasswordResetForm):
    """Django's form, whose mail a worker sends: neither answer nor time tells whether there is an account."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        dispatch.enqueue_task(MAIL_FORGOTTEN, address=self.cleaned_data["email"])


class _AdminLook:
    """Context of the admin's base template."""

    request: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {
            **admin.site.each_context(self.request),
            **context,
            "login_url": reverse("admin:login"),
            "valid_days": valid_days(),
            # It would say that nothing may be viewed.
            "is_nav_sidebar_enabled": False,
        }


@method_decorator(never_cache, name="dispatch")
class ForgottenView(_AdminLook, views.PasswordResetView):
    form_class = ForgottenForm

    def form_valid(self, form: Any) -> Any:
        try:
            limit_requests(self.request)
        except QuotaExceeded as error:
            form.add_error("email", ValidationError(error.message, code="throttled"))
            return self.form_invalid(form)
        return super().form_valid(form)


class SentView(_AdminLook, views.PasswordResetDoneView):
    pass


class ChooseView(_AdminLook, views.PasswordResetConfirmView):
    title = "Choose a password"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context if context["validlink"] else {**context, "title": "This link does not work any more"}


class ChosenView(_AdminLook, views.PasswordResetCompleteView):
    title = "Your password is set"


# Django's names: its sign-in page and its views look for them.
urlpatterns = [
    path("admin/password/", ForgottenView.as_view(), name="admin_password_reset"),
    path("admin/password/sent/", SentView.as_view(), name="password_reset_done"),
    path("admin/password/chosen/", ChosenView.as_view(), name="password_reset_complete"),
    path("admin/password/<uidb64>/<token>/", ChooseView.as_view(), name="password_reset_confirm"),
]
