"""The native format: what is exported and imported again is equal, but for ids and what the report lists."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transfer.running import as_json, lines, run_import
from universes.choices import ElementKind
from universes.errors import DomainError
from universes.models import CanonChange, Element, Universe, WorldImport
from universes.services import canon, relations
from universes.services import universes as universe_service
from universes.services.rules import RuleInput
from universes.transfer.exports.native import export

pytestmark = pytest.mark.django_db

IDS = {"exported_at", "by", "origin_ref"}


def exported(universe: Universe) -> dict[str, Any]:
    world: dict[str, Any] = json.loads("".join(export(universe)))
    return world


def without_ids(world: dict[str, Any]) -> dict[str, Any]:
    """Replace ids by their place in the file, and leave out what has no meaning on another site."""
    places: dict[str, str] = {}
    for name in ("elements", "scenes"):
        places |= {row["id"]: f"{name} {number}" for number, row in enumerate(world[name])}

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            if value.keys() == {"document", "signature"}:
                # A passport: on another site it is declared, and signed anew.
                return value["document"]["disclosure"]
            is_rule = value.keys() == {"id", "text"}
            return {
                key: plain(part)
                for key, part in value.items()
                if key not in IDS and not (is_rule and key == "id")
            }
        if isinstance(value, list):
            return [plain(part) for part in value]
        return places.get(value, value) if isinstance(value, str) else value

    result: dict[str, Any] = plain(world)
    result["relations"] = sorted(map(str, map(_undirected, result["relations"])))
    result["history"].sort(key=str)
    return result


def _undirected(relation: dict[str, Any]) -> dict[str, Any]:
    if relation["kind"] == "friend":
        ends = sorted((relation["from_element"], relation["to_element"]))
        relation |= {"from_element": ends[0], "to_element": ends[1]}
    return relation


LINE = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs", "Cf", "Mn", "Lo")),
    min_size=1,
    max_size=30,
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=200).map(
    str.strip
)
ENTRY: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(ElementKind.values),
        "name": LINE,
        "summary": TEXT,
        "traits": st.dictionaries(st.sampled_from(["weather", "a colour", "Öl", "tone"]), LINE, max_size=3),
        "status": st.sampled_from(["draft", "canon"]),
    }
)
WORLDS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "name": LINE,
        "genre": TEXT.map(lambda text: text[:50]),
        "rules": st.lists(LINE, max_size=4),
        "elements": st.lists(
            ENTRY, max_size=6, unique_by=lambda entry: (entry["kind"], entry["name"].casefold())
        ),
        "scenes": st.lists(st.tuples(LINE, TEXT.filter(bool), st.booleans()), max_size=4),
        "relations": st.lists(
            st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(["friend", "sister", "keeper"])),
            max_size=5,
        ),
    }
)


def build(owner: User, world: dict[str, Any]) -> Universe:
    universe = universe_service.create_universe(owner, name=world["name"])
    universe_service.update_world_config(
        universe, genre=world["genre"], rules=[RuleInput(text) for text in world["rules"]]
    )
    made: list[Element] = []
    for entry in world["elements"]:
        # Two names that differ only by signs that show nothing.
        with suppress(DomainError):
            made.append(canon.add_element(universe, **entry))
    for title, text, is_retired in world["scenes"]:
        with suppress(DomainError):
            scene = canon.add_scene(universe, title=title, text=text, by=owner)
            if is_retired:
                canon.retire(scene, by=owner)
    for one, other, kind in world["relations"]:
        if one != other and max(one, other) < len(made):
            # The same relation twice.
            with suppress(DomainError):
                relations.add_relation(
                    universe, kind=kind, from_element=made[one].pk, to_element=made[other].pk
                )
    return universe


@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=WORLDS)
def test_generated_world_comes_back_equal(creator, stranger, world):
    universe = build(creator, world)
    before = exported(universe)

    row = run_import(stranger, as_json(before), "world.json")

    assert (row.status, row.error) == ("completed", "")
    assert row.universe is not None
    assert without_ids(exported(row.universe)) == without_ids(before)
    allowed = ("origin_ref", "history", "entries")
    assert all(line["where"].endswith(allowed) for line in row.report if line["what"] != "unchanged")


def test_file_of_an_own_universe_adds_nothing_to_it(creator, universe):
    canon.add_element(universe, kind="item", name="Bell", summary="It rings.", by=creator)
    canon.add_scene(universe, title="Dawn", text="Fog.", by=creator)
    file = as_json(exported(universe))

    row = run_import(creator, file, "world.json", universe_id=universe.pk)

    assert (row.created, row.updated, row.skipped) == ({}, 0, 2)
    assert CanonChange.objects.count() == 2


def test_changed_source_updates_what_nobody_edited_and_reports_the_rest(creator, stranger, universe):
    for name in ("Bell", "Rope", "Oar"):
        canon.add_element(universe, kind="item", name=name, by=creator)
    first = run_import(stranger, as_json(exported(universe)), "world.json")
    target = first.universe
    assert target is not None
    file = exported(universe)
    for element in file["elements"]:
        element["summary"] = f"{element['name']}, changed at its source."
    canon.revise_element(
        Element.objects.get(universe=target, name="Rope"), summary="Edited here.", by=stranger
    )
    canon.retire(Element.objects.get(universe=target, name="Oar"), by=stranger)

    second = run_import(stranger, as_json(file), "world.json", universe_id=target.pk)

    assert (second.created, second.updated, second.skipped) == ({}, 1, 2)
    assert dict(Element.objects.filter(universe=target).values_list("name", "summary")) == {
        "Bell": "Bell, changed at its source.",
        "Rope": "Edited here.",
        "Oar": "",
    }
    assert sorted(lines(second, "conflict")) == [
        "Oar: It changed at its source, but was removed here; it stays so.",
        "Rope: It changed at its source and here; it was left as it is here.",
    ]
    third = run_import(stranger, as_json(file), "again.json", universe_id=target.pk)
    assert (third.created, third.updated, third.skipped) == ({}, 0, 3)


def test_dry_run_tells_all_and_stores_nothing(creator, stranger, universe):
    canon.add_element(universe, kind="item", name="Bell", by=creator)
    file = as_json(exported(universe))

    row = run_import(stranger, file, "world.json", dry_run=True)

    assert (row.status, row.created, row.universe) == ("completed", {"item": 1}, None)
    assert (Universe.objects.count(), Element.objects.count()) == (1, 1)


def test_import_into_a_foreign_universe_is_refused_at_once(viewer, creator, universe):
    file = as_json(exported(universe))

    with pytest.raises(Exception, match="this takes the role editor"):
        run_import(viewer, file, "world.json", universe_id=universe.pk)
    assert WorldImport.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda file: file.update(version=2), "version_too_new"),
        (lambda file: file["elements"][0].update(kind="dragon"), "wrong_format"),
        (lambda file: file["elements"].append(file["elements"][0]), "wrong_format"),
        (lambda file: file["universe"].pop("name"), "wrong_format"),
    ],
)
def test_file_that_does_not_fit_fails_with_a_sentence(creator, stranger, universe, change, code):
    canon.add_element(universe, kind="item", name="Bell", by=creator)
    file = exported(universe)
    change(file)

    row = run_import(stranger, as_json(file), "world.json")

    assert (row.status, row.error_code) == ("failed", code)
    assert Universe.objects.count() == 1
