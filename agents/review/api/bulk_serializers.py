"""Serializers of bulk decisions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agents.review import notes
from agents.review.verdicts import bulk
from universes.api.bodies.strict import (
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
    StrictSerializer,
    StrictUUIDField,
)


class BulkIn(StrictSerializer):
    verdict = StrictChoiceField(choices=[(verdict.value, verdict.label) for verdict in bulk.VERDICTS])
    ids = serializers.ListField(child=StrictUUIDField(), allow_empty=False, max_length=bulk.MAX_ITEMS)
    note = StrictCharField(required=False, allow_blank=True, max_length=notes.MAX_NOTE_CHARS)
    reason = StrictCharField(required=False, allow_blank=True, max_length=50)
    dry_run = StrictBooleanField(
        required=False, help_text="Return what would be decided without deciding anything."
    )


class SkippedItemOut(serializers.Serializer[bulk.SkippedItem]):
    id = serializers.UUIDField(source="item_id")
    why = serializers.CharField()


class BulkOut(serializers.Serializer[Any]):
    """The result of a bulk decision, or its preview with ``dry_run``."""

    dry_run = serializers.BooleanField()
    bulk_id = serializers.UUIDField(
        allow_null=True, help_text="To undo them together with `POST /agents/reviews/bulk/{bulk_id}/undo`."
    )
    decided = serializers.ListField(child=serializers.UUIDField())
    left_out = SkippedItemOut(many=True)
    lowest_confidence = serializers.FloatField(allow_null=True)
    highest_confidence = serializers.FloatField(allow_null=True)
    sample = serializers.ListField(
        child=serializers.UUIDField(),
        help_text="Up to five of the items, from the least to the most confident.",
    )


class BulkUndoOut(serializers.Serializer[bulk.BulkUndo]):
    undone = serializers.ListField(child=serializers.UUIDField())
    left_out = SkippedItemOut(many=True)
