"""Requests for a message: minimal validation, token counts, and the prompt cache."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dev.standin.exchange import invalid
from dev.standin.models import Catalogue
from dev.standin.prices import Tokens, canonical, count_tokens

CACHE_LIFE_S: Final = 300.0
MIN_CACHED_TOKENS: Final = 512

_REQUIRED: Final = ("model", "max_tokens", "messages")
_KNOWN: Final = frozenset(
    {*_REQUIRED, "system", "stream", "stop_sequences", "metadata", "output_config", "thinking"}
)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the prompt; ``tokens`` and ``digest`` cover the prompt up to and including it."""

    tokens: int
    digest: str
    is_breakpoint: bool = False


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """A well-formed request for a message."""

    body: Mapping[str, Any]
    model: str
    blocks: tuple[Block, ...]

    @property
    def max_tokens(self) -> int:
        return int(self.body["max_tokens"])

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """Return the JSON schema of the answer, if the request has one."""
        return _format(self.body).get("schema")

    @property
    def thinks(self) -> bool:
        """Tell whether the model thinks first: it does unless the request says otherwise."""
        return self.body.get("thinking") not in ({"type": "disabled"}, {"type": "between_tools"})


def read_request(body: Any, catalogue: Catalogue) -> MessageRequest:
    """Return the request, or raise the ``ApiError`` for one that is not well-formed."""
    if not isinstance(body, Mapping):
        raise invalid("The request body is not a JSON object.")
    for name in _REQUIRED:
        if name not in body:
            raise invalid(f"{name}: Field required")
    for name in body:
        if name not in _KNOWN:
            raise invalid(f"{name}: Extra inputs are not permitted")
    if not isinstance(body["max_tokens"], int) or body["max_tokens"] < 0:
        raise invalid("max_tokens: Input should be a valid integer, greater than or equal to 0")
    model = catalogue.find_callable(body["model"]).id
    try:
        blocks = tuple(_read_blocks(body, model))
        ends_with_user = body["messages"][-1]["role"] == "user"
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise invalid(f"messages: Input should be a list of messages with text ({error})") from error
    if not ends_with_user:
        raise invalid("messages: the conversation must end with a user message")
    return MessageRequest(body, model, blocks)


def _read_blocks(body: Mapping[str, Any], model: str) -> Iterator[Block]:
    """Yield the schema, the system prompt and the messages in the order in which a prefix is cached.

    The model and the schema start every hash, so that no prefix is shared across models or schemas.
    """
    wanted = _format(body)
    tokens = count_tokens(canonical(wanted["schema"])) if wanted else 0
    digest = _hash(model, canonical(wanted))
    yield Block(tokens, digest)
    turns = [("system", body.get("system") or []), *((t["role"], t["content"]) for t in body["messages"])]
    for role, content in turns:
        for part in [{"type": "text", "text": content}] if isinstance(content, str) else content:
            tokens += count_tokens(part["text"])
            digest = _hash(digest, role, part["text"])
            yield Block(tokens, digest, is_breakpoint="cache_control" in part)


def _format(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return (body.get("output_config") or {}).get("format") or {}


def _hash(*parts: str) -> str:
    digest = hashlib.blake2s()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class CachePlan:
    """Tokens that a call reads and writes; ``writes`` are the digests of the prefixes to publish."""

    used: Tokens
    writes: tuple[str, ...]


class PromptCache:
    """Cached prefixes by digest, with their expiry times."""

    def __init__(self) -> None:
        self._expires_at: dict[str, float] = {}

    def plan(self, request: MessageRequest, now: float) -> CachePlan:
        """Read the longest cached prefix, which prolongs its life, and plan to write the longer ones."""
        large = [block for block in request.blocks if block.tokens >= MIN_CACHED_TOKENS]
        marked = [block for block in large if block.is_breakpoint]
        end = marked[-1].tokens if marked else 0
        hits = [b for b in large if b.tokens <= end and self._expires_at.get(b.digest, 0) > now]
        read = hits[-1].tokens if hits else 0
        if hits:
            self._expires_at[hits[-1].digest] = now + CACHE_LIFE_S
        used = Tokens(
            input=request.blocks[-1].tokens - end,
            cache_read=read,
            cache_write=end - read,
        )
        return CachePlan(used, tuple(block.digest for block in marked if block.tokens > read))

    def publish(self, plan: CachePlan, now: float) -> None:
        """Make the writes of a call visible to others, at the first byte of its answer."""
        for digest in plan.writes:
            self._expires_at[digest] = now + CACHE_LIFE_S
