"""Rules of a world, one by one."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.universes.api.answers import pointers, problem
from universes.models import CanonChange, WorldRule

pytestmark = pytest.mark.django_db


@pytest.fixture
def config(universe) -> str:
    return f"/universes/{universe.pk}/world-config"


@pytest.fixture
def rules(api, config) -> list[dict[str, Any]]:
    """Iron, Beds and Salt, in this order."""
    given = [f"{name} matter." for name in ("Iron", "Beds", "Salt")]
    return list(api.patch(config, {"rules": given}).data["rules"])


def order(api, config) -> list[str]:
    return [rule["text"].split()[0] for rule in api.get(config).data["rules"]]


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (None, ["Iron", "Beds", "Salt", "New"]),
        (1, ["New", "Iron", "Beds", "Salt"]),
        (2, ["Iron", "New", "Beds", "Salt"]),
        (4, ["Iron", "Beds", "Salt", "New"]),
    ],
)
def test_rule_is_added_at_a_position(api, config, rules, position, expected):
    body = {"text": " New  things. "} | ({"position": position} if position else {})

    response = api.post(f"{config}/rules", body)

    assert response.status_code == 201
    assert response.data["text"] == "New things."
    assert response.data["position"] == expected.index("New") + 1
    assert order(api, config) == expected
    assert api.get(response.headers["Location"]).data == response.data
    kept = [rule for rule in api.get(config).data["rules"] if rule["id"] != response.data["id"]]
    assert kept == rules


@pytest.mark.parametrize(
    ("position", "expected"),
    [(1, ["Beds", "Iron", "Salt"]), (2, ["Iron", "Beds", "Salt"]), (3, ["Iron", "Salt", "Beds"])],
)
def test_rule_is_moved_and_keeps_its_id(api, config, rules, position, expected):
    response = api.patch(f"{config}/rules/{rules[1]['id']}", {"position": position})

    assert response.data == {**rules[1], "position": position}
    assert order(api, config) == expected


def test_rule_is_reworded_and_keeps_its_id(api, config, rules):
    before = api.get(config).headers["ETag"]

    response = api.patch(f"{config}/rules/{rules[2]['id']}", {"text": "Salt is holy."})

    assert response.data == {"id": rules[2]["id"], "text": "Salt is holy.", "position": 3}
    assert api.get(config).data["rules"] == [*rules[:2], {"id": rules[2]["id"], "text": "Salt is holy."}]
    assert api.get(config).headers["ETag"] != before


def test_rule_is_removed_and_the_others_move_up(api, config, rules):
    assert api.delete(f"{config}/rules/{rules[0]['id']}").status_code == 204

    assert order(api, config) == ["Beds", "Salt"]
    assert list(WorldRule.objects.values_list("position", flat=True)) == [1, 2]
    problem(api.delete(f"{config}/rules/{rules[0]['id']}"), 404, "rule_not_found")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("/text", "required")]),
        ({"text": ""}, [("/text", "blank")]),
        ({"text": "x" * 1001}, [("/text", "max_length")]),
        ({"text": "Fine.", "position": 0}, [("/position", "min_value")]),
        ({"text": "Fine.", "position": 5}, [("/position", "out_of_range")]),
        ({"text": "Fine.", "weight": 5}, [("/weight", "unknown_field")]),
    ],
)
def test_invalid_rule_is_named_and_changes_nothing(api, config, rules, body, expected):
    assert pointers(api.post(f"{config}/rules", body)) == expected
    assert api.get(config).data["rules"] == rules


def test_a_world_has_a_hundred_rules_at_most(api, config):
    api.patch(config, {"rules": [f"Rule {number}." for number in range(100)]})

    assert pointers(api.post(f"{config}/rules", {"text": "One more."})) == [("/text", "too_many")]
    assert WorldRule.objects.count() == 100


def test_viewers_read_and_strangers_see_nothing(client_of, viewer, stranger, config, rules):
    path = f"{config}/rules/{rules[0]['id']}"

    assert client_of(viewer).get(path).status_code == 200
    problem(client_of(viewer).patch(path, {"text": "Mine."}), 403, "role_too_low")
    problem(client_of(viewer).post(f"{config}/rules", {"text": "Mine."}), 403, "role_too_low")
    problem(client_of(stranger).get(path), 404, "universe_not_found")


def test_rule_of_another_world_is_not_found(api, client_of, stranger, config, rules):
    other = client_of(stranger).post("/universes", {"name": "Elsewhere"}).data["id"]

    response = client_of(stranger).patch(
        f"/universes/{other}/world-config/rules/{rules[0]['id']}", {"text": "Mine."}
    )

    problem(response, 404, "rule_not_found")
    problem(api.get(f"{config}/rules/{uuid.uuid4()}"), 404, "rule_not_found")
    problem(api.get(f"{config}/rules/x"), 404, "rule_not_found")
    assert not CanonChange.objects.filter(universe=other).exists()


def test_stale_rule_is_not_overwritten(api, config, rules):
    path = f"{config}/rules/{rules[0]['id']}"
    seen = api.get(path).headers["ETag"]
    api.patch(path, {"text": "Iron is rare."})

    for answer in (
        api.patch(path, {"text": "Iron is cheap."}, headers={"If-Match": seen}),
        api.delete(path, headers={"If-Match": seen}),
    ):
        assert problem(answer, 412, "precondition_failed")["current"]["text"] == "Iron is rare."

    assert order(api, config) == ["Iron", "Beds", "Salt"]
