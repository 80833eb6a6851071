"""Rows inserted by plain SQL: what is stored is what was given."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DataError, transaction

from agents.choices import EventKind
from agents.models import AgentJobEvent, ModelCall
from agents.models.jobs import bulk_insert

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=UTC)


def call(**values):
    return ModelCall(**{"attempt": 1, "agent_type": "narrative", "model": "model", "at": AT, **values})


def test_values_of_every_kind_are_stored_as_they_are(make_job, universe):
    job = make_job(universe=universe)
    data = {"text": "“It's” \\u0041 \\ % {} é 😀\n", "list": [1, 0.1, None, True], "empty": None}
    event = AgentJobEvent(job_id=job.pk, kind=EventKind.COMPLETED, attempt=2, at=AT, data=data)
    calls = [
        call(job=job, universe_id=job.universe_id, cost_usd=Decimal("0.00000001"), stop_reason="a'b\\"),
        call(job=None, cost_usd=None, is_mock=True, latency_ms=12),
    ]

    bulk_insert.insert_all({AgentJobEvent: [event], ModelCall: calls})

    stored = AgentJobEvent.objects.get(job=job, kind=EventKind.COMPLETED)
    assert (stored.attempt, stored.at, stored.data) == (2, AT, data)
    first, second = ModelCall.objects.order_by("id")
    assert (first.job_id, first.universe_id, first.at) == (job.pk, job.universe_id, AT)
    assert (first.cost_usd, first.stop_reason, first.is_mock) == (Decimal("0.00000001"), "a'b\\", False)
    assert (second.job_id, second.cost_usd, second.is_mock, second.latency_ms) == (None, None, True, 12)


@pytest.mark.postgres
def test_text_that_is_too_long_is_refused_and_not_cut(make_job, universe):
    job = make_job(universe=universe)
    with pytest.raises(DataError), transaction.atomic():
        bulk_insert.insert(ModelCall, [call(job=job, model="m" * 101)])
    assert not ModelCall.objects.exists()


@pytest.mark.postgres
def test_value_without_a_text_of_its_own_is_refused(make_job, universe):
    job = make_job(universe=universe)
    event = AgentJobEvent(job_id=job.pk, kind=EventKind.COMPLETED, attempt=1, at=AT, data={"who": object()})
    with pytest.raises(TypeError, match="object"):
        bulk_insert.insert(AgentJobEvent, [event])
