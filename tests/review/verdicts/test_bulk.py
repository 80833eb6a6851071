"""Bulk verdicts: one decision per item, and a reason for each skipped item."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from agents.choices import Verdict
from agents.errors import Forbidden, Invalid
from agents.models import ReviewDecision, ReviewItem
from agents.review import claims
from agents.review.verdicts import bulk, decisions
from universes.models import Scene
from universes.services import universes

pytestmark = pytest.mark.django_db


def ids(items):
    return [item.pk for item in items]


def left_out_of(result):
    return {left.item_id: left.why for left in result.left_out}


# --- What it would do ---------------------------------------------------------------------------------------


def test_plan_has_items_in_queue_order_and_confidence_range(make_item, reviewer):
    now = timezone.now()
    last, first, middle = (
        make_item(confidence=confidence, due_at=now + timedelta(hours=hours))
        for confidence, hours in ((0.7, 3), (0.4, 1), (0.2, 2))
    )

    plan = bulk.plan(ids([last, first, middle, first]), by=reviewer)

    assert ids(plan.items) == ids([first, middle, last])
    assert (plan.lowest, plan.highest, plan.left_out) == (0.2, 0.7, [])
    assert ids(plan.sample) == ids([middle, first, last])
    assert not ReviewDecision.objects.exists()
    assert not ReviewItem.objects.exclude(state="open", claimed_by=None).exists()


def test_plan_without_items_has_no_range(plant_gold, reviewer):
    plan = bulk.plan([plant_gold(reviewer).pk], by=reviewer)

    assert (plan.items, plan.sample, plan.lowest, plan.highest) == ([], [], None, None)


@pytest.mark.parametrize(
    ("count", "sample"),
    [(1, [0]), (5, [0, 1, 2, 3, 4]), (6, [0, 1, 2, 4, 5]), (9, [0, 2, 4, 6, 8]), (101, [0, 25, 50, 75, 100])],
)
def test_sample_has_five_items_spread_over_the_confidence(make_item, reviewer, count, sample):
    items = [make_item(confidence=number / 200) for number in range(count)]

    plan = bulk.plan(ids(reversed(items)), by=reviewer)

    assert ids(plan.sample) == ids(items[number] for number in sample)


def test_skipped_items_have_a_reason(
    make_item, plant_gold, reviewer, second_reviewer, expire_claim, universe
):
    held, lapsed, mine, decided, blind, several = (make_item() for _ in range(6))
    gold, unknown = plant_gold(second_reviewer), uuid.uuid4()
    claims.claim(held.pk, second_reviewer)
    claims.claim(lapsed.pk, second_reviewer)
    expire_claim(lapsed)
    claims.claim(mine.pk, reviewer)
    decisions.decide(decided.pk, Verdict.REJECTED, by=second_reviewer, note="No.")
    ReviewItem.objects.filter(pk=blind.pk).update(is_blind=True, confidence=0.01)
    ReviewItem.objects.filter(pk=several.pk).update(opinions_wanted=2, confidence=0.99)
    held.refresh_from_db()

    plan = bulk.plan([*ids([held, lapsed, mine, decided, blind, several, gold]), unknown], by=reviewer)

    assert set(ids(plan.items)) == {lapsed.pk, mine.pk}
    assert left_out_of(plan) == {
        held.pk: f"rudi has claimed it until {held.claimed_until:%H:%M} UTC.",
        decided.pk: "rudi has decided it.",
        blind.pk: "Blind items are decided one by one.",
        several.pk: "It requires several opinions.",
        gold.pk: "There is no such item.",
        unknown: "There is no such item.",
    }
    # The range covers only items that would be decided, so it reveals no hidden confidence.
    assert (plan.lowest, plan.highest) == (0.5, 0.5)


def test_plan_query_count_does_not_grow_with_items(make_item, reviewer, django_assert_num_queries):
    items = [make_item() for _ in range(30)]
    reviewer.has_perm("agents.decide_reviewitem")

    for wanted in (items[:1], items):
        with django_assert_num_queries(2):
            bulk.plan(ids(wanted), by=reviewer)


# --- Doing it -----------------------------------------------------------------------------------------------


def test_each_item_gets_its_own_decision_and_effect(open_review, reviewer):
    items = [open_review() for _ in range(3)]

    outcome = bulk.decide_all(ids(items), Verdict.APPROVED, by=reviewer, note=" All read. ")

    assert (outcome.decided, outcome.left_out) == (ids(items), [])
    assert set(ReviewDecision.objects.values_list("item", "verdict", "by", "note", "takes_effect")) == {
        (item.pk, "approved", reviewer.pk, "All read.", True) for item in items
    }
    assert set(Scene.objects.values_list("origin_ref", "canon_status")) == {
        (str(item.job_id), "canon") for item in items
    }


def test_bulk_rejection_stores_one_reason(make_item, reviewer):
    items = [make_item(), make_item()]

    bulk.decide_all(ids(items), Verdict.REJECTED, by=reviewer, reason="unsuitable")

    assert (
        list(ReviewDecision.objects.values_list("verdict", "reason__code"))
        == [("rejected", "unsuitable")] * 2
    )


def test_skipped_items_are_unchanged(make_item, reviewer, second_reviewer):
    free, held = make_item(), make_item()
    claims.claim(held.pk, second_reviewer)

    outcome = bulk.decide_all(ids([held, free]), Verdict.APPROVED, by=reviewer)

    assert (outcome.decided, ids_of_left(outcome)) == ([free.pk], [held.pk])
    held.refresh_from_db()
    assert (held.state, held.claimed_by) == ("open", second_reviewer)
    assert ReviewDecision.objects.get().item == free


def ids_of_left(outcome):
    return [left.item_id for left in outcome.left_out]


def test_item_claimed_meanwhile_is_skipped_and_the_rest_decided(
    make_item, reviewer, second_reviewer, monkeypatch
):
    items = [make_item() for _ in range(3)]
    decide = decisions.decide

    def and_rudi_takes_the_second(item_id, *args, **options):
        if item_id == items[0].pk:
            claims.claim(items[1].pk, second_reviewer)
        return decide(item_id, *args, **options)

    monkeypatch.setattr(decisions, "decide", and_rudi_takes_the_second)

    outcome = bulk.decide_all(ids(items), Verdict.APPROVED, by=reviewer)

    assert outcome.decided == ids([items[0], items[2]])
    (left,) = outcome.left_out
    assert left.item_id == items[1].pk
    assert left.why.startswith("rudi has claimed this item until ")


def test_items_of_an_archived_universe_are_skipped(open_review, universe, reviewer):
    item = open_review()
    universes.archive(universe)

    outcome = bulk.decide_all([item.pk], Verdict.APPROVED, by=reviewer)

    assert outcome.decided == []
    assert "archived" in outcome.left_out[0].why
    assert not ReviewDecision.objects.exists()


def test_bulk_decisions_are_undone_one_by_one(make_item, reviewer):
    first, then = make_item(), make_item()
    bulk.decide_all(ids([first, then]), Verdict.REJECTED, by=reviewer, note="No.")

    decisions.undo(first.pk, by=reviewer)

    assert list(ReviewItem.objects.open()) == [first]


@pytest.mark.parametrize(
    ("verdict", "options", "pointer", "code"),
    [
        (Verdict.EDITED, {}, "/verdict", "invalid_choice"),
        (Verdict.ASKED_AGAIN, {"note": "More."}, "/verdict", "invalid_choice"),
        (Verdict.REJECTED, {}, "/reason", "required"),
        (Verdict.REJECTED, {"reason": "bored"}, "/reason", "unknown_reason"),
        (Verdict.APPROVED, {"reason": "other"}, "/reason", "invalid"),
        (Verdict.APPROVED, {"note": "x" * 5001}, "/note", "max_length"),
    ],
)
def test_invalid_bulk_verdict_decides_nothing(make_item, reviewer, verdict, options, pointer, code):
    item = make_item()

    with pytest.raises(Invalid) as refusal:
        bulk.decide_all([item.pk], verdict, by=reviewer, **options)

    assert [(error.pointer, error.code) for error in refusal.value.errors] == [(pointer, code)]
    assert not ReviewDecision.objects.exists()


@pytest.mark.parametrize(("count", "code"), [(0, "required"), (501, "too_many")])
def test_no_items_and_over_five_hundred_are_refused(reviewer, count, code):
    wanted = [uuid.uuid4() for _ in range(count)]

    for call in (
        lambda: bulk.plan(wanted, by=reviewer),
        lambda: bulk.decide_all(wanted, Verdict.APPROVED, by=reviewer),
    ):
        with pytest.raises(Invalid) as refusal:
            call()
        assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/ids", code)]


def test_five_hundred_items_are_accepted_and_duplicates_merged(make_item, reviewer):
    item = make_item()
    wanted = [item.pk, item.pk, *(uuid.uuid4() for _ in range(499))]

    plan = bulk.plan(wanted, by=reviewer)

    assert (ids(plan.items), len(plan.left_out)) == ([item.pk], 499)


def test_only_reviewers_may(make_item, creator, staff):
    item = make_item()

    for by in (creator, staff):
        with pytest.raises(Forbidden):
            bulk.plan([item.pk], by=by)
        with pytest.raises(Forbidden):
            bulk.decide_all([item.pk], Verdict.APPROVED, by=by)

    assert not ReviewDecision.objects.exists()
