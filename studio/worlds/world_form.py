"""The form of a world: its name, its fields and its rules in their order."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict

from universes.models import Universe, WorldConfig, WorldRule
from universes.services.rules import RuleInput

# Suggestions, besides which any text will do.
GENRES: Final = (
    "fantasy",
    "low fantasy",
    "science fiction",
    "space opera",
    "mystery",
    "gothic",
    "historical",
    "horror",
    "romance",
    "satire",
    "western",
    "fairy tale",
)
TONES: Final = ("wry", "melancholic", "hopeful", "dark", "dry", "lyrical", "playful", "tense", "warm", "epic")
TECH_LEVELS: Final = (
    "stone age",
    "bronze age",
    "medieval",
    "renaissance",
    "industrial",
    "1920s",
    "present day",
    "near future",
    "interstellar",
)
TEXTS: Final = ("name", "description", "genre", "tone", "tech_level", "magic_system", "physics")
SPARE_RULES: Final = 3

EXAMPLE: Final = {
    "name": "The Lamplight Coast",
    "description": "A string of harbour towns whose lighthouses are the only law that everybody keeps.",
    "genre": "low fantasy",
    "tone": "wry and melancholic",
    "tech_level": "age of sail",
    "magic_system": "A lamp lit with whale oil shows what a person has lost, and burns a year of the keeper's life.",
    "physics": "As in our world, except that fog carries sound for miles.",
}
EXAMPLE_RULES: Final = (
    "No lamp is ever put out by its own keeper.",
    "The dead do not return.",
    "Nobody sails in fog, and those who do are not spoken of.",
)


@dataclass(frozen=True, slots=True)
class Rule:
    text: str
    id: str = ""


@dataclass
class WorldForm:
    """The content of the form; ``errors`` by the name of a field, ``rules/2`` for the third rule."""

    values: dict[str, str]
    rules: list[Rule]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """A name for what the form shows, by which a change of somebody else is noticed."""
        shown = [self.values, [[rule.id, rule.text] for rule in self.rules if rule.text]]
        return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:32]

    @property
    def rows(self) -> list[tuple[Rule, str]]:
        """Each rule with its error; numbers of rules count those that are written."""
        rows, number = [], 0
        for rule in self.rules:
            rows.append((rule, self.errors.get(f"rules/{number}", "") if rule.text else ""))
            number += bool(rule.text)
        return rows

    def rule_inputs(self) -> list[RuleInput]:
        return [
            RuleInput(rule.text, uuid.UUID(rule.id) if rule.id else None) for rule in self.rules if rule.text
        ]

    def world_fields(self) -> dict[str, str]:
        return {name: self.values[name] for name in TEXTS if name not in {"name", "description"}}


def empty_form(*, is_example: bool) -> WorldForm:
    if is_example:
        return WorldForm(dict(EXAMPLE), [*map(Rule, EXAMPLE_RULES), Rule("")])
    return WorldForm(dict.fromkeys(TEXTS, ""), [Rule("")] * SPARE_RULES)


def form_of(universe: Universe, config: WorldConfig, rules: Sequence[WorldRule]) -> WorldForm:
    values = {"name": universe.name, "description": universe.description}
    values |= {name: getattr(config, name) for name in TEXTS if name not in values}
    return WorldForm(values, [*(Rule(rule.text, str(rule.pk)) for rule in rules), Rule("")])


def read_form(data: QueryDict) -> WorldForm:
    """Return the form as it was typed, with the step of its rules that a button asks for."""
    values = {name: data.get(name, "").replace("\r\n", "\n") for name in TEXTS}
    texts, ids = data.getlist("rule"), data.getlist("rule_id")
    rules = [
        Rule(text.strip(), _id(ids[index]) if index < len(ids) else "") for index, text in enumerate(texts)
    ]
    step, _, raw = data.get("step", "").partition("-")
    at = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 5 else -1
    if step == "add":
        rules.append(Rule(""))
    elif step == "drop" and 0 <= at < len(rules):
        del rules[at]
    elif step in {"up", "down"} and 0 <= at < len(rules):
        to = at - 1 if step == "up" else at + 1
        if 0 <= to < len(rules):
            rules[at], rules[to] = rules[to], rules[at]
    return WorldForm(values, rules or [Rule("")])


def _id(raw: str) -> str:
    try:
        return str(uuid.UUID(raw))
    except ValueError:
        return ""
