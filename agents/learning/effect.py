"""Effect of new rules: verdicts on the outputs with them, and on those that were drawn to go without."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from agents.choices import Verdict
from agents.common import world_context
from agents.common.guidance import newest_guides
from agents.common.text.job_text import MAIN_OUTPUT
from agents.engine.confidence import promise as mathematics
from agents.errors import Conflict
from agents.learning import access, guides
from agents.models import ReviewDecision, StyleGuide

# The comparison is decided once, at this many verdicts on each side, fixed in advance: looking more often would find
# differences where there are none.
VERDICTS_PER_SIDE: Final = 30
_RISK: Final = 0.05
_Z: Final = 1.96

State = Literal["none", "not_enough", "better", "worse", "no_difference"]


@dataclass(frozen=True, slots=True)
class Side:
    """Verdicts on the outputs of one side, with 95% intervals; None without any.

    ``distance`` is the mean share of the words that reviewers changed in what they accepted.
    """

    verdicts: int
    approved: int
    share: float | None
    share_low: float | None
    share_high: float | None
    accepted: int
    distance: float | None
    distance_low: float | None
    distance_high: float | None


@dataclass(frozen=True, slots=True)
class Effect:
    """Comparison of the newest rules; ``p`` is that of an exact test that the approval rates differ."""

    rules: tuple[str, ...]
    state: State
    with_rules: Side
    without_rules: Side
    p: float | None
    sentence: str


def effect_of(universe_id: uuid.UUID, agent_type: str) -> Effect:
    """Compare the outputs with and without the rules that were added last."""
    tried = guides.versions_of(universe_id, agent_type).exclude(on_trial=[]).first()
    if tried is None:
        nothing = _side([])
        return Effect((), "none", nothing, nothing, None, "No rule has been tried yet.")
    texts = tuple(rule["text"] for rule in tried.rules if rule["id"] in tried.on_trial)
    with_rules, without_rules = (
        _side(_verdicts(tried, is_without=is_without)) for is_without in (False, True)
    )
    state, p = _compare(with_rules, without_rules)
    return Effect(texts, state, with_rules, without_rules, p, _sentence(state, with_rules, without_rules))


def end_trial(universe_id: uuid.UUID, agent_type: str, *, by: User) -> StyleGuide:
    """End the trial of the newest rules now, whatever has been decided so far; all later jobs read them.

    Raises ``Forbidden`` or ``NotFound`` unless the person owns the universe or is a lead, ``Conflict`` without a trial.
    """
    access.teachable_universe(by, universe_id)
    guides.check_agent_type(agent_type)
    with transaction.atomic():
        # A version that is saved meanwhile would go on with the trial.
        world_context.lock_universe(universe_id)
        if not _end(guides.current(universe_id, agent_type), by=by.get_username()):
            raise Conflict("No rule is on trial.", code="no_trial")
        return guides.current(universe_id, agent_type)


def end_trials() -> int:
    """End the trials that have enough verdicts, so that all jobs read the rules; return their number."""
    ended = 0
    for guide in newest_guides().filter(trial_ended_at__isnull=True).exclude(on_trial=[]).order_by("pk"):
        if effect_of(guide.universe_id, guide.agent_type).state != "not_enough":
            ended += _end(guide)
    return ended


def _end(guide: StyleGuide, *, by: str | None = None) -> bool:
    """End a trial with the comparison of this moment, unless it has ended; ``by`` is who ended it by hand."""
    if not guide.has_trial:
        return False
    result = {**asdict(effect_of(guide.universe_id, guide.agent_type)), "ended_by": by}
    open_trial = StyleGuide.objects.filter(pk=guide.pk, trial_ended_at__isnull=True)
    return bool(open_trial.update(trial_ended_at=timezone.now(), trial_result=result))


def _verdicts(tried: StyleGuide, *, is_without: bool) -> list[tuple[str, str, str]]:
    """Return verdict, text before and text after, of the outputs under the versions that try these rules."""
    versions = StyleGuide.objects.filter(
        universe=tried.universe_id, agent_type=tried.agent_type, on_trial=tried.on_trial
    )
    rows = ReviewDecision.objects.effective().filter(
        item__job__universe=tried.universe_id,
        item__job__agent_type=tried.agent_type,
        item__job__guide_version__in=list(versions.values_list("version", flat=True)),
        item__job__guidance__without_new_rules=is_without,
        item__job__variants_id__isnull=True,
        item__job__reused_from__isnull=True,
    )
    main = MAIN_OUTPUT.get(tried.agent_type, "")
    return [
        (verdict, str((before or {}).get(main, "")), str((after or before or {}).get(main, "")))
        for verdict, before, after in rows.order_by().values_list("verdict", "before", "after")
    ]


def _side(verdicts: Sequence[tuple[str, str, str]]) -> Side:
    total = len(verdicts)
    approved = sum(verdict == Verdict.APPROVED for verdict, _, _ in verdicts)
    distances = [
        _distance(before, after) if verdict == Verdict.EDITED else 0.0
        for verdict, before, after in verdicts
        if verdict in (Verdict.APPROVED, Verdict.EDITED)
    ]
    low, high = _share_interval(approved, total)
    mean, mean_low, mean_high = _mean_interval(distances)
    share = approved / total if total else None
    return Side(total, approved, share, low, high, len(distances), mean, mean_low, mean_high)


def _distance(before: str, after: str) -> float:
    """Return the share of the words that differ, 0 to 1."""
    return 1.0 - SequenceMatcher(None, before.split(), after.split(), autojunk=False).ratio()


def _share_interval(hits: int, total: int) -> tuple[float | None, float | None]:
    """Return the exact interval of a share (Clopper and Pearson)."""
    if not total:
        return None, None
    lowest = 1.0 - mathematics.upper_bound(total - hits, total, _RISK / 2)
    return lowest, mathematics.upper_bound(hits, total, _RISK / 2)


def _mean_interval(values: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    """Return a mean with its interval by the normal approximation; none of two values or fewer."""
    if not values:
        return None, None, None
    mean = math.fsum(values) / len(values)
    if len(values) < 3:
        return mean, None, None
    variance = math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
    margin = _Z * math.sqrt(variance / len(values))
    return mean, max(0.0, mean - margin), min(1.0, mean + margin)


def _compare(with_rules: Side, without_rules: Side) -> tuple[State, float | None]:
    if min(with_rules.verdicts, without_rules.verdicts) < VERDICTS_PER_SIDE:
        return "not_enough", None
    p = mathematics.are_different(
        (with_rules.approved, with_rules.verdicts), (without_rules.approved, without_rules.verdicts)
    )
    if p >= _RISK:
        return "no_difference", p
    is_better = (with_rules.share or 0.0) > (without_rules.share or 0.0)
    return ("better" if is_better else "worse"), p


def _sentence(state: State, with_rules: Side, without_rules: Side) -> str:
    if state == "not_enough":
        return (
            f"Not enough yet: {with_rules.verdicts} with the new rules and {without_rules.verdicts} without are "
            f"decided; {VERDICTS_PER_SIDE} of each are needed."
        )
    shares = _percent(with_rules.share), _percent(without_rules.share)
    rates = f"{shares[0]} approved unchanged with the new rules, {shares[1]} without."
    return {
        "better": f"The new rules help: {rates}",
        "worse": f"The new rules do harm: {rates} Undo them?",
        "no_difference": f"No difference is proven: {rates}",
    }[state]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
