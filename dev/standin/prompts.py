"""A request's prompt as the server reads it: pieces in a fixed order, each with its size and the hash of all
that stands before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from dev.standin.errors import invalid
from dev.standin.tokens import canonical, count

MOST_BREAKPOINTS: Final = 4
Life = Literal["5m", "1h"]


@dataclass(frozen=True, slots=True)
class Piece:
    """``tokens`` and ``digest`` are of the prompt up to and with this piece; ``life`` is set at a breakpoint."""

    tokens: int
    digest: str
    life: Life | None


@dataclass(frozen=True, slots=True)
class Prompt:
    pieces: tuple[Piece, ...]

    @property
    def tokens(self) -> int:
        return self.pieces[-1].tokens

    @property
    def digest(self) -> str:
        return self.pieces[-1].digest


def read_prompt(body: Mapping[str, Any], model: str) -> Prompt:
    """Schema, tools, system, messages: the order in which a prefix is cached.

    The model and the schema stand at the start of every hash, so that another of either shares nothing. 400
    for more breakpoints than there may be, or for a short-lived one before a long-lived one.
    """
    schema = (body.get("output_config") or {}).get("format")
    blocks = list(_blocks(body))
    _mark_last(body, blocks)
    digest = _hash(model, canonical(schema))
    tokens = count(canonical(schema["schema"])) if schema else 0
    pieces = [Piece(tokens, digest, None)]
    for block in blocks:
        text = canonical({key: value for key, value in block.items() if key != "cache_control"})
        tokens += _size(block)
        digest = _hash(digest, text)
        pieces.append(Piece(tokens, digest, _life(block)))
    _check([piece.life for piece in pieces if piece.life])
    return Prompt(tuple(pieces))


def _blocks(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from ({"type": "tool", **tool} for tool in body.get("tools") or [])
    yield from _content(body.get("system") or [], "system")
    for turn in body["messages"]:
        yield from _content(turn["content"], turn["role"])


def _content(content: Any, role: str) -> Iterator[dict[str, Any]]:
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    yield from ({**block, "role": role} for block in blocks)


def _mark_last(body: Mapping[str, Any], blocks: list[dict[str, Any]]) -> None:
    # A mark on the whole request is one on its last block.
    if body.get("cache_control") and blocks:
        blocks[-1] = {"cache_control": body["cache_control"], **blocks[-1]}


def _size(block: Mapping[str, Any]) -> int:
    if block["type"] == "text":
        return count(block["text"])
    inner = {key: value for key, value in block.items() if key not in {"cache_control", "role"}}
    return count(canonical(inner))


def _life(block: Mapping[str, Any]) -> Life | None:
    mark = block.get("cache_control")
    if mark is None:
        return None
    life = mark.get("ttl", "5m")
    if mark.get("type") != "ephemeral" or life not in {"5m", "1h"}:
        raise invalid("cache_control: Input should be of type 'ephemeral' with a ttl of '5m' or '1h'")
    if block["type"] == "text" and not block["text"]:
        raise invalid("cache_control cannot be set for empty text blocks")
    return "1h" if life == "1h" else "5m"


def _check(lives: list[Life]) -> None:
    if len(lives) > MOST_BREAKPOINTS:
        raise invalid(
            f"A maximum of {MOST_BREAKPOINTS} blocks with cache_control may be provided. Found {len(lives)}."
        )
    if "1h" in lives and "5m" in lives[: len(lives) - lives[::-1].index("1h")]:
        raise invalid("a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.")


def _hash(*parts: str) -> str:
    digest = hashlib.blake2s()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
