"""A stand-in in its own process, told and read over HTTP by others."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import anthropic
import pytest

from dev.standin import KEY, Remote, StandIn, StandInProcess, faults
from dev.standin.desk import COMMANDS
from dev.standin.tests.asking import request

# By hand, because loading the SDK takes a process longer than its calls.
CALLER = """
import json, sys, urllib.error, urllib.request
from dev.standin.tests.asking import request
headers = {"x-api-key": "test-key", "anthropic-version": "2026-10-21"}
for _ in range(5):
    body = json.dumps(request()).encode()
    try:
        urllib.request.urlopen(urllib.request.Request(sys.argv[1] + "/v1/messages", body, headers)).read()
    except urllib.error.HTTPError:
        pass
"""
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def process() -> Iterator[StandInProcess]:
    with StandInProcess(seed=3) as process:
        yield process


@pytest.fixture
def remote(process: StandInProcess) -> StandInProcess:
    process.reset()
    return process


def ask(url: str) -> anthropic.types.Message:
    with anthropic.Anthropic(api_key=KEY, base_url=url, max_retries=0) as client:
        message: anthropic.types.Message = client.messages.create(**request())
    return message


def test_calls_of_many_processes_are_counted_in_one_place(remote: StandInProcess) -> None:
    remote.next("overloaded", faults.server_error)
    remote.latency(first_byte_s=0.2)
    callers = [
        subprocess.Popen([sys.executable, "-c", CALLER, remote.url], cwd=ROOT, stdout=subprocess.DEVNULL)
        for _ in range(3)
    ]
    assert [caller.wait(60) for caller in callers] == [0, 0, 0]

    log = remote.read_log()

    assert len(log.messages) == 15
    assert log.statuses == {200: 13, 529: 1, 500: 1}
    assert log.faults == {"overloaded": 1, "server_error": 1}
    assert 1 <= log.peak <= 3
    assert log.price_usd == log.delivered_price_usd > Decimal("0.0001")


def test_everything_can_be_told_from_outside(remote: StandInProcess) -> None:
    remote.answers({"where": "Write", "value": {"title": "A", "content": "B"}})
    remote.limits(rpm=2)
    remote.model("claude-haiku-5-5", lifecycle="deprecated", retires_at="2027-01-01T00:00:00Z")

    assert ask(remote.url).content[0].to_dict()["text"] == '{"title": "A", "content": "B"}'
    ask(remote.url)
    with pytest.raises(anthropic.RateLimitError):
        ask(remote.url)
    remote.advance(60)
    ask(remote.url)
    remote.rates({"refused": 1.0}, seed=1)
    assert ask(remote.url).stop_reason == "refusal"

    with anthropic.Anthropic(api_key=KEY, base_url=remote.url) as client:
        shown = client.models.retrieve("claude-haiku-5-5")
    assert (shown.lifecycle, shown.retires_at is not None) == ("deprecated", True)


def test_reset_makes_it_as_new(remote: StandInProcess) -> None:
    remote.next("server_error")
    remote.rates({"reset": 1.0})
    remote.limits(rpm=1)
    remote.reset()

    assert [ask(remote.url).stop_reason for _ in range(2)] == ["end_turn", "end_turn"]
    assert len(remote.read_log().calls) == 2


def test_bodies_are_sent_only_when_wanted(remote: StandInProcess) -> None:
    ask(remote.url)
    ask(remote.url)

    assert remote.read_log().calls[0].body is None
    assert remote.read_log(with_bodies=True).calls[0].body["model"] == "claude-haiku-5-5"
    assert [call.number for call in remote.read_log(after=1).calls] == [2]


def test_remote_knows_every_command() -> None:
    assert {name for name in vars(Remote) if name in COMMANDS} == COMMANDS


def test_nonsense_is_an_error_for_the_test_that_says_it(remote: StandInProcess) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        remote.limits(nonsense=1)
    with pytest.raises(urllib.error.HTTPError, match="400"):
        remote.next("nonsense")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        remote._command("nonsense")


def test_process_ends_when_it_is_told_to_even_with_calls_in_flight() -> None:
    with StandInProcess() as process:
        process.next("hang")
        caller = threading.Thread(target=_ask_in_vain, args=(process.url,))
        caller.start()
        while not process.read_log().in_flight:
            time.sleep(0.01)
        started = time.monotonic()

    caller.join(5)
    assert time.monotonic() - started < 5
    assert not caller.is_alive()


def _ask_in_vain(url: str) -> None:
    with pytest.raises(anthropic.APIConnectionError):
        ask(url)


def test_peak_is_the_most_that_were_in_flight(server: StandIn) -> None:
    server.latency(first_byte_s=0.5)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(ask, [server.url] * 20))

    assert 10 <= server.peak <= 20
    assert server.log.in_flight == 0


def test_same_seed_says_the_same(server: StandIn) -> None:
    with StandIn(seed=server.state.seed) as twin, StandIn(seed=server.state.seed + 1) as other:
        first, again, different = (ask(each.url) for each in (server, twin, other))

    assert first.content == again.content
    assert first.id == again.id
    assert first.content != different.content
