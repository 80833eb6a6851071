"""The JSON Schema of the native format: what the docs have is what is read, and what is exported fits it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from universes.services import canon, relations, timeline
from universes.transfer.exports.native import export
from universes.transfer.formats.native_schema import json_schema

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_docs_have_the_present_schema():
    """Write ``docs/worlds.schema.json`` anew from ``json_schema`` if this fails."""
    assert json.loads((DOCS / "worlds.schema.json").read_text()) == json_schema()


@pytest.mark.django_db
def test_export_fits_the_schema(universe, creator):
    ends = [canon.add_element(universe, kind="item", name=name, by=creator) for name in ("Bell", "Rope")]
    relations.add_relation(universe, kind="tied to", from_element=ends[0].pk, to_element=ends[1].pk)
    scene = canon.add_scene(
        universe, title="Dawn", text="Fog.", mentions=[{"name": "Mira", "how": "legend"}], status="canon"
    )
    timeline.place_scene(scene, key=1, label="One")
    event = {"title": "Toll", "key": 1, "label": "One", "participants": [ends[0].pk]}
    timeline.add_event(universe, event)

    world = json.loads("".join(export(universe)))

    jsonschema.validate(world, json_schema())
    assert {name: len(world[name]) for name in ("elements", "relations", "scenes", "events", "history")} == {
        "elements": 2,
        "relations": 1,
        "scenes": 1,
        "events": 1,
        "history": 6,
    }
