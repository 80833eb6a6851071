"""Reuse of an earlier output for exactly the same input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agents.canon import placement
from agents.choices import Verdict
from agents.common.world_context import world_view
from agents.engine.registry import get_agent
from agents.engine.results import RunSettings
from agents.engine.world import WorldView
from agents.jobs import actions, maintenance, reuse, submission
from agents.jobs.submission import JobRequest
from agents.models import AgentJob, IntentionalFinding
from agents.notify import preferences
from agents.providers import run_settings
from agents.review.verdicts import decisions
from tests.support import sample_findings
from tests.support.facts import event_kinds
from tests.support.fake_llm import good_answer, weak_answer
from tests.support.fixtures.jobs import INPUTS
from universes.models import Scene
from universes.services import canon as universe_canon
from universes.services import universes

pytestmark = pytest.mark.django_db

Ask = Callable[..., AgentJob]


def request_hash(job: AgentJob, world: WorldView | None, settings: RunSettings) -> str:
    request = get_agent(job.agent_type).request_for(job.input_data, world, settings)
    return reuse.request_hash(request, world.hash if world else "", settings)


@pytest.fixture(autouse=True)
def no_audits(settings: Any) -> None:
    """The draw of an audit depends on the job's id."""
    settings.AUDIT_SHARES = dict.fromkeys(settings.AUDIT_SHARES, 0)


@pytest.fixture
def ask(creator: Any, run: Callable[[AgentJob], AgentJob]) -> Ask:
    """Submit with ``reuse`` and run it once."""

    def send(*, by: Any = None, universe: Any = None, **extra: Any) -> AgentJob:
        job = submission.submit_job(
            JobRequest(
                by=by or creator,
                agent_type="narrative",
                input_data={**INPUTS["narrative"], **extra},
                universe_id=universe.pk if universe else None,
                may_reuse=True,
            )
        )
        return run(job)

    return send


def test_trusted_output_is_reused_free_and_enters_canon_once(submit, run, ask, llm, universe):
    first = run(submit(universe=universe))

    again = ask(universe=universe)

    assert len(llm.requests) == 1
    assert (again.status, again.reused_from) == ("completed", first)
    for field in ("output_data", "signals", "confidence_score", "model", "world_hash", "question_hash"):
        assert getattr(again, field) == getattr(first, field), field
    assert len(again.question_hash) == 64
    assert (again.calls.count(), again.review_items.count(), again.human_review_required) == (0, 0, False)
    assert event_kinds(again) == [
        "submitted",
        "claimed",
        "reused",
        "completed",
    ]
    assert again.events.get(kind="reused").data == {"from_job_id": str(first.pk)}
    assert Scene.objects.get().origin_ref == str(first.pk)


def test_job_without_reuse_gets_a_new_output(submit, run, llm):
    run(submit())

    assert run(submit()).reused_from is None
    assert len(llm.requests) == 2


def test_different_input_is_not_reused(submit, run, ask, llm, universe, creator):
    run(submit(universe=universe))

    ask(universe=universe, prompt="Mira waits for the tide.")
    ask(universe=universe, world_config={"rules": ["No flying."]})
    ask()
    preferences.save_preferences(creator, {"tone": "wry"}, replace=True)
    ask(universe=universe)
    preferences.save_preferences(creator, {"default_models": {"narrative": "claude-opus-5-5"}}, replace=True)
    ask(universe=universe)
    preferences.save_preferences(creator, {}, replace=True)
    universes.update_world_config(universe, tech_level="medieval")
    ask(universe=universe)

    assert len(llm.requests) == 7
    assert not AgentJob.objects.filter(reused_from__isnull=False).exists()


def test_reuse_key_includes_second_opinion_and_unread_world(submit, universe):
    job = submit(universe=universe)
    plain, world = run_settings.run_settings(job), world_view(universe)

    assert world is not None
    asked = request_hash(job, world, plain)
    assert request_hash(job, world, replace(plain, second_opinion=not plain.second_opinion)) != asked
    assert request_hash(job, world, replace(plain, attempt=2, job="another")) == asked


def test_output_outside_universes_is_reused_by_its_owner_only(submit, run, ask, editor):
    run(submit())

    assert ask(by=editor).reused_from is None
    assert ask().reused_from is not None


def test_output_is_shared_within_a_universe(submit, run, ask, universe, editor):
    first = run(submit(universe=universe))

    assert ask(by=editor, universe=universe).reused_from == first


@pytest.mark.parametrize(
    ("verdict", "is_used"),
    [(Verdict.APPROVED, True), (Verdict.REJECTED, False), (Verdict.ASKED_AGAIN, False), (None, False)],
)
def test_doubtful_output_is_reused_after_approval(
    submit, run, ask, llm, universe, reviewer, verdict, is_used
):
    llm.will(weak_answer)
    first = run(submit(universe=universe))
    if verdict:
        decisions.decide(first.review_items.get().pk, verdict, by=reviewer, note="Seen.")
        AgentJob.objects.exclude(pk=first.pk).delete()

    again = ask(universe=universe)

    # The approved text is a scene by now, and agents do not read scenes.
    assert (again.reused_from == first) == is_used
    assert again.review_items.count() == 0


def test_edited_output_is_reused_as_edited(submit, run, ask, llm, reviewer):
    llm.will(weak_answer)
    first = run(submit())
    edited = {**first.output_data, "content": "The tide turned. " * 40}
    decisions.decide(first.review_items.get().pk, Verdict.EDITED, by=reviewer, edited=edited)

    again = ask()

    assert again.output_data["content"] == edited["content"]
    assert (again.signals, again.confidence_score) == (first.signals, 0.45)


@pytest.mark.parametrize(
    ("was_marked", "is_marked", "is_used"),
    [(False, False, True), (False, True, False), (True, True, True), (True, False, False)],
)
def test_output_is_checked_anew_after_a_mark_on_its_finding(
    submit, run, ask, universe, was_marked, is_marked, is_used
):
    first = run(submit(universe=universe))
    finding = sample_findings.finding(is_intentional=was_marked)
    AgentJob.objects.filter(pk=first.pk).update(signals=sample_findings.signals(finding))
    if is_marked:
        IntentionalFinding.objects.create(universe=universe, finding_id=finding.id)
    # A mark on a finding of another text is of no concern.
    IntentionalFinding.objects.create(universe=universe, finding_id=sample_findings.finding("a radio").id)

    assert (ask(universe=universe).reused_from == first) == is_used


def test_undone_verdict_does_not_allow_reuse(submit, run, ask, llm, reviewer):
    llm.will(weak_answer)
    first = run(submit())
    item = first.review_items.get()
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    decisions.undo(item.pk, by=reviewer)

    assert ask().reused_from is None


@pytest.mark.parametrize(("verdict", "is_used"), [(Verdict.APPROVED, True), (Verdict.REJECTED, False)])
def test_audited_output_is_not_reused_until_decided(submit, run, ask, reviewer, settings, verdict, is_used):
    settings.AUDIT_SHARES = dict.fromkeys(settings.AUDIT_SHARES, 1)
    audited = run(submit())

    assert ask().reused_from is None
    AgentJob.objects.exclude(pk=audited.pk).delete()
    decisions.decide(audited.review_items.get().pk, verdict, by=reviewer, note="Seen.")
    assert (ask().reused_from == audited) == is_used


def test_todays_stricter_threshold_applies_to_earlier_output(submit, run, ask, llm, creator):
    def untidy(request):
        return {**good_answer(request), "comment": "Hope you like it."}

    llm.will(untidy)
    assert run(submit()).confidence_score == 0.9333
    preferences.save_preferences(creator, {"review_threshold": 0.95}, replace=True)

    assert ask().reused_from is None


def test_retired_output_is_not_reused(submit, run, ask, universe, creator):
    first = run(submit(universe=universe))
    scene = Scene.objects.get()
    universe_canon.retire(scene, by=creator)
    entry = placement.entry_of(first)
    assert entry is not None
    assert entry.status == "retired"

    assert ask(universe=universe).reused_from is None


def test_copy_is_not_reused_even_if_its_source_is_gone(submit, run, ask):
    first = run(submit())
    copy = ask()
    AgentJob.objects.filter(pk=first.pk).update(completed_at=timezone.now() - timedelta(days=40))
    assert maintenance.cleanup_old_jobs(30)["deleted"] == 1
    copy.refresh_from_db()
    assert copy.reused_from is None

    assert ask().calls.count() == 1


def test_mock_output_is_not_reused_for_a_real_model(submit, run, ask, llm):
    llm.is_mock = True
    run(submit())
    assert ask().reused_from is not None
    llm.is_mock = False

    assert ask().reused_from is None


def test_follow_up_is_never_answered_from_old_output(review_item, reviewer, run, llm):
    decisions.decide(review_item.pk, Verdict.ASKED_AGAIN, by=reviewer, note="More weather.")

    follow_up = run(AgentJob.objects.get(follows=review_item.job))

    assert (follow_up.question_hash, follow_up.may_reuse, follow_up.calls.count()) == ("", False, 1)


def test_job_cancelled_meanwhile_stays_cancelled(submit, run, llm, creator):
    run(submit())
    job = submit()
    settings_of = run_settings.run_settings(job)
    question = request_hash(job, None, settings_of)
    actions.cancel_job(job.pk, by=creator)

    assert reuse.complete_from_earlier(job, question, settings_of, is_mock=False)

    job.refresh_from_db()
    assert (job.status, job.output_data) == ("cancelled", None)
    assert job.events.last().kind == "late_result_dropped"
