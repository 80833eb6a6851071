"""The prompt cache, by what the usage of each call says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import anthropic
import pytest

from dev.standin import KEY, StandIn
from dev.standin.tests.asking import SCHEMA, as_item, request

# What ``request`` marks: the schema's 37 tokens and 1,000 of the system prompt.
PREFIX = 1037

Use = Callable[..., tuple[int | None, int | None, int]]


@pytest.fixture
def use(client: anthropic.Anthropic) -> Use:
    """Send a request: tokens written to the cache, read from it, and neither."""

    def send(*args: Any, **more: Any) -> tuple[int | None, int | None, int]:
        usage = client.messages.create(**request(*args, **more)).usage
        return usage.cache_creation_input_tokens, usage.cache_read_input_tokens, usage.input_tokens

    return send


def test_first_call_writes_and_later_calls_read(use: Use) -> None:
    assert use() == (PREFIX, 0, 2)
    assert use("Another job.") == (0, PREFIX, 3)


def test_other_model_other_schema_and_other_words_share_nothing(use: Use) -> None:
    use()
    other_schema = SCHEMA | {"description": "Another."}

    assert use(model="claude-opus-5-5", thinking=None) == (PREFIX, 0, 2)
    written, read, _ = use(output_config={"format": {"type": "json_schema", "schema": other_schema}})
    assert (written, read) == (PREFIX + 6, 0)
    assert use(system="y" + "x" * 3999) == (PREFIX, 0, 2)


@pytest.mark.parametrize(("characters", "written"), [(1896, 0), (1900, 512)])
def test_prefix_under_512_tokens_is_not_cached(use: Use, characters: int, written: int) -> None:
    assert use(system="x" * characters)[0] == written
    assert use(system="x" * characters)[1] == written


def test_entry_lives_five_minutes_after_its_last_use(server: StandIn, use: Use) -> None:
    use()
    for _ in range(3):
        server.advance(299)
        assert use()[1] == PREFIX
    server.advance(301)

    assert use() == (PREFIX, 0, 2)


def test_long_entry_lives_an_hour(server: StandIn, use: Use) -> None:
    use(ttl="1h")
    server.advance(3599)
    assert use(ttl="1h")[1] == PREFIX
    server.advance(3601)

    assert use(ttl="1h") == (PREFIX, 0, 2)
    assert server.calls[0].used is not None
    assert (server.calls[0].used.cache_write_1h, server.calls[0].used.cache_write_5m) == (PREFIX, 0)


def test_longer_prefix_reads_the_shorter_and_writes_the_rest(server: StandIn, use: Use) -> None:
    def blocks(*lives: str) -> list[dict[str, Any]]:
        return [
            {"type": "text", "text": str(n) * 4000, "cache_control": {"type": "ephemeral", "ttl": life}}
            for n, life in enumerate(lives)
        ]

    assert use(system=blocks("1h")) == (PREFIX, 0, 2)
    assert use(system=blocks("1h", "1h", "5m")) == (2000, PREFIX, 2)

    used = server.calls[1].used
    assert used is not None
    assert (used.cache_write_1h, used.cache_write_5m) == (1000, 1000)


def test_what_is_not_marked_is_not_cached(use: Use) -> None:
    plain = [{"type": "text", "text": "x" * 4000}]

    assert use(system=plain) == (0, 0, PREFIX + 2)
    assert use(system=plain) == (0, 0, PREFIX + 2)


def test_mark_on_the_whole_request_is_one_on_its_last_block(use: Use) -> None:
    plain = [{"type": "text", "text": "x" * 4000}]

    assert use(system=plain, cache_control={"type": "ephemeral"}) == (PREFIX + 2, 0, 0)
    assert use(system=plain, cache_control={"type": "ephemeral"}) == (0, PREFIX + 2, 0)


def test_entry_is_seen_only_after_the_first_answer_began(server: StandIn) -> None:
    server.latency(first_byte_s=0.4)
    written = []

    def ask() -> None:
        with anthropic.Anthropic(api_key=KEY, base_url=server.url, max_retries=0) as client:
            written.append(client.messages.create(**request()).usage.cache_creation_input_tokens)

    together = [threading.Thread(target=ask) for _ in range(3)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join(10)
    ask()

    assert written == [PREFIX, PREFIX, PREFIX, 0]


def test_follower_may_start_at_the_leader_s_first_byte(server: StandIn, client: anthropic.Anthropic) -> None:
    server.latency(first_byte_s=0.1, token_s=0.05)
    with client.messages.stream(**request()) as leader:
        next(iter(leader))
        asked_at = time.monotonic()
        follower = client.messages.create(**request(max_tokens=1))
        took_s = time.monotonic() - asked_at
        leader.get_final_message()

    assert follower.usage.cache_read_input_tokens == PREFIX
    assert took_s < 1
    assert server.peak == 2


def test_warming_call_makes_no_output(server: StandIn, client: anthropic.Anthropic) -> None:
    warm = client.messages.create(**request(max_tokens=0))

    assert (warm.content, warm.stop_reason, warm.usage.output_tokens) == ([], "max_tokens", 0)
    assert warm.usage.cache_creation_input_tokens == PREFIX
    assert client.messages.create(**request()).usage.cache_read_input_tokens == PREFIX


def test_items_of_a_batch_share_the_cache(server: StandIn, client: anthropic.Anthropic) -> None:
    batch = client.messages.batches.create(requests=[as_item(f"i{n}", request()) for n in range(3)])
    client.messages.batches.retrieve(batch.id)

    assert server.log.tokens.cache_write_5m == PREFIX
    assert server.log.tokens.cache_read == 2 * PREFIX
