"""Light lists: the large fields of a row are left out unless ``?include=`` names their part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import cached_property
from rest_framework import serializers


class LightRow(serializers.BaseSerializer[Any]):
    """Mixin for the rows of a list; ``parts`` has the part of ``?include=`` that each large field belongs to.

    In the schema a row has all fields.
    """

    parts: ClassVar[Mapping[str, str]]

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()  # type: ignore[misc]
        return {
            name: field
            for name, field in fields.items()
            if name not in self.parts or self.includes(self.parts[name])
        }

    @cached_property
    def hidden_fields(self) -> frozenset[str]:
        return frozenset(name for name, part in self.parts.items() if not self.includes(part))

    def includes(self, part: str) -> bool:
        if getattr(self.context["view"], "swagger_fake_view", False):
            return True
        return part in self.context["request"].query_params.get("include", "").split(",")
