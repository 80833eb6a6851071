"""What the figures of the reviews look like; ``services.review_figures`` says what they mean."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

Figures = serializers.Serializer[dict[str, Any]]


class RateOut(Figures):
    """A share with its Wilson 95% interval; null where nothing was counted."""

    share = serializers.FloatField()
    count = serializers.IntegerField(help_text="Of how many.")
    low = serializers.FloatField()
    high = serializers.FloatField()


class VerdictRatesOut(Figures):
    approved = RateOut(allow_null=True)
    edited = RateOut(allow_null=True)
    rejected = RateOut(allow_null=True)
    asked_again = RateOut(allow_null=True)


class VerdictGroupOut(VerdictRatesOut):
    key = serializers.CharField()
    name = serializers.CharField()
    decided = serializers.IntegerField()


class VerdictGroupsOut(Figures):
    rows = VerdictGroupOut(many=True)
    left_out = serializers.IntegerField(help_text="How many smaller groups there are besides.")


class BinOut(Figures):
    low = serializers.FloatField()
    high = serializers.FloatField()
    count = serializers.IntegerField()
    weight = serializers.FloatField(help_text="For how many jobs its verdicts stand.")
    mean_confidence = serializers.FloatField(allow_null=True)
    right = serializers.FloatField(allow_null=True, help_text="The share that was approved as it was.")
    right_low = serializers.FloatField(allow_null=True)
    right_high = serializers.FloatField(allow_null=True)


class CalibrationOut(Figures):
    count = serializers.IntegerField()
    speaks_for = serializers.FloatField(help_text="For how many jobs the verdicts stand.")
    ece = serializers.FloatField(allow_null=True, help_text="Expected calibration error; 0 is best.")
    brier = serializers.FloatField(allow_null=True, help_text="Brier score; 0 is best.")
    auroc = serializers.FloatField(allow_null=True, help_text="1 is best, 0.5 is chance.")
    bins = BinOut(many=True)


class NamedRateOut(Figures):
    key = serializers.CharField()
    name = serializers.CharField()
    rate = RateOut()


class EscapedOut(Figures):
    """Of the outputs that passed, the share that an audit would not have approved as it was."""

    overall = RateOut(allow_null=True)
    by_agent = NamedRateOut(many=True)
    by_universe = NamedRateOut(many=True)
    universes_left_out = serializers.IntegerField()


class SpreadOut(Figures):
    count = serializers.IntegerField()
    median = serializers.FloatField(allow_null=True)
    p90 = serializers.FloatField(allow_null=True)


class MoneyOut(Figures):
    """Decimal numbers; lower bounds where a call's price is unknown."""

    accepted = serializers.IntegerField(help_text="Approved, edited or not.")
    calls = serializers.IntegerField()
    unknown_calls = serializers.IntegerField(help_text="Calls whose price is unknown; not in the amounts.")
    cost_usd = serializers.CharField(allow_null=True)
    per_accepted_usd = serializers.CharField(allow_null=True)


class WeekOut(Figures):
    week = serializers.DateField(help_text="Its Monday.")
    decided = serializers.IntegerField()
    accepted = serializers.IntegerField(help_text="Approved, edited or not.")


class HolderOut(Figures):
    by = serializers.CharField()
    items = serializers.IntegerField()
    until = serializers.DateTimeField()


class LiveOut(Figures):
    """The queue this moment."""

    open = serializers.IntegerField()
    is_cut_off = serializers.BooleanField(help_text="There are this many or more.")
    overdue = serializers.IntegerField()
    disputed = serializers.IntegerField()
    oldest_opened_at = serializers.DateTimeField(allow_null=True)
    held = HolderOut(many=True)
    decided_today = serializers.IntegerField()


class ReviewFiguresOut(Figures):
    days = serializers.IntegerField()
    as_of = serializers.DateTimeField(help_text="When they were counted.")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    live = LiveOut()
    decided = serializers.IntegerField()
    mock = serializers.IntegerField(help_text="How many of them the mock model wrote.")
    verdicts = VerdictRatesOut()
    by_agent = VerdictGroupsOut()
    by_model = VerdictGroupsOut()
    by_prompt = VerdictGroupsOut()
    calibration = CalibrationOut()
    escaped = EscapedOut()
    time_to_decision_s = SpreadOut()
    work_s = SpreadOut(help_text="Seconds of work on an item, of all its reviewers.")
    money = MoneyOut()
    per_week = WeekOut(many=True)


class WorkOut(Figures):
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
    approves_everything = serializers.CharField(help_text="Why it seems so; empty: it does not.")


class ReviewersOut(Figures):
    days = serializers.IntegerField()
    everybody = WorkOut()
    reviewers = ReviewerOut(many=True)


class WrongGoldOut(Figures):
    job_id = serializers.UUIDField()
    verdict = serializers.CharField()
    answer = serializers.CharField()
    why = serializers.CharField()
    at = serializers.DateTimeField()


class ReviewerDetailOut(Figures):
    days = serializers.IntegerField()
    everybody = WorkOut()
    reviewer = ReviewerOut()
    gold_wrong = WrongGoldOut(many=True, help_text="For leads alone; otherwise empty.")
    per_week = WeekOut(many=True)
