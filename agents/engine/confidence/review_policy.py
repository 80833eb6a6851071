"""When a person has to look, and why, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.engine.confidence.signals import Signal

# A fault in one of these is seen by a person however low a site sets its threshold: the output is invented,
# cut off, too short to be what was asked for, or against the world's own rules.
ALWAYS_REVIEWED: Final = frozenset(
    {
        "word_range",
        "stop_reason",
        "clean_prose",
        "forbidden_terms",
        "contradictions",
        "second_opinion",
        "quotes_verified",
        "sources_verified",
        "verdict_agrees",
    }
)


def decide(
    confidence: float, threshold: float, signals: Sequence[Signal], because: str = ""
) -> tuple[bool, tuple[str, ...]]:
    """Whether the output waits for a person, and the reasons as sentences (none if it does not wait).

    ``because`` is a reason that lies outside the output, such as who wrote it, and always makes it wait.
    """
    is_low = confidence < threshold
    faults = [signal for signal in signals if signal.is_capping]
    if not because and not is_low and not any(signal.name in ALWAYS_REVIEWED for signal in faults):
        return False, ()

    # 0.746 against 0.75 would read as a contradiction with two places.
    places = 2 if f"{confidence:.2f}" != f"{threshold:.2f}" else 4
    low = f"Confidence {confidence:.{places}f} is below the threshold {threshold:.{places}f}."
    reasons = [reason for reason in (because, low if is_low else "") if reason]
    blemishes = [signal for signal in signals if signal.value < 1.0 and not signal.is_capping]
    reasons += [signal.sentence for signal in (*faults, *blemishes)]
    return True, tuple(reasons)
