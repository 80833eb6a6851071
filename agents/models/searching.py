"""The texts of a job that a search looks through: what was asked, and what was written."""

from __future__ import annotations

from typing import Any, Final

from universes import fulltext

JOBS: Final = fulltext.Searchable(
    "agent_jobs",
    {
        "input_data": ("prompt", "location_name", "details", "content", "characters[*].name", "landmarks[*]"),
        "output_data": (
            "title",
            "content",
            "location_name",
            "description",
            "explanation",
            "landmarks[*].name",
            "landmarks[*].description",
            "atmosphere",
            "map_layout",
            "camera",
            "mood",
            "shots[*].description",
            "violations[*].quote",
            "violations[*].rule",
            "violations[*].explanation",
            "suggestions[*]",
        ),
    },
)


def create(using: str, **kwargs: Any) -> None:
    fulltext.create(using, [JOBS])


def drop(using: str, **kwargs: Any) -> None:
    fulltext.drop(using, [JOBS])
