"""Species of characters: "a talking fox", "race: elf"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.facts.clauses import Clause
from agents.engine.checks.facts.restatement import Restatement
from agents.engine.checks.facts.trait_names import trait_name
from agents.engine.sources import trait_text
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import ROLES, SPECIES
from agents.engine.text.word_forms import one_of, word_set
from agents.engine.world import Element

_KEYS: Final = frozenset(("species", "race", "ancestry", "animal", "kind", "people"))
_VALUE: Final = re.compile(
    rf"(?:(?:an?|the|high|wood|dark|mountain|hill|red|grey|old|young) )*(?P<species>{one_of(SPECIES)})\b",
    re.IGNORECASE,
)
# Not "a fox of a man", "a fox hunter", "an old goat".
_TOLD: Final = lazy_pattern(
    rf"(?:an?|the) (?:[\w-]+,? ){{0,2}}?(?P<species>(?!human){one_of(SPECIES)})"
    rf"(?=$|[,.;]| (?:who|with|from|living|and an?|{one_of(ROLES)})\b| (?:of|in) the\b)",
    re.IGNORECASE,
)
# Words for animals that are also said of people, unless something tells that this one is an animal.
_SAID_OF_PEOPLE: Final = word_set("""
    bat bear cat crow dog dragon fox goat goose hare mole mouse otter owl pig rat raven shrew toad weasel wolf
""")
_IS_ANIMAL: Final = lazy_pattern(
    r"\b(?:talking|fur|furry|paws?|tail|whiskers|burrow|den|feathers?|wings|muzzle|snout|animals?"
    r"|who (?:sells|lives|keeps))\b",
    re.IGNORECASE,
)


def species(element: Element, clauses: tuple[Clause, ...]) -> Iterator[Restatement]:
    """Yield the species of a character that no trait ``species`` gives."""
    traits = {trait_name(key): (key, value) for key, value in element.traits.items()}
    if "species" in traits:
        return
    for name in _KEYS & traits.keys():
        key, value = traits[name]
        found = _VALUE.match(str(value))
        if found is not None:
            yield Restatement(found["species"].lower(), trait_text(key, value), "species")
            return
    for clause in clauses[:1]:
        found = _TOLD.match(clause.predicate)
        if found is None:
            continue
        word = found["species"].lower()
        if word not in _SAID_OF_PEOPLE or _IS_ANIMAL.search(element.summary):
            yield Restatement(word, clause.quote, "species")
