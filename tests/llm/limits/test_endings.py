"""What an answer, an error and its headers mean for the limits."""

from __future__ import annotations

import pytest

from agents.llm.anthropic.errors import lost
from agents.llm.base import LineStopped, LLMReply, RequestRejected, TransientError, UnusableReply, Usage
from agents.llm.limits.endings import ending_of, said_by
from agents.llm.limits.kinds import Outcome, Said
from dev.standin.limits import RateLimits

USED = Usage(input_tokens=7, output_tokens=9)
REPLY = LLMReply(
    text="Yes.",
    model="m",
    usage=USED,
    stop_reason="end_turn",
    request_id="r",
    latency_ms=1,
    is_mock=False,
)


@pytest.mark.parametrize(
    ("result", "outcome", "usage"),
    [
        (REPLY, Outcome.ANSWERED, USED),
        (UnusableReply("truncated", "Cut off.", reply=REPLY), Outcome.ANSWERED, USED),
        (UnusableReply("empty_output", "Nothing."), Outcome.ANSWERED, None),
        (TransientError("rate_limited", "Slow."), Outcome.RATE_LIMITED, Usage()),
        (TransientError("overloaded", "Busy."), Outcome.OVERLOADED, Usage()),
        (TransientError("server_error", "Broken."), Outcome.OVERLOADED, Usage()),
        (TransientError("conflict", "Again."), Outcome.REJECTED, Usage()),
        (lost(TransientError("overloaded", "Busy, in the middle.")), Outcome.OVERLOADED, None),
        (lost(TransientError("timeout", "Late.")), Outcome.UNREACHABLE, None),
        (TransientError("connection", "Nobody."), Outcome.UNREACHABLE, Usage()),
        (lost(TransientError("connection", "Reset.")), Outcome.UNREACHABLE, None),
        (lost(TransientError("bad_response", "HTML.")), Outcome.UNREACHABLE, None),
        (RequestRejected("bad_request", "No."), Outcome.REJECTED, Usage()),
        (LineStopped("authentication", "Who?"), Outcome.STOPPED, Usage()),
        (LineStopped("billing", "Money."), Outcome.STOPPED, Usage()),
        (LineStopped("model_not_found", "Gone."), Outcome.STOPPED, Usage()),
    ],
)
def test_each_way_to_end_has_its_outcome_and_its_use(result, outcome, usage):
    ending = ending_of(result)

    assert (ending.outcome, ending.usage) == (outcome, usage)


def test_every_transient_code_has_an_outcome():
    for code in TransientError.codes:
        assert ending_of(TransientError(code, "")).outcome in Outcome


def test_the_time_that_the_other_side_names_is_kept():
    error = TransientError("rate_limited", "Slow.", retry_after_s=7.0)

    assert ending_of(error).retry_after_s == 7.0


def test_the_headers_are_read_as_the_stand_in_writes_them():
    headers = RateLimits().headers("m", 0.0)

    assert said_by(headers) == {
        "requests": Said(limit=100_000, remaining=100_000, rounding=1),
        "input": Said(limit=100_000_000, remaining=100_000_000, rounding=500),
        "output": Said(limit=20_000_000, remaining=20_000_000, rounding=500),
    }


@pytest.mark.parametrize("nonsense", ["", "many", "-5", "nan", "inf", "1e999"])
def test_a_header_that_is_no_number_says_nothing(nonsense):
    assert said_by({"anthropic-ratelimit-requests-limit": nonsense}) == {}


def test_a_limit_of_nothing_is_not_believed():
    headers = {"anthropic-ratelimit-requests-limit": "0", "anthropic-ratelimit-requests-remaining": "0"}

    assert said_by(headers) == {"requests": Said(remaining=0, rounding=1)}
