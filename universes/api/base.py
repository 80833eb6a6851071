"""Helpers shared by the views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from universes.api.bodies.strict import StrictSerializer
from universes.api.paths import parse_uuid, signed_in
from universes.choices import Role
from universes.models import Universe
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


class ListView(GenericAPIView[Any]):
    """Base of filtered and paginated lists."""

    def page(
        self, queryset: QuerySet[Any] | Sequence[Any], serializer: type[BaseSerializer[Any]]
    ) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(queryset))  # type: ignore[arg-type]
        return self.get_paginated_response(
            serializer(rows, many=True, context=self.get_serializer_context()).data
        )
