"""Parents of the characters of a world, as their summaries state them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from agents.engine.checks.characters.cast.descriptions import Profile, bearers_of, ties_to_roles
from agents.engine.checks.characters.cast.stated_kin import kin_at
from agents.engine.text.names.index import NameIndex
from agents.engine.text.reading import read_fact
from agents.engine.text.vocabulary import KIN
from agents.engine.text.word_forms import folded


class Parent(NamedTuple):
    """A parent, by position in the world, and the ``statement`` of it in the summary of ``source``."""

    position: int
    source: int
    statement: str


@dataclass(frozen=True, slots=True)
class Families:
    """The stated parents of each child, by position in the world."""

    parents: Mapping[int, tuple[Parent, ...]]

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, people: tuple[Profile, ...]) -> Families:
        index = NameIndex.of(tuple(person.name for person in people))
        parents: dict[int, dict[int, Parent]] = {}
        for one, person in enumerate(people):
            if not any(word in person.summary.lower() for word in KIN):
                continue
            summary = read_fact(person.summary)
            for mention in index.mentions(summary, are_names=True):
                found = kin_at(summary.plain, mention.start, mention.end)
                if mention.index == one or found is None:
                    continue
                kin, start, end = found
                statement = summary.quote(start, end)[0]
                if KIN[folded(kin)] == "parent":
                    parents.setdefault(mention.index, {}).setdefault(one, Parent(one, one, statement))
                elif KIN[folded(kin)] == "child":
                    # The child's own summary goes before that of the parent.
                    parents.setdefault(one, {})[mention.index] = Parent(mention.index, one, statement)
        for one, other, kin, statement in ties_to_roles(people, bearers_of(people)):
            if kin in ("parent", "child"):
                child, parent = (other, one) if kin == "parent" else (one, other)
                parents.setdefault(child, {}).setdefault(parent, Parent(parent, one, statement))
        return cls({child: tuple(known.values()) for child, known in parents.items()})
