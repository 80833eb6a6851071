"""Frozen inputs of a batch item: the world, the run settings and the prompt that its request was built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, NamedTuple, TypedDict

from agents.engine.guidance import Guidance
from agents.engine.results import RunSettings
from agents.engine.world import WorldView
from agents.llm.base import LLMReply, LLMRequest
from agents.models import BatchItem
from agents.providers import factory

# Former names of fields, in batches that an earlier release has sent.
RENAMED_FIELDS = {"in_place_of": "fallback_for", "review_because": "forced_review_reason"}


class FrozenRunSettings(TypedDict):
    settings: dict[str, Any]
    prompt_name: str
    prompt_version: str


class FrozenColumns(TypedDict):
    world: dict[str, Any] | None
    run_settings: FrozenRunSettings


class Prompt(NamedTuple):
    name: str
    version: str


def columns(world: WorldView | None, settings: RunSettings, request: LLMRequest) -> FrozenColumns:
    """Return the values of the ``BatchItem`` columns that keep the inputs of ``request``."""
    plain = asdict(settings)
    # Read again with the answer, so that marks set meanwhile count.
    del plain["intentional"]
    return {
        "world": world.model_dump(mode="json") if world else None,
        "run_settings": {
            "settings": plain,
            "prompt_name": request.prompt_name,
            "prompt_version": request.prompt_version,
        },
    }


def world_of(item: BatchItem) -> WorldView | None:
    return WorldView.model_validate(item.world) if item.world is not None else None


def settings_of(item: BatchItem) -> RunSettings:
    """Restore the run settings; fields added or removed by a release since then get their default or are ignored."""
    stored: Mapping[str, Any] = _run_settings(item)["settings"]
    known = {field.name for field in fields(RunSettings)}
    renamed = {RENAMED_FIELDS.get(name, name): value for name, value in stored.items()}
    values = {name: value for name, value in renamed.items() if name in known}
    if guidance := values.get("guidance"):
        values["guidance"] = Guidance.from_dict(guidance)
    if values.get("word_range"):
        values["word_range"] = tuple(values["word_range"])
    return RunSettings(**values)


def prompt_of(item: BatchItem) -> Prompt:
    stored = _run_settings(item)
    return Prompt(stored["prompt_name"], stored["prompt_version"])


def _run_settings(item: BatchItem) -> Mapping[str, Any]:
    stored: Mapping[str, Any] = item.run_settings or {}
    return stored


def reply_of(item: BatchItem) -> LLMReply:
    """Return the answer that has arrived; raise the ``LLMError`` that it stands for if it is not usable."""
    return factory.batch_reply(str(item.result))
