"""Limits that go on when Redis does not: each process then keeps its own part of them."""

from __future__ import annotations

from collections.abc import Mapping

from agents.llm.limits.kinds import Ask, Dimension, Ending, Grant, Limits, Said, Wait
from agents.llm.limits.outage import Outage
from agents.llm.limits.snapshots import ModelState


class FallbackLimits:
    """The shared limits, or this process's own while Redis is away.

    ``local`` has to be made for a share of 1 / (number of worker processes), so that all of them together stay
    within what is allowed. It learns limits from the same headers; who waits, and which breakers are open, it
    finds out for itself.
    """

    def __init__(self, shared: Limits, local: Limits, outage: Outage | None = None) -> None:
        self._shared = shared
        self._local = local
        self._outage = outage or Outage()

    def reserve(self, ask: Ask) -> Grant | Wait:
        return self._outage.shared_or_local(
            lambda: self._shared.reserve(ask), lambda: self._local.reserve(ask)
        )

    def settle(self, grant: Grant, ending: Ending) -> bool:
        """A shared grant that cannot be settled, because Redis is away, ends with its time."""
        if not grant.is_shared:
            return self._local.settle(grant, ending)
        self._local.correct(grant.model, _limits_only(ending.said))
        return self._outage.shared_or_local(lambda: self._shared.settle(grant, ending), lambda: False)

    def release(self, grant: Grant) -> bool:
        if not grant.is_shared:
            return self._local.release(grant)
        return self._outage.shared_or_local(lambda: self._shared.release(grant), lambda: False)

    def correct(self, model: str, said: Mapping[Dimension, Said]) -> None:
        self._local.correct(model, _limits_only(said))
        self._outage.shared_or_local(lambda: self._shared.correct(model, said), lambda: None)

    def forget(self, model: str, job: str) -> None:
        self._local.forget(model, job)
        self._outage.shared_or_local(lambda: self._shared.forget(model, job), lambda: None)

    def turns(self, within_s: float = 1.0, most: int = 100) -> tuple[str, ...]:
        return self._outage.shared_or_local(
            lambda: self._shared.turns(within_s, most), lambda: self._local.turns(within_s, most)
        )

    def snapshot(self) -> list[ModelState]:
        return self._outage.shared_or_local(self._shared.snapshot, self._local.snapshot)


def _limits_only(said: Mapping[Dimension, Said]) -> dict[Dimension, Said]:
    """How much is left is of the bucket of all; what is allowed a minute holds for the time after, too."""
    return {dimension: Said(limit=word.limit) for dimension, word in said.items() if word.limit}
