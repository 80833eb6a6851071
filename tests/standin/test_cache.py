"""Prompt cache, by the usage of each call."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import anthropic
import pytest

from dev.standin import StandIn
from tests.standin.requests import PREFIX_TOKENS, SCHEMA, request

Use = Callable[..., tuple[int | None, int | None, int]]


@pytest.fixture
def use(client: anthropic.Anthropic) -> Use:
    """Send a request; return the tokens written to the cache, read from it, and uncached."""

    def send(*args: Any, **changes: Any) -> tuple[int | None, int | None, int]:
        usage = client.messages.create(**request(*args, **changes)).usage
        return usage.cache_creation_input_tokens, usage.cache_read_input_tokens, usage.input_tokens

    return send


def test_first_call_writes_and_later_calls_read(use: Use) -> None:
    assert use() == (PREFIX_TOKENS, 0, 2)
    assert use("Another job.") == (0, PREFIX_TOKENS, 3)


def test_other_model_schema_or_text_shares_no_prefix(use: Use) -> None:
    use()
    schema = SCHEMA | {"description": "Another."}

    assert use(model="claude-opus-5-5") == (PREFIX_TOKENS, 0, 2)
    assert use(system="y" + "x" * 3999) == (PREFIX_TOKENS, 0, 2)
    written, read, _ = use(output_config={"format": {"type": "json_schema", "schema": schema}})
    assert (written, read) == (PREFIX_TOKENS + 6, 0)


@pytest.mark.parametrize(("characters", "written"), [(1896, 0), (1900, 512)])
def test_prefix_under_512_tokens_is_not_cached(use: Use, characters: int, written: int) -> None:
    assert use(system="x" * characters)[0] == written
    assert use(system="x" * characters)[1] == written


def test_entry_expires_five_minutes_after_its_last_use(server: StandIn, use: Use) -> None:
    use()
    for _ in range(3):
        server.advance(299)
        assert use()[1] == PREFIX_TOKENS
    server.advance(301)

    assert use() == (PREFIX_TOKENS, 0, 2)


def test_longer_prefix_reads_the_shorter_and_writes_the_rest(use: Use) -> None:
    def blocks(count: int) -> list[dict[str, Any]]:
        mark = {"cache_control": {"type": "ephemeral"}}
        return [{"type": "text", "text": str(n) * 4000, **mark} for n in range(count)]

    assert use(system=blocks(1)) == (PREFIX_TOKENS, 0, 2)
    assert use(system=blocks(3)) == (2000, PREFIX_TOKENS, 2)


def test_cache_is_readable_from_the_writers_first_byte(server: StandIn, client: anthropic.Anthropic) -> None:
    server.latency(first_byte_s=0.1, token_s=0.05)
    with client.messages.stream(**request()) as writer:
        next(iter(writer))
        started = time.monotonic()
        reader = client.messages.create(**request(max_tokens=1))
        took_s = time.monotonic() - started
        writer.get_final_message()

    assert reader.usage.cache_read_input_tokens == PREFIX_TOKENS
    assert took_s < 1
    assert server.peak == 2
