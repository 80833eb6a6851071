"""State of the server, and the commands by which tests change it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from dev.standin.instruments.clock import Clock
from dev.standin.instruments.faults import Fault, InjectedFaults, Route
from dev.standin.instruments.journal import Log
from dev.standin.limits import Allowance, RateLimits
from dev.standin.models import Catalogue
from dev.standin.prompts import PromptCache

if TYPE_CHECKING:
    from dev.standin.batches import Batch

KEY: Final = "test-key"

Answer = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Seconds until the first byte, for each output token, for a batch, and for its cancelling.

    The first two are really waited for; a batch ends by the clock of the stand-in.
    """

    first_byte_s: float = 0.0
    token_s: float = 0.0
    batch_s: float = 0.0
    cancel_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRule:
    """Answer to a request that contains the text ``where``.

    ``value`` is an object, sent as JSON, or a text; without it, the answer fits the schema of the request and
    is ``output_tokens`` long.
    """

    where: str = ""
    value: Any = None
    output_tokens: int | None = None


@dataclass(slots=True, kw_only=True)
class State:
    """Everything that one stand-in knows."""

    key: str = KEY
    seed: int = 0
    clock: Clock = field(default_factory=Clock)
    answer: Answer | None = None
    rules: list[AnswerRule] = field(default_factory=list)
    latency: Latency = field(default_factory=Latency)
    catalogue: Catalogue = field(default_factory=Catalogue)
    cache: PromptCache = field(default_factory=PromptCache)
    limits: RateLimits = field(default_factory=RateLimits)
    faults: InjectedFaults = field(default_factory=InjectedFaults)
    batches: dict[str, Batch] = field(default_factory=dict)
    log: Log = field(default_factory=Log)
    _ids: int = 0

    def new_id(self, prefix: str) -> str:
        """Return the next id; the same seed gives the same ids in the same order."""
        self._ids += 1
        digest = hashlib.blake2s(f"{self.seed}:{self._ids}".encode(), digest_size=11).hexdigest()
        return f"{prefix}_01{digest}"

    def rule_for(self, body: Mapping[str, Any]) -> AnswerRule:
        """Return the first matching rule, or an empty one."""
        if self.answer is not None:
            return AnswerRule(value=self.answer(body))
        text = json.dumps(body, ensure_ascii=False) if self.rules else ""
        matching = (rule for rule in self.rules if json.dumps(rule.where, ensure_ascii=False)[1:-1] in text)
        return next(matching, AnswerRule())


class Control:
    """Commands of the stand-in; ``/_control`` offers each by its name."""

    def __init__(self, state: State) -> None:
        self.state = state

    def next(self, *faults: Fault | str | Mapping[str, Any]) -> None:
        """Queue faults for the next calls, one each, as faults or by name."""
        self.state.faults.queue(*faults)

    def rates(self, rates: Mapping[str, float], *, seed: int = 0, on: Route = "messages") -> None:
        """Set the probabilities of random faults by name; ``{}`` ends them."""
        self.state.faults.set_rates(rates, seed=seed, on=on)

    def limits(self, *, model: str | None = None, **allowance: Any) -> None:
        """Set ``rpm``, ``itpm``, ``otpm`` and ``window_s`` of one model or of all; others are ample."""
        self.state.limits.allow(Allowance(**allowance), model)

    def latency(self, **seconds: float) -> None:
        """Set ``first_byte_s``, ``token_s``, ``batch_s`` and ``cancel_s``; others are zero."""
        self.state.latency = Latency(**seconds)

    def answers(self, *rules: AnswerRule | Mapping[str, Any]) -> None:
        """Replace the rules that choose the answers."""
        self.state.rules = [rule if isinstance(rule, AnswerRule) else AnswerRule(**rule) for rule in rules]

    def key(self, key: str) -> None:
        """Accept only this API key."""
        self.state.key = key

    def model(self, name: str, **values: Any) -> None:
        """Change a model, such as its ``lifecycle`` and ``retires_at``, or add one."""
        self.state.catalogue.change(name, **values)

    def advance(self, seconds: float) -> None:
        """Advance the clock of caches, limits and batches."""
        self.state.clock.advance(seconds)

    def reset(self) -> None:
        """Forget everything but the key, the seed, the clock and the function that answers."""
        state = self.state
        state.rules, state.latency = [], Latency()
        state.catalogue, state.cache, state.limits = Catalogue(), PromptCache(), RateLimits()
        state.batches = {}
        state.faults.clear()
        state.log.clear()


COMMANDS: Final = frozenset(name for name in vars(Control) if not name.startswith("_"))
