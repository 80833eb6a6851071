"""Audits: a random share of trusted output is reviewed blind, with the usual effect."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.choices import Verdict
from agents.common import promises
from agents.engine.confidence.sampling import draw
from agents.models import AgentJob, ReviewItem
from agents.review import claims
from agents.review.verdicts import decisions
from tests.support.facts import canon_steps, event_kinds
from tests.support.fake_llm import weak_answer
from universes.choices import TrustedOutput
from universes.models import CanonChange, Element, Scene
from universes.services import canon as universe_canon
from universes.services import universes

pytestmark = pytest.mark.django_db


def edit_of(item, **changes):
    return {**item.job.output_data, **changes}


# --- Which are drawn ----------------------------------------------------------------------------------------


def test_sampled_trusted_output_is_audited(open_audit, universe):
    item = open_audit()

    assert (item.kind, item.state, item.is_blind, item.is_hidden) == ("audit", "open", True, True)
    assert (item.universe, item.confidence, item.reasons, item.reason_codes) == (universe, 1.0, [], "")
    assert item.job.human_review_required is False
    assert event_kinds(item.job)[-3:] == ["completed", "canon_added", "review_opened"]
    assert Scene.objects.get().canon_status == "draft"


@pytest.mark.parametrize("is_in_it", [True, False])
def test_sampling_is_deterministic_by_job_id(submit, run, llm, universe, settings, is_in_it):
    job = submit(universe=universe)
    settings.AUDIT_SHARES = {"narrative": draw(str(job.pk), "audit") + (1e-9 if is_in_it else 0)}

    run(job)

    assert ReviewItem.objects.exists() is is_in_it


def test_audit_share_is_set_per_agent(submit, run, llm, universe, settings):
    settings.AUDIT_SHARES = {"narrative": 0, "spatial": 1, "consistency": 0}

    for agent_type in ("narrative", "spatial", "consistency"):
        run(submit(agent_type, universe=universe))

    assert list(ReviewItem.objects.values_list("agent_type", "kind")) == [("spatial", "audit")]


@pytest.mark.parametrize(
    ("site", "own", "expected"), [(0.05, None, 0.05), (0.05, 1, 1.0), (1, 0, 0.0), (0, 0.5, 0.5)]
)
def test_universe_share_overrides_site_share(make_job, universe, settings, site, own, expected):
    settings.AUDIT_SHARES = {"narrative": site}
    universe.audit_share = own

    assert promises.audit_share("narrative", universe.pk, universe.audit_share) == expected
    assert promises.audit_share("narrative", None, None) == site


def test_universe_share_is_read_when_the_output_arrives(submit, run, llm, universe):
    job = submit(universe=universe)
    universes.update_universe(universe, audit_share=1)

    run(job)

    assert ReviewItem.objects.get().kind == "audit"


def test_item_stores_its_sampling_probability(submit, run, llm, universe, settings, open_review):
    job = submit(universe=universe)
    share = draw(str(job.pk), "audit") + 0.001
    settings.AUDIT_SHARES = {"narrative": share}

    assert run(job).review_items.get().draw_rate == share

    # Doubtful output is always reviewed, whatever the share is.
    assert open_review().draw_rate == 1


def test_doubtful_output_is_not_audited_too(open_review, settings):
    settings.AUDIT_SHARES = {"narrative": 1}

    item = open_review()

    assert (item.kind, ReviewItem.objects.count()) == ("doubt", 1)
    assert item.job.human_review_required is True


def test_output_without_universe_uses_the_site_share(open_audit):
    item = open_audit(universe=None)

    assert (item.kind, item.universe, item.opinions_wanted) == ("audit", None, 1)


@pytest.mark.parametrize(("share", "is_blind"), [(0, False), (1, True)])
def test_share_of_doubtful_items_is_blind_too(open_review, settings, share, is_blind):
    settings.REVIEW_BLIND_SHARE = share

    item = open_review()

    assert (item.kind, item.is_blind) == ("doubt", is_blind)


def test_blindness_is_deterministic_by_job(submit, run, llm, settings):
    job = submit()
    llm.will(weak_answer)
    settings.REVIEW_BLIND_SHARE = draw(str(job.pk), "blind") + 1e-9

    assert run(job).review_items.get().is_blind is True


@pytest.mark.parametrize(("own", "hours"), [(None, 24), (1, 1), (300, 300)])
def test_review_due_time_is_a_universe_setting(open_review, open_audit, universe, own, hours):
    universes.update_universe(universe, review_within_h=own)

    for item in (open_review(), open_audit()):
        assert item.due_at - item.opened_at == timedelta(hours=hours)


def test_audits_share_the_order_of_the_queue(open_audit, open_review, reviewer, second_reviewer):
    audit, doubt = open_audit(), open_review()

    assert [claims.claim_next(by) for by in (reviewer, second_reviewer)] == [audit, doubt]


# --- What a verdict does ------------------------------------------------------------------------------------


def test_approval_promotes_the_draft(open_audit, reviewer):
    item = open_audit()

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    assert Scene.objects.get().canon_status == "canon"
    assert canon_steps(item.job) == [("added", None), ("promoted", "rosa")]
    item.job.refresh_from_db()
    assert item.job.human_review_required is False


def test_approval_of_canon_changes_nothing(open_audit, reviewer, universe):
    universes.update_universe(universe, trusted_output=TrustedOutput.CANON)
    item = open_audit()

    decision = decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    assert (decision.takes_effect, decision.canon_change_id) == (True, None)
    assert canon_steps(item.job) == [("added", None)]
    assert event_kinds(item.job)[-2:] == ["review_opened", "review_decided"]


def test_edit_revises_canon(open_audit, reviewer, universe):
    universes.update_universe(universe, trusted_output=TrustedOutput.CANON)
    item = open_audit()

    decisions.decide(item.pk, Verdict.EDITED, by=reviewer, edited=edit_of(item, title="High Tide"))

    scene = Scene.objects.get()
    assert (scene.title, scene.canon_status) == ("High Tide", "canon")
    assert canon_steps(item.job) == [("added", None), ("revised", "rosa")]
    assert event_kinds(item.job)[-2:] == ["review_decided", "canon_added"]


def test_edited_draft_is_promoted_with_the_edited_text(open_audit, reviewer):
    item = open_audit("spatial")

    decisions.decide(item.pk, Verdict.EDITED, by=reviewer, edited=edit_of(item, atmosphere="Grim."))

    place = Element.objects.get()
    assert (place.traits["atmosphere"], place.canon_status) == ("Grim.", "canon")
    assert canon_steps(item.job) == [("added", None), ("promoted", "rosa")]


@pytest.mark.parametrize("status", ["draft", "canon"])
@pytest.mark.parametrize("verdict", [Verdict.REJECTED, Verdict.ASKED_AGAIN])
def test_rejected_output_is_retired(open_audit, reviewer, universe, status, verdict):
    universes.update_universe(universe, trusted_output=TrustedOutput(status))
    item = open_audit()

    decisions.decide(item.pk, verdict, by=reviewer, note="No.")

    assert Scene.objects.get().canon_status == "retired"
    assert canon_steps(item.job) == [("added", None), ("retired", "rosa")]
    withdrawn = item.job.events.last()
    assert (withdrawn.kind, withdrawn.by) == ("canon_withdrawn", reviewer)
    assert AgentJob.objects.filter(follows=item.job).exists() is (verdict == Verdict.ASKED_AGAIN)


TOUCHES = {
    "revised": lambda scene, by: universe_canon.revise_scene(scene, text="By hand.", by=by),
    "promoted": lambda scene, by: universe_canon.set_status(scene, "canon", by=by),
    "retired": lambda scene, by: universe_canon.retire(scene, by=by),
}


@pytest.mark.parametrize("touch", TOUCHES)
@pytest.mark.parametrize("verdict", [Verdict.APPROVED, Verdict.EDITED, Verdict.REJECTED])
def test_scene_revised_by_a_person_is_kept(open_audit, reviewer, editor, touch, verdict):
    item = open_audit()
    TOUCHES[touch](Scene.objects.get(), editor)
    before = Scene.objects.values().get()
    edited = edit_of(item, title="High Tide") if verdict == Verdict.EDITED else None

    decision = decisions.decide(item.pk, verdict, by=reviewer, note="Because.", edited=edited)

    assert Scene.objects.values().get() == before
    assert canon_steps(item.job) == [("added", None), (touch, "edgar")]
    assert (decision.takes_effect, decision.canon_change_id) == (True, None)
    item.refresh_from_db()
    assert item.state == "closed"


def test_undo_without_effect_keeps_later_revisions(open_audit, reviewer, editor):
    item = open_audit()
    universe_canon.revise_scene(Scene.objects.get(), text="By hand.", by=editor)
    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")

    decisions.undo(item.pk, by=reviewer)

    assert (Scene.objects.get().text, Scene.objects.get().canon_status) == ("By hand.", "draft")
    item.refresh_from_db()
    assert item.state == "open"


def test_report_is_audited_without_placement(open_audit, reviewer):
    item = open_audit("consistency")

    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, reason="wrong_report")

    item.refresh_from_db()
    assert item.state == "closed"
    assert not CanonChange.objects.exists()


def test_audit_with_several_opinions_takes_effect_with_the_last(
    open_audit, universe, reviewer, second_reviewer
):
    universes.update_universe(universe, opinions_wanted=2)
    item = open_audit()
    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")
    assert Scene.objects.get().canon_status == "draft"

    decisions.decide(item.pk, Verdict.REJECTED, by=second_reviewer, note="No.")

    assert Scene.objects.get().canon_status == "retired"
