"""A universe with its people, a model that does as it is told, and jobs in any state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from agents.batches.answer_source import process_job
from agents.choices import JobStatus
from agents.jobs import submission
from agents.jobs.submission import JobRequest
from agents.models import AgentJob, GenerationSchedule, ReviewItem
from agents.providers import factory
from agents.schedules import scheduling
from tests.fake_llm import FakeLLM, weak_answer
from universes.choices import Role
from universes.models import Universe
from universes.services import universes

INPUTS: Mapping[str, Mapping[str, Any]] = {
    "narrative": {"prompt": "Mira waits out the tide."},
    "spatial": {"location_name": "Harrow Causeway", "type": "structure"},
    "consistency": {"content": "Odran lit the lamp."},
}


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    def make(name: str, **fields: Any) -> User:
        # Nobody signs in by password here, and hashing one is slow.
        user = User(username=name, **fields)
        user.set_unusable_password()
        user.save()
        return user

    return make


@pytest.fixture
def creator(make_user: Callable[..., User]) -> User:
    return make_user("carla")


@pytest.fixture
def stranger(make_user: Callable[..., User]) -> User:
    return make_user("stefan")


@pytest.fixture
def staff(make_user: Callable[..., User]) -> User:
    return make_user("sam", is_staff=True)


@pytest.fixture
def reviewer(make_user: Callable[..., User]) -> User:
    """In the Reviewers group of the migrations, with no right besides."""
    user = make_user("rosa", is_staff=True)
    user.groups.add(Group.objects.get(name="Reviewers"))
    return user


@pytest.fixture
def universe(creator: User) -> Universe:
    """The creator's own; trusted output goes into drafts."""
    return universes.create_universe(creator, name="Low Marsh")


@pytest.fixture
def editor(make_user: Callable[..., User], universe: Universe) -> User:
    user = make_user("edgar")
    universes.add_member(universe, user, Role.EDITOR)
    return user


@pytest.fixture
def viewer(make_user: Callable[..., User], universe: Universe) -> User:
    user = make_user("vera")
    universes.add_member(universe, user, Role.VIEWER)
    return user


@pytest.fixture
def llm(monkeypatch: pytest.MonkeyPatch) -> FakeLLM:
    """The model of this process."""
    fake = FakeLLM()
    monkeypatch.setattr(factory, "llm_client", lambda: fake)
    return fake


@pytest.fixture
def make_job(creator: User) -> Callable[..., AgentJob]:
    """A row in the given state, as the services would have left it, without their events."""

    def make(status: JobStatus | str = JobStatus.PENDING, **fields: Any) -> AgentJob:
        now = timezone.now()
        values: dict[str, Any] = {
            "agent_type": "narrative",
            "status": status,
            "requested_by": creator,
            "attempt_limit": 4,
            "created_at": now,
            "available_at": now,
            "sent_at": now,
        }
        values["input_data"] = INPUTS[fields.get("agent_type", "narrative")]
        if status != JobStatus.PENDING:
            values |= {"attempts": 1, "started_at": now}
        if status == JobStatus.PROCESSING:
            values["claimed_until"] = now + timedelta(seconds=180)
        if status in {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}:
            values["completed_at"] = now
        if status == JobStatus.COMPLETED:
            values |= {"output_data": {"content": "Done."}, "confidence_score": 0.9}
        if status == JobStatus.FAILED:
            values |= {"error_code": "overloaded", "error_message": "Too busy."}
        return AgentJob.objects.create(**{**values, **fields})

    return make


@pytest.fixture
def make_schedule(creator: User, universe: Universe) -> Callable[..., GenerationSchedule]:
    """Made by the service; what is not said is the creator's, comes once a year and is switched on."""

    def make(**fields: Any) -> GenerationSchedule:
        given: dict[str, Any] = {
            "owner": creator,
            "universe_id": universe.pk,
            "name": "Yearly",
            "agent_type": "narrative",
            "input_data": {"prompt": "What the tide left."},
            "crontab": "0 0 1 1 *",
            "time_zone": "UTC",
            **fields,
        }
        return scheduling.create_schedule(**given)

    return make


@pytest.fixture
def submit(creator: User) -> Callable[..., AgentJob]:
    """Submit through the service; what is not said is the creator's plain input without a universe."""

    def send(
        agent_type: str = "narrative",
        *,
        universe: Universe | None = None,
        by: User | None = None,
        **extra: Any,
    ) -> AgentJob:
        return submission.submit_job(
            JobRequest(
                by=by or creator,
                agent_type=agent_type,
                input_data={**INPUTS[agent_type], **extra},
                universe_id=universe.pk if universe else None,
            )
        )

    return send


@pytest.fixture
def run() -> Callable[[AgentJob], AgentJob]:
    """One attempt in this process; gives the job as it then is."""

    def attempt(job: AgentJob) -> AgentJob:
        process_job(job.pk)
        return AgentJob.objects.get(pk=job.pk)

    return attempt


@pytest.fixture
def open_review(
    submit: Callable[..., AgentJob], run: Callable[[AgentJob], AgentJob], llm: FakeLLM, universe: Universe
) -> Callable[..., ReviewItem]:
    """The open review item of a weak output in the universe."""

    def make(agent_type: str = "narrative", **options: Any) -> ReviewItem:
        llm.will(weak_answer)
        job = run(submit(agent_type, **{"universe": universe, **options}))
        return job.review_items.get()

    return make


@pytest.fixture
def review_item(open_review: Callable[..., ReviewItem]) -> ReviewItem:
    return open_review()
