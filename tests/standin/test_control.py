"""A stand-in in its own process, controlled and read over HTTP."""

from __future__ import annotations

import threading
import time
import urllib.error
from collections.abc import Iterator

import anthropic
import pytest

from dev.standin import KEY, StandIn, StandInProcess
from tests.standin.requests import request


@pytest.fixture(scope="module")
def process() -> Iterator[StandInProcess]:
    with StandInProcess(seed=3) as process:
        yield process


@pytest.fixture
def remote(process: StandInProcess) -> StandInProcess:
    process.reset()
    return process


def call(url: str) -> anthropic.types.Message:
    with anthropic.Anthropic(api_key=KEY, base_url=url, max_retries=0) as client:
        message: anthropic.types.Message = client.messages.create(**request())
    return message


def test_commands_work_over_http(remote: StandInProcess) -> None:
    remote.answers({"where": "Write", "value": {"title": "A", "content": "B"}})
    remote.limits(rpm=2)

    assert call(remote.url).content[0].to_dict()["text"] == '{"title": "A", "content": "B"}'
    call(remote.url)
    with pytest.raises(anthropic.RateLimitError):
        call(remote.url)
    remote.advance(60)
    call(remote.url)
    remote.rates({"refused": 1.0}, seed=1)
    assert call(remote.url).stop_reason == "refusal"
    remote.model("claude-haiku-5-5", lifecycle="retired")
    remote.rates({})
    with pytest.raises(anthropic.NotFoundError):
        call(remote.url)
    log = remote.read_log()
    assert log.statuses == {200: 4, 429: 1, 404: 1}
    assert log.price_usd == log.delivered_price_usd > 0


def test_reset_restores_the_initial_state(remote: StandInProcess) -> None:
    remote.next("server_error")
    remote.rates({"reset": 1.0})
    remote.limits(rpm=1)
    remote.reset()

    assert [call(remote.url).stop_reason for _ in range(2)] == ["end_turn", "end_turn"]
    assert len(remote.read_log().calls) == 2


def test_invalid_command_is_an_error(remote: StandInProcess) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        remote.limits(nonsense=1)
    with pytest.raises(urllib.error.HTTPError, match="400"):
        remote.next("nonsense")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        remote._command("nonsense")
    with pytest.raises(AttributeError):
        remote.nonsense()


def test_process_ends_with_calls_in_flight() -> None:
    with StandInProcess() as standin:

        def call_in_vain() -> None:
            with pytest.raises(anthropic.APIConnectionError):
                call(standin.url)

        standin.next("hang")
        thread = threading.Thread(target=call_in_vain)
        thread.start()
        while not standin.read_log().in_flight:
            time.sleep(0.01)
        started = time.monotonic()

    thread.join(5)
    assert time.monotonic() - started < 5
    assert not thread.is_alive()


def test_same_seed_gives_the_same_answer(server: StandIn) -> None:
    with StandIn(seed=server.state.seed) as twin, StandIn(seed=server.state.seed + 1) as other:
        first, same, different = (call(each.url) for each in (server, twin, other))

    assert (same.content, same.id) == (first.content, first.id)
    assert different.content != first.content
