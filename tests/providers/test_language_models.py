"""Life cycle of the language models, and the succession of retired ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from agents.common import dispatch
from agents.llm.base import ProviderAccountError, Throttled
from agents.models import LanguageModel
from agents.providers import lifecycle as language_models
from agents.providers import lifecycle_checks, run_settings, tasks
from dev.standin import faults

pytestmark = pytest.mark.django_db

HAIKU, SONNET, OPUS = "claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"


def model(name: str) -> LanguageModel:
    return LanguageModel.objects.get(name=name)


# --- Asking -------------------------------------------------------------------------------------------------


def test_each_model_in_use_is_checked_once(provider, settings):
    settings.MODEL_SUCCESSORS = {OPUS: "claude-fable-5-1"}
    provider.model(SONNET, lifecycle="deprecated", retires_at="2027-03-04T00:00:00Z")

    assert tasks.check_language_models() == {"asked": 4, "failed": 0, "replaced": 0}

    found = dict(LanguageModel.objects.values_list("name", "lifecycle"))
    assert found == {HAIKU: "active", SONNET: "deprecated", OPUS: "active", "claude-fable-5-1": "active"}
    assert model(SONNET).retires_at == datetime(2027, 3, 4, tzinfo=UTC)
    assert [call.route for call in provider.log.calls] == ["models"] * 4


def test_mock_checks_without_a_provider():
    assert tasks.check_language_models() == {"asked": 0}

    assert list(LanguageModel.objects.values_list("name", "lifecycle", "checked_at")) == [
        (HAIKU, "unknown", None),
        (OPUS, "unknown", None),
        (SONNET, "unknown", None),
    ]


def test_failed_check_changes_no_lifecycle(provider):
    LanguageModel.objects.create(name=HAIKU, lifecycle="deprecated")
    provider.next(faults.unavailable.at("models").repeated(3))

    assert tasks.check_language_models() == {"asked": 3, "failed": 3, "replaced": 0}

    assert model(HAIKU).lifecycle == "deprecated"
    assert model(HAIKU).check_error.startswith("server_error: The model's API answered 503")


def test_unknown_name_is_not_retired(provider, settings):
    settings.AGENT_MODELS = {**settings.AGENT_MODELS, "narrative": "claude-haikoo"}

    tasks.check_language_models()

    assert model("claude-haikoo").lifecycle == "unknown"
    assert model("claude-haikoo").check_error.startswith("model_not_found: ")


@pytest.mark.parametrize(("others_answer", "lifecycle"), [(True, "retired"), (False, "active")])
def test_known_model_is_retired_by_404_only_if_others_are_found(provider, settings, others_answer, lifecycle):
    settings.ALLOWED_MODELS = ["claude-gone", HAIKU] if others_answer else ["claude-gone"]
    settings.AGENT_MODELS = dict.fromkeys(settings.AGENT_MODELS, settings.ALLOWED_MODELS[-1])
    LanguageModel.objects.create(name="claude-gone", lifecycle="active")

    tasks.check_language_models()

    assert model("claude-gone").lifecycle == lifecycle


def test_revised_lifecycle_is_accepted(provider, retired, submit):
    retired()
    assert run_settings.run_settings(submit()).model == SONNET

    tasks.check_language_models()

    # The successor would start a new trial.
    assert (model(HAIKU).lifecycle, model(HAIKU).replaced_at) == ("active", None)
    assert run_settings.run_settings(submit()).model == HAIKU


def test_model_checked_within_a_minute_is_skipped(provider):
    tasks.check_language_models()
    long_ago = timezone.now() - timedelta(seconds=61)
    LanguageModel.objects.filter(name=OPUS).update(checked_at=long_ago)

    assert tasks.check_language_models(only_if_due=True)["asked"] == 1
    assert tasks.check_language_models(only_if_due=True) == {"asked": 0}
    assert tasks.check_language_models()["asked"] == 3


def test_model_not_found_triggers_a_check(submit, run, llm, enqueued, django_capture_on_commit_callbacks):
    gone = ProviderAccountError("model_not_found", "The model's API answered 404: model: claude-haiku-5-5")
    llm.will(Throttled("line_paused", "Paused.", wait_s=60, cause="stopped", account_error=gone))
    job = submit()

    with django_capture_on_commit_callbacks(execute=True):
        run(job)
    assert enqueued == [(dispatch.CHECK_LANGUAGE_MODELS, {"only_if_due": True})]

    LanguageModel.objects.create(name=HAIKU, checked_at=timezone.now())
    llm.will(Throttled("line_paused", "Paused.", wait_s=60, cause="stopped", account_error=gone))
    job = submit()
    enqueued.clear()
    with django_capture_on_commit_callbacks(execute=True):
        run(job)
    assert enqueued == []


# --- What people are told -----------------------------------------------------------------------------------


def test_notices_describe_the_situation_and_the_remedy(settings):
    settings.MODEL_SUCCESSORS = {SONNET: HAIKU}
    then = datetime(2030, 1, 2, tzinfo=UTC)
    LanguageModel.objects.create(name=SONNET, lifecycle="deprecated", retires_at=then)
    LanguageModel.objects.create(name=OPUS, lifecycle="retired")
    LanguageModel.objects.create(name="claude-not-used", lifecycle="retired")
    LanguageModel.objects.create(name=HAIKU, lifecycle="active")

    told = [(notice.message, notice.is_urgent) for notice in language_models.notices()]

    assert told == [
        (f"{OPUS} is retired and has no successor: its jobs wait.", True),
        (
            f"{SONNET} is deprecated; it will be retired on 2030-01-02. {HAIKU} then takes its place.",
            False,
        ),
    ]


def test_no_check_is_enqueued_if_no_model_is_gone(enqueued, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle_checks.check_if_gone([])

    assert enqueued == []
