"""Spans of a request, of the attempt of its job and of the call of a model, in one trace."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from celery import current_app

from agents.common import tracing
from agents.models import AgentJob
from agents.providers import factory
from agents.tasks import process_agent_job
from tests.llm.requests import REQUEST
from tests.support.rows import INPUTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("broker")]

TRACE = "0af7651916cd43dd8448eb211c80319c"
HEADERS = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}


@pytest.fixture
def spans(monkeypatch):
    sdk = pytest.importorskip("opentelemetry.sdk.trace")
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, provider = InMemorySpanExporter(), sdk.TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("tests")
    monkeypatch.setattr(tracing, "tracer", lambda: tracer)
    monkeypatch.setattr(factory, "clients", factory.ProviderClients())
    return exporter


def submit(api):
    body = {"agent_type": "narrative", "input_data": INPUTS["narrative"]}
    response = api.post("/agents/jobs", body, headers=HEADERS)
    assert response.status_code == 202
    return response.json()["job_id"]


def test_request_attempt_and_call_are_one_trace(api, spans):
    job_id = submit(api)
    with current_app.connection_for_read() as connection:
        message = connection.SimpleQueue("jobs").get(timeout=5)
        message.ack()

    process_agent_job.apply((job_id,), headers=message.headers)

    request, call, attempt = spans.get_finished_spans()
    assert request.name.startswith("POST ")
    assert (call.name, attempt.name) == ("model call", "attempt")
    assert {format(span.context.trace_id, "032x") for span in (request, call, attempt)} == {TRACE}
    assert attempt.parent.span_id == request.context.span_id
    assert call.parent.span_id == attempt.context.span_id
    assert request.attributes["status"] == 202
    assert attempt.attributes["job_id"] == call.attributes["job_id"] == job_id
    assert call.attributes["output_tokens"] == AgentJob.objects.get().calls.get().output_tokens


class BrokenClient:
    is_mock = True

    def complete(self, request, on_text=None):
        raise ValueError("The model is away.")

    def close(self):
        """Do nothing."""


def test_call_that_fails_is_an_error_in_its_trace(spans):
    with pytest.raises(ValueError, match="away"):
        tracing.TracedClient(BrokenClient()).complete(REQUEST)

    (call,) = spans.get_finished_spans()
    assert (call.name, call.status.is_ok) == ("model call", False)
    assert call.events[0].attributes["exception.message"] == "The model is away."


def test_nothing_is_imported_or_sent_while_it_is_off(api):
    submit(api)

    with current_app.connection_for_read() as connection:
        message = connection.SimpleQueue("jobs").get(timeout=5)
        message.ack()
    assert "traceparent" not in message.headers
    code = (
        "import django; django.setup(); import sys, agents.tasks, mediaassets.urls;"
        "from agents.common import tracing; tracing.tracer();"
        "print([name for name in sys.modules if name.startswith('opentelemetry.sdk.trace')])"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "mediaassets.settings"}
    found = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
