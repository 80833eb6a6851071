"""Settings and results of an agent's run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from agents.engine.confidence.calibration import Calibration
from agents.engine.confidence.signals import Signal
from agents.engine.guidance import NO_GUIDANCE, Guidance
from agents.llm.base import (
    LaneName,
    LLMError,
    LLMReply,
    LLMRequest,
    Throttled,
    TransientError,
    UnusableReply,
    Usage,
)

Phase = Literal["writing", "repairing", "second_opinion", "checking"]

# Progress callback with the phase and the text written so far; called in the thread of the run.
OnPhase = Callable[[Phase, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """Settings of one attempt, the user's preferences already merged in.

    - ``threshold``: an output of lower confidence goes to review.
    - ``timeout_s``: wall clock of the whole attempt.
    - ``variant``, ``job``, ``lane``, ``universe``: as in ``LLMRequest``.
    - ``word_range``: preference for narratives; the input's own range takes precedence.
    - ``world_tokens``: elements are selected from a world that is longer than this.
    - ``second_opinion``: the consistency agent checks the output, with ``consistency_model`` ("": the same model).
    - ``fallback_for``: retired model that ``model`` replaces.
    - ``forced_review_reason``: sentence that sends the output to review whatever its confidence.
    - ``calibration``: the confidence learned from verdicts, if there is one.
    - ``intentional``: ids of findings that a reviewer has marked as intentional in this universe.
    - ``guidance``: the universe's style guide, which takes precedence over the preferences, and its examples.
    """

    model: str
    threshold: float
    timeout_s: float = 120.0
    attempt: int = 1
    variant: str = ""
    job: str = ""
    lane: LaneName = "interactive"
    universe: str = ""
    tone: str = ""
    language: str = ""
    word_range: tuple[int, int] | None = None
    world_tokens: int = 16_000
    second_opinion: bool = False
    consistency_model: str = ""
    fallback_for: str = ""
    forced_review_reason: str = ""
    calibration: Calibration | None = None
    intentional: frozenset[str] = frozenset()
    guidance: Guidance = NO_GUIDANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A reviewer's request for changes: their note, and the output that it is about."""

    note: str
    previous_output: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """A call of a model, for the ledger. ``error_code`` is "" if the answer was used.

    ``may_be_billed``: the answer was lost, so that the real usage and cost are unknown.
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
    """Result of a successful attempt. ``output`` is JSON-ready, and ``request`` is the first request sent.

    ``reasons`` are the sentences on why the output needs review. ``world_choice`` lists, JSON-ready, the elements
    selected from a large world and why; None if the whole world was read. ``guidance`` is the record of the style
    guide, the examples and the preferences that applied.
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
    guidance: dict[str, Any] | None = None


FailureKind = Literal["transient", "permanent", "postponed"]


class AgentFailure(Exception):
    """A failed attempt. ``kind`` says whether a retry can help; ``calls`` are those that were made.

    Postponed attempts do not count: the job is due again after ``retry_after_s``, and ``cause`` names the reason in
    a word.
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
        """Classify a call's error.

        Transient errors and unusable answers are worth a retry. A refusal is not, being the model's considered answer,
        and a rejected request would be rejected again.
        """
        if isinstance(error, Throttled):
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
