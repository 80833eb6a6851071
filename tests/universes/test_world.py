from __future__ import annotations

import uuid

import pytest

from universes.errors import Invalid
from universes.models import WorldRule
from universes.services import canon, relations, rules, timeline
from universes.services import universes as service
from universes.services.rules import RuleInput
from universes.services.world import world_snapshot, world_stamp


def rules_of(universe):
    return list(universe.world_rules.order_by("position").values_list("position", "text"))


def ids_of(universe):
    return {rule.text: rule.pk for rule in universe.world_rules.all()}


@pytest.fixture
def three_rules(universe):
    texts = ("No one can teleport.", "The dead stay dead.", "Iron burns elves.")
    service.update_world_config(universe, rules=[RuleInput(text) for text in texts])
    return ids_of(universe)


def test_update_changes_only_given_fields(universe):
    service.update_world_config(universe, genre=" low fantasy ", tone="wry")
    service.update_world_config(universe, tone="grim")

    universe.world_config.refresh_from_db()
    assert (universe.world_config.genre, universe.world_config.tone) == ("low fantasy", "grim")


def test_reordered_rules_keep_their_ids(universe, three_rules):
    new = ["Iron burns elves.", "No  one can\nteleport.", "Rain falls up."]

    service.update_world_config(universe, rules=[RuleInput(text) for text in new])

    assert rules_of(universe) == [
        (1, "Iron burns elves."),
        (2, "No one can teleport."),
        (3, "Rain falls up."),
    ]
    kept = ids_of(universe)
    assert kept["Iron burns elves."] == three_rules["Iron burns elves."]
    assert kept["No one can teleport."] == three_rules["No one can teleport."]
    assert kept["Rain falls up."] not in three_rules.values()


def test_reworded_rule_keeps_its_id(universe, three_rules):
    first = three_rules["No one can teleport."]

    service.update_world_config(
        universe, rules=[RuleInput("The dead stay dead."), RuleInput("Few can teleport.", first)]
    )

    assert ids_of(universe) == {
        "The dead stay dead.": three_rules["The dead stay dead."],
        "Few can teleport.": first,
    }


def test_duplicate_text_makes_a_second_rule(universe, three_rules):
    service.update_world_config(
        universe, rules=[RuleInput("The dead stay dead."), RuleInput("The dead stay dead.")]
    )

    first, second = universe.world_rules.order_by("position")
    assert first.pk == three_rules["The dead stay dead."]
    assert second.pk not in three_rules.values()


def test_two_rules_can_swap_texts(universe, three_rules):
    first, second = three_rules["No one can teleport."], three_rules["The dead stay dead."]

    service.update_world_config(
        universe, rules=[RuleInput("The dead stay dead.", first), RuleInput("No one can teleport.", second)]
    )

    assert ids_of(universe) == {"The dead stay dead.": first, "No one can teleport.": second}


@pytest.mark.parametrize(
    ("rules", "pointer"),
    [
        ([RuleInput("New."), RuleInput("Foreign.", uuid.UUID(int=1))], "/rules/1/id"),
        ([RuleInput("New."), RuleInput("  ")], "/rules/1"),
        ([RuleInput("x" * 1001)], "/rules/0"),
        ([RuleInput(f"Rule {number}.") for number in range(101)], "/rules"),
    ],
)
def test_invalid_rule_list_changes_nothing(universe, three_rules, rules, pointer):
    with pytest.raises(Invalid) as caught:
        service.update_world_config(universe, genre="gothic", rules=rules)

    assert [error.pointer for error in caught.value.errors] == [pointer]
    assert ids_of(universe) == three_rules
    assert world_snapshot(universe).genre == ""


def test_repeated_rule_id_is_refused(universe, three_rules):
    rule_id = three_rules["No one can teleport."]

    with pytest.raises(Invalid) as caught:
        service.update_world_config(universe, rules=[RuleInput("One.", rule_id), RuleInput("Two.", rule_id)])

    assert caught.value.errors[0].pointer == "/rules/0/id"
    assert ids_of(universe) == three_rules


def test_rules_of_other_universes_are_unchanged(universe, owner, three_rules):
    other = service.create_universe(owner, name="Other")
    service.update_world_config(other, rules=[RuleInput("No one can teleport.")])

    service.update_world_config(universe, rules=[])

    assert rules_of(other) == [(1, "No one can teleport.")]
    assert rules_of(universe) == []


def test_snapshot_holds_config_rules_and_canon_only(universe, owner):
    service.update_world_config(
        universe,
        genre="low fantasy",
        tone="wry",
        tech_level="medieval",
        magic_system="Costs sleep.",
        physics="Two moons.",
        rules=[RuleInput("No one can teleport."), RuleInput("Beds are sacred.")],
    )
    tower = canon.add_element(universe, kind="location", name="Old Tower", status="canon", by=owner)
    zora = canon.add_element(universe, kind="character", name="Zora", status="canon", by=owner)
    ana = canon.add_element(
        universe,
        kind="character",
        name="Ana",
        summary="A ferrywoman.",
        traits={"role": "guide", "age": 31},
        status="canon",
        by=owner,
    )
    canon.add_element(universe, kind="character", name="A rumour", by=owner)
    canon.retire(canon.add_element(universe, kind="item", name="Lost bell", status="canon", by=owner))

    snapshot = world_snapshot(universe).as_dict()

    texts = WorldRule.objects.order_by("position")
    assert snapshot == {
        "name": "Low Marsh",
        "genre": "low fantasy",
        "tone": "wry",
        "tech_level": "medieval",
        "magic_system": "Costs sleep.",
        "physics": "Two moons.",
        "rules": [
            {"id": str(texts[0].pk), "text": "No one can teleport."},
            {"id": str(texts[1].pk), "text": "Beds are sacred."},
        ],
        "elements": [
            {
                "id": str(ana.pk),
                "kind": "character",
                "name": "Ana",
                "summary": "A ferrywoman.",
                "traits": {"age": 31, "role": "guide"},
            },
            {"id": str(zora.pk), "kind": "character", "name": "Zora", "summary": "", "traits": {}},
            {"id": str(tower.pk), "kind": "location", "name": "Old Tower", "summary": "", "traits": {}},
        ],
    }
    assert list(snapshot["elements"][0]["traits"]) == ["age", "role"]


@pytest.mark.parametrize("count", [1, 40])
def test_snapshot_takes_five_queries(universe, owner, count, django_assert_num_queries):
    for number in range(count):
        canon.add_element(universe, kind="item", name=f"Bell {number}", status="canon", by=owner)

    with django_assert_num_queries(5):
        snapshot = world_snapshot(universe)

    assert len(snapshot.elements) == count


def test_snapshot_dict_is_a_copy(universe, owner):
    canon.add_element(
        universe, kind="character", name="Ana", traits={"goals": ["rest"]}, status="canon", by=owner
    )
    snapshot = world_snapshot(universe)

    snapshot.as_dict()["elements"][0]["traits"]["goals"].append("revenge")

    assert snapshot.as_dict()["elements"][0]["traits"] == {"goals": ["rest"]}


@pytest.mark.postgres
def test_stamp_changes_with_the_world_and_not_with_drafts(universe, owner):
    """Each change of what agents read gives another stamp; what they do not read gives none."""
    scene = canon.add_scene(universe, title="Dawn", text="Fog.", by=owner)
    mira = canon.add_element(universe, kind="character", name="Mira", status="canon", by=owner)
    tom = canon.add_element(universe, kind="character", name="Tom", by=owner)
    stamps = [world_stamp(universe.pk)]

    def changes(change):
        change()
        stamps.append(world_stamp(universe.pk))
        assert stamps[-1] != stamps[-2]

    def leaves(change):
        change()
        assert world_stamp(universe.pk) == stamps[-1]

    leaves(lambda: canon.add_element(universe, kind="item", name="Key", by=owner))
    leaves(lambda: canon.revise_element(tom, summary="A keeper.", by=owner))
    leaves(lambda: canon.add_scene(universe, title="Noon", text="Sun.", status="canon", by=owner))
    changes(lambda: canon.set_status(tom, "canon", by=owner))
    changes(lambda: canon.revise_element(mira, summary="A ferrywoman.", by=owner))
    changes(lambda: service.update_world_config(universe, tone="bleak"))
    changes(lambda: service.update_world_config(universe, rules=[RuleInput("No flying.")]))
    changes(lambda: rules.remove_rule(universe, ids_of(universe)["No flying."], by=owner))
    changes(
        lambda: relations.add_relation(
            universe, kind="sister", from_element=mira.pk, to_element=tom.pk, by=owner
        )
    )
    leaves(lambda: timeline.place_scene(scene, key=880, label="880", by=owner))
    changes(
        lambda: timeline.add_event(universe, {"title": "The flood", "key": 880, "label": "880"}, by=owner)
    )
    changes(lambda: timeline.place_scene(scene, key=3, label="The third tide", by=owner))
    changes(lambda: canon.retire(tom, by=owner))
    other = service.create_universe(owner, name="High Fen")
    leaves(lambda: canon.add_element(other, kind="item", name="Key", status="canon", by=owner))
    assert len(set(stamps)) == len(stamps)
