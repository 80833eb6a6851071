"""The models, how far each is in its life, and what each of them takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from dev.standin.errors import ApiError

Lifecycle = Literal["active", "deprecated", "retired"]

_THINKING_TYPES: Final = ("adaptive", "between_tools", "disabled", "enabled")
EFFORTS: Final = ("low", "medium", "high", "xhigh", "max")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """``thinking`` names the settings that it takes; ``thinks_unasked`` is what it does when none is sent."""

    id: str
    display_name: str
    line: str
    created_at: str
    thinking: frozenset[str]
    thinks_unasked: bool = True
    has_effort: bool = True
    max_input_tokens: int = 1_000_000
    max_tokens: int = 128_000
    least_cached_tokens: int = 512
    lifecycle: Lifecycle = "active"
    deprecated_at: str | None = None
    retires_at: str | None = None

    def info(self) -> dict[str, Any]:
        """The model as ``/v1/models`` shows it."""
        return {
            "id": self.id,
            "type": "model",
            "display_name": self.display_name,
            "created_at": self.created_at,
            "line": self.line,
            "lifecycle": self.lifecycle,
            "deprecated_at": self.deprecated_at,
            "retires_at": self.retires_at,
            "max_input_tokens": self.max_input_tokens,
            "max_tokens": self.max_tokens,
            "capabilities": self._capabilities(),
        }

    def _capabilities(self) -> dict[str, Any]:
        yes, no = {"supported": True}, {"supported": False}
        return {
            "batch": yes,
            "citations": yes,
            "code_execution": no,
            "context_management": no,
            "effort": {
                "supported": self.has_effort,
                **dict.fromkeys(EFFORTS, yes if self.has_effort else no),
            },
            "image_input": yes,
            "pdf_input": yes,
            "server_tools": {"supported": False, "code_execution": no, "web_search": no},
            "structured_outputs": yes,
            "thinking": {
                "supported": True,
                "types": {kind: yes if kind in self.thinking else no for kind in _THINKING_TYPES},
            },
        }


def _model(name: str, line: str, created_on: str, *thinking: str, **more: Any) -> Model:
    return Model(
        id=name,
        display_name=" ".join(word.capitalize() for word in name.split("-")[:2]) + " " + _version(name),
        line=line,
        created_at=f"{created_on}T00:00:00Z",
        thinking=frozenset(thinking),
        **more,
    )


def _version(name: str) -> str:
    return ".".join(part for part in name.split("-")[2:] if len(part) < 8)


_FIRST: Final = (
    _model("claude-haiku-5-5", "haiku", "2026-10-07", "adaptive", "disabled"),
    _model("claude-sonnet-5-5", "sonnet", "2026-09-28", "adaptive", "between_tools"),
    _model("claude-opus-5-5", "opus", "2026-09-22", "adaptive"),
    _model("claude-fable-5-1", "fable", "2026-06-09", "adaptive"),
    _model(
        "claude-haiku-4-5-20251001",
        "haiku",
        "2025-10-15",
        "disabled",
        "enabled",
        thinks_unasked=False,
        has_effort=False,
        max_input_tokens=200_000,
        max_tokens=64_000,
        least_cached_tokens=4096,
    ),
    _model(
        "claude-opus-4-20250514",
        "opus",
        "2025-05-14",
        "disabled",
        "enabled",
        thinks_unasked=False,
        has_effort=False,
        max_input_tokens=200_000,
        max_tokens=32_000,
        lifecycle="retired",
        deprecated_at="2026-04-14T00:00:00Z",
        retires_at="2026-06-15T00:00:00Z",
    ),
)

_ALIASES: Final = {"claude-haiku-4-5": "claude-haiku-4-5-20251001"}


class Catalogue:
    def __init__(self) -> None:
        self._models = {model.id: model for model in _FIRST}

    def find(self, name: object) -> Model:
        """By id or alias, retired ones too. 404 when there is none."""
        key = _ALIASES.get(name, name) if isinstance(name, str) else ""
        if key not in self._models:
            raise ApiError(404, f"model: {name}")
        return self._models[key]

    def callable(self, name: object) -> Model:
        """As ``find``, and 404 for a retired model as well."""
        model = self.find(name)
        if model.lifecycle == "retired":
            raise ApiError(404, f"model: {name}")
        return model

    def listed(self, stages: frozenset[str]) -> list[Model]:
        """Newest first, only those in one of ``stages``."""
        chosen = [model for model in self._models.values() if model.lifecycle in stages]
        return sorted(chosen, key=lambda model: (model.created_at, model.id), reverse=True)

    def change(self, name: str, **values: Any) -> None:
        """Give a model other values, as a lifecycle. One that is not there yet is made like Claude Haiku 5.5."""
        name = _ALIASES.get(name, name)
        like = self._models.get(name) or replace(_FIRST[0], id=name, display_name=name)
        self._models[name] = replace(like, **values)
