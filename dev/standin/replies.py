"""Messages that answer a request, as a whole or as the events of a stream."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from dev.standin.control import State
from dev.standin.exchange import dump, encoded
from dev.standin.instruments.faults import OUTPUT_KINDS, Fault
from dev.standin.prices import CHARS_PER_TOKEN, Tokens, count_tokens
from dev.standin.prompts import MessageRequest

# The cost of a refusal and of an empty answer: the tokens that end a turn.
_END_TOKENS: Final = 1
_CHARS_PER_EVENT: Final = 64
_SIGNATURE: Final = "c3RhbmQtaW4gc2lnbmF0dXJl"

_VOCABULARY: Final = (
    "a the of and to in quiet harbour lantern salt morning stone river keeper old bright road winter bell garden "
    "window letter sea north grey song door hand light tower market rain field"
)
# Properties that take the length of a long answer, before any other text.
_LONG_TEXTS: Final = ("content", "description", "text")


@dataclass(frozen=True, slots=True)
class Reply:
    """Output of the model; ``text`` is None if there is none, and ``thinking`` counts tokens."""

    id: str
    model: str
    text: str | None
    thinking: int
    stop_reason: str
    used: Tokens

    def message(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": self._content(),
            "stop_reason": self.stop_reason,
            "stop_sequence": None,
            "usage": self._usage(self.used.output),
        }

    def parts(self) -> list[tuple[bytes, int]]:
        """Return the message in two parts, each with the output tokens that it carries."""
        data = encoded(self.message())
        half = len(data) // 2
        return [(data[:half], self.used.output), (data[half:], 0)]

    def events(self) -> Iterator[tuple[bytes, int]]:
        """Yield the events of a stream, each with the output tokens that it carries."""
        start = self.message() | {"content": [], "stop_reason": None, "usage": self._usage(_END_TOKENS)}
        yield event("message_start", message=start), 0
        yield event("ping"), 0
        for index, block in enumerate(self._content()):
            name = "text" if block["type"] == "text" else "signature"
            yield event("content_block_start", index=index, content_block={**block, name: ""}), 0
            for at in range(0, len(block[name]), _CHARS_PER_EVENT):
                piece = block[name][at : at + _CHARS_PER_EVENT]
                tokens = count_tokens(piece) if name == "text" else self.thinking
                delta = {"type": f"{name}_delta", name: piece}
                yield event("content_block_delta", index=index, delta=delta), tokens
            yield event("content_block_stop", index=index), 0
        delta = {"stop_reason": self.stop_reason, "stop_sequence": None}
        yield event("message_delta", delta=delta, usage=self._usage(self.used.output)), 0
        yield event("message_stop"), 0

    def _content(self) -> list[dict[str, Any]]:
        thinking = [{"type": "thinking", "thinking": "", "signature": _SIGNATURE}] if self.thinking else []
        text = [] if self.text is None else [{"type": "text", "text": self.text, "citations": None}]
        return [*thinking, *text]

    def _usage(self, output: int) -> dict[str, int]:
        return {
            "input_tokens": self.used.input,
            "output_tokens": output,
            "cache_read_input_tokens": self.used.cache_read,
            "cache_creation_input_tokens": self.used.cache_write,
        }


def compose(
    state: State,
    request: MessageRequest,
    prompt_used: Tokens,
    *,
    fault: Fault | None = None,
) -> Reply:
    """Answer a request by the first matching rule, or with values that satisfy its schema.

    The same seed and prompt give the same answer. Output beyond ``max_tokens`` is cut off.
    """
    rng = random.Random(f"{state.seed}:{request.blocks[-1].digest}")
    thinking = rng.randint(20, 200) if request.thinks else 0
    text: str | None = _compose_text(state, request, rng)
    stop_reason = "end_turn"
    kind = fault.kind if fault and fault.kind in OUTPUT_KINDS else ""
    match kind:
        case "truncated":
            text, stop_reason = (text or "")[: len(text or "") // 2], "max_tokens"
        case "refused":
            text, stop_reason, thinking = None, "refusal", 0
        case "empty":
            text = None
        case "wrong_json":
            text = '{"unexpected":true}'
        case "not_json":
            text = "Here is what you asked for: " + _sentence(rng, 12)
    output = thinking + (count_tokens(text) if text else _END_TOKENS)
    if output > request.max_tokens:
        thinking = min(thinking, request.max_tokens)
        text = (text or "")[: (request.max_tokens - thinking) * CHARS_PER_TOKEN] or None
        output, stop_reason = request.max_tokens, "max_tokens"
    return Reply(
        id=state.new_id("msg"),
        model=request.model,
        text=text,
        thinking=thinking,
        stop_reason=stop_reason,
        used=replace(prompt_used, output=output),
    )


def event(name: str, **data: Any) -> bytes:
    return f"event: {name}\ndata: ".encode() + encoded({"type": name, **data}) + b"\n\n"


def write_json(schema: Mapping[str, Any], rng: random.Random, *, output_tokens: int | None = None) -> str:
    """Write JSON that satisfies ``schema``, at least ``output_tokens`` long.

    Covers the part of JSON Schema that agents use; formats and patterns of strings are not followed.
    """
    writer = _Writer(schema, rng)
    value = writer.value(schema)
    missing = (output_tokens or 0) * CHARS_PER_TOKEN - len(dump(value))
    if missing > 0 and writer.texts:
        holder, key = min(writer.texts, key=lambda place: place[1] not in _LONG_TEXTS)
        # A word and its space have at least two characters.
        holder[key] += (" " + _sentence(rng, missing // 2 + 1))[:missing]
    return dump(value)


class _Writer:
    """Writer of random values; ``texts`` are the places of strings, as container and key."""

    def __init__(self, root: Mapping[str, Any], rng: random.Random) -> None:
        self._root = root
        self._rng = rng
        self.texts: list[tuple[Any, Any]] = []

    def value(self, node: Mapping[str, Any], holder: Any = None, key: Any = None) -> Any:
        if "$ref" in node:
            return self.value(self._root["$defs"][node["$ref"].rpartition("/")[2]], holder, key)
        if "const" in node:
            return node["const"]
        if "enum" in node:
            return self._rng.choice(node["enum"])
        if "anyOf" in node:
            return self.value(self._rng.choice(node["anyOf"]), holder, key)
        match node["type"]:
            case "object":
                values: dict[str, Any] = {}
                for name, part in node.get("properties", {}).items():
                    values[name] = self.value(part, values, name)
                return values
            case "array":
                items: list[Any] = []
                for at in range(self._rng.randint(1, 2)):
                    items.append(self.value(node["items"], items, at))
                return items
            case "string":
                if holder is not None:
                    self.texts.append((holder, key))
                return _sentence(self._rng, self._rng.randint(4, 12))
            case "integer" | "number":
                return self._rng.randint(1, 9)
            case "boolean":
                return self._rng.random() < 0.5
        return None


def _compose_text(state: State, request: MessageRequest, rng: random.Random) -> str:
    rule = state.rule_for(request.body)
    if rule.value is not None:
        return rule.value if isinstance(rule.value, str) else json.dumps(rule.value, ensure_ascii=False)
    if request.schema is not None:
        return write_json(request.schema, rng, output_tokens=rule.output_tokens)
    return _sentence(rng, 20)


def _sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(_VOCABULARY.split(), k=words)).capitalize() + "."
