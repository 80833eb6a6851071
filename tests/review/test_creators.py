"""Verdicts of a creator on their own work: accept, edit, reject, ask again, flag, choose."""

from __future__ import annotations

import uuid

import pytest

from agents.choices import EventKind, JobStatus, NotificationKind, Verdict
from agents.errors import Conflict, Forbidden, Invalid
from agents.models import AgentJob, Notification
from agents.review.creators import flags, own_verdicts
from agents.review.verdicts import decisions
from tests.support import rows
from universes.models import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def trusted_job(creator, universe):
    """A trusted job whose output is a draft in the universe."""
    job = rows.make_job(creator, universe=universe, status=JobStatus.COMPLETED)
    Scene.objects.create(
        universe=universe,
        title="The Ferry",
        text="Mira counted.",
        origin_ref=str(job.pk),
        canon_status="draft",
    )
    return job


def _kinds(job):
    return list(job.events.order_by("pk").values_list("kind", flat=True))


def test_accepting_makes_the_draft_canon(trusted_job, creator):
    entry = own_verdicts.accept(trusted_job.pk, by=creator)
    assert entry is not None

    scene = Scene.objects.get()
    assert (entry.id, scene.canon_status, scene.text) == (str(scene.pk), "canon", rows.NARRATIVE["content"])
    assert _kinds(trusted_job) == [EventKind.ACCEPTED, EventKind.CANON_ADDED]


def test_accepting_an_edit_places_the_edited_text(trusted_job, creator):
    edited = {**rows.NARRATIVE, "content": "Mira gave the coins to the ferryman."}

    own_verdicts.accept(trusted_job.pk, by=creator, edited=edited)

    assert Scene.objects.get().text == "Mira gave the coins to the ferryman."
    trusted_job.refresh_from_db()
    assert trusted_job.output_data == rows.NARRATIVE
    assert trusted_job.events.get(kind=EventKind.ACCEPTED).data == {"edited": True}


def test_output_that_a_reviewer_is_to_decide_on_cannot_be_accepted(creator, universe):
    item = rows.make_review(creator, universe=universe)

    with pytest.raises(Conflict) as refusal:
        own_verdicts.accept(item.job_id, by=creator)

    assert refusal.value.code == "in_review"
    assert not Scene.objects.exists()


def test_output_that_a_reviewer_rejected_cannot_be_accepted(creator, universe, reviewer):
    item = rows.make_review(creator, universe=universe)
    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")

    with pytest.raises(Conflict) as refusal:
        own_verdicts.accept(item.job_id, by=creator)

    assert refusal.value.code == "output_refused"
    assert not Scene.objects.exists()


@pytest.mark.parametrize("act", [own_verdicts.accept, own_verdicts.ask_again, own_verdicts.discard])
def test_nobody_decides_on_the_work_of_others(trusted_job, superuser, act):
    words = {own_verdicts.ask_again: {"note": "No."}, own_verdicts.accept: {}}.get(act, {"reason": "No."})

    with pytest.raises(Forbidden):
        act(trusted_job.pk, by=superuser, **words)

    assert _kinds(trusted_job) == []


def test_a_viewer_accepts_nothing(trusted_job, creator, universe, editor):
    universe.memberships.filter(user=creator).update(role="viewer")

    with pytest.raises(Forbidden):
        own_verdicts.accept(trusted_job.pk, by=creator)

    assert Scene.objects.get().canon_status == "draft"


def test_rejecting_retires_the_entry_and_keeps_the_reason(trusted_job, creator):
    own_verdicts.discard(trusted_job.pk, by=creator, reason="Nothing happens.")

    assert Scene.objects.get().canon_status == "retired"
    assert trusted_job.events.get(kind=EventKind.DISCARDED).data == {"reason": "Nothing happens."}


def test_what_was_rejected_cannot_be_accepted_any_more(trusted_job, creator):
    own_verdicts.discard(trusted_job.pk, by=creator, reason="Nothing happens.")

    with pytest.raises(Conflict) as refusal:
        own_verdicts.accept(trusted_job.pk, by=creator)

    assert refusal.value.code == "entry_retired"


def test_asking_again_submits_the_same_request_with_the_note(trusted_job, creator):
    again = own_verdicts.ask_again(trusted_job.pk, by=creator, note=" Shorter. ")

    assert (again.follows_id, again.revision_note, again.input_data) == (
        trusted_job.pk,
        "Shorter.",
        trusted_job.input_data,
    )


def test_asking_again_needs_a_note(trusted_job, creator):
    with pytest.raises(Invalid):
        own_verdicts.ask_again(trusted_job.pk, by=creator, note=" ")

    assert AgentJob.objects.count() == 1


def test_rejecting_a_flagged_output_takes_it_out_of_the_universe_and_tells_the_creator(
    trusted_job, creator, reviewer
):
    item = flags.flag(trusted_job.pk, "Odran is dead.", by=creator)

    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="He is, since the flood.")

    assert Scene.objects.get().canon_status == "retired"
    told = Notification.objects.get(to=creator)
    assert (told.kind, told.by, told.text) == (NotificationKind.VERDICT, reviewer, "He is, since the flood.")


def test_undoing_a_verdict_restores_the_entry_and_takes_the_notification_back(trusted_job, creator, reviewer):
    item = flags.flag(trusted_job.pk, "Odran is dead.", by=creator)
    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="He is.")

    decisions.undo(item.pk, by=reviewer)

    assert Scene.objects.get().canon_status == "draft"
    assert not Notification.objects.filter(to=creator).exists()


def test_choosing_a_variant_accepts_it_and_rejects_the_others(creator, universe):
    variants_id = uuid.uuid4()
    chosen, other, failed = (
        rows.make_job(creator, universe=universe, status=status, variants_id=variants_id)
        for status in (JobStatus.COMPLETED, JobStatus.COMPLETED, JobStatus.FAILED)
    )

    own_verdicts.choose(chosen.pk, by=creator)

    assert _kinds(chosen) == [EventKind.ACCEPTED, EventKind.CANON_ADDED]
    assert other.events.get().data == {"reason": "Another variant was chosen."}
    assert _kinds(failed) == []


def test_choosing_a_variant_that_waits_leaves_the_decision_to_the_reviewer(creator, universe):
    variants_id = uuid.uuid4()
    chosen = rows.finished_job(creator, universe, variants_id=variants_id)
    item = rows.item_of(chosen)
    other = rows.make_job(creator, universe=universe, status=JobStatus.COMPLETED, variants_id=variants_id)

    assert own_verdicts.choose(chosen.pk, by=creator) is None

    chosen.refresh_from_db()
    assert (chosen.outcome, chosen.feedback.get().rating) == ("awaiting_review", "accepted")
    item.refresh_from_db()
    assert item.closed_at is None
    assert _kinds(other) == [EventKind.DISCARDED]
    assert not Scene.objects.exists()


@pytest.mark.parametrize("code", ["no_variants", "variants_unfinished"])
def test_nothing_is_chosen_without_finished_variants(creator, universe, code):
    variants_id = None if code == "no_variants" else uuid.uuid4()
    chosen, _ = (
        rows.make_job(creator, universe=universe, status=status, variants_id=variants_id)
        for status in (JobStatus.COMPLETED, JobStatus.PROCESSING)
    )

    with pytest.raises(Conflict) as refused:
        own_verdicts.choose(chosen.pk, by=creator)

    assert refused.value.code == code
    assert not chosen.feedback.exists()


def test_an_approved_audit_is_no_news(creator, universe, reviewer):
    item = rows.item_of(rows.finished_job(creator, universe, outcome="trusted"), kind="audit")

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    assert not Notification.objects.filter(to=creator).exists()
