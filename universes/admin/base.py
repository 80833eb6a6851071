"""Base class and helpers shared by the admin pages."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from universes.admin.typed import AnyModelAdmin
from universes.errors import DomainError, Invalid
from universes.ids import short_id


class ServiceAdmin(AnyModelAdmin):
    """Admin that saves through services; a ``DomainError`` rolls back and becomes a message on the page."""

    history_lookup = "target_id__exact"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return self._with_error_message(
            request,
            lambda: super(ServiceAdmin, self).changeform_view(request, object_id, form_url, extra_context),
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._with_error_message(
            request, lambda: super(ServiceAdmin, self).delete_view(request, object_id, extra_context)
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead from the button History to the steps of the entry, or to those of the universe."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        wanted = {self.history_lookup: object_id}
        address = reverse("admin:universes_canonchange_changelist")
        return HttpResponseRedirect(f"{address}?{urlencode(wanted)}")

    def _with_error_message(self, request: HttpRequest, respond: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                response: HttpResponse = respond()
                return response
        except DomainError as error:
            self.message_user(request, error.message, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())


def staff(request: HttpRequest) -> User:
    """Return the signed-in staff user; the admin login refuses all others."""
    assert isinstance(request.user, User)
    return request.user


def origin(origin_ref: str) -> SafeString | str:
    """Return a link to the job that an entry came from; other origins as they are."""
    try:
        job_id = uuid.UUID(origin_ref)
        address = reverse("admin:agents_agentjob_change", args=[job_id])
    except (ValueError, NoReverseMatch):
        return origin_ref or "–"
    return format_html('<a href="{}">job {}</a>', address, short_id(job_id))


def as_form_error(error: DomainError) -> ValidationError:
    """Convert a domain error into a form error that keeps the messages of its fields."""
    if isinstance(error, Invalid) and error.errors:
        return ValidationError([f"{field.pointer.lstrip('/')}: {field.detail}" for field in error.errors])
    return ValidationError(error.message)
