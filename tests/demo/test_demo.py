"""The loaded demo: jobs and review items in every state, at no cost, loaded only once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from agents.billing import prices
from agents.billing.budgets import first_day
from agents.choices import ReviewKind
from agents.demo import history, seed
from agents.llm.base import Usage
from agents.models import (
    AgentJob,
    BudgetPeriod,
    GenerationSchedule,
    ModelCall,
    Notification,
    ReviewComment,
    ReviewDecision,
    ReviewItem,
)
from agents.providers import factory
from agents.quality import metrics
from tests.support.fake_llm import FakeLLM
from tests.transfer.comparing import exported, without_ids
from tests.transfer.running import as_json, run_import
from universes.models import Element, Scene, Universe

PASSWORD = "a long enough one"


@pytest.fixture(scope="module")
def loaded_demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[FakeLLM]:
    """Load the demo once for all tests of this module, each of which rolls back to it.

    Returns the model that this process has meanwhile, which the demo must not use.
    """
    llm = FakeLLM()
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr(factory, "llm_client", lambda: llm)
        # The demo has more waiting jobs than that, which must not keep `make up` from starting.
        patch.setattr(settings, "MAX_WAITING_JOBS", 1)
        assert seed.load(PASSWORD) is True
        yield llm
        transaction.set_rollback(True)


pytestmark = [pytest.mark.usefixtures("loaded_demo"), pytest.mark.django_db]


def test_demo_shows_every_state(loaded_demo):
    states = Counter(AgentJob.objects.values_list("status", flat=True))
    assert states["completed"] >= 8
    assert (states["failed"], states["cancelled"]) == (1, 1)
    assert states["pending"] == 2
    assert ReviewItem.objects.open().count() >= 4
    assert set(ReviewItem.objects.open().values_list("agent_type", flat=True)) == {
        "narrative",
        "spatial",
        "consistency",
    }
    assert Scene.objects.filter(canon_status="canon").exists()
    assert GenerationSchedule.objects.get().enabled
    # The mock model answers, even if this process has another client.
    assert loaded_demo.requests == []
    assert set(AgentJob.objects.filter(status="completed").values_list("is_mock", flat=True)) == {True}


def test_queue_has_overdue_blind_disputed_and_handed_over_items():
    now, waiting = timezone.now(), ReviewItem.objects.waiting()
    overdue = waiting.overdue(now).get()
    assert overdue.due_at - overdue.opened_at == timedelta(hours=settings.REVIEW_WITHIN_H)
    # The review was opened when its job was finished, at the end of a history in order.
    assert overdue.job.completed_at is not None
    assert abs(overdue.opened_at - overdue.job.completed_at) < timedelta(minutes=1)
    times = list(overdue.job.events.order_by("id").values_list("at", flat=True))
    assert overdue.job.created_at < now - timedelta(days=1)
    assert times == sorted(times)
    assert times[-1] < now - timedelta(days=1)
    assert waiting.filter(is_blind=True, kind=ReviewKind.DOUBT).count() == 1
    assert waiting.get(disputed_at__isnull=False).decisions.count() == 2
    notifications = Notification.objects.values_list("to__username", "kind")
    assert sorted(notifications) == [
        ("creator", "drafts"),
        ("creator", "verdict"),
        ("creator", "verdict"),
        ("creator", "verdict"),
        ("creator", "verdict"),
        ("demo-lead", "dispute"),
        ("reviewer", "hand_over"),
        ("reviewer", "mention"),
    ]
    assert ReviewComment.objects.get().by.username == "demo-reviewer-2"


def test_one_text_contradicts_its_world_one_is_flagged_and_one_was_asked_again():
    waiting = ReviewItem.objects.waiting().filter(universe__name=seed.UNIVERSE)
    contradicting = waiting.get(job__input_data__prompt=seed.FOR_REVIEW[1][1]["prompt"]).job
    assert any("telegram" in signal["sentence"] for signal in contradicting.signals)
    assert waiting.get(kind=ReviewKind.FLAG).job.input_data["prompt"] == seed.FLAGGED[1]["prompt"]
    follow_up = waiting.get(job__follows__isnull=False).job
    first = follow_up.follows
    assert first is not None
    written = [(job.output_data or {})["title"] for job in (first, follow_up)]
    assert written == ["One Question", "The First Block"]


def test_two_variants_wait_for_a_choice():
    variants = AgentJob.objects.filter(variants_id__isnull=False)
    assert variants.values("variants_id").distinct().count() == 1
    assert sorted((job.output_data or {})["title"] for job in variants) == [
        "Small Change",
        "What It Is Worth",
    ]
    assert set(variants.values_list("outcome", flat=True)) == {"trusted"}
    entries = Scene.objects.filter(origin_ref__in=[str(job.pk) for job in variants])
    assert set(entries.values_list("canon_status", flat=True)) == {"draft"}


def test_calls_have_the_price_of_a_real_model_as_an_example():
    calls = ModelCall.objects.all()
    assert set(calls.values_list("is_mock", flat=True)) == {True}
    assert not calls.filter(cost_usd__lte=0).exists()
    call = calls.filter(agent_type="narrative")[0]
    usage = Usage(input_tokens=call.input_tokens, output_tokens=call.output_tokens)
    rates = prices.price_for(settings.AGENT_MODELS["narrative"], usage, at=call.at)
    assert rates is not None
    assert (call.input_usd, call.cost_usd) == (rates.input_usd, rates.cost_of(usage))
    spent = dict(BudgetPeriod.objects.values_list("budget__scope", "spent_pico_usd"))
    this_month = calls.filter(at__gte=datetime.combine(first_day("month", timezone.now()), time(), UTC))
    of_universe = this_month.filter(universe__name=seed.UNIVERSE).aggregate(usd=Sum("cost_usd"))["usd"]
    assert spent["universe"] == of_universe * 10**12 > 0
    assert spent["user"] >= spent["universe"]


def test_review_statistics_have_data():
    figures: Any = metrics.compute(90)
    assert figures["decided"] == history.COUNT + 4
    assert figures["mock"] == figures["decided"]
    assert min(week["decided"] for week in figures["per_week"]) > 0
    assert {row["key"] for row in figures["by_agent"]["rows"]} == {"narrative", "spatial", "consistency"}
    assert figures["escaped"]["overall"]["count"] >= 20
    assert 0 < figures["escaped"]["overall"]["share"] < 0.5
    assert sum(bucket["count"] > 0 for bucket in figures["calibration"]["bins"]) >= 3
    assert not AgentJob.objects.filter(status="completed", model="").exists()
    deciders = set(ReviewDecision.objects.values_list("by__username", flat=True))
    assert deciders == {"reviewer", "demo-lead", "demo-reviewer-2", "demo-reviewer-3"}


def test_accepted_outputs_are_canon_of_the_archive():
    decisions = ReviewDecision.objects.effective().filter(item__universe__name=seed.ARCHIVE)
    accepted = decisions.filter(verdict__in=["approved", "edited"]).exclude(item__agent_type="consistency")
    refs = {str(job) for job in accepted.values_list("item__job", flat=True)}
    entries = [
        *Scene.objects.filter(universe__name=seed.ARCHIVE, canon_status="canon"),
        *Element.objects.filter(universe__name=seed.ARCHIVE, canon_status="canon"),
    ]
    assert {entry.origin_ref for entry in entries} == refs
    assert len(refs) > 20
    assert "made up" in Universe.objects.get(name=seed.ARCHIVE).description
    assert not accepted.filter(canon_change_id__isnull=True).exists()


def test_second_load_changes_nothing():
    before = (AgentJob.objects.count(), Universe.objects.count(), ReviewItem.objects.open().count())

    assert seed.load(PASSWORD) is False

    assert (AgentJob.objects.count(), Universe.objects.count(), ReviewItem.objects.open().count()) == before


def test_accounts_have_the_password_and_their_rights():
    seed.load("another long one")

    people = {user.username: user for user in User.objects.all()}
    assert set(people) == {
        "admin",
        "reviewer",
        "creator",
        "demo-lead",
        "demo-reviewer-2",
        "demo-reviewer-3",
    }
    assert people["admin"].check_password("another long one")
    # Hashing it for each would take seconds.
    assert len({user.password for user in people.values()}) == 1
    assert {name for name, user in people.items() if user.is_superuser} == {"admin"}
    assert {name for name, user in people.items() if not user.is_staff} == {"creator"}
    assert people["reviewer"].has_perm("agents.decide_reviewitem")
    assert not people["creator"].has_perm("agents.decide_reviewitem")
    leads = {name for name, user in people.items() if user.has_perm("agents.lead_reviews")}
    assert leads == {"admin", "demo-lead"}


def test_demo_universe_comes_back_equal_from_a_file(stranger):
    """Entries that jobs have made keep their receipts, though the jobs are on the other site."""
    universe = Universe.objects.get(name=seed.UNIVERSE)
    before = exported(universe)
    assert any(scene["receipt"] for scene in before["scenes"])

    row = run_import(stranger, as_json(before), "world.json")

    assert (row.status, row.error) == ("completed", "")
    assert row.universe is not None
    assert without_ids(exported(row.universe)) == without_ids(before)
