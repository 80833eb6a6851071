"""Prompt files, each with a version that changes with its text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

PROMPT_DIR: Final = Path(__file__).parents[1] / "prompts"

# Separates the system prompt from the beginning of the user message.
_TASK_MARK: Final = "<!-- task -->"
_SHARED: Final = "shared.md"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt. ``version`` is 12 hex digits of a hash over its own file and the shared one."""

    name: str
    instructions: str
    task: str
    version: str


@cache
def load_prompt(name: str) -> Prompt:
    """Read ``prompts/<name>.md``. Raises ``ValueError`` for a file without a task part."""
    own = (PROMPT_DIR / f"{name}.md").read_text(encoding="utf-8")
    shared = (PROMPT_DIR / _SHARED).read_text(encoding="utf-8")
    instructions, mark, task = own.partition(_TASK_MARK)
    if not mark or not task.strip():
        raise ValueError(f"The prompt {name}.md has no part after {_TASK_MARK}.")
    version = hashlib.sha256(f"{shared}\x00{own}".encode()).hexdigest()[:12]
    return Prompt(name, f"{instructions.strip()}\n\n{shared.strip()}", task.strip(), version)


def version_of(names: Iterable[str]) -> str:
    """Return 12 hex digits that change with the text of any of these prompts."""
    versions = " ".join(load_prompt(name).version for name in sorted(names))
    return hashlib.sha256(versions.encode()).hexdigest()[:12]
