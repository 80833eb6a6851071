"""The shots of a video prompt as plain text for the tools that make videos of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Copy:
    """A text to copy into a tool."""

    tool: str
    text: str

    @property
    def id(self) -> str:
        return f"copy-{self.tool.lower()}"


def shots_of(prompt: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shots of a video prompt, their length in all, and a copy in the form that each tool takes best."""
    shots = [shot for shot in prompt.get("shots") or [] if isinstance(shot, Mapping)]
    return {
        "shots": shots,
        "total_s": sum(_seconds(shot) for shot in shots),
        "copies": [Copy(tool, write(prompt, shots)) for tool, write in _WRITERS.items()] if shots else [],
    }


def _seconds(shot: Mapping[str, Any]) -> int:
    length = shot.get("duration_s")
    return length if isinstance(length, int) else 0


def _runway(output: Mapping[str, Any], shots: Sequence[Mapping[str, Any]]) -> str:
    """Write the camera first, then the scene: one paragraph for each shot."""
    return "\n\n".join(
        f"{_of(shot, 'camera')}: {_of(shot, 'description')} {_mood(output)}".strip() for shot in shots
    )


def _kling(output: Mapping[str, Any], shots: Sequence[Mapping[str, Any]]) -> str:
    """Write numbered shots with their lengths."""
    return "\n".join(
        f"Shot {number} ({shot.get('duration_s', '?')}s): {_of(shot, 'description')} Camera: {_of(shot, 'camera')}."
        for number, shot in enumerate(shots, start=1)
    ) + (f"\nMood: {output['mood']}" if output.get("mood") else "")


def _pika(output: Mapping[str, Any], shots: Sequence[Mapping[str, Any]]) -> str:
    """Write one line for each shot: subject, mood, camera."""
    return "\n".join(
        ", ".join(
            part.rstrip(".")
            for part in (_of(shot, "description"), str(output.get("mood", "")), _of(shot, "camera"))
            if part
        )
        for shot in shots
    )


def _mood(output: Mapping[str, Any]) -> str:
    return f"{str(output['mood']).rstrip('.')}." if output.get("mood") else ""


def _of(shot: Mapping[str, Any], name: str) -> str:
    return str(shot.get(name, "")).strip()


_WRITERS: Final[Mapping[str, Callable[[Mapping[str, Any], Sequence[Mapping[str, Any]]], str]]] = {
    "Runway": _runway,
    "Kling": _kling,
    "Pika": _pika,
}
