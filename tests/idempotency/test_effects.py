"""Routes that create or decide, with real bodies: one effect, one answer, and no second body under one key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import Model
from rest_framework.test import APIClient

from agents.models import AgentJob, GuestsDecide, RuleProposal, SceneFix, SelfReview, StyleGuide, WorldFinding
from tests.support.problems import problem_of
from tests.support.threads import run_concurrently
from universes.models import StoryEvent
from universes.services import canon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]

EVENT = {"title": "The flood", "key": 5, "label": "Fifth tide"}


@dataclass
class Effect:
    """A POST whose effect is a row, and a body that means something else."""

    path: str
    body: dict[str, Any]
    other: dict[str, Any]
    status: int
    rows: type[Model]


@pytest.fixture
def make_effect(universe, creator) -> Callable[[str], Effect]:
    def make(name: str) -> Effect:
        base, here = f"/universes/{universe.pk}", {"universe_id": str(universe.pk)}
        scene = canon.add_scene(universe, title="Noon", text="He teleported.", status="canon", by=creator)
        elsewhere = {"universe_id": str(scene.pk)}
        match name:
            case "recheck":
                return Effect("/agents/rechecks", here, elsewhere, 202, AgentJob)
            case "self-review":
                return Effect("/agents/self-reviews", here, elsewhere, 201, SelfReview)
            case "guests-decide":
                return Effect("/agents/guests-decide", here, elsewhere, 201, GuestsDecide)
            case "event":
                return Effect(f"{base}/events", EVENT, {**EVENT, "key": 6}, 201, StoryEvent)
            case "fix":
                finding = WorldFinding.objects.create(
                    universe=universe,
                    scene=scene,
                    finding_id="0" * 16,
                    quote="teleported",
                    statement="No one can teleport.",
                    start=3,
                    end=13,
                )
                return Effect(f"{base}/findings/{finding.pk}/fix", {}, {"why": "x"}, 202, SceneFix)
            case _:
                proposal = RuleProposal.objects.create(
                    universe=universe,
                    agent_type="narrative",
                    pattern="mark:!",
                    text="Use no exclamation marks.",
                )
                path = f"{base}/rule-proposals/{proposal.pk}"
                if name == "refuse":
                    return Effect(f"{path}/refuse", {}, {"why": "x"}, 204, RuleProposal)
                return Effect(f"{path}/accept", {}, {"text": "Read it aloud."}, 200, StyleGuide)

    return make


EFFECTS = ["recheck", "self-review", "guests-decide", "event", "fix", "accept", "refuse"]


@pytest.fixture
def caller(client_of, creator, superuser) -> Callable[[str], APIClient]:
    """Make a client that may do it: self-reviews and deciding guests are allowed by leads."""
    return lambda name: client_of(superuser if name in {"self-review", "guests-decide"} else creator)


def post(client: APIClient, effect: Effect, body: dict[str, Any]) -> Any:
    return client.post(effect.path, body, headers={"Idempotency-Key": "k-1"})


@pytest.mark.parametrize("name", EFFECTS)
def test_repetition_is_replayed_and_another_body_refused(make_effect, caller, name):
    effect, client = make_effect(name), caller(name)

    first, again, other = (post(client, effect, body) for body in (effect.body, effect.body, effect.other))

    assert (first.status_code, first.headers.get("Idempotency-Replayed")) == (effect.status, None)
    assert (again.status_code, again.content) == (effect.status, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers.get("Location") == first.headers.get("Location")
    problem_of(other, 422, "idempotency_key_reused")
    assert effect.rows._default_manager.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", EFFECTS)
def test_of_twenty_at_once_one_counts(make_effect, caller, name):
    effect = make_effect(name)

    answers = run_concurrently(*[lambda: post(caller(name), effect, effect.body)] * 20)

    late = [answer for answer in answers if answer.status_code == 409]
    made = [answer for answer in answers if answer.status_code == effect.status]
    assert len(late) + len(made) == 20
    for answer in late:
        problem_of(answer, 409, "idempotency_key_in_use")
        assert answer.headers["Retry-After"]
    replayed = Counter(answer.headers.get("Idempotency-Replayed") for answer in made)
    assert replayed[None] == 1
    assert len({answer.content for answer in made}) == 1
    assert effect.rows._default_manager.count() == 1
