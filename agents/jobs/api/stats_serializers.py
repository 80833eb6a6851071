"""Statistics of jobs as the API shows them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agents.choices import AgentType
from agents.jobs import acceptance


class AcceptanceOut(serializers.Serializer[acceptance.Acceptance]):
    """Verdicts of reviewers, and apart from them the feedback of requesters."""

    agent_type = serializers.ChoiceField(AgentType.choices)
    model = serializers.CharField()
    prompt_version = serializers.CharField(help_text="Empty: not recorded.")
    guide_version = serializers.IntegerField(help_text="Version of the style guide; 0: none.")
    verdicts = serializers.DictField(child=serializers.IntegerField())
    accepted_share = serializers.FloatField(
        allow_null=True, help_text="`approved` or `edited`; null: no verdict."
    )
    feedback = serializers.DictField(child=serializers.IntegerField(), help_text="By rating.")


class StatsOut(serializers.Serializer[dict[str, Any]]):
    total_jobs = serializers.IntegerField()
    status_counts = serializers.DictField(child=serializers.IntegerField())
    outcome_counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="Finished jobs by `outcome`."
    )
    agent_type_counts = serializers.DictField(child=serializers.IntegerField())
    avg_confidence = serializers.FloatField(allow_null=True)
    avg_confidence_by_type = serializers.DictField(child=serializers.FloatField(allow_null=True))
    human_review_required = serializers.IntegerField(help_text="Outputs that wait for a reviewer.")
    review = serializers.DictField(child=serializers.IntegerField(), help_text="Decisions by verdict.")
    acceptance = AcceptanceOut(
        many=True,
        help_text=f"Of the last 90 days, and of the newest {acceptance.MAX_COUNTED} verdicts; the most verdicts first.",
    )
