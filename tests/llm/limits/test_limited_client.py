"""A client that asks first: it sleeps little, settles every call, and says when not to call at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import pytest

from agents.llm.base import LineStopped, LLMRequest, RequestRejected, TransientError
from agents.llm.limits.kinds import Ask, Grant, Lane, Wait
from tests.llm.limits.bench import Bench
from tests.llm.requests import REQUEST

MODEL = REQUEST.model


def test_free_line_is_called_at_once_with_the_whole_wall_clock(bench: Bench) -> None:
    bench.call()

    assert bench.slept == []
    assert bench.llm.requests[0].timeout_s == REQUEST.timeout_s
    assert bench.in_flight() == 0


def test_short_wait_is_slept_and_taken_off_the_wall_clock(bench: Bench) -> None:
    for number in range(3):
        bench.call(str(number))

    assert bench.slept == [pytest.approx(1.0)]
    assert bench.llm.requests[2].timeout_s == pytest.approx(REQUEST.timeout_s - 1.0)


def test_long_wait_is_said_and_not_slept(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(requests=6)
    bench.call("first")

    refused = bench.refusal()

    assert (refused.code, refused.cause, refused.of) == ("waits_for_turn", "requests", None)
    assert refused.wait_s == pytest.approx(18)
    assert refused.message == "It waits for its turn: the requests of this minute are taken."
    assert bench.slept == []
    assert len(bench.llm.requests) == 1


def test_call_with_little_time_keeps_half_of_it(bench: Bench) -> None:
    for number in range(2):
        bench.call(str(number))

    assert bench.refusal(timeout_s=1.0).cause == "requests"
    assert bench.slept == []


def test_limits_are_told_who_asks(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Ask] = []
    reserve = bench.limits.reserve

    def note(ask: Ask) -> Grant | Wait:
        asked.append(ask)
        return reserve(ask)

    monkeypatch.setattr(bench.limits, "reserve", note)

    bench.call("job-1", lane="scheduled", universe="marsh")

    assert (asked[0].job, asked[0].lane, asked[0].universe) == ("job-1", Lane.SCHEDULED, "marsh")
    # Longer than the call can take, so that one that times out is still there to be settled.
    assert (asked[0].model, asked[0].timeout_s) == (MODEL, REQUEST.timeout_s + 10)


def test_headers_of_an_answer_set_the_limit(bench: Bench) -> None:
    def told(request: LLMRequest) -> TransientError:
        error = TransientError("conflict", "Again.")
        error.said = {"anthropic-ratelimit-requests-limit": "240"}
        return error

    bench.llm.will(told)

    with pytest.raises(TransientError):
        bench.call()

    (requests,) = [bucket for bucket in bench.limits.snapshot()[0].buckets if bucket.name == "requests"]
    assert requests.limit == 240


@pytest.mark.parametrize(
    "error", [TransientError("overloaded", "Busy."), RequestRejected("bad_request", "No.")]
)
def test_other_errors_pass_and_give_the_place_back(bench: Bench, error: Exception) -> None:
    bench.llm.will(error)

    with pytest.raises(type(error)):
        bench.call()

    assert bench.in_flight() == 0


def test_mistake_of_ours_gives_the_place_back(bench: Bench) -> None:
    bench.llm.will(lambda request: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        bench.call()

    assert bench.in_flight() == 0


@pytest.mark.parametrize("code", ["authentication", "permission", "billing", "model_not_found"])
def test_stopped_line_pauses_the_job_that_met_it_and_all_others(bench: Bench, code: str) -> None:
    bench.llm.will(LineStopped(code, "The API answered no."))

    first, second = bench.refusal("a"), bench.refusal("b")

    assert first.of is not None
    assert (first.code, first.cause, first.of.code) == ("line_paused", "stopped", code)
    assert (second.code, second.cause, second.of) == ("line_paused", "stopped", None)
    assert first.message == second.message == f"The line to {MODEL} is paused (stopped): The API answered no."
    assert second.wait_s == pytest.approx(60)
    assert len(bench.llm.requests) == 1


def test_probe_that_works_opens_the_line_again(bench: Bench) -> None:
    bench.llm.will(LineStopped("authentication", "No."))
    bench.refusal("a")
    bench.clock.advance(61)

    bench.call("a")
    bench.call("b")

    assert len(bench.llm.requests) == 3


def test_overload_that_lasts_pauses_the_line_under_its_own_name(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(requests=6_000)
    bench.llm.will(*[TransientError("overloaded", "Busy.")] * 8)
    for number in range(8):
        with pytest.raises(TransientError):
            bench.call(str(number))

    refused = bench.refusal()

    assert (refused.code, refused.cause) == ("line_paused", "overloaded")
    assert refused.wait_s == pytest.approx(5)


def test_calls_that_hang_until_their_time_is_over_pause_the_line(
    make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = make_bench(requests=6_000)

    def hang(request: LLMRequest, on_words: object = None) -> NoReturn:
        bench.clock.advance(request.timeout_s + 0.01)
        raise TransientError("timeout", "No complete answer came.")

    monkeypatch.setattr(bench.llm, "complete", hang)
    for number in range(8):
        with pytest.raises(TransientError):
            bench.call(str(number))

    assert bench.refusal().cause == "unreachable"


def test_mock_stays_known_as_one_and_close_reaches_the_client(bench: Bench) -> None:
    bench.client.close()

    assert (bench.client.is_mock, bench.llm.closed) == (False, 1)
