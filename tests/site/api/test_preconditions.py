"""ETags, conditional GET, and changes that name the state that they change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from rest_framework.test import APIClient

from agents.choices import AgentType, Verdict
from agents.models import Budget, ReviewDecision
from agents.notify import preferences
from agents.review.verdicts import decisions
from tests.support.problems import problem_of
from tests.support.rows import make_job, make_review, make_schedule
from tests.support.threads import run_concurrently
from universes.choices import Role
from universes.models import Universe
from universes.services import canon, universes

pytestmark = pytest.mark.django_db

OBJECTS = [
    "universe",
    "member",
    "world-config",
    "element",
    "scene",
    "schedule",
    "budget",
    "preferences",
    "review",
]
NEVER = '"00000000000000000000000000000000"'
WORLD = {"genre": "", "tone": "", "tech_level": "", "magic_system": "", "physics": "", "rules": []}


@dataclass
class Object:
    """An object of the API with a change that two people may want to make."""

    client: APIClient
    path: str
    change: Callable[[APIClient, str, dict[str, str]], Any]


def patch(**body: Any) -> Callable[[APIClient, str, dict[str, str]], Any]:
    return lambda client, path, headers: client.patch(path, body, headers=headers)


def claim(client: APIClient, path: str, headers: dict[str, str]) -> Any:
    return client.post(f"{path}/claim", headers=headers)


@pytest.fixture
def make_object(client_of, creator, api_reviewer, stranger, universe) -> Callable[[str], Object]:
    def make(name: str) -> Object:
        api, base = client_of(creator), f"/universes/{universe.pk}"
        match name:
            case "universe":
                return Object(api, base, patch(description="Wet."))
            case "member":
                universes.add_member(universe, stranger, Role.VIEWER)
                return Object(api, f"{base}/members/{stranger.pk}", patch(role="editor"))
            case "world-config":
                return Object(api, f"{base}/world-config", patch(genre="gothic"))
            case "element":
                traits = {"powers": ["Rings."], "owner": "Mira", "age": "old"}
                bell = canon.add_element(universe, kind="item", name="Bell", traits=traits, by=creator)
                return Object(api, f"{base}/elements/{bell.pk}", patch(summary="It rings."))
            case "scene":
                dawn = canon.add_scene(universe, title="Dawn", text="Fog.", by=creator)
                return Object(api, f"{base}/scenes/{dawn.pk}", patch(text="Fog lifts."))
            case "schedule":
                row = make_schedule(creator, universe)
                return Object(api, f"/agents/schedules/{row.pk}", patch(name="Tuesdays"))
            case "budget":
                creator.user_permissions.set(Permission.objects.filter(content_type__model="budget"))
                budget = Budget.objects.create(scope="site", period="day", limit_usd=1)
                return Object(api, f"/agents/budgets/{budget.pk}", patch(limit_usd="2"))
            case "preferences":
                return Object(api, "/users/me/preferences", patch(tone="wry"))
            case _:
                item = make_review(creator, universe=universe)
                return Object(client_of(api_reviewer), f"/agents/reviews/{item.pk}", claim)

    return make


@pytest.mark.parametrize("name", OBJECTS)
def test_object_is_read_again_only_if_it_changed(make_object, name):
    thing = make_object(name)
    first = thing.client.get(thing.path)
    tag = first.headers["ETag"]

    same = thing.client.get(thing.path, headers={"If-None-Match": tag})
    changed = thing.change(thing.client, thing.path, {})
    now = thing.client.get(thing.path, headers={"If-None-Match": tag})

    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    assert changed.status_code == 200
    assert now.status_code == 200
    assert now.json() == changed.json() != first.json()
    assert now.headers["ETag"] == changed.headers["ETag"] != tag


@pytest.mark.parametrize("name", OBJECTS)
def test_stale_change_is_refused_with_the_present_state(make_object, name):
    thing = make_object(name)
    seen = thing.client.get(thing.path).headers["ETag"]
    thing.change(thing.client, thing.path, {"If-Match": seen})
    present = thing.client.get(thing.path)

    refused = thing.change(thing.client, thing.path, {"If-Match": seen})

    assert (refused.status_code, refused.headers["Content-Type"]) == (412, "application/problem+json")
    body = refused.json()
    assert (body["code"], body["etag"], body["current"]) == (
        "precondition_failed",
        present.headers["ETag"],
        present.json(),
    )
    assert refused.headers["ETag"] == present.headers["ETag"]
    assert thing.client.get(thing.path).json() == present.json()


@pytest.mark.parametrize("name", OBJECTS)
@pytest.mark.parametrize("tags", ['{tag}, "other"', "*"])
def test_change_of_the_state_that_was_seen_is_made(make_object, name, tags):
    thing = make_object(name)
    tag = thing.client.get(thing.path).headers["ETag"]

    assert thing.change(thing.client, thing.path, {"If-Match": tags.format(tag=tag)}).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", OBJECTS)
def test_of_two_changes_to_one_state_one_is_made(make_object, name, client_of, creator, api_reviewer, broker):
    thing = make_object(name)
    person = api_reviewer if name == "review" else creator
    tag = thing.client.get(thing.path).headers["ETag"]

    answers = run_concurrently(*[lambda: thing.change(client_of(person), thing.path, {"If-Match": tag})] * 2)

    assert sorted(answer.status_code for answer in answers) == [200, 412]


DELETED = ["universe", "member", "element", "scene", "schedule", "budget"]


@pytest.mark.parametrize("name", DELETED)
def test_stale_deletion_is_refused(make_object, name):
    thing = make_object(name)
    seen = thing.client.get(thing.path)
    thing.change(thing.client, thing.path, {})

    problem_shown = thing.client.delete(thing.path, headers={"If-Match": seen.headers["ETag"]})
    assert problem_shown.status_code == 412
    present = thing.client.get(thing.path)
    assert present.json().get("canon_status") == seen.json().get("canon_status")

    assert thing.client.delete(thing.path, headers={"If-Match": present.headers["ETag"]}).status_code == 204


REVIEW_CHANGES: dict[str, tuple[str, str, Any]] = {
    "claim": ("post", "/claim", None),
    "renew": ("patch", "/claim", None),
    "release": ("delete", "/claim", None),
    "break": ("post", "/claim/break", None),
    "skip": ("post", "/skip", {}),
    "hand over": ("post", "/hand", {"to": "ruben"}),
    "decide": ("post", "/decision", {"verdict": "approved"}),
    "undo": ("post", "/undo", None),
    "comment": ("post", "/comments", {"text": "Hm."}),
    "mark": ("put", "/findings/x/intentional", {}),
    "unmark": ("delete", "/findings/x/intentional", None),
}


@pytest.mark.parametrize("change", REVIEW_CHANGES)
def test_every_change_of_a_review_item_heeds_the_state(reviewer_api, api_second_reviewer, creator, change):
    method, below, body = REVIEW_CHANGES[change]
    path = f"/agents/reviews/{make_review(creator).pk}"
    before = reviewer_api.get(path)

    response = getattr(reviewer_api, method)(path + below, body, headers={"If-Match": NEVER})

    problem = response.json()
    assert (response.status_code, problem["code"]) == (412, "precondition_failed")
    assert problem["etag"] == before.headers["ETag"]
    assert reviewer_api.get(path).json() == before.json()
    assert not ReviewDecision.objects.exists()


def test_verdict_on_the_state_that_was_read_counts(reviewer_api, creator, universe):
    path = f"/agents/reviews/{make_review(creator, universe=universe).pk}"
    tag = reviewer_api.get(path).headers["ETag"]

    decided = reviewer_api.post(f"{path}/decision", {"verdict": "approved"}, headers={"If-Match": tag})

    assert decided.status_code == 201
    assert ReviewDecision.objects.get().verdict == Verdict.APPROVED


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/universes/{universe}/world-config", WORLD),
        ("/users/me/preferences", dict.fromkeys(preferences.Preferences.model_fields)),
    ],
)
def test_replacing_a_whole_must_say_what_it_replaces(api, universe, path, body):
    path = path.format(universe=universe.pk)
    before = api.get(path)

    problem_of(api.put(path, body), 428, "precondition_required")

    assert api.get(path).json() == before.json()
    assert api.put(path, body, headers={"If-Match": before.headers["ETag"]}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_editors_replace_one_world_and_no_rule_is_lost(client_of, creator, editor, universe):
    path = f"/universes/{universe.pk}/world-config"
    tag = client_of(creator).get(path).headers["ETag"]

    def replace(person, rule):
        body = {**WORLD, "rules": [rule]}
        return client_of(person).put(path, body, headers={"If-Match": tag})

    answers = run_concurrently(
        lambda: replace(creator, "Iron burns elves."), lambda: replace(editor, "Beds are sacred.")
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    made = next(answer for answer in answers if answer.status_code == 200).json()
    refused = next(answer for answer in answers if answer.status_code == 412).json()
    assert client_of(creator).get(path).json() == made == refused["current"]


@pytest.mark.parametrize("tag", ["abc", "", "W/abc"])
def test_unusable_tag_is_refused(api, universe, tag):
    response = api.patch(f"/universes/{universe.pk}", {"name": "Mine"}, headers={"If-Match": tag})

    problem_of(response, 400, "if_match_invalid")
    assert Universe.objects.get().name == "Low Marsh"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/universes", {"name": "High Marsh"}),
        (
            "/universes/{universe}/elements",
            {"kind": "item", "name": "Bell", "traits": {"owner": "M", "a": "b"}},
        ),
        ("/universes/{universe}/scenes", {"title": "Dawn", "text": "Fog."}),
        (
            "/agents/schedules",
            {
                "name": "Mondays",
                "universe_id": "{universe}",
                "agent_type": AgentType.NARRATIVE,
                "input_data": {"prompt": "x", "characters": []},
                "crontab": "0 7 * * 1",
            },
        ),
    ],
)
def test_new_object_comes_with_its_tag(api, universe, path, body):
    if "universe_id" in body:
        body = {**body, "universe_id": str(universe.pk)}
    made = api.post(path.format(universe=universe.pk), body)

    read = api.get(made.headers["Location"])

    assert made.status_code == 201
    assert (made.json(), made.headers["ETag"]) == (read.json(), read.headers["ETag"])


def test_every_answer_of_the_api_has_a_tag_and_pages_have_none(api, superuser, creator):
    job = f"/agents/jobs/{make_job(creator).pk}"
    for path in (job, "/agents/jobs", "/agents/stats", "/universes"):
        tag = api.get(path).headers["ETag"]
        assert api.get(path, headers={"If-None-Match": tag}).status_code == 304, path

    pages = Client()
    pages.force_login(superuser)
    assert "ETag" not in pages.get("/admin/").headers


def test_tag_depends_on_who_reads(client_of, creator, editor, universe):
    path = f"/universes/{universe.pk}"

    assert client_of(creator).get(path).headers["ETag"] != client_of(editor).get(path).headers["ETag"]


def test_second_opinion_on_a_decided_item_is_told_the_decision(
    reviewer_api, second_reviewer_api, api_second_reviewer, creator
):
    item = make_review(creator)
    path = f"/agents/reviews/{item.pk}"
    tag = reviewer_api.get(path).headers["ETag"]
    decisions.decide(item.pk, Verdict.APPROVED, by=api_second_reviewer)

    late = reviewer_api.post(f"{path}/decision", {"verdict": "approved"}, headers={"If-Match": tag})

    assert (late.status_code, late.json()["current"]["state"]) == (412, "closed")
    assert ReviewDecision.objects.count() == 1
