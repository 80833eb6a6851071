"""Serializers of user preferences."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(
    {
        "oneOf": [
            {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
            {
                "type": "object",
                "properties": {"low": {"type": "integer"}, "high": {"type": "integer"}},
                "required": ["low", "high"],
                "additionalProperties": False,
            },
        ]
    }
)
class WordRangeField(serializers.Field[Any, Any, Any, Any]):
    """A pair of numbers, as a list or as an object."""


class PreferencesIn(serializers.Serializer[dict[str, Any]]):
    """Schema of the request body, which ``agents.notify.preferences`` validates."""

    default_models = serializers.DictField(
        required=False, allow_null=True, child=serializers.CharField(), help_text="Model by agent type."
    )
    tone = serializers.CharField(required=False, allow_null=True, allow_blank=True)
    language = serializers.CharField(required=False, allow_null=True, allow_blank=True)
    word_range = WordRangeField(
        required=False, allow_null=True, help_text="Minimum and maximum number of words of a narrative."
    )
    review_threshold = serializers.FloatField(
        required=False,
        allow_null=True,
        help_text="Outputs below this confidence wait for review; at least the site's threshold.",
    )
    email_on_mention = serializers.BooleanField(
        required=False, allow_null=True, help_text="Mail when a comment mentions you."
    )
    email_on_hand_over = serializers.BooleanField(
        required=False, allow_null=True, help_text="Mail when a reviewer hands you an item."
    )
    email_on_dispute = serializers.BooleanField(
        required=False, allow_null=True, help_text="Mail to a lead when reviewers disagree."
    )
    email_on_verdict = serializers.BooleanField(
        required=False, allow_null=True, help_text="Mail when a reviewer has decided on an output of yours."
    )
    email_on_guest_opinion = serializers.BooleanField(
        required=False,
        allow_null=True,
        help_text="Mail when a guest gives an opinion by a link of yours, or on an item that you have claimed.",
    )
    email_overdue_digest = serializers.BooleanField(
        required=False, allow_null=True, help_text="A daily mail to a reviewer while items are overdue."
    )


class PreferencesOut(serializers.Serializer[dict[str, Any]]):
    default_models = serializers.DictField(child=serializers.CharField(), help_text="Model by agent type.")
    tone = serializers.CharField()
    language = serializers.CharField()
    word_range = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    review_threshold = serializers.FloatField(allow_null=True)
    email_on_mention = serializers.BooleanField()
    email_on_hand_over = serializers.BooleanField()
    email_on_dispute = serializers.BooleanField()
    email_on_verdict = serializers.BooleanField()
    email_on_guest_opinion = serializers.BooleanField()
    email_overdue_digest = serializers.BooleanField()
    created_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField(allow_null=True)
