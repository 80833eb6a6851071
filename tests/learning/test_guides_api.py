"""Style guides over REST."""

from __future__ import annotations

import pytest

from agents.models import StyleGuide
from tests.support.problems import pointers_of, problem_of

pytestmark = pytest.mark.django_db

DASHES = "Use no em-dashes."


@pytest.fixture
def path(universe):
    return f"/universes/{universe.pk}/guides/narrative"


def test_guide_is_replaced_only_in_the_state_that_was_read(client_of, creator, path):
    api = client_of(creator)
    before = api.get(path)

    problem_of(api.put(path, {"rules": [DASHES]}), 428, "precondition_required")
    stored = api.put(path, {"rules": [DASHES], "note": "Again."}, headers={"If-Match": before["ETag"]})
    late = api.put(path, {"rules": []}, headers={"If-Match": before["ETag"]})

    assert (before.json()["version"], before.json()["at"]) == (0, None)
    assert (stored.status_code, stored.json()["version"], stored.json()["by"]) == (200, 1, "carla")
    assert [(rule["number"], rule["text"], rule["on_trial"]) for rule in stored.json()["rules"]] == [
        (1, DASHES, True)
    ]
    assert (late.status_code, late.json()["current"]) == (412, stored.json())
    assert api.get(path)["ETag"] == stored["ETag"]


def test_history_and_undo(client_of, creator, path):
    api = client_of(creator)
    api.put(path, {"rules": [DASHES]}, headers={"If-Match": "*"})
    api.put(path, {"rules": []}, headers={"If-Match": "*"})

    undone = api.post(f"{path}/restore", {})

    assert [rule["text"] for rule in undone.json()["rules"]] == [DASHES]
    versions = api.get(f"{path}/versions").json()["results"]
    assert [(row["version"], row["cause"]) for row in versions] == [
        (3, "restored"),
        (2, "edited"),
        (1, "edited"),
    ]
    problem_of(api.post(f"{path}/restore", {"version": 7}), 404, "guide_version_not_found")


def test_a_trial_is_ended_by_hand(client_of, creator, path):
    api = client_of(creator)
    stored = api.put(path, {"rules": [DASHES]}, headers={"If-Match": "*"})

    stale = api.post(f"{path}/end-trial", headers={"If-Match": '"other"'})
    ended = api.post(f"{path}/end-trial", headers={"If-Match": stored["ETag"]})

    assert stale.status_code == 412
    assert [rule["on_trial"] for rule in ended.json()["rules"]] == [False]
    problem_of(api.post(f"{path}/end-trial"), 409, "no_trial")


def test_wrong_guides_are_refused_by_pointer(client_of, creator, universe, path):
    api = client_of(creator)

    refused = api.put(path, {"rules": [DASHES, 7, "x" * 301], "colour": "red"}, headers={"If-Match": "*"})

    assert set(pointers_of(refused)) == {"/rules/1", "/rules/2", "/colour"}
    problem_of(api.get(f"/universes/{universe.pk}/guides/poet"), 404, "unknown_agent_type")
    assert not StyleGuide.objects.exists()


def test_guides_of_a_universe_are_read_together(
    client_of, creator, universe, path, django_assert_max_num_queries
):
    api = client_of(creator)
    api.put(path, {"rules": [DASHES]}, headers={"If-Match": "*"})

    with django_assert_max_num_queries(4):
        shown = api.get(f"/universes/{universe.pk}/guides").json()["results"]

    assert [(guide["agent_type"], guide["version"]) for guide in shown] == [
        ("narrative", 1),
        ("spatial", 0),
        ("consistency", 0),
    ]
