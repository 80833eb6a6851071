"""Strict query filters: unknown parameters are refused instead of ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from universes.errors import FieldError, Invalid

if TYPE_CHECKING:
    from rest_framework.views import APIView

PAGING = frozenset({"limit", "offset"})


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]
    """django-filter with a 400 that names every unknown query parameter and every invalid value."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        known = PAGING | set(filterset.filters if filterset else ())
        if getattr(view, "key_fields", None):
            known |= {"cursor"}
        errors = [
            FieldError(
                f"?{name}",
                f"There is no filter {name!r}; there are: {', '.join(sorted(known))}.",
                "unknown_filter",
            )
            for name in request.query_params
            if name not in known
        ]
        for name, value in request.query_params.items():
            if "\x00" in value:
                errors.append(FieldError(f"?{name}", f"{name} contains a NUL character."))
        if filterset is not None and not filterset.is_valid():
            errors += [
                FieldError(f"?{name}", str(message))
                for name, messages in filterset.errors.items()
                for message in messages
            ]
        if errors:
            raise Invalid("The query has invalid values.", errors)
        return filterset.qs if filterset is not None else queryset
