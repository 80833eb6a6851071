"""Helpers shared by the views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from universes.api.bodies.strict import StrictSerializer
from universes.api.paths import parse_uuid, signed_in
from universes.choices import Role
from universes.errors import Invalid
from universes.models import Membership, Universe
from universes.services import access


def validated(
    serializer_class: type[StrictSerializer], request: Request, *, partial: bool = False
) -> dict[str, Any]:
    """Return the validated body; raise ``ValidationError`` that names every invalid field."""
    serializer = serializer_class(data=request.data, partial=partial)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def universe_in_path(request: Request, raw_id: str, *, at_least: Role = Role.VIEWER) -> Universe:
    return access.find_universe(signed_in(request), parse_uuid(raw_id, "universe"), at_least=at_least)


def readable_in_path(request: Request, raw_id: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Select the rows of a universe if the caller may read it, without a query; see ``ListView.page_of_universe``."""
    universe_id, user = parse_uuid(raw_id, "universe"), signed_in(request)
    if access.may_read_all(user):
        return rows.filter(universe=universe_id)
    # Not by a join, which would outlive the filters of a page.
    own = Membership.objects.filter(universe=universe_id, user=user)
    return rows.filter(universe__in=own.values("universe"))


class ListView(GenericAPIView[Any]):
    """Base of filtered and paginated lists."""

    def page(
        self, queryset: QuerySet[Any] | Sequence[Any], serializer: type[BaseSerializer[Any]]
    ) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(queryset))  # type: ignore[arg-type]
        return self.get_paginated_response(
            serializer(rows, many=True, context=self.get_serializer_context()).data
        )

    def page_of_universe(
        self, raw_id: str, rows: QuerySet[Any], serializer: type[BaseSerializer[Any]]
    ) -> Response:
        """Return a page of the rows of a universe.

        Who may read them is asked in the same query. Only of an empty page or a refused query it is asked why: there
        may be no such universe for the caller.
        """
        try:
            response = self.page(readable_in_path(self.request, raw_id, rows), serializer)
        except (Invalid, ValidationError):
            universe_in_path(self.request, raw_id)
            raise
        if not response.data["results"]:
            universe_in_path(self.request, raw_id)
        return response
