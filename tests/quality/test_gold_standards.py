"""Gold standards: eligible jobs, permissions, and retirement."""

from __future__ import annotations

import pytest

from agents.choices import Verdict
from agents.errors import Conflict, Forbidden, Invalid, NotFound
from agents.models import GoldStandard
from agents.quality import gold
from agents.review import claims
from agents.review.verdicts import decisions
from tests.support.facts import gold_items

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gold_after_three")]


def test_lead_marks_a_decided_job_as_gold(decided_job, lead):
    job = decided_job()

    gold.mark_gold(job.pk, "refuse", "  It breaks the first rule. ", lead)

    made = GoldStandard.objects.get()
    assert (made.job, made.answer, made.why) == (job, "refuse", "It breaks the first rule.")
    assert (made.added_by, made.is_active) == (lead, True)


def test_only_leads_mark_and_retire_gold(decided_job, gold_standard, reviewer):
    job, known = decided_job(), gold_standard()

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
def test_invalid_gold_names_the_field(decided_job, lead, answer, why, pointer, code):
    with pytest.raises(Invalid) as caught:
        gold.mark_gold(decided_job().pk, answer, why, lead)

    assert [(error.pointer, error.code) for error in caught.value.errors] == [(pointer, code)]
    assert not GoldStandard.objects.exists()


def test_undecided_job_cannot_be_gold(make_job, make_item, lead, reviewer, second_reviewer):
    trusted = make_job("completed")
    waiting = make_item().job
    half = make_item(opinions_wanted=2)
    decisions.decide(half.pk, Verdict.APPROVED, by=reviewer)

    for job in (trusted, waiting, half.job):
        with pytest.raises(Conflict) as caught:
            gold.mark_gold(job.pk, "accept", "Known.", lead)
        assert caught.value.code == "gold_undecided"
    with pytest.raises(NotFound):
        gold.mark_gold(half.pk, "accept", "Known.", lead)
    assert not GoldStandard.objects.exists()


def test_retired_gold_returns_with_its_new_answer(gold_standard, lead):
    known = gold_standard("refuse")

    with pytest.raises(Conflict) as caught:
        gold.mark_gold(known.job_id, "accept", "Changed my mind.", lead)
    assert caught.value.code == "gold_exists"

    gold.retire_gold(known.job_id, lead)
    gold.retire_gold(known.job_id, lead)
    assert GoldStandard.objects.get().is_active is False
    gold.mark_gold(known.job_id, "accept", "Changed my mind.", lead)

    known = GoldStandard.objects.get()
    assert (known.answer, known.why, known.is_active) == ("accept", "Changed my mind.", True)


def test_job_without_gold_cannot_be_retired(decided_job, lead):
    with pytest.raises(NotFound) as caught:
        gold.retire_gold(decided_job().pk, lead)

    assert caught.value.code == "gold_not_found"


def test_retiring_removes_unstarted_gold_items(
    gold_standard, decide_items, make_item, lead, reviewer, second_reviewer
):
    known = gold_standard()
    for person in (reviewer, second_reviewer):
        decide_items(person, 3)
    make_item()
    assert gold.plant_gold() == {"planted": 2}
    claims.claim(gold_items().get(only_for=second_reviewer).pk, second_reviewer)

    gold.retire_gold(known.job_id, lead)

    assert [item.only_for for item in gold_items()] == [second_reviewer]
