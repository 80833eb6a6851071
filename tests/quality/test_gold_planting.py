"""Planting of gold items: time, recipient, and likeness to other items."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from agents.choices import ReviewState, Verdict
from agents.errors import Conflict, NotFound
from agents.models import AgentJob, GoldStandard, ReviewDecision, ReviewItem
from agents.quality import gold
from agents.review import claims
from agents.review.verdicts import decisions as reviews
from tests.support import review_rows
from tests.support.facts import gold_items
from tests.support.threads import run_concurrently
from universes.models import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gold_after_three")]


def test_gold_looks_like_other_items_and_has_one_reviewer(
    gold_standard, decide_items, make_item, reviewer, second_reviewer
):
    now = timezone.now()
    known = gold_standard(confidence=0.31, reasons=["Too short."], reason_codes="|word_range|")
    decide_items(reviewer, 3)
    near = [
        make_item(due_at=now + timedelta(hours=hours), opened_at=now - timedelta(hours=9 - hours), priority=1)
        for hours in (1, 2, 3, 8)
    ]

    assert gold.plant_gold() == {"planted": 1}

    item = gold_items().get()
    assert (item.job_id, item.only_for, item.is_blind, item.state) == (known.job_id, reviewer, True, "open")
    assert (item.confidence, item.reasons, item.reason_codes) == (0.31, ["Too short."], "|word_range|")
    assert (item.opinions_wanted, item.draw_rate, item.priority) == (1, 1, 1)
    for planted_at, neighbours in ((item.due_at, near[2].due_at), (item.opened_at, near[2].opened_at)):
        assert timedelta(0) < planted_at - neighbours <= timedelta(seconds=1)
    assert list(ReviewItem.objects.offered_to(reviewer, now).queue_order()) == [*near[:3], item, near[3]]
    with pytest.raises(NotFound):
        claims.claim(item.pk, second_reviewer)


@pytest.mark.parametrize(("decisions", "count"), [(2, 0), (3, 1)])
def test_gold_is_planted_after_enough_decisions(
    gold_standard, decide_items, make_item, reviewer, decisions, count
):
    gold_standard()
    decide_items(reviewer, decisions)
    make_item()

    assert gold.plant_gold() == {"planted": count}
    assert gold_items().count() == count


def test_planting_can_be_switched_off(settings, gold_standard, decide_items, make_item, reviewer):
    settings.GOLD_AFTER = 0
    gold_standard()
    decide_items(reviewer, 3)
    make_item()

    assert gold.plant_gold() == {"planted": 0}
    assert not gold_items().exists()


def test_undone_verdict_is_not_counted(gold_standard, decide_items, make_item, reviewer):
    gold_standard()
    decide_items(reviewer, 2)
    item = make_item()
    reviews.decide(item.pk, Verdict.APPROVED, by=reviewer)
    reviews.undo(item.pk, by=reviewer)

    assert gold.plant_gold() == {"planted": 0}


def test_one_gold_item_at_a_time(gold_standard, decide_items, make_item, reviewer):
    first, then = gold_standard(), gold_standard()
    decide_items(reviewer, 6)
    make_item()
    assert [gold.plant_gold()["planted"] for _ in range(2)] == [1, 0]
    item = gold_items().get()
    assert item.job_id == first.job_id

    reviews.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")
    decide_items(reviewer, 2)
    assert gold.plant_gold() == {"planted": 0}
    decide_items(reviewer, 1)
    assert gold.plant_gold() == {"planted": 1}

    assert gold_items().get(state=ReviewState.OPEN).job_id == then.job_id


def test_gold_is_planted_only_among_other_items(
    gold_standard, decide_items, make_item, reviewer, second_reviewer
):
    gold_standard()
    decide_items(reviewer, 3)

    assert gold.plant_gold() == {"planted": 0}
    make_item(assigned_to=second_reviewer)
    assert gold.plant_gold() == {"planted": 0}
    make_item()
    assert gold.plant_gold() == {"planted": 1}


def test_reviewer_gets_no_gold_they_know(
    gold_standard, decide_items, make_item, decided_job, lead, reviewer, second_reviewer
):
    judged = gold.mark_gold(decided_job(by=reviewer).pk, "refuse", "Known.", lead)
    asked = gold_standard()
    AgentJob.objects.filter(pk=asked.job_id).update(requested_by=reviewer)
    retired = gold_standard()
    gold.retire_gold(retired.job_id, lead)
    reopened = gold_standard()
    ReviewItem.objects.filter(job=reopened.job).update(state=ReviewState.OPEN, closed_at=None)
    for person in (reviewer, lead, second_reviewer):
        decide_items(person, 3)

    assert gold.plant_gold() == {"planted": 1}

    # The lead marked all of them; the second reviewer knows none.
    assert [(item.only_for, item.job_id) for item in gold_items()] == [(second_reviewer, judged.job_id)]


def test_least_used_standard_comes_first(gold_standard, decide_items, make_item, reviewer, second_reviewer):
    used, fresh = gold_standard(), gold_standard()
    decide_items(reviewer, 3)
    make_item()
    gold.plant_gold()
    decide_items(second_reviewer, 3)
    gold.plant_gold()

    assert [item.job_id for item in gold_items().order_by("only_for")] == [used.job_id, fresh.job_id]


def test_former_reviewer_gets_no_gold(gold_standard, decide_items, make_item, reviewer, second_reviewer):
    gold_standard()
    for person in (reviewer, second_reviewer):
        decide_items(person, 3)
    make_item()
    second_reviewer.is_active = False
    second_reviewer.save()
    reviewer.groups.clear()

    assert gold.plant_gold() == {"planted": 0}


def test_verdict_on_gold_has_no_effect(gold_standard, decide_items, make_item, reviewer, universe):
    known = gold_standard("refuse")
    AgentJob.objects.filter(pk=known.job_id).update(universe=universe, outcome="trusted")
    decide_items(reviewer, 3)
    make_item()
    gold.plant_gold()
    jobs_before = AgentJob.objects.count()

    reviews.decide(gold_items().get().pk, Verdict.APPROVED, by=reviewer)

    assert gold_items().get().state == "closed"
    assert (Scene.objects.count(), AgentJob.objects.count()) == (0, jobs_before)


@pytest.mark.django_db(transaction=True)
def test_six_concurrent_runs_plant_once(
    gold_standard, decide_items, make_item, make_reviewer, reviewer, second_reviewer
):
    for _ in range(4):
        gold_standard()
    for person in (reviewer, second_reviewer):
        decide_items(person, 3)
    make_item()

    answers = run_concurrently(*[gold.plant_gold] * 6)

    assert sum(answer["planted"] for answer in answers) == 2
    assert sorted(gold_items().values_list("only_for", flat=True)) == [reviewer.pk, second_reviewer.pk]


@pytest.mark.django_db(transaction=True)
def test_one_of_six_concurrent_marks_wins(decided_job, lead):
    job = decided_job()

    answers = run_concurrently(
        *[lambda n=n: gold.mark_gold(job.pk, "refuse", f"Known {n}.", lead) for n in range(6)]
    )

    assert [isinstance(answer, Conflict) for answer in answers].count(True) == 5
    assert GoldStandard.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_retiring_races_judging_without_half_states(gold_standard, lead, make_reviewer):
    for round_ in range(8):
        known, judge = gold_standard(), make_reviewer(f"quick{round_}")
        item = review_rows.gold_item(known, judge)

        said, _ = run_concurrently(
            partial(reviews.decide, item.pk, Verdict.APPROVED, by=judge),
            partial(gold.retire_gold, known.job_id, lead),
        )

        kept = list(ReviewDecision.objects.filter(item=item.pk).values_list("pk", flat=True))
        assert kept == ([] if isinstance(said, NotFound) else [said.pk])
