"""Confidence of the agents compared with a plain score of length and completeness, on labelled outputs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agents.engine.agents.spatial import DESCRIPTION_WORDS
from agents.engine.confidence.calibration import Comparison, Example, learn
from agents.engine.confidence.statistics import (
    Observation,
    auroc,
    brier,
    calibration_error,
    reliability,
)
from agents.engine.registry import get_agent
from agents.engine.results import RunSettings
from agents.engine.text.matching import count_words
from agents.engine.text.names.index import is_named
from agents.engine.text.reading import Reading
from agents.llm.base import LLMReply, LLMRequest, Usage
from evals.material import settings
from evals.outputs import WORD_RANGE, Labelled
from evals.risk_coverage import risk_at

_SETTINGS: Final = RunSettings(model="labelled", threshold=0.75)
COVERAGES: Final = (0.25, 0.5, 0.75, 1.0)


class _ScriptedModel:
    """A model that gives a prepared answer."""

    is_mock = False

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self._answer = answer

    def complete(self, request: LLMRequest, on_text: Callable[[str], None] | None = None) -> LLMReply:
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
        pass


@dataclass(frozen=True, slots=True)
class Judged:
    """An output with its scores in [0, 1].

    ``ours`` is the agent's confidence; ``with_names`` is the plain score that also counts requested names.
    """

    output: Labelled
    ours: float
    plain: float
    with_names: float
    signals: Mapping[str, float]

    @property
    def is_right(self) -> bool:
        return not self.output.defect


def judge(outputs: Iterable[Labelled]) -> list[Judged]:
    return [_judged(output) for output in outputs]


def _judged(output: Labelled) -> Judged:
    """Run the agent on the prepared answer."""
    world = settings()[output.world].world
    result = get_agent(output.agent).run(output.request, world, _SETTINGS, _ScriptedModel(output.answer))
    return Judged(
        output,
        result.confidence,
        plain_score(output),
        plain_score(output, with_names=True),
        {signal.name: signal.value for signal in result.signals if signal.value is not None},
    )


def calibrated(judged: Iterable[Judged]) -> Comparison | None:
    """Compare the confidence that is learned from these outputs, cross-fitted, with ours."""
    learned = learn([Example(item.signals, item.ours, item.is_right) for item in judged])
    return learned[1] if learned else None


def plain_score(output: Labelled, *, with_names: bool = False) -> float:
    """Return the mean of two parts: closeness to the requested length, and the share of non-empty fields.

    ``with_names`` counts each requested name as one more field.
    """
    min_words, max_words = WORD_RANGE if output.agent == "narrative" else DESCRIPTION_WORDS
    words = count_words(str(output.answer.get("content") or output.answer.get("description") or ""))
    length = words / min_words if words < min_words else min(1.0, max_words / words)
    filled = [bool(value.strip() if isinstance(value, str) else value) for value in output.answer.values()]
    if with_names:
        text = str(output.answer)
        names = [*output.request.get("characters", ()), *output.request.get("landmarks", ())]
        reading = Reading(text)
        filled += [is_named(name, reading) for name in names]
    return (length + sum(filled) / len(filled)) / 2


@dataclass(frozen=True, slots=True)
class Figures:
    """Quality of a score: discrimination (``auroc``), calibration (``ece``, ``brier``), and ``risks``.

    ``risks`` are the shares of wrong outputs among the most confident quarter, half, three quarters, and all.
    """

    auroc: float
    ece: float
    brier: float
    risks: tuple[float, ...]


def figures(observations: list[Observation]) -> Figures:
    """Compute the figures; raise ``ValueError`` if all outputs are right or all are wrong."""
    area, error = auroc(observations), calibration_error(reliability(observations))
    square = brier(observations)
    risks = [risk_at(observations, coverage) for coverage in COVERAGES]
    if area is None or error is None or square is None:
        raise ValueError("The outputs are all right or all wrong.")
    return Figures(area, error, square, tuple(risk for risk in risks if risk is not None))


def compare(judged: list[Judged]) -> tuple[Figures, Figures, Figures]:
    """Return the figures of our confidence, of the plain score, and of the plain score with names."""
    return (
        figures([Observation(item.ours, item.is_right) for item in judged]),
        figures([Observation(item.plain, item.is_right) for item in judged]),
        figures([Observation(item.with_names, item.is_right) for item in judged]),
    )
