"""Serializers of an output's signals, and of the passages that they quote."""

from __future__ import annotations

from typing import get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agents.common import findings
from agents.common.findings import Mark, MarkedFinding, MarkedSignal
from agents.engine.checks.finding import Strength
from universes.api.bodies.compiled import CompiledOut


class MarkOut(CompiledOut, serializers.Serializer[Mark]):
    """A reviewer's mark on a finding that is intentional."""

    by = serializers.CharField(allow_null=True, help_text="Null: the account is gone.")
    at = serializers.DateTimeField()
    reason = serializers.CharField()


class FindingOut(CompiledOut, serializers.Serializer[MarkedFinding]):
    """Words of a text that contradict its world, with the proof."""

    id = serializers.CharField(
        help_text="The same for the same words, passage and statement, also in other jobs."
    )
    kind = serializers.CharField(help_text="What is contradicted, such as `tech` or `character`.")
    strength = serializers.ChoiceField(
        get_args(Strength),
        help_text="`proven` limits the confidence, `likely` lowers it, `hint` is only shown.",
    )
    source_id = serializers.CharField(
        help_text="Id of the rule or element, or name of the field of the world."
    )
    statement = serializers.CharField(help_text="The words of the world.")
    quote = serializers.CharField(help_text="The words of the text.")
    start = serializers.IntegerField(help_text="Position of the quote in the checked text.")
    end = serializers.IntegerField()
    why = serializers.CharField()
    is_intentional = serializers.BooleanField(
        help_text="True: a reviewer has accepted it in this universe, so that it no longer counts."
    )
    mark = MarkOut(allow_null=True, help_text="Null: it is not marked as intentional.")


class SignalOut(CompiledOut, serializers.Serializer[MarkedSignal]):
    name = serializers.CharField()
    value = serializers.FloatField(
        allow_null=True, help_text="0 (bad) to 1 (good); null: it could not be checked, and does not count."
    )
    limit = serializers.SerializerMethodField(
        help_text="The confidence of the whole output is at most this; null: the signal does not limit it."
    )
    sentence = serializers.CharField()
    findings = FindingOut(many=True, help_text="The contradictions that the signal sums up.")

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_limit(self, signal: MarkedSignal) -> float | None:
        return findings.limit_of(signal)
