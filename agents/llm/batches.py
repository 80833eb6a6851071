"""Protocol of a provider that answers many requests within hours at a lower price."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from agents.llm.base import LLMClient, LLMReply, LLMRequest

ItemOutcome = Literal["succeeded", "errored", "canceled", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """State of a batch at its provider. ``is_ending``: it was cancelled, and ends soon.

    ``promised`` is the number of results that an ended batch has by its own count, 0 if it does not say.
    """

    id: str
    created_at: datetime
    is_ended: bool
    is_ending: bool = False
    ended_at: datetime | None = None
    promised: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """Result of one request of a batch. ``is_final`` False: sending the same request again may help.

    ``result`` is the provider's JSON as text, because an answer may hold characters that databases refuse.
    """

    custom_id: str
    outcome: ItemOutcome
    is_final: bool
    result: str


class Batches(Protocol):
    """Batch API of a provider. Each method blocks and raises ``LLMError`` as ``LLMClient.complete`` does."""

    def create(self, requests: Mapping[str, LLMRequest]) -> BatchView:
        """Submit ``requests``, keyed by the ``custom_id`` of their results.

        A ``TransientError`` leaves open whether the provider accepted them. It did not if the code is
        ``rate_limited`` or ``overloaded``, or ``connection`` without ``may_be_billed``.
        """

    def retrieve(self, batch_id: str) -> BatchView: ...

    def list_since(self, since: datetime) -> Iterator[BatchView]:
        """Yield all batches of this API key created since then, newest first."""

    def results(self, batch_id: str) -> Iterator[BatchResult]:
        """Yield the results of an ended batch in any order, without unreadable ones.

        Some may be missing or come twice.
        """

    def cancel(self, batch_id: str) -> None:
        """Cancel the batch; requests answered by then keep their results."""


class AnsweredClient:
    """``LLMClient`` for an attempt whose first answer has arrived; ``live`` serves further requests."""

    def __init__(self, first: Callable[[], LLMReply], live: LLMClient) -> None:
        self.is_mock = False
        self._first: Callable[[], LLMReply] | None = first
        self._live = live

    def complete(self, request: LLMRequest, on_text: Callable[[str], None] | None = None) -> LLMReply:
        if self._first is None:
            return self._live.complete(request, on_text)
        first, self._first = self._first, None
        try:
            return first()
        finally:
            self.is_mock = self._live.is_mock

    def close(self) -> None:
        """Do nothing: the live client has another owner."""
