"""The prompt cache: which prefix is there, until when, and what a call reads and writes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dev.standin.prompts import Life, Prompt
from dev.standin.tokens import Tokens

LIFE_S: Final[dict[Life, float]] = {"5m": 300.0, "1h": 3600.0}

# How many pieces before a breakpoint are looked at for a prefix that is there already.
_LOOK_BACK: Final = 20


@dataclass(slots=True)
class _Entry:
    life: Life
    expires_at: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What a call reads and writes; ``writes`` become visible to others only when ``publish`` is called."""

    used: Tokens
    writes: tuple[tuple[str, Life], ...]


class PromptCache:
    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    def plan(self, prompt: Prompt, least_tokens: int, now: float) -> Plan:
        """Reading prolongs the life of what is read. Prefixes under ``least_tokens`` are not cached."""
        marks = [at for at, piece in enumerate(prompt.pieces) if piece.life and piece.tokens >= least_tokens]
        hit = self._longest_hit(prompt, marks, least_tokens, now)
        read = prompt.pieces[hit].tokens if hit is not None else 0
        new = [at for at in marks if hit is None or at > hit]
        long_end = max(
            (prompt.pieces[at].tokens for at in new if prompt.pieces[at].life == "1h"), default=read
        )
        end = prompt.pieces[new[-1]].tokens if new else read
        return Plan(
            used=Tokens(
                input=prompt.tokens - end,
                cache_read=read,
                cache_write_1h=long_end - read,
                cache_write_5m=end - long_end,
            ),
            writes=tuple((prompt.pieces[at].digest, prompt.pieces[at].life or "5m") for at in new),
        )

    def publish(self, plan: Plan, now: float) -> None:
        """The answer has begun: from here on others can read what this call wrote."""
        for digest, life in plan.writes:
            self._entries[digest] = _Entry(life, now + LIFE_S[life])

    def _longest_hit(self, prompt: Prompt, marks: list[int], least_tokens: int, now: float) -> int | None:
        for mark in reversed(marks):
            for at in range(mark, max(mark - _LOOK_BACK, -1), -1):
                piece = prompt.pieces[at]
                entry = self._entries.get(piece.digest)
                if entry is not None and entry.expires_at > now and piece.tokens >= least_tokens:
                    entry.expires_at = now + LIFE_S[entry.life]
                    return at
        return None
