"""Another prompt, and perhaps another model, reads what was written: what it can prove against the world counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from agents.engine.agents.consistency import ConsistencyAgent, ReportedViolation
from agents.engine.attempt import Attempt
from agents.engine.base import Assignment
from agents.engine.confidence.signals import Signal, bad, doubtful, good
from agents.engine.fields import InvalidInput
from agents.engine.text.matching import shortened
from agents.llm.base import LLMError

# In less time no model reads a text and its world.
LEAST_S: Final = 5.0

# How many violations are told to a reviewer; those that were left out are counted.
_TOLD: Final = 3

_GRAVITY: Final = ("critical", "major", "minor")
_EDITOR: Final = ConsistencyAgent()


def second_opinion(text: str, kind: str, work: Assignment[Any], attempt: Attempt) -> Signal:
    """What the consistency agent can prove of ``text``, which was written for ``work``, within its wall clock.

    One that cannot be had is a blemish: what was written has been paid for.
    """
    if attempt.left_s < LEAST_S:
        return _not_had("The attempt had no time left for it.")
    attempt.tell("second_opinion")
    asked = {"content": text, "content_type": kind, "world_config": work.asked.world_config.model_dump()}
    settings = replace(
        work.settings,
        model=work.settings.consistency_model or work.settings.model,
        timeout_s=attempt.left_s,
    )
    try:
        reading = _EDITOR.assign(asked, work.own, settings)
        answer, _, reply = attempt.answer(
            _EDITOR.build(reading), partial(_EDITOR.read, reading), is_main=False
        )
    except (InvalidInput, LLMError) as error:
        return _not_had(error.message)
    return _opinion(_EDITOR.compose(reading, answer, reply).violations)


def is_opinion(agent_type: str, prompt_name: str) -> bool:
    """Whether a call that was made for this agent's work was only asked what it thinks of it."""
    return prompt_name == _EDITOR.type != agent_type


def _opinion(violations: Sequence[ReportedViolation]) -> Signal:
    if not violations:
        return good("second_opinion", "A second opinion can prove nothing against the text.")
    worst_first = sorted(violations, key=lambda one: _GRAVITY.index(one.severity))
    said = [
        f"“{shortened(one.quote)}” contradicts “{shortened(one.rule)}” ({one.severity})."
        for one in worst_first[:_TOLD]
    ]
    if more := len(violations) - len(said):
        said.append(f"And {more} more.")
    sentence = f"A second opinion finds: {' '.join(said)}"
    if worst_first[0].severity == "minor":
        return doubtful("second_opinion", 0.5, sentence)
    return bad("second_opinion", 0.0, sentence)


def _not_had(why: str) -> Signal:
    return doubtful("second_opinion", 0.5, f"A second opinion was wanted and could not be had. {why}")
