"""Fixtures of a site whose provider is the stand-in, with batches that take as long as a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agents.batches import polling, sending
from agents.choices import JobPriority
from agents.common import dispatch
from agents.jobs import submission
from agents.jobs.submission import JobRequest
from agents.llm.base import LLMRequest
from agents.llm.limits.config import LimitSettings
from agents.llm.limits.redis_limits import RedisLimits
from agents.models import AgentJob
from agents.providers import factory
from dev.standin import KEY, Call, StandIn
from tests.support.fake_llm import good_answer
from tests.support.fixtures.jobs import INPUTS
from tests.support.site.servers import Broker


def good(body: Mapping[str, Any]) -> dict[str, Any]:
    asked = body["output_config"]["format"]["schema"]["properties"]
    agent = next((agent for word, agent in _AGENTS.items() if word in asked), "narrative")
    return good_answer(cast(LLMRequest, SimpleNamespace(agent=agent, user=body["messages"][0]["content"])))


_AGENTS = {"map_layout": "spatial", "violations": "consistency"}


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn(answer=good) as server:
        yield server


@pytest.fixture
def lane(
    server: StandIn, settings: Any, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StandIn]:
    """The stand-in as provider of a site that sends batches without a gathering time."""
    settings.ANTHROPIC_API_KEY = KEY
    settings.ANTHROPIC_BASE_URL = server.url
    settings.BATCH_GATHER_S = 0
    limits = RedisLimits(broker.client(), LimitSettings())
    monkeypatch.setattr(factory, "limits", lambda: limits)
    monkeypatch.setattr(factory, "clients", factory.ProviderClients())
    yield server
    factory.anthropic_client().close()


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The ids of the jobs that were enqueued."""
    job_ids: list[Any] = []

    def enqueue(jobs: Any) -> int:
        job_ids.extend(job.pk for job in jobs)
        return len(jobs)

    monkeypatch.setattr(dispatch, "enqueue", enqueue)
    return job_ids


@pytest.fixture
def submit_batch_job(creator: Any) -> Callable[..., AgentJob]:
    """Submit a job that may wait for a batch."""

    def submit(agent_type: str = "narrative", *, universe: Any = None, **extra: Any) -> AgentJob:
        return submission.submit_job(
            JobRequest(
                by=creator,
                agent_type=agent_type,
                input_data={**INPUTS[agent_type], **extra},
                universe_id=universe.pk if universe else None,
                priority=JobPriority.BATCH,
            )
        )

    return submit


@pytest.fixture
def send() -> Callable[[], int]:
    """Send waiting jobs and return how many were sent."""
    return lambda: sending.send_batches()["jobs"]


@pytest.fixture
def poll(run: Callable[[AgentJob], AgentJob]) -> Callable[[], None]:
    """Poll once, and run every job whose answer has arrived."""

    def look_and_work() -> None:
        polling.poll_batches()
        for job in AgentJob.objects.filter(batch_items__arrived_at__isnull=False).distinct():
            run(job)

    return look_and_work


@pytest.fixture
def age() -> Callable[..., None]:
    """Shift all times in the rows into the past."""

    def make_older(**span: float) -> None:
        from agents.models import MessageBatch

        by = timedelta(**span)
        for batch in MessageBatch.objects.all():
            batch.created_at -= by
            batch.fall_back_at -= by
            batch.save()
        for job in AgentJob.objects.all():
            for name in ("available_at", "batch_until", "sent_at", "claimed_until", "created_at"):
                if (at := getattr(job, name)) is not None:
                    setattr(job, name, at - by)
            job.save()

    return make_older


def batch_calls(server: StandIn) -> list[Call]:
    """Return the batch calls that the provider billed."""
    return [call for call in server.log.billed if call.lane == "batch"]
