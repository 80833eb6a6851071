"""The history of a world config with its rules, and the way back from one step."""

from __future__ import annotations

import pytest

from tests.support.problems import problem_of
from universes.models import CanonChange, WorldConfig, WorldRule
from universes.services import rules
from universes.services.rules import RuleInput
from universes.services.universes import update_world_config

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(universe):
    return f"/universes/{universe.pk}"


def texts(universe):
    return list(
        WorldRule.objects.filter(universe=universe).order_by("position").values_list("text", flat=True)
    )


def steps(universe):
    return list(CanonChange.objects.filter(universe=universe, target_kind="world").order_by("at", "id"))


def revert(api, path, step):
    return api.post(f"{path}/changes/{step.pk}/revert")


def test_each_door_records_who_changed_what(api, path, universe):
    api.patch(f"{path}/world-config", {"genre": "noir", "rules": [{"text": "No one can fly."}]})
    made = api.post(f"{path}/world-config/rules", {"text": "Iron burns."})
    rule = f"{path}/world-config/rules/{made.data['id']}"
    api.patch(rule, {"text": "Iron burns elves.", "position": 1})
    api.delete(rule)
    api.patch(f"{path}/world-config", {"genre": "noir"})

    rows = api.get(f"{path}/changes?target_kind=world&include=content").data["results"]
    assert [(row["name"], row["by"], row["action"]) for row in rows] == [
        ("World config", "carla", "revised")
    ] * 4
    assert (rows[-1]["before"]["genre"], rows[-1]["after"]["genre"]) == ("", "noir")
    assert [[rule["text"] for rule in row["after"]["rules"]] for row in rows] == [
        ["No one can fly."],
        ["Iron burns elves.", "No one can fly."],
        ["No one can fly.", "Iron burns."],
        ["No one can fly."],
    ]


def test_a_step_is_reverted_and_later_ones_that_changed_something_else_stay(api, path, universe):
    update_world_config(universe, genre="noir", tone="wry")
    update_world_config(universe, tone="grim", magic_system="Salt remembers.")
    first, _ = steps(universe)

    problem = problem_of(revert(api, path, first), 409, "canon_moved_on")
    assert problem["detail"] == "Changed again since: tone."
    update_world_config(universe, tone="wry")

    answer = revert(api, path, first)

    assert (answer.status_code, answer.data["action"], answer.data["by"]) == (200, "withdrawn", "carla")
    config = WorldConfig.objects.get(universe=universe)
    assert (config.genre, config.tone, config.magic_system) == ("", "", "Salt remembers.")


def test_rules_come_back_with_their_ids_and_places(api, path, universe):
    update_world_config(universe, rules=[RuleInput("One."), RuleInput("Two."), RuleInput("Three.")])
    two = WorldRule.objects.get(text="Two.")
    rules.remove_rule(universe, two.pk)
    rules.add_rule(universe, text="Four.")

    assert revert(api, path, steps(universe)[1]).status_code == 200

    assert texts(universe) == ["One.", "Two.", "Three.", "Four."]
    assert WorldRule.objects.get(text="Two.").pk == two.pk


def test_reworded_and_moved_rules_go_back(api, path, universe):
    update_world_config(universe, rules=[RuleInput("One."), RuleInput("Two.")])
    two = WorldRule.objects.get(text="Two.")
    rules.change_rule(universe, two.pk, position=1)
    rules.change_rule(universe, two.pk, text="Second.")
    _, moved, reworded = steps(universe)

    problem_of(revert(api, path, steps(universe)[0]), 409, "canon_moved_on")
    assert revert(api, path, reworded).status_code == 200
    assert revert(api, path, moved).status_code == 200
    assert texts(universe) == ["One.", "Two."]
    assert revert(api, path, steps(universe)[0]).status_code == 200
    assert texts(universe) == []


def test_nothing_changes_without_a_record(universe):
    update_world_config(universe, genre="")

    assert steps(universe) == []
