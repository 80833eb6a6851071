"""The native format with generated worlds: what is exported and imported again is equal."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transfer.comparing import exported, without_ids
from tests.transfer.running import as_json, run_import
from universes.choices import ElementKind
from universes.errors import DomainError
from universes.models import Element, Universe
from universes.services import canon, relations, timeline
from universes.services import universes as service
from universes.services.rules import RuleInput

pytestmark = pytest.mark.django_db

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
        "events": st.lists(
            st.tuples(LINE, st.floats(-1e6, 1e6), st.sampled_from(["event", "birth", "death"])), max_size=4
        ),
        "relations": st.lists(
            st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(["friend", "sister", "keeper"])),
            max_size=5,
        ),
    }
)


def build(owner: User, world: dict[str, Any]) -> Universe:
    universe = service.create_universe(owner, name=world["name"])
    service.update_world_config(
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
            timeline.place_scene(scene, key=len(text), label=title[:50], by=owner)
            if is_retired:
                canon.retire(scene, by=owner)
    for title, key, kind in world["events"]:
        members = [element.pk for element in made if element.kind == "character"]
        fields = {"title": title, "key": key, "label": title, "kind": kind, "participants": members}
        timeline.add_event(universe, fields | ({"place": made[0].pk} if made else {}), by=owner)
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
