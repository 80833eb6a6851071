"""Our confidence, and the plain score of length and completeness, against what is known of each output."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agents.engine.agents.spatial import DESCRIPTION_WORDS
from agents.engine.confidence.statistics import (
    Observation,
    auroc,
    brier,
    calibration_error,
    reliability,
)
from agents.engine.registry import get_agent
from agents.engine.results import RunSettings
from agents.engine.text.matching import count_words, mentions_person
from agents.llm.base import LLMReply, LLMRequest, Usage
from evals.material import settings
from evals.outputs import WORD_RANGE, Labelled
from evals.risk_coverage import risk_at

_SETTINGS: Final = RunSettings(model="labelled", threshold=0.75)
COVERAGES: Final = (0.25, 0.5, 0.75, 1.0)


class _Told:
    """A model that answers what it was told to."""

    is_mock = False

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self._answer = answer

    def complete(self, request: LLMRequest, on_words: Callable[[int], None] | None = None) -> LLMReply:
        text = json.dumps(self._answer)
        return LLMReply(
            text=text,
            model="labelled",
            usage=Usage(),
            stop_reason="end_turn",
            request_id="",
            latency_ms=0,
            is_mock=False,
        )

    def close(self) -> None:
        """There is nothing to give back."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One output with its scores in [0, 1]: our confidence, the plain score, and the plain score that also looks for
    the names that were asked for.
    """

    output: Labelled
    ours: float
    plain: float
    with_names: float

    @property
    def is_right(self) -> bool:
        return not self.output.fault


def judge(outputs: Iterable[Labelled]) -> list[Judged]:
    return [
        Judged(output, our_confidence(output), plain_score(output), plain_score(output, with_names=True))
        for output in outputs
    ]


def our_confidence(output: Labelled) -> float:
    """The confidence of the agent itself, run on the told answer."""
    world = settings()[output.world].world
    return get_agent(output.agent).run(output.asked, world, _SETTINGS, _Told(output.answer)).confidence


def plain_score(output: Labelled, *, with_names: bool = False) -> float:
    """The mean of two parts: how near the length is to what was asked, and the share of fields that hold something.

    ``with_names`` each name that was asked for counts as one more field.
    """
    least, most = WORD_RANGE if output.agent == "narrative" else DESCRIPTION_WORDS
    words = count_words(str(output.answer.get("content") or output.answer.get("description") or ""))
    length = words / least if words < least else min(1.0, most / words)
    full = [bool(value.strip() if isinstance(value, str) else value) for value in output.answer.values()]
    if with_names:
        text = str(output.answer)
        names = [*output.asked.get("characters", ()), *output.asked.get("landmarks", ())]
        full += [mentions_person(name, text) for name in names]
    return (length + sum(full) / len(full)) / 2


@dataclass(frozen=True, slots=True)
class Figures:
    """How well a score tells right from wrong (``auroc``), how honest it is (``ece``, ``brier``), and which share is
    wrong among the most confident quarter, half, three quarters, and all.
    """

    auroc: float
    ece: float
    brier: float
    risks: tuple[float, ...]


def figures(observations: list[Observation]) -> Figures:
    """``ValueError`` where all are right or all are wrong."""
    area, error = auroc(observations), calibration_error(reliability(observations))
    square = brier(observations)
    risks = [risk_at(observations, coverage) for coverage in COVERAGES]
    if area is None or error is None or square is None:
        raise ValueError("There is nothing to tell apart.")
    return Figures(area, error, square, tuple(risk for risk in risks if risk is not None))


def compare(judged: list[Judged]) -> tuple[Figures, Figures, Figures]:
    """Of ours, of the plain score, and of the plain score with names."""
    return (
        figures([Observation(one.ours, one.is_right) for one in judged]),
        figures([Observation(one.plain, one.is_right) for one in judged]),
        figures([Observation(one.with_names, one.is_right) for one in judged]),
    )
