"""Texts of the greatest length that are slow to check, and the people whom they are checked against."""

from __future__ import annotations

from typing import Final

from agents.engine.fields import CONTENT_CHARS
from evals.timing import HOSTILE_SHAPES, people_names
from universes.models import Element, Universe

_SHAPES: Final = ("Mira said no, and", "“a” blood “b”", "Blood.", "names and pronouns")
# Two of each shape.
HOSTILE_TEXTS: Final = tuple(HOSTILE_SHAPES[name](CONTENT_CHARS).strip() for name in _SHAPES * 2)
_PEOPLE: Final = 200


def add_people(universe: Universe) -> None:
    """Add dead people to a universe, whose facts most checks read."""
    Element.objects.bulk_create(
        Element(
            universe=universe,
            kind="character",
            name=name,
            name_key=name.lower(),
            traits={"status": "dead", "eyes": "green", "age": 40},
            canon_status="canon",
        )
        for name in people_names()[:_PEOPLE]
    )
