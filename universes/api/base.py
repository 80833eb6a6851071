"""What the views of this app share."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from universes.api.paths import parse_uuid, signed_in
from universes.api.strict import StrictSerializer
from universes.choices import Role
from universes.models import Universe
from universes.services import access


def validated(kind: type[StrictSerializer], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """The body as ``kind`` reads it; raises ValidationError that names every field at fault."""
    serializer = kind(data=request.data, partial=partial)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def universe_in_path(request: Request, raw_id: str, *, at_least: Role = Role.VIEWER) -> Universe:
    return access.find_universe(signed_in(request), parse_uuid(raw_id, "universe"), at_least=at_least)


class ListView(GenericAPIView[Any]):
    """A list that is filtered, then paged."""

    def page(self, queryset: QuerySet[Any], serializer: type[BaseSerializer[Any]]) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(queryset))
        return self.get_paginated_response(serializer(rows, many=True).data)
