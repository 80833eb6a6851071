"""Strict query filters: what would be ignored or misread is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from universes.api.parameters.query import query_errors
from universes.errors import FieldError, Invalid

if TYPE_CHECKING:
    from rest_framework.views import APIView

PAGING = frozenset({"cursor", "limit", "offset"})


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]
    """django-filter with a 400 for each parameter that would otherwise be ignored or misread."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        known = set(type(filterset).base_filters if filterset else ())
        if getattr(view, "pagination_class", None) is not None:
            known |= PAGING
        errors = query_errors(request, known)
        if filterset is not None and not filterset.is_valid():
            named = {error.pointer for error in errors}
            errors += [
                FieldError(f"?{name}", str(message))
                for name, messages in filterset.errors.items()
                for message in messages
                if f"?{name}" not in named
            ]
        if errors:
            raise Invalid("The query has invalid values.", errors)
        return filterset.qs if filterset is not None else queryset
