"""Results on gold items, and their visibility to the reviewer."""

from __future__ import annotations

import pytest
from django.utils import timezone

from agents.choices import Verdict
from agents.common import visibility
from agents.jobs import stats
from agents.models import ReviewDecision, ReviewItem
from agents.quality import gold
from agents.review import claims, queue_stats
from agents.review.verdicts import decisions
from tests.support import review_rows
from tests.support.facts import gold_items

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gold_after_three")]


@pytest.mark.parametrize(
    ("answer", "verdict", "is_right"),
    [
        ("accept", "approved", True),
        ("accept", "edited", True),
        ("accept", "rejected", False),
        ("accept", "asked_again", False),
        ("refuse", "approved", False),
        ("refuse", "edited", False),
        ("refuse", "rejected", True),
        ("refuse", "asked_again", True),
    ],
)
def test_which_verdicts_are_right(gold_standard, reviewer, answer, verdict, is_right):
    known = gold_standard(answer)
    item = review_rows.gold_item(known, reviewer)
    after = {"content": "Else."} if verdict == "edited" else None
    said = ReviewDecision.objects.create(
        item=item, by=reviewer, verdict=verdict, note="Because.", before={}, after=after
    )

    results = gold.results_of([reviewer.pk])[reviewer.pk]

    assert (results.right, results.of) == (int(is_right), 1)
    wrong = gold.WrongGold(item.pk, known.job_id, verdict, answer, "It breaks the first rule.", said.at)
    assert results.wrong == ([] if is_right else [wrong])


def test_results_are_per_reviewer_and_include_undone_verdicts(
    gold_standard, reviewer, second_reviewer, make_user
):
    now = timezone.now()
    for person, verdict, undone in (
        (reviewer, "approved", {}),
        (reviewer, "rejected", {}),
        (second_reviewer, "rejected", {}),
        (second_reviewer, "approved", {"undone_at": now, "undone_by": second_reviewer}),
    ):
        ReviewDecision.objects.create(
            item=review_rows.gold_item(gold_standard(), person),
            by=person,
            verdict=verdict,
            note="So.",
            before={},
            **undone,
        )
    nobody = make_user("nora")

    found = gold.results_of([reviewer.pk, second_reviewer.pk, nobody.pk])

    assert {pk: (row.right, row.of, len(row.wrong)) for pk, row in found.items()} == {
        reviewer.pk: (1, 2, 1),
        second_reviewer.pk: (1, 2, 1),
        nobody.pk: (0, 0, 0),
    }


def test_first_verdict_on_gold_counts(gold_standard, decide_items, make_item, reviewer):
    known = gold_standard("refuse")
    decide_items(reviewer, 3)
    make_item()
    gold.plant_gold()
    item = gold_items().get()

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    decisions.undo(item.pk, by=reviewer)
    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="I was told.")

    results = gold.results_of([reviewer.pk])[reviewer.pk]
    assert (results.right, results.of) == (0, 1)
    assert [(row.job_id, row.verdict) for row in results.wrong] == [(known.job_id, "approved")]


def test_job_decision_is_hidden_while_own_gold_is_open(
    gold_standard, decide_items, make_item, reviewer, second_reviewer
):
    known = gold_standard("refuse")
    original = ReviewItem.objects.get(job=known.job)
    decide_items(reviewer, 3)
    make_item()
    gold.plant_gold()

    def seen(by):
        return (
            ReviewItem.objects.shown_to(by).filter(pk=original.pk).exists(),
            visibility.visible_decisions(by).filter(item=original).exists(),
        )

    assert (seen(reviewer), seen(second_reviewer)) == ((False, False), (True, True))
    decisions.decide(gold_items().get().pk, Verdict.REJECTED, by=reviewer, note="No.")
    assert seen(reviewer) == (True, True)


def test_own_gold_is_counted_in_the_queue(
    gold_standard, decide_items, make_item, reviewer, second_reviewer, watcher
):
    gold_standard("refuse")
    decide_items(reviewer, 3)
    make_item()
    gold.plant_gold()
    claims.claim(gold_items().get().pk, reviewer)

    held = {by: queue_stats.live(by)["held"] for by in (reviewer, second_reviewer)}

    assert [(row["by"], row["items"]) for row in held[reviewer]] == [("rosa", 1)]
    assert held[second_reviewer] == []
    for by in (reviewer, second_reviewer, watcher):
        listed = ReviewItem.objects.shown_to(by).open().count()
        assert queue_stats.live(by)["open"] == listed
        assert stats.job_stats(by)["human_review_required"] == listed
