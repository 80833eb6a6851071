"""Addresses of admin pages whose filters or ids no database can evaluate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import FieldError, ValidationError
from django.db import DataError, NotSupportedError, ProgrammingError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.defaults import page_not_found

log = structlog.get_logger(__name__)

LIST_SUFFIX = "_changelist"
UNUSABLE = "These filters cannot be evaluated; the list is shown without them."
# A pattern may take forever to match, and each database has its own syntax.
PATTERN_LOOKUPS = ("__regex", "__iregex")
# Raised while a condition is compiled or evaluated whose value has the wrong form, number or range.
BAD_VALUE = (
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    FieldError,
    ValidationError,
    DataError,
    NotImplementedError,
    NotSupportedError,
    ProgrammingError,
)


class OddAdminAddresses:
    """Middleware that leads from a list with unusable filters back to the list, with a message.

    It applies to all registered models, those of libraries included. Without filters an error passes through, so
    that the list itself cannot redirect for ever.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not _is_admin(request) or not admin.site.has_permission(request):
            return None
        if "%00" in request.META["QUERY_STRING"]:
            return _back(request, "The address contains a NUL character.")
        if any(key.endswith(PATTERN_LOOKUPS) for key in request.GET):
            return _back(request, "Lists cannot be filtered by patterns.")
        # Django redirects here without a word where it notices the error itself.
        if ERROR_FLAG in request.GET and _listed_model(request):
            return _back(request, UNUSABLE)
        model = _listed_model(request) if request.method == "POST" else None
        if model and not _are_ids(model, request.POST.getlist(ACTION_CHECKBOX_NAME)):
            return _back(request, "The selection names no row of this list.")
        return _no_object(request, kwargs.get("object_id"))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if _is_admin(request) and _page_name(request) == "view_on_site" and isinstance(error, BAD_VALUE):
            # Django looks for the row without checking its id.
            return page_not_found(request, error)
        is_filtered_list = _is_admin(request) and request.GET and _listed_model(request)
        if request.method != "GET" or not is_filtered_list or not isinstance(error, BAD_VALUE):
            return None
        log.warning("admin_filter_refused", path=request.path, reason=repr(error))
        return _back(request, UNUSABLE)


def _is_admin(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.app_name == "admin"


def _page_name(request: HttpRequest) -> str:
    assert request.resolver_match is not None
    return request.resolver_match.url_name or ""


def _listed_model(request: HttpRequest) -> type[Model] | None:
    """Return the model whose list this address shows, or None for another page."""
    assert request.resolver_match is not None
    # Django notes it at each view of a model.
    page = getattr(request.resolver_match.func, "model_admin", None)
    return page.model if page is not None and _page_name(request).endswith(LIST_SUFFIX) else None


def _no_object(request: HttpRequest, object_id: str | None) -> HttpResponse | None:
    """Lead from a page of an object whose id can be none to the index, as Django does for an unknown one."""
    assert request.resolver_match is not None
    page = getattr(request.resolver_match.func, "model_admin", None)
    if object_id is None or page is None:
        return None
    shown = unquote(object_id)
    if "\x00" not in shown and _are_ids(page.model, [shown]):
        return None
    messages.warning(request, f"There is no {page.opts.verbose_name} with this id.")
    return HttpResponseRedirect(reverse("admin:index"))


def _are_ids(model: type[Model], values: Iterable[str]) -> bool:
    key = model._meta.pk
    assert key is not None
    try:
        for value in values:
            key.run_validators(key.to_python(value))
    except (ValidationError, ValueError):
        return False
    return True


def _back(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return HttpResponseRedirect(request.path)
