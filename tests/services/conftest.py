"""A queue to work in: rows without a model's work behind them, and several reviewers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from agents.choices import ReviewState, Verdict
from agents.models import AgentJob, GoldStandard, ReviewDecision, ReviewItem
from agents.quality import gold
from agents.review import decisions
from tests.fake_llm import FakeLLM
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
def item(make_item: Callable[..., ReviewItem]) -> ReviewItem:
    return make_item()


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


# --- Gold


@pytest.fixture
def decided(
    make_item: Callable[..., ReviewItem], make_reviewer: Callable[[str], User]
) -> Callable[..., AgentJob]:
    """A job that somebody else has rejected."""

    def make(by: User | None = None, **fields: Any) -> AgentJob:
        item = make_item(state=ReviewState.CLOSED, closed_at=timezone.now(), **fields)
        by = by or make_reviewer(f"judge{ReviewItem.objects.count()}")
        ReviewDecision.objects.create(item=item, by=by, verdict="rejected", note="No.", before={})
        return item.job

    return make


@pytest.fixture
def standard(decided: Callable[..., AgentJob], settler: User) -> Callable[..., GoldStandard]:
    """A job whose right verdict is known."""

    def make(answer: str = "refuse", **fields: Any) -> GoldStandard:
        return gold.mark_gold(decided(**fields).pk, answer, "It breaks the first rule.", settler)

    return make


@pytest.fixture
def works(make_item: Callable[..., ReviewItem]) -> Callable[[User, int], None]:
    """Let a reviewer decide so many ordinary items."""

    def decide(by: User, count: int) -> None:
        for _ in range(count):
            decisions.decide(make_item().pk, Verdict.APPROVED, by=by)

    return decide


@pytest.fixture
def after_three(settings: Any) -> None:
    """Gold comes after three decisions."""
    settings.GOLD_AFTER = 3
