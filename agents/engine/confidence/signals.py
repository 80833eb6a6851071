"""Signals about an output and the confidence that they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from agents.engine.checks.finding import Finding

SIGNAL_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "schema_valid": 2.0,  # the answer had the agreed form
        "second_try": 1.0,  # the first answer could be used without a repair
        "complete": 3.0,  # every requested part is there
        "word_range": 3.0,  # the text has the requested length
        "characters_present": 3.0,  # every requested character is in the text
        "landmarks_present": 3.0,  # every requested landmark is in the place
        "stop_reason": 2.0,  # the model ended by itself
        "clean_prose": 2.0,  # the text is finished, does not repeat itself and contains nothing of its making
        "scripts": 3.0,  # no word mixes alphabets or hides signs, so that the checks can read it
        "language": 3.0,  # the text is in the language that was asked for
        "forbidden_terms": 3.0,  # no term that the world's technology or lack of magic rules out
        "contradictions": 4.0,  # no proven contradiction of the world's rules and facts
        "second_opinion": 4.0,  # another prompt proves no contradiction
        "quotes_verified": 4.0,  # every quoted violation occurs in the text
        "sources_verified": 3.0,  # every violation cites a rule or fact of the world
        "verdict_agrees": 2.0,  # the verdict agrees with the list of violations
    }
)

# Upper limit of the confidence when the signal of this name is bad. In a weighted mean alone, a dozen good signals
# would outweigh one forged quotation.
SIGNAL_CAPS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "schema_valid": 0.70,
        "complete": 0.65,
        "word_range": 0.45,
        "characters_present": 0.65,
        "landmarks_present": 0.65,
        "stop_reason": 0.30,
        "clean_prose": 0.45,
        "scripts": 0.45,
        "language": 0.40,
        "forbidden_terms": 0.50,
        "contradictions": 0.40,
        "second_opinion": 0.40,
        "quotes_verified": 0.35,
        "sources_verified": 0.50,
        "verdict_agrees": 0.40,
    }
)


@dataclass(frozen=True, slots=True)
class Signal:
    """A named observation about an output, with a ``sentence`` for the reviewer.

    ``value`` runs from 0 (bad) to 1 (good), or is None for what could not be checked; such a signal has no influence on
    the confidence. ``cap`` limits the confidence of the whole output, 1.0 for no limit. ``findings`` are the
    contradictions that the signal sums up. Raises ``KeyError`` for a name without a weight: a new signal must be
    weighed on purpose.
    """

    name: str
    value: float | None
    sentence: str
    cap: float = 1.0
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        if self.name not in SIGNAL_WEIGHTS:
            raise KeyError(self.name)
        if self.value is not None and not 0.0 <= self.value <= 1.0:
            raise ValueError(f"Signal {self.name} has the value {self.value}, which is outside [0, 1].")

    @property
    def weight(self) -> float:
        return SIGNAL_WEIGHTS[self.name]

    @property
    def is_capping(self) -> bool:
        return self.cap < 1.0

    @property
    def is_weak(self) -> bool:
        return self.value is not None and self.value < 1.0

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": None if self.value is None else round(self.value, 4),
            "weight": self.weight,
            "cap": self.cap,
            "sentence": self.sentence,
            "findings": [finding.as_dict() for finding in self.findings],
        }


def good(name: str, sentence: str) -> Signal:
    return Signal(name, 1.0, sentence)


def not_checked(name: str, sentence: str) -> Signal:
    """Return the signal of a check that could not be made; it neither raises nor lowers the confidence."""
    return Signal(name, None, sentence)


def doubtful(name: str, value: float, sentence: str, findings: Sequence[Finding] = ()) -> Signal:
    """Return a blemish: it lowers the mean without a cap."""
    return Signal(name, value, sentence, findings=tuple(findings))


def bad(name: str, value: float, sentence: str, findings: Sequence[Finding] = ()) -> Signal:
    """Return a defect: it lowers the mean and caps the confidence at ``SIGNAL_CAPS[name]``."""
    return Signal(name, value, sentence, SIGNAL_CAPS[name], tuple(findings))


def score(signals: Iterable[Signal]) -> float:
    """Weigh the signals of one output into a confidence in [0, 1], rounded to four places.

    The confidence is the weighted mean, limited by the lowest cap; 0 without signals.
    """
    return _weighed((signal.value, signal.weight, signal.cap) for signal in signals)


def hand_set_score(stored: Iterable[Mapping[str, Any]]) -> float | None:
    """Return ``score`` of signals as ``Signal.as_dict`` has stored them; None if they have no weights."""
    known = [
        (signal["value"], signal["weight"], signal.get("cap", 1.0))
        for signal in stored
        if "value" in signal and "weight" in signal
    ]
    return _weighed(known) if known else None


def _weighed(signals: Iterable[tuple[float | None, float, float]]) -> float:
    weighed = [(value, weight, cap) for value, weight, cap in signals if value is not None]
    total = sum(weight for _, weight, _ in weighed)
    if not total:
        return 0.0
    mean = sum(value * weight for value, weight, _ in weighed) / total
    return round(min(mean, *(cap for _, _, cap in weighed)), 4)
