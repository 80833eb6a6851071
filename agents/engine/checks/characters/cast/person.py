"""A character of the world with the traits that the checks read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from agents.engine.checks.characters.cast.descriptions import DEATH, Profile, roles_of
from agents.engine.checks.facts.deaths import DECEASED
from agents.engine.checks.facts.pronouns import Pronoun, pronoun_of
from agents.engine.checks.facts.restatement import TOLD
from agents.engine.checks.facts.trait_names import trait_name
from agents.engine.checks.statements import stated
from agents.engine.sources import element_text, trait_text
from agents.engine.text.vocabulary import ROLES
from agents.engine.text.word_forms import number_of
from agents.engine.world import Element

# Traits that give somebody's occupation.
ROLE_KEYS: Final = ("role", "title", "occupation", "profession")


@dataclass(frozen=True, eq=False)
class Person:
    """A character of the world with their facts as one text: one object for all texts, so that facts are read once."""

    element: Element
    source_id: str
    pronoun: Pronoun
    facts: str

    @property
    def name(self) -> str:
        return self.element.name

    @cached_property
    def told(self) -> str:
        """Restated facts, "blind. cannot swim. only child."."""
        facts = self.element.traits.get(TOLD)
        return "".join(f"{fact}. " for fact in facts) if isinstance(facts, list) else ""

    @property
    def is_dead(self) -> bool:
        return DECEASED in self.told

    @property
    def role(self) -> str:
        """The last word of the role, in lower case: "reeve" for a town reeve, "pastor" for Pastor Lunde."""
        role = self.trait(*ROLE_KEYS)
        words = role[0].lower().split() if role is not None else ()
        title = self.name.split()[0].lower()
        return words[-1] if words else title if title in ROLES else ""

    def trait(self, *keys: str) -> tuple[str, str] | None:
        """Return the value of the first trait among ``keys``, and the statement that contains it."""
        for key, value in self.element.traits.items():
            if trait_name(key) in keys and isinstance(value, str | int):
                return str(value), trait_text(key, value)
        return None


def person_of(ref: str, element: Element) -> Person:
    return Person(element, element.id or ref, pronoun_of(element), element_text(element))


def profile_of(element: Element) -> Profile:
    traits = {key.casefold(): value for key, value in element.traits.items()}
    role = next((str(traits[key]) for key in ROLE_KEYS if key in traits), "")
    return Profile(
        element.name,
        element.summary,
        role,
        pronoun_of(element),
        number_of(str(traits.get("age", ""))),
        is_dead=bool(stated(DEATH, element_text(element))),
    )


def describing_words(element: Element) -> frozenset[str]:
    """Return words of which each description of the element by role or age has one."""
    return frozenset(role.split()[-1] for role in roles_of(profile_of(element)))
