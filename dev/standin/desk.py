"""What a test says to the stand-in: the same words in this process and, as JSON, from another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dev.standin.faults import Fault, Route
from dev.standin.limits import Allowance
from dev.standin.state import AnswerRule, Latency, State


class Desk:
    """Each method but ``__init__`` is a command of ``/_control``, by its own name."""

    def __init__(self, state: State) -> None:
        self._state = state

    def next(self, *faults: Fault | str | Mapping[str, Any]) -> None:
        """Queue what the next calls get instead of an answer, one each, by fault or by its name."""
        self._state.faults.next(*faults)

    def rates(self, rates: Mapping[str, float], *, seed: int = 0, on: Route = "messages") -> None:
        """Let faults come by chance: their names, and the probability of each in a call. ``{}`` ends it."""
        self._state.faults.rates(rates, seed=seed, on=on)

    def limits(self, *, model: str | None = None, **allowance: Any) -> None:
        """Set ``rpm``, ``itpm``, ``otpm`` and ``window_s``, of one model or of all; what is not said is ample."""
        self._state.limits.allow(Allowance(**allowance), model)

    def latency(self, **seconds: float) -> None:
        """Set ``first_byte_s``, ``token_s``, ``batch_s`` and ``cancel_s``; what is not said is none."""
        self._state.latency = Latency(**seconds)

    def answers(self, *rules: AnswerRule | Mapping[str, Any]) -> None:
        """Say what to answer to which request, by the first rule that fits. No rules: whatever fits the schema."""
        self._state.rules = [rule if isinstance(rule, AnswerRule) else AnswerRule(**rule) for rule in rules]

    def key(self, key: str) -> None:
        """From now on only this key is taken."""
        self._state.key = key

    def model(self, name: str, **values: Any) -> None:
        """Change a model, as its ``lifecycle``, ``deprecated_at`` and ``retires_at``, or add one."""
        self._state.catalogue.change(name, **values)

    def advance(self, seconds: float) -> None:
        """Let time pass for caches, limits and batches, at once."""
        self._state.clock.advance(seconds)

    def reset(self) -> None:
        """As new: no faults, no limits, no batches, an empty cache and an empty log."""
        self._state.reset()


COMMANDS: Final = frozenset(name for name in vars(Desk) if not name.startswith("_"))
