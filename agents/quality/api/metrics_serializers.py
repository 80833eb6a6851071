"""Serializers for review and reviewer metrics; ``quality.metrics`` defines their meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

Metrics = serializers.Serializer[Mapping[str, Any]]


class RateOut(Metrics):
    """A share with its Wilson 95% interval; null if the count is 0."""

    share = serializers.FloatField()
    count = serializers.IntegerField(help_text="The number of cases counted.")
    low = serializers.FloatField()
    high = serializers.FloatField()


class VerdictRatesOut(Metrics):
    approved = RateOut(allow_null=True)
    edited = RateOut(allow_null=True)
    rejected = RateOut(allow_null=True)
    asked_again = RateOut(allow_null=True)


class VerdictGroupOut(VerdictRatesOut):
    key = serializers.CharField()
    name = serializers.CharField()
    decided = serializers.IntegerField()


class VerdictGroupsOut(Metrics):
    rows = VerdictGroupOut(many=True)
    left_out = serializers.IntegerField(help_text="Number of smaller groups that are not listed.")


class BinOut(Metrics):
    low = serializers.FloatField()
    high = serializers.FloatField()
    count = serializers.IntegerField()
    weight = serializers.FloatField(help_text="Number of jobs that the verdicts represent.")
    mean_confidence = serializers.FloatField(allow_null=True)
    right = serializers.FloatField(allow_null=True, help_text="Share that was approved unchanged.")
    right_low = serializers.FloatField(allow_null=True)
    right_high = serializers.FloatField(allow_null=True)


class CalibrationOut(Metrics):
    count = serializers.IntegerField()
    speaks_for = serializers.FloatField(help_text="Number of jobs that the verdicts represent.")
    ece = serializers.FloatField(allow_null=True, help_text="Expected calibration error; 0 is best.")
    brier = serializers.FloatField(allow_null=True, help_text="Brier score; 0 is best.")
    auroc = serializers.FloatField(allow_null=True, help_text="1 is best, 0.5 is chance.")
    bins = BinOut(many=True)


class NamedRateOut(Metrics):
    key = serializers.CharField()
    name = serializers.CharField()
    rate = RateOut()


class EscapedOut(Metrics):
    """The share of trusted outputs that an audit would not have approved unchanged."""

    overall = RateOut(allow_null=True)
    by_agent = NamedRateOut(many=True)
    by_universe = NamedRateOut(many=True)
    universes_left_out = serializers.IntegerField()


class SpreadOut(Metrics):
    count = serializers.IntegerField()
    median = serializers.FloatField(allow_null=True)
    p90 = serializers.FloatField(allow_null=True)


class MoneyOut(Metrics):
    """Amounts as decimal numbers; lower bounds if there are calls of unknown cost."""

    accepted = serializers.IntegerField(help_text="`approved` or `edited`.")
    calls = serializers.IntegerField()
    unknown_calls = serializers.IntegerField(help_text="Calls of unknown cost, not included in the amounts.")
    cost_usd = serializers.CharField(allow_null=True)
    per_accepted_usd = serializers.CharField(allow_null=True)


class WeekOut(Metrics):
    week = serializers.DateField(help_text="Monday of the week.")
    decided = serializers.IntegerField()
    accepted = serializers.IntegerField(help_text="`approved` or `edited`.")


class HolderOut(Metrics):
    by = serializers.CharField()
    items = serializers.IntegerField()
    until = serializers.DateTimeField()


class LiveOut(Metrics):
    """The current state of the queue."""

    open = serializers.IntegerField()
    is_cut_off = serializers.BooleanField(help_text="True: `open` is a lower bound.")
    overdue = serializers.IntegerField()
    disputed = serializers.IntegerField()
    oldest_opened_at = serializers.DateTimeField(allow_null=True)
    held = HolderOut(many=True)
    decided_today = serializers.IntegerField()


class ModelChoicesOut(Metrics):
    model = serializers.CharField()
    shown = serializers.IntegerField(help_text="Outputs in choices.")
    chosen = serializers.IntegerField(help_text="Outputs that were chosen, without ties.")


class ChoicesOut(Metrics):
    """Choices between variants."""

    choices = serializers.IntegerField()
    ties = serializers.IntegerField()
    by_model = ModelChoicesOut(many=True)


class ReviewFiguresOut(Metrics):
    days = serializers.IntegerField()
    as_of = serializers.DateTimeField(help_text="Time of the computation.")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    live = LiveOut()
    decided = serializers.IntegerField()
    mock = serializers.IntegerField(help_text="Decided outputs written by the mock model.")
    verdicts = VerdictRatesOut()
    by_agent = VerdictGroupsOut()
    by_model = VerdictGroupsOut()
    by_prompt = VerdictGroupsOut()
    calibration = CalibrationOut()
    escaped = EscapedOut()
    time_to_decision_s = SpreadOut()
    work_s = SpreadOut(help_text="Seconds of work per item, summed over its reviewers.")
    money = MoneyOut()
    variants = ChoicesOut()
    per_week = WeekOut(many=True)


class WorkOut(Metrics):
    decided = serializers.IntegerField()
    work_s_median = serializers.FloatField(allow_null=True)
    verdicts = VerdictRatesOut()
    audits_approved = RateOut(allow_null=True)


class ReviewerOut(WorkOut):
    user_id = serializers.IntegerField()
    username = serializers.CharField()
    today = serializers.IntegerField()
    last_7_days = serializers.IntegerField()
    last_30_days = serializers.IntegerField()
    agrees_with_outcome = RateOut(allow_null=True)
    agrees_with_lead = RateOut(allow_null=True)
    gold_right = RateOut(allow_null=True)
    approves_everything = serializers.CharField(help_text="Reason for the flag; empty: not flagged.")


class ReviewersOut(Metrics):
    days = serializers.IntegerField()
    everybody = WorkOut()
    reviewers = ReviewerOut(many=True)


class WrongGoldOut(Metrics):
    job_id = serializers.UUIDField()
    verdict = serializers.CharField()
    answer = serializers.CharField()
    why = serializers.CharField()
    at = serializers.DateTimeField()


class ReviewerDetailOut(Metrics):
    days = serializers.IntegerField()
    everybody = WorkOut()
    reviewer = ReviewerOut()
    gold_wrong = WrongGoldOut(many=True, help_text="For leads only; otherwise empty.")
    per_week = WeekOut(many=True)
