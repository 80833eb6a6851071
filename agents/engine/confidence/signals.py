"""How far an output can be trusted: named observations, weighed into one number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

SIGNAL_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "schema_valid": 2.0,  # the answer had the agreed form
        "second_try": 1.0,  # what the model wrote first could not be used
        "complete": 3.0,  # every part that was asked for is there
        "word_range": 3.0,  # the text is as long as asked
        "characters_present": 3.0,  # every requested character is in the text
        "landmarks_present": 3.0,  # every requested landmark is in the place
        "stop_reason": 2.0,  # the model ended by itself
        "clean_prose": 2.0,  # the text ends, does not repeat itself and speaks of nothing but its subject
        "forbidden_terms": 3.0,  # nothing that the world's technology or lack of magic rules out
        "contradictions": 4.0,  # nothing in the text is proven to be against the world's rules and facts
        "second_opinion": 4.0,  # another prompt can prove nothing against the world in the text
        "quotes_verified": 4.0,  # every quoted violation really stands in the text
        "sources_verified": 3.0,  # every violation cites a rule or a fact that the world really states
        "verdict_agrees": 2.0,  # the verdict and the list of violations say the same
    }
)

# The most that an output can reach when the signal of this name is bad, however good the others are. A
# weighted mean alone would let one forged quote drown in a dozen good signs.
SIGNAL_CAPS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "schema_valid": 0.70,
        "complete": 0.65,
        "word_range": 0.45,
        "characters_present": 0.65,
        "landmarks_present": 0.65,
        "stop_reason": 0.30,
        "clean_prose": 0.45,
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
    """One named observation about one output.

    ``value`` runs from 0 (bad) to 1 (good); ``sentence`` says to a reviewer what was seen; ``cap`` is the
    most that the whole output can reach with it, 1.0 where it limits nothing. ``KeyError`` for a name
    without a weight: a new signal must be weighed on purpose.
    """

    name: str
    value: float
    sentence: str
    cap: float = 1.0

    def __post_init__(self) -> None:
        if self.name not in SIGNAL_WEIGHTS:
            raise KeyError(self.name)
        if not 0.0 <= self.value <= 1.0:
            raise ValueError(f"Signal {self.name} has the value {self.value}, which is outside [0, 1].")

    @property
    def weight(self) -> float:
        return SIGNAL_WEIGHTS[self.name]

    @property
    def is_capping(self) -> bool:
        return self.cap < 1.0

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: name, value, weight, cap, sentence."""
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "weight": self.weight,
            "cap": self.cap,
            "sentence": self.sentence,
        }


def good(name: str, sentence: str) -> Signal:
    return Signal(name, 1.0, sentence)


def doubtful(name: str, value: float, sentence: str) -> Signal:
    """A blemish: it lowers the mean and limits nothing."""
    return Signal(name, value, sentence)


def bad(name: str, value: float, sentence: str) -> Signal:
    """A fault: besides lowering the mean it caps the whole output at ``SIGNAL_CAPS[name]``."""
    return Signal(name, value, sentence, SIGNAL_CAPS[name])


def score(signals: Iterable[Signal]) -> float:
    """Weigh the signals of one output into a confidence in [0, 1], rounded to four places.

    The weighted mean over the signals given (an agent gives those that apply to it), then the lowest cap
    among them. No signals at all are no reason to trust: 0.
    """
    seen = list(signals)
    total = sum(signal.weight for signal in seen)
    if not total:
        return 0.0
    mean = sum(signal.value * signal.weight for signal in seen) / total
    return round(min(mean, *(signal.cap for signal in seen)), 4)
