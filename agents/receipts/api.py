"""API view and serializers for the receipt of a job."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.canon.placement import Entry
from agents.choices import AgentType, JobOutcome, JobPriority, JobStatus, ReviewState, Verdict
from agents.common.text.money import format_usd
from agents.jobs import actions
from agents.jobs.api.detail_serializers import UsageOut
from agents.jobs.api.signal_serializers import SignalOut
from agents.models import AgentJob, ModelCall
from agents.receipts import receipt, types
from agents.review.api.serializers import kind_field
from universes.api.bodies.passport_outputs import PassportOut, SignedPassportOut
from universes.api.paths import parse_uuid, signed_in, uuid_in_path
from universes.services.provenance import CanonStep


class ReceiptUniverseOut(serializers.Serializer[types.UniverseLink]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class ReceiptJobOut(serializers.Serializer[types.RequestedJob]):
    """The request: its input, requester and universe."""

    job_id = serializers.UUIDField()
    agent_type = serializers.ChoiceField(AgentType.choices)
    status = serializers.ChoiceField(JobStatus.choices)
    outcome = serializers.ChoiceField(
        JobOutcome.choices, allow_null=True, help_text="Null: it is not finished, or is withheld."
    )
    priority = serializers.ChoiceField(JobPriority.choices)
    universe = ReceiptUniverseOut(allow_null=True)
    requested_by = serializers.CharField()
    schedule_id = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()
    completed_at = serializers.DateTimeField(allow_null=True)
    input_data = serializers.DictField()
    revision_note = serializers.CharField(help_text="What a reviewer asked for, in a revision.")
    world_hash = serializers.CharField(help_text="SHA-256 of the world context that the agent read.")
    is_mock = serializers.BooleanField()
    model = serializers.CharField(help_text="The language model that wrote the output; empty: none yet.")
    reused_from_job_id = serializers.UUIDField(
        allow_null=True, help_text="The earlier job with the same request whose output was reused."
    )


class ReceiptPromiseOut(serializers.Serializer[types.KeptPromise]):
    """The error promise under which the output was judged."""

    id = serializers.UUIDField()
    cut_off = serializers.FloatField(help_text="Lowest confidence that passed without review.")
    alpha = serializers.FloatField(help_text="Largest share of errors promised.")
    delta = serializers.FloatField(help_text="Probability that the promise is wrong.")
    at = serializers.DateTimeField(help_text="Since when it applied.")
    sentence = serializers.CharField(help_text="The promise in words.")


class ReceiptExampleOut(serializers.Serializer[types.ReadExample]):
    id = serializers.UUIDField()
    request = serializers.CharField(allow_null=True, help_text="Null: it was removed since.")
    job_id = serializers.UUIDField(allow_null=True)


class ReceiptGuidanceOut(serializers.Serializer[types.ReadGuidance]):
    """Style guide, exemplars and preferences that applied; where they differ, the guide wins."""

    guide_version = serializers.IntegerField(help_text="0: no style guide.")
    rules = serializers.ListField(child=serializers.CharField(), help_text="The rules that it read.")
    without_new_rules = serializers.BooleanField(
        help_text="Drawn to go without the rules on trial, for a comparison."
    )
    examples = ReceiptExampleOut(many=True)
    tone = serializers.CharField(help_text="The requester's preference.")
    language = serializers.CharField(help_text="The requester's preference.")
    word_range = serializers.ListField(child=serializers.IntegerField(), allow_null=True)


class ReceiptAttemptOut(serializers.Serializer[types.Attempt]):
    number = serializers.IntegerField()
    in_batch = serializers.BooleanField(help_text="The attempt was sent in a batch.")
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(
        [(kind.value, kind.label) for kind in receipt.OUTCOMES],
        allow_null=True,
        help_text="Null: still running.",
    )
    error_code = serializers.CharField()
    error_message = serializers.CharField()


class ReceiptPromptOut(serializers.Serializer[types.Prompt]):
    name = serializers.CharField()
    version = serializers.CharField(help_text="Hash of the prompt's text.")


class UsdField(serializers.CharField):
    def to_representation(self, value: Any) -> str:
        return format_usd(value)


class ReceiptCallOut(serializers.Serializer[ModelCall]):
    attempt = serializers.IntegerField()
    at = serializers.DateTimeField()
    model = serializers.CharField()
    prompt_name = serializers.CharField()
    prompt_version = serializers.CharField()
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cache_read_tokens = serializers.IntegerField()
    cache_write_tokens = serializers.IntegerField()
    tokens = serializers.IntegerField(help_text="Sum of the four kinds.")
    latency_ms = serializers.IntegerField()
    stop_reason = serializers.CharField()
    error_code = serializers.CharField(help_text="Empty: the answer was used.")
    is_mock = serializers.BooleanField()
    is_batch = serializers.BooleanField(help_text="In a batch, at half the price.")
    cost_usd = UsdField(
        allow_null=True, help_text="A decimal number in US dollars; null if the cost is unknown."
    )


class ReceiptUsageOut(UsageOut):
    unknown_calls = serializers.IntegerField(
        help_text="Calls of unknown cost; cost_usd is null if there are any."
    )


class ReceiptReasonOut(serializers.Serializer[types.Reason]):
    code = serializers.CharField()
    name = serializers.CharField()


class ReceiptEditOut(serializers.Serializer[types.Edit]):
    before = serializers.DictField()
    after = serializers.DictField()


class ReceiptDecisionOut(serializers.Serializer[types.Decision]):
    id = serializers.UUIDField()
    verdict = serializers.ChoiceField(Verdict.choices)
    by = serializers.CharField()
    at = serializers.DateTimeField()
    reason = ReceiptReasonOut(allow_null=True)
    note = serializers.CharField()
    work_s = serializers.FloatField(allow_null=True, help_text="Seconds since the claim; null: no claim.")
    takes_effect = serializers.BooleanField(help_text="False: one of several opinions.")
    is_lead = serializers.BooleanField(help_text="A lead's verdict on a disagreement.")
    self_review_allowed_by = serializers.CharField(
        allow_null=True, help_text="The lead who let the requester decide; null: another person requested it."
    )
    guest = serializers.CharField(
        allow_null=True,
        help_text="The guest whose verdict it is, by a link of the reviewer; null: the reviewer's own.",
    )
    undone_at = serializers.DateTimeField(allow_null=True)
    undone_by = serializers.CharField(allow_null=True)
    edit = ReceiptEditOut(allow_null=True)
    follow_up_job_id = serializers.UUIDField(allow_null=True)
    canon_change_id = serializers.UUIDField(allow_null=True, help_text="The change in canon that it caused.")


class ReceiptReviewOut(serializers.Serializer[types.Review]):
    id = serializers.UUIDField()
    kind = kind_field()
    state = serializers.ChoiceField(ReviewState.choices)
    is_blind = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    opinions_wanted = serializers.IntegerField()
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    decisions = ReceiptDecisionOut(many=True)


class ReceiptLinkOut(serializers.Serializer[AgentJob]):
    job_id = serializers.UUIDField(source="id")
    status = serializers.ChoiceField(JobStatus.choices)
    created_at = serializers.DateTimeField()
    revision_note = serializers.CharField()


class ReceiptEntryOut(serializers.Serializer[Entry]):
    kind = serializers.CharField(help_text="`scene`, or the kind of the element.")
    id = serializers.UUIDField()
    name = serializers.CharField()
    status = serializers.CharField()


class ReceiptStepOut(serializers.Serializer[CanonStep]):
    id = serializers.UUIDField()
    entry_kind = serializers.CharField()
    entry_id = serializers.UUIDField()
    name = serializers.CharField()
    action = serializers.CharField()
    by = serializers.CharField(allow_null=True, help_text="Null: the review policy.")
    at = serializers.DateTimeField()
    status_before = serializers.CharField(allow_null=True, help_text="Null: the change created the entry.")
    status_after = serializers.CharField(allow_null=True, help_text="Null: the change deleted the entry.")


class ReceiptCanonOut(serializers.Serializer[types.Canon]):
    entry = ReceiptEntryOut(allow_null=True)
    changes = ReceiptStepOut(many=True)


class ReceiptOut(serializers.Serializer[types.Receipt]):
    """Everything about one job, from the request to its entry in canon."""

    job = ReceiptJobOut()
    attempts = ReceiptAttemptOut(many=True)
    models = serializers.ListField(child=serializers.CharField())
    prompts = ReceiptPromptOut(many=True)
    calls = ReceiptCallOut(many=True)
    usage = ReceiptUsageOut()
    guidance = ReceiptGuidanceOut(
        allow_null=True, help_text="Null: not written yet, or by an earlier release."
    )
    withheld = serializers.BooleanField(
        help_text="True: you may still have to review it; all that would reveal its fate is null."
    )
    confidence = serializers.FloatField(allow_null=True)
    score = serializers.FloatField(
        allow_null=True, help_text="The confidence by the hand-set weights; it differs where one was learned."
    )
    promise = ReceiptPromiseOut(
        allow_null=True, help_text="Null: none was kept then, so that the fixed threshold applied."
    )
    signals = SignalOut(many=True, allow_null=True)
    passport = PassportOut(allow_null=True)
    reviews = ReceiptReviewOut(many=True, allow_null=True)
    follows = ReceiptLinkOut(many=True, help_text="The jobs that this job revises, oldest first.")
    follow_ups = ReceiptLinkOut(many=True, allow_null=True, help_text="The jobs that revise this job.")
    canon = ReceiptCanonOut(allow_null=True)


class ReceiptView(APIView):
    @extend_schema(parameters=[uuid_in_path("job_id", "The job.")], responses=ReceiptOut)
    def get(self, request: Request, job_id: str) -> Response:
        """Return the trace of a job from its request through attempts, calls and reviews to canon."""
        reader = signed_in(request)
        job = actions.get_job(parse_uuid(job_id, "job"), reader)
        return Response(ReceiptOut(receipt.receipt_of(job, reader)).data)


class JobPassportView(APIView):
    @extend_schema(parameters=[uuid_in_path("job_id", "The job.")], responses=SignedPassportOut)
    def get(self, request: Request, job_id: str) -> Response:
        """Return what made the output of a job, as a signed document.

        Answer 409 if there is no output, or if you may still have to review it.
        """
        reader = signed_in(request)
        job = actions.get_job(parse_uuid(job_id, "job"), reader)
        return Response(receipt.passport_document(job, reader))
