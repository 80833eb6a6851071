"""Wording of a proposed rule by the model, where the site has a key."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import structlog
from django.conf import settings
from pydantic import BaseModel, ConfigDict, ValidationError

from agents.billing import ledger
from agents.common.guidance import guide_of
from agents.engine.envelope import seal
from agents.engine.request.api_schema import api_schema
from agents.engine.request.prompt_files import load_prompt
from agents.engine.results import CallRecord
from agents.learning.guides import MAX_RULE_CHARS
from agents.llm.base import LLMError, LLMRequest, Throttled
from agents.providers import factory

log = structlog.get_logger(__name__)

PROMPT = "style_rule"
_MAX_NOTES = 12
_MAX_NOTE_CHARS = 500


class RuleAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rule: str


def word(universe_id: uuid.UUID, agent_type: str, plain: str, notes: Sequence[str]) -> str | None:
    """Return a rule as the model words it, from the plain one and the notes behind it; None without a usable answer.

    A person reads it before it counts, whoever has worded it.
    """
    if factory.uses_mock():
        return None
    guide = guide_of(universe_id, agent_type)
    data = {
        "plain": plain,
        "notes": [note[:_MAX_NOTE_CHARS] for note in notes if note][:_MAX_NOTES],
        "rules": list(guide.rules) if guide else [],
    }
    prompt = load_prompt(PROMPT)
    request = LLMRequest(
        agent=agent_type,
        model=settings.AGENT_MODELS[agent_type],
        system=prompt.instructions,
        user=f"{prompt.task}\n\n{seal('input', data)}",
        schema=api_schema(RuleAnswer),
        max_tokens=300,
        timeout_s=settings.LLM_TIMEOUT_S,
        prompt_name=prompt.name,
        prompt_version=prompt.version,
        lane="scheduled",
        universe=str(universe_id),
    )
    try:
        reply = factory.llm_client().complete(request, None)
    except LLMError as error:
        # Throttled calls never reached the model.
        if not isinstance(error, Throttled):
            ledger.record_apart(universe_id, agent_type, CallRecord.of_error(request, error, is_mock=False))
        log.warning("rule_not_worded", code=error.code)
        return None
    ledger.record_apart(universe_id, agent_type, CallRecord.of_reply(request, reply))
    try:
        rule = " ".join(RuleAnswer.model_validate_json(reply.text).rule.split())
    except ValidationError:
        return None
    return rule if 0 < len(rule) <= MAX_RULE_CHARS else None
