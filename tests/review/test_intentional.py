"""Findings marked as intentional: for whom, in which universe, and what is recorded."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction

from agents.choices import Verdict
from agents.common import findings
from agents.engine.text.matching import shortened
from agents.errors import Conflict, Forbidden, Invalid, NotFound, ReviewClaimed
from agents.models import IntentionalFinding
from agents.review import claims, intentional
from agents.review.verdicts import decisions
from tests.support import rows, sample_findings
from tests.support.facts import events_of
from tests.support.refusals import refuses
from universes.services import universes

pytestmark = pytest.mark.django_db

PHONE = sample_findings.finding()
RADIO = sample_findings.finding("a radio", strength="likely")
NAMED = {"finding_id": PHONE.id, "quote": shortened(PHONE.quote)}


@pytest.fixture
def make_item(creator, low_marches):
    """Store an item whose job has the two findings."""

    def make(universe=low_marches, **fields):
        job = rows.finished_job(
            creator, universe, "consistency", signals=sample_findings.signals(PHONE, RADIO)
        )
        job.events.all().delete()
        return rows.item_of(job, **fields)

    return make


@pytest.fixture
def item(make_item):
    return make_item()


def marked_ids(job):
    return [
        finding["id"]
        for signal in findings.signals_of(job, findings.marks_on([job]))
        for finding in signal["findings"]
        if finding["is_intentional"]
    ]


def test_mark_is_stored_recorded_and_returned(item, reviewer, low_marches):
    shown = intentional.mark(item.pk, PHONE.id, by=reviewer, reason=" It is a dream. ")

    mark = IntentionalFinding.objects.get()
    assert (mark.universe, mark.job, mark.marked_by) == (low_marches, item.job, reviewer)
    assert (mark.finding_id, mark.source_id, mark.statement, mark.quote, mark.reason) == (
        PHONE.id,
        "tech_level",
        "medieval",
        "his  smartphone",
        "It is a dream.",
    )
    assert shown == {
        **PHONE.as_dict(),
        "is_intentional": True,
        "mark": {"by": "rosa", "at": mark.created_at, "reason": "It is a dream."},
    }
    assert events_of(item) == [("finding_marked", reviewer, {**NAMED, "reason": "It is a dream."})]


def test_mark_shows_on_every_job_of_the_universe(make_item, item, reviewer, creator):
    other = make_item().job
    elsewhere = make_item(rows.make_universe(creator, "Elsewhere", "elsewhere")).job

    intentional.mark(item.pk, PHONE.id, by=reviewer)

    assert (marked_ids(item.job), marked_ids(other), marked_ids(elsewhere)) == ([PHONE.id], [PHONE.id], [])


def test_marks_of_many_jobs_are_one_query(make_item, reviewer, django_assert_num_queries):
    jobs = [make_item().job for _ in range(3)]
    intentional.mark(jobs[0].review_items.get().pk, PHONE.id, by=reviewer)

    with django_assert_num_queries(1):
        marks = findings.marks_on(jobs)
        assert [str(mark.marked_by) for mark in marks.values()] == ["rosa"]


def test_marked_again_keeps_one_row_and_takes_a_new_reason(item, reviewer, second_reviewer):
    intentional.mark(item.pk, PHONE.id, by=reviewer, reason="A dream.")
    intentional.mark(item.pk, PHONE.id, by=second_reviewer)
    intentional.mark(item.pk, PHONE.id, by=second_reviewer, reason="A dream.")
    mark = IntentionalFinding.objects.get()
    assert (mark.marked_by, mark.reason, len(events_of(item))) == (reviewer, "A dream.", 1)

    intentional.mark(item.pk, PHONE.id, by=second_reviewer, reason="A vision.")

    mark = IntentionalFinding.objects.get()
    assert (mark.marked_by, mark.reason) == (second_reviewer, "A vision.")
    assert [(kind, by) for kind, by, _ in events_of(item)] == [
        ("finding_marked", reviewer),
        ("finding_marked", second_reviewer),
    ]


def test_undo_deletes_the_mark_and_twice_is_once(make_item, item, reviewer, second_reviewer):
    intentional.mark(item.pk, PHONE.id, by=reviewer)
    intentional.mark(item.pk, RADIO.id, by=reviewer)
    other = make_item()

    intentional.unmark(other.pk, PHONE.id, by=second_reviewer)
    intentional.unmark(other.pk, PHONE.id, by=second_reviewer)

    assert IntentionalFinding.objects.get().finding_id == RADIO.id
    assert marked_ids(item.job) == [RADIO.id]
    # In the history of the job on whose page it was undone.
    assert events_of(other) == [("finding_unmarked", second_reviewer, NAMED)]


def test_undone_mark_can_be_set_again(item, reviewer):
    intentional.mark(item.pk, PHONE.id, by=reviewer)
    intentional.unmark(item.pk, PHONE.id, by=reviewer)
    intentional.mark(item.pk, PHONE.id, by=reviewer)

    assert [kind for kind, _, _ in events_of(item)] == [
        "finding_marked",
        "finding_unmarked",
        "finding_marked",
    ]
    assert marked_ids(item.job) == [PHONE.id]


def test_stored_state_of_a_run_gives_way_to_the_mark_of_today(make_item, item):
    item.job.signals = sample_findings.signals(sample_findings.finding(is_intentional=True))

    assert marked_ids(item.job) == []
    item.job.universe = None
    assert marked_ids(item.job) == [PHONE.id]


def test_closed_item_is_marked_too(item, reviewer, second_reviewer):
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    intentional.mark(item.pk, PHONE.id, by=second_reviewer)
    intentional.unmark(item.pk, PHONE.id, by=second_reviewer)

    assert [kind for kind, _, _ in events_of(item)][-2:] == ["finding_marked", "finding_unmarked"]


@pytest.mark.parametrize("action", [intentional.mark, intentional.unmark])
class TestRefusals:
    """Refusals, alike for both actions, which change nothing."""

    @pytest.fixture(autouse=True)
    def unchanged(self, item, action, reviewer, low_marches):
        kept = action is intentional.unmark
        if kept:
            IntentionalFinding.objects.create(universe=low_marches, finding_id=PHONE.id)
        yield
        assert IntentionalFinding.objects.count() == kept
        assert not {"finding_marked", "finding_unmarked"} & {kind for kind, _, _ in events_of(item)}

    def test_unknown_finding(self, item, reviewer, action):
        for finding_id in ("0" * 16, "", "\x00", PHONE.id.upper()):
            with pytest.raises(NotFound) as refusal:
                action(item.pk, finding_id, by=reviewer)
            assert refusal.value.code == "finding_not_found"

    def test_unknown_item(self, item, reviewer, action):
        with pytest.raises(NotFound) as refusal:
            action(uuid.uuid4(), PHONE.id, by=reviewer)
        assert refusal.value.code == "review_item_not_found"

    def test_not_a_reviewer(self, item, creator, action):
        with pytest.raises(Forbidden):
            action(item.pk, PHONE.id, by=creator)

    def test_claimed_by_another(self, item, reviewer, second_reviewer, action):
        claims.claim(item.pk, second_reviewer)
        with pytest.raises(ReviewClaimed):
            action(item.pk, PHONE.id, by=reviewer)

    def test_blind_item_does_not_confirm_its_findings(self, make_item, reviewer, action):
        with pytest.raises(NotFound) as refusal:
            action(make_item(is_blind=True).pk, PHONE.id, by=reviewer)
        assert refusal.value.code == "finding_not_found"

    def test_open_independent_opinions(self, make_item, reviewer, action):
        with pytest.raises(Conflict) as refusal:
            action(make_item(opinions_wanted=2).pk, PHONE.id, by=reviewer)
        assert refusal.value.code == "opinions_open"

    def test_job_without_universe(self, make_item, reviewer, action):
        with pytest.raises(Conflict) as refusal:
            action(make_item(None).pk, PHONE.id, by=reviewer)
        assert refusal.value.code == "no_universe"

    def test_archived_universe(self, item, reviewer, low_marches, action):
        universes.update_universe(low_marches, archived=True)
        with pytest.raises(Conflict) as refusal:
            action(item.pk, PHONE.id, by=reviewer)
        assert refusal.value.code == "universe_archived"


def test_lead_who_settles_a_dispute_may_mark(make_item, reviewer, second_reviewer, lead):
    item = make_item(opinions_wanted=2)
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    decisions.decide(item.pk, Verdict.REJECTED, by=second_reviewer, note="No.")

    intentional.mark(item.pk, PHONE.id, by=lead, reason="A dream.")

    assert IntentionalFinding.objects.get().reason == "A dream."
    # The reason stays out of the history, which is read before all opinions are given.
    assert events_of(item)[-1] == ("finding_marked", lead, NAMED)


@pytest.mark.parametrize(("reason", "code"), [("x" * 5001, "max_length"), ("\x00", "invalid")])
def test_bad_reason_is_refused(item, reviewer, reason, code):
    with pytest.raises(Invalid) as refusal:
        intentional.mark(item.pk, PHONE.id, by=reviewer, reason=reason)

    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/reason", code)]
    assert not IntentionalFinding.objects.exists()


def test_marks_of_a_universe_are_bounded(item, reviewer, monkeypatch):
    monkeypatch.setattr(intentional, "MAX_MARKS", 1)
    intentional.mark(item.pk, PHONE.id, by=reviewer)

    with pytest.raises(Conflict) as refusal:
        intentional.mark(item.pk, RADIO.id, by=reviewer)

    assert refusal.value.code == "too_many_marks"
    assert marked_ids(item.job) == [PHONE.id]
    intentional.mark(item.pk, PHONE.id, by=reviewer, reason="Still possible.")


def test_database_allows_one_mark_per_universe_and_finding(low_marches, creator):
    IntentionalFinding.objects.create(universe=low_marches, finding_id=PHONE.id)
    other = rows.make_universe(creator, "Elsewhere", "elsewhere")

    assert refuses(IntentionalFinding(universe=low_marches, finding_id=PHONE.id).save)
    assert refuses(IntentionalFinding(universe=other, finding_id=PHONE.id).save) is None


def test_mark_outlives_its_job_and_its_author(item, reviewer, creator):
    intentional.mark(item.pk, PHONE.id, by=reviewer)

    item.job.delete()
    reviewer.delete()

    mark = IntentionalFinding.objects.get()
    assert (mark.job, mark.marked_by, mark.quote) == (None, None, "his  smartphone")


def test_signals_of_an_earlier_release_have_no_findings(creator, low_marches):
    job = rows.finished_job(creator, low_marches)

    assert [signal["findings"] for signal in findings.signals_of(job, findings.marks_on([job]))] == [[], []]


def test_the_receipt_in_the_studio_names_what_was_meant(item, reviewer, signed_in):
    path = f"/studio/jobs/{item.job_id}/receipt"
    before = signed_in(item.job.requested_by).get(path).content.decode()
    intentional.mark(item.pk, PHONE.id, by=reviewer, reason="It is a dream.")

    shown = signed_in(item.job.requested_by).get(path).content.decode()

    assert "Intentional contradictions" not in before
    assert "Intentional contradictions" in shown
    assert PHONE.quote in shown
    assert "It is a dream." in shown


def test_mark_without_a_job_keeps_the_job_of_the_mark_before(item, reviewer, lead):
    intentional.mark(item.pk, PHONE.id, by=reviewer, reason="A dream.")
    universe = item.job.universe
    passage = intentional.Marked(PHONE.id, PHONE.source_id, PHONE.statement, PHONE.quote)

    with transaction.atomic():
        same = intentional.store_mark(universe, passage, by=lead, reason="")
        new = intentional.store_mark(universe, passage, by=lead, reason="A vision.")

    mark = IntentionalFinding.objects.get()
    assert (same, new) == (False, True)
    assert (mark.job_id, mark.marked_by, mark.reason) == (item.job_id, lead, "A vision.")
