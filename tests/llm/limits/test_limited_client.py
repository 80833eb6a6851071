"""Admission, settlement and errors of the limited client."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import pytest

from agents.llm.base import LLMRequest, ProviderAccountError, RequestRejected, TransientError
from agents.llm.limits.types import AdmissionRequest, Lane, Reservation, Wait
from tests.llm.limits.harness import ClientHarness
from tests.llm.requests import REQUEST

MODEL = REQUEST.model


def test_admitted_call_keeps_its_whole_wall_clock(harness: ClientHarness) -> None:
    harness.call()

    assert harness.slept == []
    assert harness.llm.requests[0].timeout_s == REQUEST.timeout_s
    assert harness.in_flight() == 0


def test_short_wait_is_slept_and_deducted_from_the_wall_clock(harness: ClientHarness) -> None:
    for number in range(3):
        harness.call(str(number))

    assert harness.slept == [pytest.approx(1.0)]
    assert harness.llm.requests[2].timeout_s == pytest.approx(REQUEST.timeout_s - 1.0)


def test_long_wait_raises_throttled_without_sleeping(make_harness: Callable[..., ClientHarness]) -> None:
    harness = make_harness(requests=6)
    harness.call("first")

    throttled = harness.throttled()

    assert (throttled.code, throttled.cause, throttled.account_error) == ("waits_for_turn", "requests", None)
    assert throttled.wait_s == pytest.approx(18)
    assert throttled.message == "It waits for its turn: the requests of this minute are taken."
    assert harness.slept == []
    assert len(harness.llm.requests) == 1


def test_short_call_keeps_half_of_its_wall_clock(harness: ClientHarness) -> None:
    for number in range(2):
        harness.call(str(number))

    assert harness.throttled(timeout_s=1.0).cause == "requests"
    assert harness.slept == []


def test_admission_request_carries_job_lane_and_universe(
    harness: ClientHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    admissions: list[AdmissionRequest] = []
    reserve = harness.limits.reserve

    def record(request: AdmissionRequest) -> Reservation | Wait:
        admissions.append(request)
        return reserve(request)

    monkeypatch.setattr(harness.limits, "reserve", record)

    harness.call("job-1", lane="scheduled", universe="marsh")

    assert (admissions[0].job, admissions[0].lane, admissions[0].universe) == (
        "job-1",
        Lane.SCHEDULED,
        "marsh",
    )
    # Longer than the call, so that one that times out can still be settled.
    assert (admissions[0].model, admissions[0].timeout_s) == (MODEL, REQUEST.timeout_s + 10)


def test_headers_of_an_answer_set_the_limit(harness: ClientHarness) -> None:
    def refuse(request: LLMRequest) -> TransientError:
        error = TransientError("conflict", "Again.")
        error.rate_limit_headers = {"anthropic-ratelimit-requests-limit": "240"}
        return error

    harness.llm.will(refuse)

    with pytest.raises(TransientError):
        harness.call()

    (requests,) = [bucket for bucket in harness.limits.snapshot()[0].buckets if bucket.name == "requests"]
    assert requests.limit == 240


@pytest.mark.parametrize(
    "error", [TransientError("overloaded", "Busy."), RequestRejected("bad_request", "No.")]
)
def test_other_errors_propagate_and_free_the_slot(harness: ClientHarness, error: Exception) -> None:
    harness.llm.will(error)

    with pytest.raises(type(error)):
        harness.call()

    assert harness.in_flight() == 0


def test_unexpected_exception_frees_the_slot(harness: ClientHarness) -> None:
    harness.llm.will(lambda request: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        harness.call()

    assert harness.in_flight() == 0


@pytest.mark.parametrize("code", ["authentication", "permission", "billing", "model_not_found"])
def test_account_error_pauses_its_own_job_and_all_others(harness: ClientHarness, code: str) -> None:
    harness.llm.will(ProviderAccountError(code, "The API answered no."))

    first, second = harness.throttled("a"), harness.throttled("b")

    assert first.account_error is not None
    assert (first.code, first.cause, first.account_error.code) == ("line_paused", "stopped", code)
    assert (second.code, second.cause, second.account_error) == ("line_paused", "stopped", None)
    assert first.message == second.message == f"The line to {MODEL} is paused (stopped): The API answered no."
    assert second.wait_s == pytest.approx(60)
    assert len(harness.llm.requests) == 1


def test_successful_probe_resumes_the_model(harness: ClientHarness) -> None:
    harness.llm.will(ProviderAccountError("authentication", "No."))
    harness.throttled("a")
    harness.clock.advance(61)

    harness.call("a")
    harness.call("b")

    assert len(harness.llm.requests) == 3


def test_repeated_overload_pauses_the_model(make_harness: Callable[..., ClientHarness]) -> None:
    harness = make_harness(requests=6_000)
    harness.llm.will(*[TransientError("overloaded", "Busy.")] * 8)
    for number in range(8):
        with pytest.raises(TransientError):
            harness.call(str(number))

    throttled = harness.throttled()

    assert (throttled.code, throttled.cause) == ("line_paused", "overloaded")
    assert throttled.wait_s == pytest.approx(5)


def test_repeated_timeouts_pause_the_model(
    make_harness: Callable[..., ClientHarness], monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(requests=6_000)

    def hang(request: LLMRequest, on_text: object = None) -> NoReturn:
        harness.clock.advance(request.timeout_s + 0.01)
        raise TransientError("timeout", "No complete answer came.")

    monkeypatch.setattr(harness.llm, "complete", hang)
    for number in range(8):
        with pytest.raises(TransientError):
            harness.call(str(number))

    assert harness.throttled().cause == "unreachable"


def test_is_mock_and_close_are_passed_through(harness: ClientHarness) -> None:
    harness.client.close()

    assert (harness.client.is_mock, harness.llm.closed) == (False, 1)
