"""Many questions at once, answered within hours at a lower price: what is asked of a provider that offers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from agents.llm.base import LLMClient, LLMReply, LLMRequest

ItemOutcome = Literal["succeeded", "errored", "canceled", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """A batch as its provider shows it. ``is_ending``: it was cancelled, and ends soon."""

    id: str
    created_at: datetime
    is_ended: bool
    is_ending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What became of one question. ``is_final`` False: the same question may be answered if it is asked again.

    ``result`` is the provider's own JSON, as text: an answer may hold characters that no database takes.
    """

    custom_id: str
    outcome: ItemOutcome
    is_final: bool
    result: str


class Batches(Protocol):
    """Each method asks the provider, blocks for that long, and raises ``LLMError`` as ``LLMClient.complete`` does."""

    def create(self, questions: Mapping[str, LLMRequest]) -> BatchView:
        """Hand over ``questions`` by the names under which their results will come back.

        After a ``TransientError`` nobody knows whether the provider has them, unless its code is ``rate_limited`` or
        ``overloaded``, or it was never reached (``connection``, not ``may_be_billed``): then it has not.
        """

    def look(self, batch_id: str) -> BatchView: ...

    def newest(self, since: datetime) -> Iterator[BatchView]:
        """All batches of this key that were made since then, by whomever; the newest first."""

    def results(self, batch_id: str) -> Iterator[BatchResult]:
        """Of a batch that has ended, in any order. A line that cannot be read is left out."""

    def cancel(self, batch_id: str) -> None:
        """End it soon. What has been answered by then keeps its result."""


class AnsweredClient:
    """An ``LLMClient`` for one attempt whose first answer has come already; further ones are asked of ``live``."""

    def __init__(self, first: Callable[[], LLMReply], live: LLMClient) -> None:
        self.is_mock = False
        self._first: Callable[[], LLMReply] | None = first
        self._live = live

    def complete(self, request: LLMRequest, on_words: Callable[[int], None] | None = None) -> LLMReply:
        if self._first is None:
            return self._live.complete(request, on_words)
        first, self._first = self._first, None
        try:
            return first()
        finally:
            self.is_mock = self._live.is_mock

    def close(self) -> None:
        """The live client belongs to others."""
