"""Decision whether an output needs review, and the reasons in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.engine.confidence.signals import Signal

# A defect in one of these goes to review however low the threshold: the output is invented, cut off, too short, in
# the wrong language, contradicts its world, or cannot be read by the checks.
ALWAYS_REVIEWED: Final = frozenset(
    {
        "word_range",
        "stop_reason",
        "clean_prose",
        "scripts",
        "language",
        "forbidden_terms",
        "contradictions",
        "second_opinion",
        "quotes_verified",
        "sources_verified",
        "verdict_agrees",
    }
)


def decide(
    confidence: float, threshold: float, signals: Sequence[Signal], forced_reason: str = ""
) -> tuple[bool, tuple[str, ...]]:
    """Return whether the output needs review, and the reasons as sentences.

    ``forced_reason`` is a reason outside the output, such as a model on trial; it always leads to review.
    """
    is_low = confidence < threshold
    defects = [signal for signal in signals if signal.is_capping]
    if not forced_reason and not is_low and not any(signal.name in ALWAYS_REVIEWED for signal in defects):
        return False, ()

    # With two places, 0.746 would read as "0.75 is below the threshold 0.75".
    places = 2 if f"{confidence:.2f}" != f"{threshold:.2f}" else 4
    low = f"Confidence {confidence:.{places}f} is below the threshold {threshold:.{places}f}."
    reasons = [reason for reason in (forced_reason, low if is_low else "") if reason]
    blemishes = [signal for signal in signals if signal.is_weak and not signal.is_capping]
    reasons += [signal.sentence for signal in (*defects, *blemishes)]
    return True, tuple(reasons)
