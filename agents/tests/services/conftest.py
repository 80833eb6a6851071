"""A queue to work in: rows without a model's work behind them, and several reviewers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from agents.models import AgentJob, ReviewItem
from agents.tests.fake_llm import FakeLLM
from universes.models import Universe
from universes.services import universes


@pytest.fixture
def make_item(make_job: Callable[..., AgentJob]) -> Callable[..., ReviewItem]:
    """An open review item of a job without a universe."""

    def make(**fields: Any) -> ReviewItem:
        job = make_job("completed", human_review_required=True)
        values = {"agent_type": "narrative", "confidence": 0.5, "reasons": ["Short."], "reason_codes": "|x|"}
        return ReviewItem.objects.create(job=job, **{**values, **fields})

    return make


@pytest.fixture
def make_reviewer(make_user: Callable[..., User]) -> Callable[[str], User]:
    def make(name: str) -> User:
        user = make_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name="Reviewers"))
        return user

    return make


@pytest.fixture
def second(make_reviewer: Callable[[str], User]) -> User:
    """Another reviewer than ``reviewer``."""
    return make_reviewer("rudi")


@pytest.fixture
def lead(make_user: Callable[..., User]) -> User:
    """A superuser, who may break claims."""
    return make_user("lena", is_staff=True, is_superuser=True)


@pytest.fixture
def third(make_reviewer: Callable[[str], User]) -> User:
    return make_reviewer("tilda")


@pytest.fixture
def settler(make_user: Callable[..., User]) -> User:
    """A lead reviewer who is no superuser."""
    user = make_user("sella", is_staff=True)
    user.groups.add(Group.objects.get(name="Lead reviewers"))
    return user


@pytest.fixture
def open_audit(
    submit: Callable[..., AgentJob],
    run: Callable[[AgentJob], AgentJob],
    llm: FakeLLM,
    universe: Universe,
    settings: Any,
) -> Callable[..., ReviewItem]:
    """The open audit of a trusted output in the universe."""

    def make(agent_type: str = "narrative", **options: Any) -> ReviewItem:
        settings.AUDIT_SHARES = {**settings.AUDIT_SHARES, agent_type: 1}
        return run(submit(agent_type, **{"universe": universe, **options})).review_items.get()

    return make


@pytest.fixture
def plant(make_item: Callable[..., ReviewItem]) -> Callable[..., ReviewItem]:
    """A gold item of one reviewer; its job has been decided long ago."""

    def make(reviewer: User, **fields: Any) -> ReviewItem:
        item = make_item(kind="gold", only_for=reviewer, is_blind=True, **fields)
        AgentJob.objects.filter(pk=item.job_id).update(human_review_required=False)
        item.job.refresh_from_db()
        return item

    return make


@pytest.fixture
def wanting(open_review: Callable[..., ReviewItem], universe: Universe) -> Callable[..., ReviewItem]:
    """An open item on which so many opinions are wanted."""

    def make(count: int = 2) -> ReviewItem:
        universes.update_universe(universe, opinions_wanted=count)
        return open_review()

    return make


@pytest.fixture
def lapse() -> Callable[[ReviewItem], None]:
    """As if nothing had been heard of the holder for too long."""

    def run_out(item: ReviewItem) -> None:
        past = timezone.now() - timedelta(seconds=1)
        assert ReviewItem.objects.filter(pk=item.pk, claimed_by__isnull=False).update(claimed_until=past)

    return run_out
