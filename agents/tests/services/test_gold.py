"""Gold: which jobs may be it, when it is planted for whom, and what it says of a reviewer."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from agents.choices import ReviewKind, ReviewState, Verdict
from agents.errors import Conflict, Forbidden, Invalid, NotFound
from agents.models import AgentJob, GoldStandard, ReviewDecision, ReviewItem
from agents.services import decision_book, gold, review_live, review_queue, reviews, stats
from agents.tests.threads import at_once
from universes.models import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(make_user):
    user = make_user("lena", is_staff=True)
    user.groups.add(Group.objects.get(name="Lead reviewers"))
    return user


@pytest.fixture
def decided(make_item, make_reviewer):
    """A job that somebody else has rejected."""

    def make(by=None, **fields):
        item = make_item(state=ReviewState.CLOSED, closed_at=timezone.now(), **fields)
        by = by or make_reviewer(f"judge{ReviewItem.objects.count()}")
        ReviewDecision.objects.create(item=item, by=by, verdict="rejected", note="No.", before={})
        return item.job

    return make


@pytest.fixture
def standard(decided, lead):
    def make(answer="refuse", **fields):
        return gold.mark_gold(decided(**fields).pk, answer, "It breaks the first rule.", lead)

    return make


@pytest.fixture
def works(make_item):
    """Let a reviewer decide so many ordinary items."""

    def decide(by, count):
        for _ in range(count):
            reviews.decide(make_item().pk, Verdict.APPROVED, by=by)

    return decide


@pytest.fixture(autouse=True)
def after_three(settings):
    settings.GOLD_AFTER = 3


def planted():
    return ReviewItem.objects.filter(kind=ReviewKind.GOLD)


# --- The standards ------------------------------------------------------------------------------------------


def test_a_lead_says_that_the_right_verdict_on_a_job_is_known(decided, lead):
    job = decided()

    gold.mark_gold(job.pk, "refuse", "  It breaks the first rule. ", lead)

    made = GoldStandard.objects.get()
    assert (made.job, made.answer, made.why) == (job, "refuse", "It breaks the first rule.")
    assert (made.added_by, made.is_active) == (lead, True)


def test_only_leads_make_gold_and_retire_it(decided, standard, reviewer):
    job, known = decided(), standard()

    for refused in (
        lambda: gold.mark_gold(job.pk, "refuse", "Known.", reviewer),
        lambda: gold.retire_gold(known.job_id, reviewer),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert list(GoldStandard.objects.values_list("job_id", "is_active")) == [(known.job_id, True)]


@pytest.mark.parametrize(
    ("answer", "why", "pointer", "code"),
    [
        ("perhaps", "Known.", "/answer", "invalid_choice"),
        ("refuse", "  ", "/why", "required"),
        ("refuse", "a\x00b", "/why", "invalid"),
        ("refuse", "x" * 5001, "/why", "max_length"),
    ],
)
def test_words_that_make_no_gold_are_refused_by_field(decided, lead, answer, why, pointer, code):
    with pytest.raises(Invalid) as caught:
        gold.mark_gold(decided().pk, answer, why, lead)

    assert [(error.pointer, error.code) for error in caught.value.errors] == [(pointer, code)]
    assert not GoldStandard.objects.exists()


def test_a_job_that_nobody_has_decided_on_is_no_gold(make_job, make_item, lead, reviewer, second):
    trusted = make_job("completed")
    waiting = make_item().job
    half = make_item(opinions_wanted=2)
    reviews.decide(half.pk, Verdict.APPROVED, by=reviewer)

    for job in (trusted, waiting, half.job):
        with pytest.raises(Conflict) as caught:
            gold.mark_gold(job.pk, "accept", "Known.", lead)
        assert caught.value.code == "gold_undecided"
    with pytest.raises(NotFound):
        gold.mark_gold(half.pk, "accept", "Known.", lead)
    assert not GoldStandard.objects.exists()


def test_gold_in_use_is_not_made_anew_and_retired_gold_comes_back_with_its_new_answer(standard, lead):
    known = standard("refuse")

    with pytest.raises(Conflict) as caught:
        gold.mark_gold(known.job_id, "accept", "Changed my mind.", lead)
    assert caught.value.code == "gold_exists"

    gold.retire_gold(known.job_id, lead)
    gold.retire_gold(known.job_id, lead)
    assert GoldStandard.objects.get().is_active is False
    gold.mark_gold(known.job_id, "accept", "Changed my mind.", lead)

    known = GoldStandard.objects.get()
    assert (known.answer, known.why, known.is_active) == ("accept", "Changed my mind.", True)


def test_what_is_no_gold_cannot_be_retired(decided, lead):
    with pytest.raises(NotFound) as caught:
        gold.retire_gold(decided().pk, lead)

    assert caught.value.code == "gold_not_found"


def test_retiring_takes_back_what_nobody_has_begun_with(standard, works, make_item, lead, reviewer, second):
    known = standard()
    for person in (reviewer, second):
        works(person, 3)
    make_item()
    assert gold.plant_gold() == {"planted": 2}
    review_queue.claim(planted().get(only_for=second).pk, second)

    gold.retire_gold(known.job_id, lead)

    assert [item.only_for for item in planted()] == [second]


# --- Planting -----------------------------------------------------------------------------------------------


def test_gold_looks_like_the_items_around_it_and_only_its_reviewer_gets_it(
    standard, works, make_item, reviewer, second
):
    now = timezone.now()
    known = standard(confidence=0.31, reasons=["Too short."], reason_codes="|word_range|")
    works(reviewer, 3)
    near = [
        make_item(due_at=now + timedelta(hours=hours), opened_at=now - timedelta(hours=9 - hours), priority=1)
        for hours in (1, 2, 3, 8)
    ]

    assert gold.plant_gold() == {"planted": 1}

    item = planted().get()
    assert (item.job_id, item.only_for, item.is_blind, item.state) == (known.job_id, reviewer, True, "open")
    assert (item.confidence, item.reasons, item.reason_codes) == (0.31, ["Too short."], "|word_range|")
    assert (item.opinions_wanted, item.draw_rate, item.priority) == (1, 1, 1)
    for planted_at, neighbours in ((item.due_at, near[2].due_at), (item.opened_at, near[2].opened_at)):
        assert timedelta(0) < planted_at - neighbours <= timedelta(seconds=1)
    assert list(ReviewItem.objects.offered_to(reviewer, now).queue_order()) == [*near[:3], item, near[3]]
    with pytest.raises(NotFound):
        review_queue.claim(item.pk, second)


@pytest.mark.parametrize(("decisions", "count"), [(2, 0), (3, 1)])
def test_gold_comes_after_so_many_decisions(standard, works, make_item, reviewer, decisions, count):
    standard()
    works(reviewer, decisions)
    make_item()

    assert gold.plant_gold() == {"planted": count}
    assert planted().count() == count


def test_nothing_is_planted_where_the_site_does_not_want_it(settings, standard, works, make_item, reviewer):
    settings.GOLD_AFTER = 0
    standard()
    works(reviewer, 3)
    make_item()

    assert gold.plant_gold() == {"planted": 0}
    assert not planted().exists()


def test_a_verdict_that_was_undone_is_not_counted(standard, works, make_item, reviewer):
    standard()
    works(reviewer, 2)
    item = make_item()
    reviews.decide(item.pk, Verdict.APPROVED, by=reviewer)
    reviews.undo(item.pk, by=reviewer)

    assert gold.plant_gold() == {"planted": 0}


def test_one_at_a_time_and_the_next_after_as_many_decisions_again(standard, works, make_item, reviewer):
    first, then = standard(), standard()
    works(reviewer, 6)
    make_item()
    assert [gold.plant_gold()["planted"] for _ in range(2)] == [1, 0]
    item = planted().get()
    assert item.job_id == first.job_id

    reviews.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")
    works(reviewer, 2)
    assert gold.plant_gold() == {"planted": 0}
    works(reviewer, 1)
    assert gold.plant_gold() == {"planted": 1}

    assert planted().get(state=ReviewState.OPEN).job_id == then.job_id


def test_gold_stands_in_a_queue_with_other_work_or_not_at_all(standard, works, make_item, reviewer, second):
    standard()
    works(reviewer, 3)

    assert gold.plant_gold() == {"planted": 0}
    make_item(assigned_to=second)
    assert gold.plant_gold() == {"planted": 0}
    make_item()
    assert gold.plant_gold() == {"planted": 1}


def test_nobody_gets_what_they_know(standard, works, make_item, decided, lead, reviewer, second):
    judged = gold.mark_gold(decided(by=reviewer).pk, "refuse", "Known.", lead)
    asked = standard()
    AgentJob.objects.filter(pk=asked.job_id).update(requested_by=reviewer)
    retired = standard()
    gold.retire_gold(retired.job_id, lead)
    reopened = standard()
    ReviewItem.objects.filter(job=reopened.job).update(state=ReviewState.OPEN, closed_at=None)
    for person in (reviewer, lead, second):
        works(person, 3)

    assert gold.plant_gold() == {"planted": 1}

    # The lead chose all of them; the second reviewer knows none.
    assert [(item.only_for, item.job_id) for item in planted()] == [(second, judged.job_id)]


def test_the_least_used_standard_comes_first(standard, works, make_item, reviewer, second):
    used, fresh = standard(), standard()
    works(reviewer, 3)
    make_item()
    gold.plant_gold()
    works(second, 3)
    gold.plant_gold()

    assert [item.job_id for item in planted().order_by("only_for")] == [used.job_id, fresh.job_id]


def test_who_may_not_review_any_more_gets_none(standard, works, make_item, reviewer, second):
    standard()
    for person in (reviewer, second):
        works(person, 3)
    make_item()
    second.is_active = False
    second.save()
    reviewer.groups.clear()

    assert gold.plant_gold() == {"planted": 0}


def test_a_verdict_on_gold_is_a_record_and_nothing_else(standard, works, make_item, reviewer, universe):
    known = standard("refuse")
    AgentJob.objects.filter(pk=known.job_id).update(universe=universe, human_review_required=False)
    works(reviewer, 3)
    make_item()
    gold.plant_gold()
    jobs_before = AgentJob.objects.count()

    reviews.decide(planted().get().pk, Verdict.APPROVED, by=reviewer)

    assert planted().get().state == "closed"
    assert (Scene.objects.count(), AgentJob.objects.count()) == (0, jobs_before)


@pytest.mark.django_db(transaction=True)
def test_of_six_who_plant_at_once_one_plants(standard, works, make_item, make_reviewer, reviewer, second):
    for _ in range(4):
        standard()
    for person in (reviewer, second):
        works(person, 3)
    make_item()

    answers = at_once(*[gold.plant_gold] * 6)

    assert sum(answer["planted"] for answer in answers) == 2
    assert sorted(planted().values_list("only_for", flat=True)) == [reviewer.pk, second.pk]


@pytest.mark.django_db(transaction=True)
def test_of_six_leads_who_mark_a_job_at_once_one_does(decided, lead):
    job = decided()

    answers = at_once(*[lambda n=n: gold.mark_gold(job.pk, "refuse", f"Known {n}.", lead) for n in range(6)])

    assert [isinstance(answer, Conflict) for answer in answers].count(True) == 5
    assert GoldStandard.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_gold_that_is_judged_while_it_is_retired_is_kept_or_gone_and_never_half(
    standard, lead, make_reviewer
):
    for round_ in range(8):
        known, judge = standard(), make_reviewer(f"quick{round_}")
        item = _gold_item(known, judge)

        said, _ = at_once(
            partial(reviews.decide, item.pk, Verdict.APPROVED, by=judge),
            partial(gold.retire_gold, known.job_id, lead),
        )

        kept = list(ReviewDecision.objects.filter(item=item.pk).values_list("pk", flat=True))
        assert kept == ([] if isinstance(said, NotFound) else [said.pk])


# --- Results ------------------------------------------------------------------------------------------------


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
def test_which_verdicts_are_right(standard, reviewer, answer, verdict, is_right):
    known = standard(answer)
    item = _gold_item(known, reviewer)
    after = {"content": "Else."} if verdict == "edited" else None
    said = ReviewDecision.objects.create(
        item=item, by=reviewer, verdict=verdict, note="Because.", before={}, after=after
    )

    results = gold.results_of([reviewer.pk])[reviewer.pk]

    assert (results.right, results.of) == (int(is_right), 1)
    wrong = gold.WrongGold(item.pk, known.job_id, verdict, answer, "It breaks the first rule.", said.at)
    assert results.wrong == ([] if is_right else [wrong])


def test_results_are_each_reviewers_own_and_what_was_undone_counts(standard, reviewer, second, make_user):
    now = timezone.now()
    for person, verdict, undone in (
        (reviewer, "approved", {}),
        (reviewer, "rejected", {}),
        (second, "rejected", {}),
        (second, "approved", {"undone_at": now, "undone_by": second}),
    ):
        ReviewDecision.objects.create(
            item=_gold_item(standard(), person), by=person, verdict=verdict, note="So.", before={}, **undone
        )
    nobody = make_user("nora")

    found = gold.results_of([reviewer.pk, second.pk, nobody.pk])

    assert {pk: (one.right, one.of, len(one.wrong)) for pk, one in found.items()} == {
        reviewer.pk: (1, 2, 1),
        second.pk: (1, 2, 1),
        nobody.pk: (0, 0, 0),
    }


def test_first_verdict_on_gold_counts_because_it_tells_the_answer(standard, works, make_item, reviewer):
    known = standard("refuse")
    works(reviewer, 3)
    make_item()
    gold.plant_gold()
    item = planted().get()

    reviews.decide(item.pk, Verdict.APPROVED, by=reviewer)
    reviews.undo(item.pk, by=reviewer)
    reviews.decide(item.pk, Verdict.REJECTED, by=reviewer, note="I was told.")

    results = gold.results_of([reviewer.pk])[reviewer.pk]
    assert (results.right, results.of) == (0, 1)
    assert [(one.job_id, one.verdict) for one in results.wrong] == [(known.job_id, "approved")]


def test_what_was_decided_of_a_job_is_not_seen_while_one_has_it_as_gold(
    standard, works, make_item, reviewer, second
):
    known = standard("refuse")
    original = ReviewItem.objects.get(job=known.job)
    works(reviewer, 3)
    make_item()
    gold.plant_gold()

    def seen(by):
        return (
            ReviewItem.objects.shown_to(by).filter(pk=original.pk).exists(),
            decision_book.visible_to(by).filter(item=original).exists(),
        )

    assert (seen(reviewer), seen(second)) == ((False, False), (True, True))
    reviews.decide(planted().get().pk, Verdict.REJECTED, by=reviewer, note="No.")
    assert seen(reviewer) == (True, True)


def test_own_gold_is_counted_as_it_is_listed_so_that_its_absence_tells_nothing(
    standard, works, make_item, reviewer, second, staff
):
    standard("refuse")
    works(reviewer, 3)
    make_item()
    gold.plant_gold()
    review_queue.claim(planted().get().pk, reviewer)

    held = {by: review_live.live(by)["held"] for by in (reviewer, second)}

    assert [(one["by"], one["items"]) for one in held[reviewer]] == [("rosa", 1)]
    assert held[second] == []
    for by in (reviewer, second, staff):
        listed = ReviewItem.objects.shown_to(by).open().count()
        assert review_live.live(by)["open"] == listed
        assert stats.job_stats(by)["human_review_required"] == listed


def _gold_item(known, reviewer):
    return ReviewItem.objects.create(
        job=known.job,
        agent_type="narrative",
        kind=ReviewKind.GOLD,
        only_for=reviewer,
        is_blind=True,
        confidence=0.5,
        reasons=[],
        reason_codes="",
    )
