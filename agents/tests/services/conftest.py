"""A queue to work in: rows without a model's work behind them, and several reviewers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from agents.models import AgentJob, ReviewItem


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
def lapse() -> Callable[[ReviewItem], None]:
    """As if nothing had been heard of the holder for too long."""

    def run_out(item: ReviewItem) -> None:
        past = timezone.now() - timedelta(seconds=1)
        assert ReviewItem.objects.filter(pk=item.pk, claimed_by__isnull=False).update(claimed_until=past)

    return run_out
