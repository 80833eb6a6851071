"""Wall clock, threads, forks and connections of the client."""

from __future__ import annotations

import asyncio
import os
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from agents.llm.anthropic.client import AnthropicClient
from agents.llm.base import LLMError, ProviderAccountError, TransientError
from dev.standin import KEY, Fault, StandIn, status
from dev.standin.instruments.faults import drip, hang
from tests.llm.requests import REQUEST, quiet_word


# The drip sends a byte a second, so that only a clock over the whole call ends it.
@pytest.mark.parametrize(("fault", "timeout_s"), [(hang, 0.6), (drip, 2.2)])
def test_wall_clock_ends_a_call_that_hangs(
    server: StandIn, client: AnthropicClient, fault: Fault, timeout_s: float
) -> None:
    server.next(fault)
    started = time.monotonic()

    with pytest.raises(TransientError) as caught:
        client.complete(replace(REQUEST, timeout_s=timeout_s))

    assert caught.value.code == "timeout"
    assert timeout_s * 1000 - 100 <= caught.value.latency_ms < timeout_s * 1000 + 2000
    assert time.monotonic() - started < timeout_s + 2


def test_closed_port_is_a_connection_error() -> None:
    client = AnthropicClient(KEY, base_url="http://127.0.0.1:9")

    with pytest.raises(TransientError) as caught:
        client.complete(REQUEST)

    client.close()
    assert caught.value.code == "connection"


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "schlüssel"])
def test_invalid_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="API key"):
        AnthropicClient(key)


def test_environment_does_not_redirect_requests(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "ANTHROPIC_BASE_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    client = AnthropicClient(KEY, base_url=server.url)

    answer = client.complete(REQUEST)

    client.close()
    assert answer.model == "claude-haiku-5-5"


def test_two_hundred_threads_share_one_client() -> None:
    # Long enough for a busy machine to send the others meanwhile.
    with StandIn(delay_s=2, answer=quiet_word) as server:
        client = AnthropicClient(KEY, base_url=server.url, max_in_flight=200)
        with ThreadPoolExecutor(200) as pool:
            answers = list(pool.map(lambda _: client.complete(REQUEST), range(200)))
        client.close()

    assert len(answers) == 200
    assert {answer.text for answer in answers} == {'{"content": "A quiet word."}'}
    assert 100 <= server.peak <= 200


def test_connections_stay_within_the_bound() -> None:
    with StandIn(delay_s=0.05, answer=quiet_word) as server:
        client = AnthropicClient(KEY, base_url=server.url, max_in_flight=4)
        with ThreadPoolExecutor(24) as pool:
            answers = list(pool.map(lambda _: client.complete(REQUEST), range(24)))
        client.close()

    assert len(answers) == 24
    assert server.peak == 4


def test_close_ends_calls_in_flight_and_the_thread(server: StandIn) -> None:
    others = set(threading.enumerate())
    client = AnthropicClient(KEY, base_url=server.url)
    server.next(hang)
    caught: list[LLMError] = []

    def call() -> None:
        try:
            client.complete(REQUEST)
        except LLMError as error:
            caught.append(error)

    caller = threading.Thread(target=call)
    caller.start()
    while not server.calls:
        time.sleep(0.01)
    client.close()
    client.close()
    caller.join(5)

    assert [error.code for error in caught] == ["connection"]
    assert not any(thread.name == "anthropic-client" for thread in set(threading.enumerate()) - others)


def test_closed_client_refuses_calls(server: StandIn, client: AnthropicClient) -> None:
    client.close()

    with pytest.raises(TransientError, match="closed"):
        client.complete(REQUEST)

    assert server.calls == []


def test_forked_child_starts_its_own_loop(server: StandIn, client: AnthropicClient) -> None:
    client.complete(REQUEST)

    with warnings.catch_warnings():
        # Python warns about forking with threads, which is what this test does.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        is_answered = False
        try:
            is_answered = client.complete(REQUEST).model == "claude-haiku-5-5"
        finally:
            os._exit(0 if is_answered else 1)
    _, code = os.waitpid(pid, 0)

    assert os.waitstatus_to_exitcode(code) == 0
    assert client.complete(REQUEST).model == "claude-haiku-5-5"
    assert len(server.calls) == 3


def test_ask_uses_the_same_connections_and_errors(server: StandIn, client: AnthropicClient) -> None:
    model = client.ask(lambda api: api.models.retrieve("claude-haiku-5-5"), 5)
    server.next(status(529).at("models"))
    with pytest.raises(TransientError) as busy:
        client.ask(lambda api: api.models.retrieve("claude-haiku-5-5"), 5)
    with pytest.raises(ProviderAccountError) as unknown:
        client.ask(lambda api: api.models.retrieve("claude-nobody"), 5)
    with pytest.raises(TransientError) as slow:
        client.ask(lambda api: asyncio.sleep(5), 0.1)

    assert model.id == "claude-haiku-5-5"
    codes = [caught.value.code for caught in (busy, unknown, slow)]
    assert codes == ["overloaded", "model_not_found", "timeout"]
