"""Serializers of review items, decisions and comments."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agents.canon import placement
from agents.choices import ReviewKind, ReviewState
from agents.common import findings, visibility
from agents.jobs.api.signal_serializers import SignalOut
from agents.models import GuestOpinion, ReviewComment, ReviewDecision, ReviewItem
from agents.models.review.guest import GUEST_VERDICT_CHOICES
from agents.review.guests import opinions as guest_opinions
from universes.api.bodies.compiled import CompiledOut
from universes.api.parameters.light import LightRow
from universes.models import Element


def kind_field() -> serializers.ChoiceField:
    """Build the field for the kind of an item, null while the item is open."""
    return serializers.ChoiceField(
        ReviewKind.choices,
        allow_null=True,
        help_text="Null while the item is open, because all kinds are judged alike; but `flag` is always told.",
    )


class DecisionWordsOut(CompiledOut, serializers.ModelSerializer[ReviewDecision]):
    """A decision without the outputs."""

    item_id = serializers.UUIDField()
    by = serializers.CharField(source="by.username")
    reason = serializers.CharField(
        source="reason.code", default=None, allow_null=True, help_text="The code of a reject reason."
    )
    follow_up_job_id = serializers.UUIDField(source="follow_up_id", allow_null=True)

    class Meta:
        model = ReviewDecision
        fields = [
            "id",
            "item_id",
            "verdict",
            "by",
            "at",
            "reason",
            "note",
            "takes_effect",
            "is_lead",
            "work_s",
            "follow_up_job_id",
            "undone_at",
        ]
        read_only_fields = fields


class DecisionOut(DecisionWordsOut):
    before = serializers.DictField()
    after = serializers.DictField(allow_null=True)

    class Meta(DecisionWordsOut.Meta):
        fields = [*DecisionWordsOut.Meta.fields, "before", "after"]
        read_only_fields = fields


class ClaimOut(CompiledOut, serializers.Serializer[ReviewItem]):
    """The current claim on an item."""

    by = serializers.CharField(source="claimed_by.username")
    since = serializers.DateTimeField(source="claimed_at")
    until = serializers.DateTimeField(source="claimed_until")


class NamesakeOut(CompiledOut, serializers.Serializer[Element]):
    """An entry by its id and its name, as it is spelled there."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class GuestOpinionOut(CompiledOut, serializers.ModelSerializer[GuestOpinion]):
    verdict = serializers.ChoiceField(choices=GUEST_VERDICT_CHOICES)

    class Meta:
        model = GuestOpinion
        fields = ["name", "verdict", "comment", "at"]
        read_only_fields = fields


class ReviewItemOut(CompiledOut, serializers.ModelSerializer[ReviewItem]):
    """A review item with its job; needs the request in the serializer context.

    For a blind item, ``confidence`` is null and ``reasons`` and ``signals`` are empty until it is decided.
    """

    kind = serializers.SerializerMethodField()
    confidence = serializers.SerializerMethodField()
    reasons = serializers.SerializerMethodField()
    opinions_given = serializers.SerializerMethodField()
    is_disputed = serializers.SerializerMethodField()
    guest_opinions_given = serializers.SerializerMethodField(
        help_text="The number of guests' opinions, also of those that are hidden until you have given yours."
    )
    opinions = serializers.SerializerMethodField()

    job_id = serializers.UUIDField()
    universe_id = serializers.UUIDField(allow_null=True)
    requested_by = serializers.CharField(source="job.requested_by.username")
    follows_job_id = serializers.UUIDField(
        source="job.follows_id",
        allow_null=True,
        help_text="The job whose output a reviewer asked to have rewritten.",
    )
    is_overdue = serializers.SerializerMethodField()
    claim = serializers.SerializerMethodField()
    assigned_to = serializers.CharField(source="assigned_to.username", default=None, allow_null=True)
    input_data = serializers.DictField(source="job.input_data")
    output_data = serializers.DictField(source="job.output_data")
    signals = serializers.SerializerMethodField()
    is_mock = serializers.BooleanField(source="job.is_mock")
    name_taken = serializers.SerializerMethodField(
        help_text="The entry that has the name of the place already. To approve, send its `id` in `merge_into`, or "
        "edit the name."
    )
    guest_opinions = serializers.SerializerMethodField(
        help_text="Opinions of guests; empty until you have given yours, if one is required of you."
    )
    decision = serializers.SerializerMethodField()

    class Meta:
        model = ReviewItem
        fields = [
            "id",
            "job_id",
            "universe_id",
            "agent_type",
            "state",
            "kind",
            "is_blind",
            "confidence",
            "reasons",
            "opinions_wanted",
            "opinions_given",
            "guest_opinions_given",
            "is_disputed",
            "priority",
            "opened_at",
            "due_at",
            "is_overdue",
            "closed_at",
            "claim",
            "assigned_to",
            "requested_by",
            "follows_job_id",
            "is_mock",
            "input_data",
            "output_data",
            "signals",
            "name_taken",
            "guest_opinions",
            "decision",
            "opinions",
        ]
        read_only_fields = fields

    def get_is_overdue(self, item: ReviewItem) -> bool:
        return item.state == ReviewState.OPEN and item.due_at < timezone.now()

    @extend_schema_field(ClaimOut(allow_null=True))
    def get_claim(self, item: ReviewItem) -> dict[str, Any] | None:
        return ClaimOut.show(item) if item.is_claimed(timezone.now()) else None

    @extend_schema_field(kind_field())
    def get_kind(self, item: ReviewItem) -> str | None:
        return visibility.kind_of(item)

    def get_confidence(self, item: ReviewItem) -> float | None:
        return visibility.confidence_of(item)

    def get_reasons(self, item: ReviewItem) -> list[str]:
        return [] if item.is_hidden else item.reasons

    @extend_schema_field(SignalOut(many=True))
    def get_signals(self, item: ReviewItem) -> list[dict[str, Any]]:
        if item.is_hidden:
            return []
        return list(map(SignalOut.show, findings.signals_of(item.job, self._marks)))

    @extend_schema_field(NamesakeOut(allow_null=True))
    def get_name_taken(self, item: ReviewItem) -> dict[str, Any] | None:
        if item.state != ReviewState.OPEN:
            return None
        entry = placement.namesake(item.job, item.job.output_data or {})
        return None if entry is None else NamesakeOut.show(entry)

    @extend_schema_field(GuestOpinionOut(many=True))
    def get_guest_opinions(self, item: ReviewItem) -> list[dict[str, Any]]:
        found = guest_opinions.opinions_on(item, self.context["request"].user)
        return list(map(GuestOpinionOut.show, found))

    @cached_property
    def _marks(self) -> findings.Marks:
        """Read the marks once for all items that are shown, such as a page of a list."""
        shown: Any = [self.instance] if self.parent is None else self.parent.instance
        return findings.marks_on(item.job for item in shown if not item.is_hidden)

    def get_opinions_given(self, item: ReviewItem) -> int:
        return sum(decision.undone_at is None and not decision.is_lead for decision in item.all_decisions)

    def get_guest_opinions_given(self, item: ReviewItem) -> int:
        given: int | None = getattr(item, "guest_opinions_given", None)
        return item.guest_opinions.count() if given is None else given

    def get_is_disputed(self, item: ReviewItem) -> bool:
        return item.disputed_at is not None

    @extend_schema_field(DecisionOut(allow_null=True))
    def get_decision(self, item: ReviewItem) -> dict[str, Any] | None:
        return DecisionOut.show(item.decision) if item.decision else None

    @extend_schema_field(
        DecisionOut(many=True, help_text="All opinions. While the item is open, only leads see them.")
    )
    def get_opinions(self, item: ReviewItem) -> list[dict[str, Any]]:
        by = self.context["request"].user
        if item.opinions_wanted == 1 or not visibility.may_see_opinions(item, by):
            return []
        decisions = sorted(item.all_decisions, key=lambda decision: decision.at)
        return [DecisionOut.show(decision) for decision in decisions if not decision.takes_effect]


class ItemDecisionOut(DecisionOut):
    """A decision of an item in a list."""

    before = serializers.DictField(required=False, help_text="Only with `include=output`.")
    after = serializers.DictField(required=False, allow_null=True, help_text="Only with `include=output`.")


class ReviewItemRowOut(LightRow, ReviewItemOut):
    """A review item in a list."""

    parts: ClassVar = {"input_data": "input", "output_data": "output"}
    name_taken = None  # type: ignore[assignment]
    guest_opinions = None  # type: ignore[assignment]
    input_data = serializers.DictField(
        source="job.input_data", required=False, help_text="Only with `include=input`."
    )
    output_data = serializers.DictField(
        source="job.output_data", required=False, help_text="Only with `include=output`."
    )

    class Meta(ReviewItemOut.Meta):
        fields = [name for name in ReviewItemOut.Meta.fields if name not in {"name_taken", "guest_opinions"}]
        read_only_fields = fields

    @extend_schema_field(ItemDecisionOut(allow_null=True))
    def get_decision(self, item: ReviewItem) -> dict[str, Any] | None:
        return self._light(super().get_decision(item))

    @extend_schema_field(
        ItemDecisionOut(many=True, help_text="All opinions. While the item is open, only leads see them.")
    )
    def get_opinions(self, item: ReviewItem) -> list[dict[str, Any]]:
        return [opinion for opinion in map(self._light, super().get_opinions(item)) if opinion]

    def _light(self, decision: dict[str, Any] | None) -> dict[str, Any] | None:
        if decision is None or self.includes("output"):
            return decision
        return {name: value for name, value in decision.items() if name not in {"before", "after"}}


class CommentOut(CompiledOut, serializers.ModelSerializer[ReviewComment]):
    item_id = serializers.UUIDField()
    by = serializers.CharField(source="by.username")

    class Meta:
        model = ReviewComment
        fields = ["id", "item_id", "by", "at", "edited_at", "text"]
        read_only_fields = fields
