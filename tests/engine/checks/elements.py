"""Elements of worlds for tests of the checks."""

from __future__ import annotations

from typing import Any


def person(id_: str, name: str, summary: str, pronoun: str, **traits: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "kind": "character",
        "name": name,
        "summary": summary,
        "traits": {"pronoun": pronoun, **traits},
    }
