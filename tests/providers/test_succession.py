"""Successors of retired models: the take-over of jobs, and the trial."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.choices import Verdict
from agents.common import dispatch
from agents.errors import Forbidden, Invalid
from agents.jobs import submission
from agents.jobs.submission import JobRequest
from agents.llm.limits.client import LimitedClient
from agents.llm.limits.config import LimitSettings
from agents.llm.limits.prompt_cache import PromptCache
from agents.llm.limits.redis_limits import RedisLimits
from agents.models import LanguageModel
from agents.notify import preferences
from agents.providers import factory, run_settings, tasks
from agents.providers import lifecycle as language_models
from agents.review.verdicts import decisions
from tests.support.fixtures.jobs import INPUTS

pytestmark = pytest.mark.django_db

HAIKU, SONNET, OPUS = "claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"


def model(name: str) -> LanguageModel:
    return LanguageModel.objects.get(name=name)


# --- Taking over --------------------------------------------------------------------------------------------


def test_retired_model_is_replaced_and_its_jobs_resume(
    provider, settings, make_job, enqueued, submit, django_capture_on_commit_callbacks
):
    settings.MODEL_SUCCESSORS = {HAIKU: SONNET}
    provider.model(HAIKU, lifecycle="retired")
    later = timezone.now() + timedelta(seconds=250)
    asleep = make_job(available_at=later, sent_at=None, error_code="line_paused")
    make_job(available_at=later, sent_at=None, error_code="overloaded")

    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.check_language_models() == {"asked": 3, "failed": 0, "replaced": 1}

    assert enqueued == [asleep.pk]
    since = model(HAIKU).replaced_at
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.check_language_models()["replaced"] == 0
    assert (model(HAIKU).replaced_at, len(enqueued)) == (since, 1)
    found = run_settings.run_settings(submit())
    assert (found.model, found.fallback_for) == (SONNET, HAIKU)


def test_job_of_a_retired_model_is_done_by_its_successor(
    provider, settings, submit, run, enqueued, broker, monkeypatch, django_capture_on_commit_callbacks
):
    settings.MODEL_SUCCESSORS = {HAIKU: SONNET}
    provider.model(HAIKU, lifecycle="retired")
    shared = broker.client()
    client = LimitedClient(
        factory.anthropic_client(), RedisLimits(shared, LimitSettings()), PromptCache(shared)
    )
    monkeypatch.setattr(factory, "llm_client", lambda: client)

    job = submit()
    with django_capture_on_commit_callbacks(execute=True):
        job = run(job)
        assert (job.status, job.error_code) == ("pending", "line_paused")
    task, arguments = enqueued.pop()
    assert task == dispatch.CHECK_LANGUAGE_MODELS
    with django_capture_on_commit_callbacks(execute=True):
        tasks.check_language_models(**arguments)
    assert enqueued == [job.pk]
    job = run(job)

    assert (job.status, job.model, job.human_review_required) == ("completed", SONNET, True)
    assert job.attempt_limit - job.attempts == 3, "waiting used up no try"
    assert list(job.calls.order_by("id").values_list("model", "error_code")) == [
        (HAIKU, "model_not_found"),
        (SONNET, ""),
    ]


def test_jobs_wait_for_a_model_without_successor(provider, submit, enqueued, admin):
    provider.model(HAIKU, lifecycle="retired")

    assert tasks.check_language_models()["replaced"] == 0
    assert run_settings.run_settings(submit()).model == HAIKU
    assert model(HAIKU).replaced_at is None

    language_models.name_successor(model(HAIKU).pk, OPUS, by=admin)
    assert run_settings.run_settings(submit()).model == OPUS


def test_preference_for_a_retired_model_uses_its_successor(retired, submit, creator):
    preferences.save_preferences(creator, {"default_models": {"narrative": OPUS}}, replace=True)
    retired(OPUS, HAIKU)

    assert run_settings.run_settings(submit()).model == HAIKU
    assert run_settings.run_settings(submit("spatial")).fallback_for == ""


def test_successor_chain_is_followed_to_an_active_model(retired, submit):
    retired(HAIKU, SONNET)
    since = timezone.now() - timedelta(days=1)
    retired(SONNET, OPUS, replaced_at=since)

    assert run_settings.run_settings(submit()).model == OPUS
    found = language_models.replacement_for(HAIKU)
    assert found == language_models.Replacement(model=OPUS, retired=HAIKU, since=since)


def test_successor_cycle_has_no_end(retired, settings):
    settings.MODEL_SUCCESSORS = {SONNET: HAIKU}
    retired(HAIKU, SONNET)
    retired(SONNET, "")

    assert language_models.replacement_for(HAIKU) is None


def test_mock_is_never_retired(retired, submit, settings):
    retired()
    settings.ANTHROPIC_API_KEY = ""

    assert run_settings.run_settings(submit()).model == HAIKU


@pytest.mark.parametrize(
    ("successor", "said"),
    [
        ("claude-nobody", "claude-nobody is not configured here: add it to ALLOWED_MODELS first."),
        (HAIKU, f"{HAIKU} is followed by {HAIKU} in the end: one of them would have to stay."),
        (SONNET, f"{SONNET} is followed by {HAIKU} in the end: one of them would have to stay."),
        (OPUS, f"{OPUS} is retired itself."),
    ],
)
def test_invalid_successor_is_refused(admin, successor, said):
    row = LanguageModel.objects.create(name=HAIKU)
    LanguageModel.objects.create(name=SONNET, successor=HAIKU)
    LanguageModel.objects.create(name=OPUS, lifecycle="retired")

    with pytest.raises(Invalid) as refusal:
        language_models.name_successor(row.pk, successor, by=admin)

    assert refusal.value.errors[0].detail == said
    assert model(HAIKU).successor == ""


def test_naming_a_successor_needs_permission(staff):
    row = LanguageModel.objects.create(name=HAIKU)

    with pytest.raises(Forbidden):
        language_models.name_successor(row.pk, SONNET, by=staff)


# --- On trial -----------------------------------------------------------------------------------------------


def test_successor_output_is_reviewed_during_its_trial(retired, submit, run, llm, reviewer, settings):
    settings.MODEL_TRIAL_VERDICTS = 2
    settings.REVIEW_BLIND_SHARE = 0
    retired()
    llm.model = f"{SONNET}-20260928"

    for verdict in (Verdict.APPROVED, Verdict.REJECTED):
        job = run(submit())
        assert (job.confidence_score, job.human_review_required, job.model) == (1.0, True, llm.model)
        decisions.decide(job.review_items.get().pk, verdict, by=reviewer, note="Seen.")
    other_agent, trusted = run(submit("spatial")), run(submit())

    assert job.review_items.get().reasons == [
        f"Written by {SONNET} in place of the retired {HAIKU}; it has 1 of the 2 verdicts that it needs."
    ]
    assert other_agent.human_review_required
    assert not trusted.human_review_required
    assert trusted.events.get(kind="completed").data["in_place_of"] == HAIKU
    assert [request.model for request in llm.requests] == [SONNET] * 4


def test_dry_run_predicts_review_during_a_trial(retired, creator):
    retired()

    told = submission.preview_job(JobRequest(by=creator, agent_type="spatial", input_data=INPUTS["spatial"]))

    assert (told["model"], told["review"]["chance"]) == (SONNET, 1.0)
    assert told["review"]["basis"].startswith(f"Written by {SONNET} in place of the retired {HAIKU};")


def test_earlier_and_foreign_verdicts_do_not_count(retired, submit, run, llm, reviewer, open_review):
    settings_of = run_settings.run_settings
    decisions.decide(open_review(universe=None).pk, Verdict.APPROVED, by=reviewer)
    retired()

    assert settings_of(submit()).forced_review_reason.endswith("it has 0 of the 30 verdicts that it needs.")
