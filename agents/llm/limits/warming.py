"""One call's part in writing what many calls then read from the provider's prompt cache."""

from __future__ import annotations

from typing import Final

from agents.llm.base import LLMRequest
from agents.llm.limits.admission import Patience, follow
from agents.llm.limits.estimates import prefix_tokens
from agents.llm.limits.prefixes import Follower, Leader, Prefixes, prefix_key

# A prefix that is shorter than this is written to no cache, and needs nobody who goes first.
_LEAST_CACHED_TOKENS: Final = 512


class Warming:
    """``begin``, then ``heard`` from the first byte of the answer on, then ``end``, whatever came."""

    def __init__(self, prefixes: Prefixes, request: LLMRequest, caller: str) -> None:
        self._prefixes = prefixes
        self._prefix = prefix_key(request)
        self._caller = caller
        self._timeout_s = request.timeout_s
        self._is_to_tell = prefix_tokens(request) >= _LEAST_CACHED_TOKENS
        self._leads = False

    def begin(self, patience: Patience) -> Follower | None:
        """None for a call that may go on; otherwise after how long to ask again."""
        if not self._is_to_tell:
            return None
        role = follow(self._prefixes, self._prefix, self._caller, self._timeout_s, patience)
        self._leads = isinstance(role, Leader)
        return role if isinstance(role, Follower) else None

    def heard(self) -> None:
        if self._is_to_tell:
            self._is_to_tell = False
            self._prefixes.warmed(self._prefix, self._caller)

    def end(self) -> None:
        if self._leads and self._is_to_tell:
            self._prefixes.abandon(self._prefix, self._caller)
