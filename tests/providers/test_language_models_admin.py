"""The page of language models, and their notices on the overview."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.common import dispatch
from agents.models import LanguageModel
from tests.support.people import make_user

pytestmark = pytest.mark.django_db

LIST = reverse("admin:agents_languagemodel_changelist")
HAIKU, SONNET, OPUS = "claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"


@pytest.fixture
def enqueued(monkeypatch):
    tasks: list[str] = []

    def ring(task):
        tasks.append(task)
        return True

    monkeypatch.setattr(dispatch, "enqueue_task", ring)
    return tasks


def make(name: str = HAIKU, **fields) -> LanguageModel:
    return LanguageModel.objects.create(name=name, **fields)


def page_of(model: LanguageModel) -> str:
    return reverse("admin:agents_languagemodel_change", args=[model.pk])


def test_overview_and_list_warn_of_deprecated_models(superuser_client, reviewer_client):
    then = datetime(2030, 1, 2, tzinfo=UTC)
    make(lifecycle="deprecated", retires_at=then)
    said = f"{HAIKU} is deprecated; it will be retired on 2030-01-02. No successor is named: its jobs would wait."

    for client, url in (
        (superuser_client, LIST),
        (superuser_client, reverse("admin:index")),
        (reviewer_client, reverse("admin:index")),
    ):
        assert said in client.get(url).content.decode()


def test_overview_has_no_warning_for_active_models(superuser_client):
    make(lifecycle="active")

    assert "on their way out" not in superuser_client.get(reverse("admin:index")).content.decode()


def test_successor_set_on_the_page_applies_at_once(superuser_client):
    model = make(lifecycle="retired")
    make(OPUS, lifecycle="retired")

    page = superuser_client.get(page_of(model)).content.decode()
    answer = superuser_client.post(page_of(model), {"successor": SONNET})

    assert f'<option value="{SONNET}">' in page
    assert f'<option value="{OPUS}">' not in page
    assert answer.status_code == 302
    model.refresh_from_db()
    assert model.successor == SONNET
    assert model.replaced_at is not None


def test_history_of_successors_is_linked(superuser_client):
    model = make()

    assert 'class="historylink"' in superuser_client.get(page_of(model)).content.decode()


def test_successor_cycle_is_refused_with_a_reason(superuser_client):
    model = make()
    make(SONNET, successor=HAIKU)

    page = superuser_client.post(page_of(model), {"successor": SONNET}).content.decode()

    assert f"{SONNET} is followed by {HAIKU} in the end" in page
    model.refresh_from_db()
    assert model.successor == ""


def test_page_shows_trial_progress(superuser_client, settings):
    settings.ANTHROPIC_API_KEY = "a-key"
    model = make(lifecycle="retired", successor=SONNET, replaced_at=timezone.now())

    page = superuser_client.get(page_of(model)).content.decode()

    assert "narrative: 0 of 30, spatial: 0 of 30, consistency: 0 of 30" in page
    assert "the narrative agent" in page


def test_check_button_enqueues_a_check(superuser_client, settings, enqueued):
    settings.ANTHROPIC_API_KEY = "a-key"
    assert "Check models now" in superuser_client.get(LIST).content.decode()

    page = superuser_client.post(reverse("admin:agents_languagemodel_ask"), follow=True).content.decode()

    assert enqueued == [dispatch.CHECK_LANGUAGE_MODELS]
    assert "Checking with the provider." in page


def test_mock_has_no_check_button(superuser_client):
    assert "Check models now" not in superuser_client.get(LIST).content.decode()


def test_view_permission_does_not_allow_changes(signed_in, enqueued):
    model = make()
    watcher = make_user("will", is_staff=True, permissions=("agents.view_languagemodel",))
    client = signed_in(watcher)

    assert client.get(page_of(model)).status_code == 200
    assert client.post(page_of(model), {"successor": SONNET}).status_code == 403
    assert client.post(reverse("admin:agents_languagemodel_ask")).status_code == 403
    assert enqueued == []


def test_models_are_listed_and_can_have_successors_before_the_first_check(superuser_client, settings):
    settings.ALLOWED_MODELS = ["model-a", "model-b"]
    LanguageModel.objects.all().delete()

    page = superuser_client.get(LIST).content.decode()

    assert "model-a" in page
    model = LanguageModel.objects.get(name="model-a")
    assert model.checked_at is None
    superuser_client.post(page_of(model), {"successor": "model-b"})
    model.refresh_from_db()
    assert model.successor == "model-b"
