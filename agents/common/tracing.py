"""Traces by OpenTelemetry: request, attempt of a job, call of a model.

Off unless ``TRACING`` is set, and nothing of OpenTelemetry is imported then. The exporter reads OpenTelemetry's own
variables, such as ``OTEL_EXPORTER_OTLP_ENDPOINT``. A message of a job carries the context; an attempt that comes
without a message (a job that was swept, retried or rescued) begins a trace of its own, with the id of the job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

    from agents.llm.base import LLMClient, LLMReply, LLMRequest

_OFF: Final = nullcontext()


@cache
def tracer() -> Tracer | None:
    """Return the tracer of this process; None while tracing is off."""
    if not settings.TRACING:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    active: Tracer = provider.get_tracer("mediaassets")
    return active


def span(name: str, **attributes: str | int) -> AbstractContextManager[Span | None]:
    """Provide a span below the current one; None while tracing is off."""
    active = tracer()
    return _OFF if active is None else active.start_as_current_span(name, attributes=attributes)


def carried() -> dict[str, str]:
    """Return the current context as headers of a message."""
    headers: dict[str, str] = {}
    if tracer() is not None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        TraceContextTextMapPropagator().inject(headers)
    return headers


@contextmanager
def continued(headers: Mapping[str, Any] | None) -> Iterator[None]:
    """Continue the trace that the headers of a request or a message name, if they do."""
    if tracer() is None or not headers:
        yield
        return
    from opentelemetry import context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    token = context.attach(TraceContextTextMapPropagator().extract(headers))
    try:
        yield
    finally:
        context.detach(token)


class TracedClient:
    """A client of a model that has a span for each call."""

    def __init__(self, client: LLMClient) -> None:
        self._client = client
        self.is_mock = client.is_mock

    def complete(self, request: LLMRequest, on_text: Callable[[str], None] | None = None) -> LLMReply:
        with span(
            "model call", model=request.model, prompt=request.prompt_name, job_id=request.job
        ) as current:
            reply = self._client.complete(request, on_text)
            if current is not None:
                used = reply.usage
                current.set_attributes(
                    {
                        "input_tokens": used.input_tokens + used.cache_read_tokens + used.cache_write_tokens,
                        "output_tokens": used.output_tokens,
                        "provider_request_id": reply.request_id or "",
                    }
                )
            return reply

    def close(self) -> None:
        self._client.close()
