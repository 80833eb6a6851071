"""The demo: jobs in every state, at no cost, and the same after a second loading."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from agents.models import AgentJob, GenerationSchedule, ReviewItem
from agents.services import demo
from universes.models import Scene, Universe

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough one"


def test_demo_shows_every_state(llm):
    assert demo.load(PASSWORD) is True

    states = Counter(AgentJob.objects.values_list("status", flat=True))
    assert states["completed"] >= 8
    assert (states["failed"], states["cancelled"]) == (1, 1)
    assert states["pending"] == 2
    assert ReviewItem.objects.open().count() >= 4
    assert set(ReviewItem.objects.open().values_list("agent_type", flat=True)) == {
        "narrative",
        "spatial",
        "consistency",
    }
    assert Scene.objects.filter(canon_status="canon").exists()
    assert GenerationSchedule.objects.get().enabled
    # Answered by the mock model, whatever this process would ask otherwise.
    assert llm.requests == []
    assert set(AgentJob.objects.filter(status="completed").values_list("is_mock", flat=True)) == {True}


def test_second_loading_changes_nothing():
    demo.load(PASSWORD)
    before = (AgentJob.objects.count(), Universe.objects.count(), ReviewItem.objects.open().count())

    assert demo.load(PASSWORD) is False

    assert (AgentJob.objects.count(), Universe.objects.count(), ReviewItem.objects.open().count()) == before


def test_accounts_have_the_password_and_the_rights_of_their_name():
    demo.load(PASSWORD)
    demo.load("another long one")

    people = {user.username: user for user in User.objects.all()}
    assert set(people) == {"admin", "reviewer", "creator"}
    assert all(user.check_password("another long one") for user in people.values())
    assert {name for name, user in people.items() if user.is_superuser} == {"admin"}
    assert {name for name, user in people.items() if user.is_staff} == {"admin", "reviewer"}
    assert people["reviewer"].has_perm("agents.decide_reviewitem")
    assert not people["creator"].has_perm("agents.decide_reviewitem")


def test_command_refuses_to_make_shared_accounts_in_production(settings, monkeypatch):
    settings.EMBEDDED = False
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)

    with pytest.raises(CommandError, match="--anywhere"):
        call_command("demo")

    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["", "short"])
def test_command_refuses_a_short_password(settings, monkeypatch, password):
    settings.EMBEDDED = True
    monkeypatch.setenv("DEMO_PASSWORD", password)

    with pytest.raises(CommandError, match="at least 8 characters"):
        call_command("demo")

    assert not User.objects.exists()


def test_command_says_what_it_did(settings, monkeypatch):
    settings.EMBEDDED = True
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    said = StringIO()

    call_command("demo", stdout=said)
    call_command("demo", stdout=said)

    assert said.getvalue().splitlines() == ["Demo loaded.", "Demo is there already."]
