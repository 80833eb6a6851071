"""Shapes of the metrics: JSON-ready data, as stored in a report and returned by the API."""

from __future__ import annotations

from typing import TypedDict

from agents.billing.usage import UsageSummary
from agents.engine.confidence.statistics import Bin, Rate
from agents.review.creators.variants import ModelChoices


class VerdictRates(TypedDict):
    """The share of each verdict; None if nothing was decided."""

    approved: Rate | None
    edited: Rate | None
    rejected: Rate | None
    asked_again: Rate | None


class VerdictGroup(VerdictRates):
    key: str
    name: str
    decided: int


class VerdictGroups(TypedDict):
    """Groups, largest first; ``left_out`` counts those that are not listed."""

    rows: list[VerdictGroup]
    left_out: int


class Calibration(TypedDict):
    """Confidence compared with verdicts; ``speaks_for`` is the number of jobs that the verdicts represent."""

    count: int
    speaks_for: float
    ece: float | None
    brier: float | None
    auroc: float | None
    bins: list[Bin]


class NamedRate(TypedDict):
    key: str
    name: str
    rate: Rate | None


class Escaped(TypedDict):
    """The share of trusted outputs that an auditor did not approve unchanged."""

    overall: Rate | None
    by_agent: list[NamedRate]
    by_universe: list[NamedRate]
    universes_left_out: int


class Spread(TypedDict):
    count: int
    median: float | None
    p90: float | None


class ReviewedCost(TypedDict):
    """Cost of the decided jobs; calls of unknown cost are counted but add nothing, so the amounts are lower bounds."""

    accepted: int
    calls: int
    unknown_calls: int
    cost_usd: str | None
    per_accepted_usd: str | None


class Week(TypedDict):
    """Decisions in the week from the Monday ``week``."""

    week: str
    decided: int
    accepted: int


class Choices(TypedDict):
    """Choices between variants; the output chosen in a tie counts for no model."""

    choices: int
    ties: int
    by_model: list[ModelChoices]


class ReviewMetrics(TypedDict):
    """Metrics of a period, as stored in a ``ReviewReport``; unknown values are None."""

    form: int
    days: int
    since: str
    until: str
    decided: int
    mock: int
    verdicts: VerdictRates
    by_agent: VerdictGroups
    by_model: VerdictGroups
    by_prompt: VerdictGroups
    calibration: Calibration
    escaped: Escaped
    time_to_decision_s: Spread
    work_s: Spread
    money: ReviewedCost
    usage: UsageSummary
    variants: Choices
    per_week: list[Week]


class Work(TypedDict):
    """Metrics that exist for one reviewer and for all together."""

    decided: int
    work_s_median: float | None
    verdicts: VerdictRates
    audits_approved: Rate | None


class ReviewerRow(Work):
    """Metrics of one reviewer; ``approves_everything`` is the reason for the flag, or empty."""

    user_id: int
    username: str
    today: int
    last_7_days: int
    last_30_days: int
    agrees_with_outcome: Rate | None
    agrees_with_lead: Rate | None
    gold_right: Rate | None
    approves_everything: str


class WrongGold(TypedDict):
    """A gold item on which a reviewer was wrong; ``answer`` is the known one."""

    job_id: str
    verdict: str
    answer: str
    why: str
    at: str


class ReviewerTable(TypedDict):
    days: int
    everybody: Work
    reviewers: list[ReviewerRow]


class ReviewerMetrics(TypedDict):
    """One reviewer beside everybody; ``gold_wrong`` is empty for all readers but leads, so that nobody passes it on."""

    days: int
    reviewer: ReviewerRow
    gold_wrong: list[WrongGold]
    everybody: Work
    per_week: list[Week]
