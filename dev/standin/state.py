"""Everything that one stand-in knows, and what a test may tell it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dev.standin.batches import BatchStore
from dev.standin.cache import PromptCache
from dev.standin.catalogue import Catalogue
from dev.standin.clock import Clock
from dev.standin.faults import FaultDeck
from dev.standin.journal import Log
from dev.standin.limits import RateLimits

KEY: Final = "test-key"

Answer = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """In seconds: until an answer begins, for each token of output, and for a batch and its cancelling.

    The first two are really waited for; a batch ends by the stand-in's clock.
    """

    first_byte_s: float = 0.0
    token_s: float = 0.0
    batch_s: float = 0.0
    cancel_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRule:
    """What to say to a request that holds the text ``where``: ``value`` (an object as JSON, a text as it is),
    or something of ``output_tokens`` that fits its schema.
    """

    where: str = ""
    value: Any = None
    output_tokens: int | None = None


@dataclass(slots=True, kw_only=True)
class State:
    key: str = KEY
    seed: int = 0
    clock: Clock = field(default_factory=Clock)
    answer: Answer | None = None
    rules: list[AnswerRule] = field(default_factory=list)
    latency: Latency = field(default_factory=Latency)
    catalogue: Catalogue = field(default_factory=Catalogue)
    cache: PromptCache = field(default_factory=PromptCache)
    limits: RateLimits = field(default_factory=RateLimits)
    faults: FaultDeck = field(default_factory=FaultDeck)
    batches: BatchStore = field(default_factory=BatchStore)
    log: Log = field(default_factory=Log)
    _made: int = 0

    def new_id(self, prefix: str) -> str:
        """The same ids in the same order for the same seed."""
        self._made += 1
        digest = hashlib.blake2s(f"{self.seed}:{self._made}".encode(), digest_size=11).hexdigest()
        return f"{prefix}_01{digest}"

    def rule_for(self, body: Mapping[str, Any]) -> AnswerRule:
        """The first rule that fits, else one that says nothing."""
        if self.answer is not None:
            return AnswerRule(value=self.answer(body))
        text = json.dumps(body, ensure_ascii=False) if self.rules else ""
        fits = (rule for rule in self.rules if json.dumps(rule.where, ensure_ascii=False)[1:-1] in text)
        return next(fits, AnswerRule())

    def reset(self) -> None:
        """As new, except for the key, the seed, the clock and the answers that a function gives."""
        self.rules = []
        self.latency = Latency()
        self.catalogue = Catalogue()
        self.cache = PromptCache()
        self.limits = RateLimits()
        self.batches = BatchStore()
        self.faults.clear()
        self.log.clear()
