"""What goes into an agent besides its input, and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from agents.engine.confidence.signals import Signal
from agents.llm.base import (
    LaneName,
    LLMError,
    LLMReply,
    LLMRequest,
    NotNow,
    TransientError,
    UnusableReply,
    Usage,
)

# What an attempt is at: a model writes, mends what could not be used, or is asked what it thinks of the output; code
# checks the output.
Phase = Literal["writing", "repairing", "second_opinion", "checking"]

# Told the phase and how many words there are so far, in the thread of the run.
OnPhase = Callable[[Phase, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """How to run one attempt, the user's preferences already merged in.

    ``threshold`` is the confidence below which a person looks. ``timeout_s`` is the wall clock of the whole attempt.
    ``word_range`` is a wish for narratives; an input that names its own range wins. ``job``, ``lane`` and ``universe``
    are as in ``LLMRequest``. Of a world that is longer than ``world_tokens`` only what the job needs is read. With
    ``second_opinion`` the consistency agent reads what was written, with ``consistency_model`` ("": the same model).
    ``in_place_of`` is the retired model that ``model`` stands in for. ``review_because`` is a sentence for which a
    person looks at the output whatever its confidence.
    """

    model: str
    threshold: float
    timeout_s: float = 120.0
    attempt: int = 1
    job: str = ""
    lane: LaneName = "interactive"
    universe: str = ""
    tone: str = ""
    language: str = ""
    word_range: tuple[int, int] | None = None
    world_tokens: int = 16_000
    second_opinion: bool = False
    consistency_model: str = ""
    in_place_of: str = ""
    review_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A reviewer asked again: their note, and the output that it is about."""

    note: str
    previous_output: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call of a model, for the ledger. ``error_code`` is "" for a call whose answer was used.

    ``may_be_billed``: its answer was lost, so ``usage`` says nothing and its cost is unknown.
    """

    model: str
    prompt_name: str
    prompt_version: str
    usage: Usage = field(default_factory=Usage)
    latency_ms: int = 0
    request_id: str = ""
    stop_reason: str = ""
    is_mock: bool = False
    is_batch: bool = False
    error_code: str = ""
    may_be_billed: bool = False

    @classmethod
    def of_reply(cls, request: LLMRequest, reply: LLMReply, error_code: str = "") -> CallRecord:
        return cls(
            model=reply.model,
            prompt_name=request.prompt_name,
            prompt_version=request.prompt_version,
            usage=reply.usage,
            latency_ms=reply.latency_ms,
            request_id=reply.request_id,
            stop_reason=reply.stop_reason,
            is_mock=reply.is_mock,
            is_batch=reply.is_batch,
            error_code=error_code,
        )

    @classmethod
    def of_error(cls, request: LLMRequest, error: LLMError, *, is_mock: bool) -> CallRecord:
        if isinstance(error, UnusableReply) and error.reply is not None:
            return cls.of_reply(request, error.reply, error.code)
        return cls(
            model="mock" if is_mock else request.model,
            prompt_name=request.prompt_name,
            prompt_version=request.prompt_version,
            latency_ms=error.latency_ms,
            request_id=error.request_id,
            is_mock=is_mock,
            error_code=error.code,
            may_be_billed=error.may_be_billed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentResult:
    """Finished work. ``output`` is JSON-ready; ``reasons`` are sentences, none if no person has to look; ``request`` is
    what was asked first.

    ``world_choice`` says, JSON-ready, which elements of a large world were read and why; None for a world that was read
    whole.
    """

    output: dict[str, Any]
    signals: tuple[Signal, ...]
    confidence: float
    needs_review: bool
    reasons: tuple[str, ...]
    calls: tuple[CallRecord, ...]
    is_mock: bool
    request: LLMRequest
    world_choice: dict[str, Any] | None = None


FailureKind = Literal["transient", "permanent", "postponed"]


class AgentFailure(Exception):
    """The attempt brought nothing. ``kind`` says whether another one may; ``calls`` are what it cost.

    A postponed attempt was none: the job has to be asked about again after ``retry_after_s``. ``cause`` says in a
    word what it waits for.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        kind: FailureKind,
        retry_after_s: float | None = None,
        cause: str = "",
        calls: tuple[CallRecord, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.kind: FailureKind = kind
        self.retry_after_s = retry_after_s
        self.cause = cause
        self.calls = calls

    @classmethod
    def of_error(cls, error: LLMError, calls: tuple[CallRecord, ...]) -> AgentFailure:
        """Another attempt is worth it where the line failed, or where a model may answer better next time.

        A refusal is the model's considered answer, and a rejected request stays what it is.
        """
        if isinstance(error, NotNow):
            return cls(
                error.code,
                error.message,
                kind="postponed",
                retry_after_s=error.wait_s,
                cause=error.cause,
                calls=calls,
            )
        may_pass = isinstance(error, TransientError) or (
            isinstance(error, UnusableReply) and error.code != "refused"
        )
        return cls(
            error.code,
            error.message,
            kind="transient" if may_pass else "permanent",
            retry_after_s=error.retry_after_s if isinstance(error, TransientError) else None,
            calls=calls,
        )
