"""Error promises in words, for pages, the API and receipts."""

from __future__ import annotations

import math
from typing import Any

from agents.choices import PromiseState
from agents.models import ErrorPromise


def sentence(promise: ErrorPromise) -> str:
    """Say what is promised, or why nothing is."""
    limit, certainty = f"{promise.alpha:.1%}".replace(".0%", "%"), f"{1 - promise.delta:.0%}"
    if promise.state == PromiseState.KEPT:
        return (
            f"Of the outputs that pass without review, at most {limit} would have been rejected or changed"
            f" ({certainty} certainty). An output passes from confidence {promise.cut_off:.1f} on;"
            f" {share_that_passes(promise):.0%} do."
        )
    best = promise.evidence.get("best_bound")
    if promise.state == PromiseState.TOO_MANY:
        return (
            f"No promise of {limit} can be kept: there are too many errors. The best bound reached is"
            f" {best:.1%}. The fixed threshold applies."
        )
    missing = _what_is_missing(promise.evidence)
    return f"Too few verdicts for a promise of {limit}: {missing} The fixed threshold applies."


def _what_is_missing(evidence: dict[str, Any]) -> str:
    needed, per_day = evidence.get("needed"), evidence.get("verdicts_per_day") or 0.0
    if needed is None:
        return "no output that counts has been reviewed yet."
    verdicts = f"about {needed:,} more {'is' if needed == 1 else 'are'} needed"
    if not per_day:
        return f"{verdicts}, and none came in the last week."
    days = math.ceil(needed / per_day)
    return f"{verdicts}, {days} day{'' if days == 1 else 's'} at the rate of the last week."


def share_that_passes(promise: ErrorPromise) -> float:
    """Return the share of the outputs over 0.5 that reach the cut-off; 0 without a cut-off."""
    candidates = promise.evidence.get("candidates", [])
    outputs = {
        candidate["cut_off"]: sum(stratum["outputs"] for stratum in candidate["strata"])
        for candidate in candidates
    }
    total = outputs.get(min(outputs, default=0.0), 0)
    return outputs.get(promise.cut_off, 0) / total if total else 0.0
