"""The second opinion: the consistency agent checks another agent's output; only proven violations count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from agents.engine.agents.consistency import ConsistencyAgent, ReportedViolation
from agents.engine.assignment import Assignment
from agents.engine.attempt import Attempt
from agents.engine.confidence.signals import Signal, bad, doubtful, good
from agents.engine.fields import InvalidInput
from agents.engine.text.matching import shortened
from agents.llm.base import LLMError

# Too short for a model to read a text and its world.
MIN_SECOND_OPINION_S: Final = 5.0

# Further violations are only counted.
_MAX_VIOLATIONS_SHOWN: Final = 3

_WORST_FIRST: Final = ("critical", "major", "minor")
_CHECKER: Final = ConsistencyAgent()


def second_opinion(text: str, kind: str, work: Assignment[Any], attempt: Attempt) -> Signal:
    """Have the consistency agent check ``text``, written for ``work``, in the time left in the attempt.

    A failed check is a blemish, not a failure of the attempt: the text has been paid for.
    """
    if attempt.left_s < MIN_SECOND_OPINION_S:
        return _unavailable("The attempt had no time left.")
    attempt.report("second_opinion")
    input_data = {
        "content": text,
        "content_type": kind,
        "world_config": work.input.world_config.model_dump(),
        "mentions": [mention.model_dump() for mention in work.input.mentions],
    }
    settings = replace(
        work.settings,
        model=work.settings.consistency_model or work.settings.model,
        timeout_s=attempt.left_s,
    )
    try:
        check = _CHECKER.assign(input_data, work.own_world, settings)
        answer, _, reply = attempt.answer(
            _CHECKER.build(check), partial(_CHECKER.parse, check), is_main=False
        )
    except (InvalidInput, LLMError) as error:
        return _unavailable(error.message)
    return _signal(_CHECKER.compose(check, answer, reply).violations)


def is_opinion(agent_type: str, prompt_name: str) -> bool:
    """Return whether a call in a job of this agent was its second opinion."""
    return prompt_name == _CHECKER.type != agent_type


def _signal(violations: Sequence[ReportedViolation]) -> Signal:
    if not violations:
        return good("second_opinion", "A second opinion found nothing wrong with the text.")
    worst_first = sorted(violations, key=lambda violation: _WORST_FIRST.index(violation.severity))
    sentences = [
        f"“{shortened(violation.quote)}” contradicts “{shortened(violation.rule)}” ({violation.severity})."
        for violation in worst_first[:_MAX_VIOLATIONS_SHOWN]
    ]
    if more := len(violations) - len(sentences):
        sentences.append(f"And {more} more.")
    sentence = f"A second opinion finds: {' '.join(sentences)}"
    if worst_first[0].severity == "minor":
        return doubtful("second_opinion", 0.5, sentence)
    return bad("second_opinion", 0.0, sentence)


def _unavailable(why: str) -> Signal:
    return doubtful("second_opinion", 0.5, f"A second opinion was required but not available. {why}")
