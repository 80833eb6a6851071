"""Guidance and feedback of a job as the API shows them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agents.choices import FeedbackRating
from agents.models import JobFeedback
from universes.api.bodies.compiled import CompiledOut


class GuidanceOut(CompiledOut, serializers.Serializer[dict[str, Any]]):
    guide_version = serializers.IntegerField(help_text="Version of the style guide; 0: none.")
    without_new_rules = serializers.BooleanField(
        help_text="Drawn to go without the rules on trial, for a comparison."
    )
    examples = serializers.ListField(child=serializers.UUIDField(), help_text="Exemplars that it read.")
    tone = serializers.CharField(help_text="The requester's preference; the style guide wins.")
    language = serializers.CharField(help_text="The requester's preference; the style guide wins.")
    word_range = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    prompt_version = serializers.CharField()


class FeedbackOut(CompiledOut, serializers.Serializer[JobFeedback]):
    """Opinion of the requester, which decides nothing."""

    rating = serializers.ChoiceField(FeedbackRating.choices)
    reason = serializers.CharField(source="reason.code", default=None, allow_null=True)
    note = serializers.CharField()
    edited_output = serializers.DictField(allow_null=True)
    at = serializers.DateTimeField()
