"""Which jobs may be gold, who says so, and how it is taken out of use."""

from __future__ import annotations

import pytest

from agents.choices import Verdict
from agents.errors import Conflict, Forbidden, Invalid, NotFound
from agents.models import GoldStandard
from agents.quality import gold
from agents.review import claims, decisions
from tests.services.queue_facts import planted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_three")]


def test_a_lead_says_that_the_right_verdict_on_a_job_is_known(decided, settler):
    job = decided()

    gold.mark_gold(job.pk, "refuse", "  It breaks the first rule. ", settler)

    made = GoldStandard.objects.get()
    assert (made.job, made.answer, made.why) == (job, "refuse", "It breaks the first rule.")
    assert (made.added_by, made.is_active) == (settler, True)


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
def test_words_that_make_no_gold_are_refused_by_field(decided, settler, answer, why, pointer, code):
    with pytest.raises(Invalid) as caught:
        gold.mark_gold(decided().pk, answer, why, settler)

    assert [(error.pointer, error.code) for error in caught.value.errors] == [(pointer, code)]
    assert not GoldStandard.objects.exists()


def test_a_job_that_nobody_has_decided_on_is_no_gold(make_job, make_item, settler, reviewer, second):
    trusted = make_job("completed")
    waiting = make_item().job
    half = make_item(opinions_wanted=2)
    decisions.decide(half.pk, Verdict.APPROVED, by=reviewer)

    for job in (trusted, waiting, half.job):
        with pytest.raises(Conflict) as caught:
            gold.mark_gold(job.pk, "accept", "Known.", settler)
        assert caught.value.code == "gold_undecided"
    with pytest.raises(NotFound):
        gold.mark_gold(half.pk, "accept", "Known.", settler)
    assert not GoldStandard.objects.exists()


def test_gold_in_use_is_not_made_anew_and_retired_gold_comes_back_with_its_new_answer(standard, settler):
    known = standard("refuse")

    with pytest.raises(Conflict) as caught:
        gold.mark_gold(known.job_id, "accept", "Changed my mind.", settler)
    assert caught.value.code == "gold_exists"

    gold.retire_gold(known.job_id, settler)
    gold.retire_gold(known.job_id, settler)
    assert GoldStandard.objects.get().is_active is False
    gold.mark_gold(known.job_id, "accept", "Changed my mind.", settler)

    known = GoldStandard.objects.get()
    assert (known.answer, known.why, known.is_active) == ("accept", "Changed my mind.", True)


def test_what_is_no_gold_cannot_be_retired(decided, settler):
    with pytest.raises(NotFound) as caught:
        gold.retire_gold(decided().pk, settler)

    assert caught.value.code == "gold_not_found"


def test_retiring_takes_back_what_nobody_has_begun_with(
    standard, works, make_item, settler, reviewer, second
):
    known = standard()
    for person in (reviewer, second):
        works(person, 3)
    make_item()
    assert gold.plant_gold() == {"planted": 2}
    claims.claim(planted().get(only_for=second).pk, second)

    gold.retire_gold(known.job_id, settler)

    assert [item.only_for for item in planted()] == [second]
