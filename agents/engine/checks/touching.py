"""Texts that a change of a world can concern, told by their words: all others have the findings that they had.

Meant for many texts: words are compared, and nothing is read. A text may be told to be concerned without need, never
the other way round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Final

from agents.engine.checks.characters.cast.descriptions import KIN_WORDS
from agents.engine.checks.characters.cast.person import describing_words
from agents.engine.checks.facts.restated import restated
from agents.engine.checks.statements import Statement, general_statements
from agents.engine.checks.world.counts import read_counts
from agents.engine.checks.world.dated_rules import dated_event
from agents.engine.checks.world.dates import names_of_dates
from agents.engine.checks.world.geography import is_about_coast
from agents.engine.checks.world.natural_laws import is_natural_law
from agents.engine.checks.world.negated_rules import exists, read_negated_rules
from agents.engine.checks.world.places import LOCATION, dependants_of, told_of_place
from agents.engine.checks.world.prohibited_actions import read_prohibited_actions
from agents.engine.checks.world.shown_magic import SHOWN_MAGIC_WORDS
from agents.engine.checks.world.story_time import story_year
from agents.engine.checks.world.words import MADE_WORDS, denial_of_magic
from agents.engine.sources import CHARACTER, element_text
from agents.engine.text.lexicon import later_terms, magic_terms
from agents.engine.text.matching import distinctive_parts, words_of
from agents.engine.text.names.index import words_of_name
from agents.engine.text.reading import Reading
from agents.engine.text.terms import TechLevel
from agents.engine.text.word_forms import noun_words, word_set
from agents.engine.text.word_pattern import WordPattern
from agents.engine.world import CONFIG_FIELDS, Element, WorldView

# Signs in place of which words end, and no letter is hidden.
_SIGNS: Final = "_“”‘’—–…«»\u00a0"
# Words of names and statements that say nothing.
_COMMON: Final = word_set("the a an of and in on at to by for from with de la le von van der is was are were")
# One of them is in each English text of some length.
_ENGLISH: Final = word_set("the and a of to in was is it he she they his her")


def words_in(text: str) -> frozenset[str]:
    """Return the different words of a text in lower case, as a reading has them."""
    plain = text
    for sign in _SIGNS:
        if sign in plain:
            plain = plain.replace(sign, " ")
    return frozenset(words_of(plain)) if plain.isascii() else Reading(text).words


@dataclass(slots=True)
class Touch:
    """Words of which a concerned text has one; ``stems`` are beginnings of such words.

    Of ``names`` it has all words of one; of ``relatives`` too, and with them a word for kinship.
    """

    words: set[str] = field(default_factory=set)
    names: set[frozenset[str]] = field(default_factory=set)
    relatives: set[frozenset[str]] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    is_everything: bool = False
    # Texts in other languages are compared to all words of a world.
    has_new_words: bool = False

    @classmethod
    def of(cls, before: WorldView, after: WorldView) -> Touch:
        """Return what the difference between two states of a world can concern."""
        touch = cls()
        if any(getattr(before, name) != getattr(after, name) for name in CONFIG_FIELDS):
            touch.is_everything = True
            return touch
        before, after = restated(before).world, restated(after).world
        touch._add_rules(before, after)
        touch._add_elements(before, after)
        return touch

    def concerns(self, words: Set[str]) -> bool:
        if self.is_everything or not self.words.isdisjoint(words):
            return True
        if any(name <= words for name in self.names):
            return True
        if not KIN_WORDS.isdisjoint(words) and any(name <= words for name in self.relatives):
            return True
        if self.has_new_words and _ENGLISH.isdisjoint(words):
            return True
        stems = tuple(self.stems)
        return bool(stems) and any(word.startswith(stems) for word in words)

    def _add_rules(self, before: WorldView, after: WorldView) -> None:
        if before.rules == after.rules:
            return
        if story_year(before) != story_year(after):
            self.is_everything = True
        if denial_of_magic(before) != denial_of_magic(after):
            terms = magic_terms()
            self.words.update(terms.by_word, SHOWN_MAGIC_WORDS)
            self.stems.update(terms.stems)
            self.has_new_words = True
        changed = tuple(set(before.rules) ^ set(after.rules))
        if any(is_about_coast(rule.text) for rule in changed):
            self.is_everything = True
        alone = WorldView(name=after.name, rules=changed)
        for statement in general_statements(alone):
            self._add_statement(statement)

    def _add_statement(self, statement: Statement) -> None:
        if is_natural_law(statement.text):
            self.is_everything = True
        for ban in (*read_negated_rules(statement), *read_prohibited_actions(statement)):
            self._add_pattern(ban.pattern)
        if event := dated_event(statement.text):
            self.names.add(_telling_words(event))
        for count in read_counts(statement):
            self.words.update(noun_words(count.noun))

    def _add_pattern(self, pattern: WordPattern) -> None:
        if not pattern.words and not pattern.stems:
            self.is_everything = True
        self.words.update(pattern.words)
        self.stems.update(pattern.stems)

    def _add_elements(self, before: WorldView, after: WorldView) -> None:
        kin, moved = _Kin(before, after), set[str]()
        old, new = ({element.id: element for element in world.elements} for world in (before, after))
        for element_id in old.keys() | new.keys():
            versions = [each[element_id] for each in (old, new) if element_id in each]
            if len(versions) == 2 and versions[0] == versions[1]:
                continue
            is_same_name = len(versions) == 2 and len({(each.name, each.kind) for each in versions}) == 1
            for element in versions:
                self._add_element(element)
                self._add_parts(element, before, after, is_same_name=is_same_name)
            self._add_own_words(versions)
            if not is_same_name:
                self._add_names(versions, before, after)
            self._add_kin(versions, kin)
            if len({told_of_place(element) for element in versions}) != 1 or len(versions) == 1:
                moved |= {element.name for element in versions if element.kind == LOCATION}
        for world in (before, after) if moved else ():
            # Whether a text puts them elsewhere depends on where the places lie in which they are.
            for element in dependants_of(moved, world):
                self._add_element(element)
                self._add_parts(element, before, after, is_same_name=True)
                self._add_kin([element], kin)

    def _add_element(self, element: Element) -> None:
        self.names.add(_words_of_full_name(element))
        self.names.update(_telling_words(name) for name in names_of_dates(element))
        if element.kind == CHARACTER:
            self.words.update(describing_words(element))

    def _add_parts(
        self, element: Element, before: WorldView, after: WorldView, *, is_same_name: bool
    ) -> None:
        """Add the words of a name that alone can mean its bearer, or whose meaning for another bearer changes."""
        others = [[other for other in world.elements if other.id != element.id] for world in (before, after)]
        for word in _part_words(element) if element.kind == CHARACTER else _telling_words(element.name):
            bearers = min(
                sum(other.kind == CHARACTER and word in _part_words(other) for other in world)
                for world in others
            )
            is_taken = all(
                any(other.kind != CHARACTER and word in words_in(other.name) for other in world)
                for world in others
            )
            limit = 0 if is_same_name else 1
            if not is_taken and bearers <= limit and (element.kind == CHARACTER or not is_same_name):
                self.words.add(word)

    def _add_names(self, versions: Iterable[Element], before: WorldView, after: WorldView) -> None:
        """Add what depends on there being a thing of that name."""
        for name in {element.name for element in versions}:
            told = _telling_words(name)
            for element in (*before.elements, *after.elements):
                # Another element's facts may speak of it: an owner, a mother.
                if not told.isdisjoint(words_in(element_text(element))):
                    self._add_element(element)
                    self._add_parts(element, before, after, is_same_name=True)
            for world in (before, after):
                for statement in general_statements(world):
                    for ban in read_negated_rules(statement):
                        if exists(ban.label, [name]):
                            self._add_pattern(ban.pattern)
                            for action in read_prohibited_actions(statement):
                                self._add_pattern(action.pattern)
                    if name in statement.text:
                        # A rule about a place does not apply to others.
                        self._add_statement(statement)
        if any(element.kind == "location" for element in versions):
            rules = " ".join((*before.rule_texts(), *after.rule_texts()))
            self.is_everything |= any(element.name in rules for element in versions)

    def _add_own_words(self, versions: list[Element]) -> None:
        """Add the things and the magic that exist in the world because an element speaks of them."""
        texts = {f"{element.name} {element.summary}" for element in versions}
        if len(versions) == 2 and len(texts) == 1:
            return
        self.has_new_words = True
        words = {word for text in texts for word in words_in(text)}
        forms = {form for word in words for form in _forms(word)}
        terms, stems = _vocabulary()
        self.names.update(term for word in forms & terms.keys() for term in terms[word] if term <= forms)
        self.stems.update(stem for stem in stems if any(word.startswith(stem) for word in words))
        joined = " ".join(texts).casefold()
        self.words.update(word for word in MADE_WORDS.words if word in joined)
        self.stems.update(stem for stem in MADE_WORDS.stems if stem in joined)

    def _add_kin(self, versions: Iterable[Element], kin: _Kin) -> None:
        """Add the people of whom the element is a relative by anybody's facts: "her brother" may mean it.

        A text can mean it so only if it has such a person, by a name or a role.
        """
        own_names = {name for element in versions for name in kin.names_of(element)}
        own_words = {word for element in versions for word in words_in(element_text(element))}
        is_relative = not KIN_WORDS.isdisjoint(own_words)
        found: set[frozenset[str]] = set()
        for words, names in kin.everybody:
            has_relative = not KIN_WORDS.isdisjoint(words) and any(name <= words for name in own_names)
            if has_relative or (is_relative and any(name <= own_words for name in names)):
                found |= names
        if found:
            self.relatives |= found | own_names


class _Kin:
    """The people of two states of a world: the words of each one's facts, and the words by which a text means each."""

    def __init__(self, before: WorldView, after: WorldView) -> None:
        self._worlds = before, after

    @cached_property
    def _bearers(self) -> list[Counter[str]]:
        """The number of people that bear a word in their names, in both states."""
        people = (
            [element for element in world.elements if element.kind == CHARACTER] for world in self._worlds
        )
        return [Counter(word for element in each for word in _part_words(element)) for each in people]

    @cached_property
    def everybody(self) -> list[tuple[frozenset[str], set[frozenset[str]]]]:
        before, after = self._worlds
        same = set(map(id, before.elements))
        elements = (*before.elements, *(element for element in after.elements if id(element) not in same))
        return [(words_in(element_text(element)), self.names_of(element)) for element in elements]

    def names_of(self, element: Element) -> set[frozenset[str]]:
        """Return sets of words of which a text that means the element has all of one.

        These are its name, a part of it that it alone bears in one of the states, and its role.
        """
        parts = _part_words(element) if element.kind == CHARACTER else frozenset()
        alone = (word for word in parts if min(bearers[word] for bearers in self._bearers) <= 1)
        words = (*alone, *describing_words(element))
        return {_words_of_full_name(element), *(frozenset((word,)) for word in words)}


def _telling_words(name: str) -> frozenset[str]:
    """Return the words of a name of which each text that has the name has one."""
    words = words_in(name)
    return words - _COMMON or words


def _part_words(element: Element) -> frozenset[str]:
    """Return the first words of the parts of a longer name, by which a text can mean a person."""
    return frozenset(word for part in distinctive_parts(element.name) for word in words_of_name(part)[:1])


def _words_of_full_name(element: Element) -> frozenset[str]:
    """Return the words that a text has which names the element in full, perhaps without a title."""
    parts = _part_words(element) if element.kind == CHARACTER else frozenset()
    return parts or _telling_words(element.name)


def _forms(word: str) -> tuple[str, ...]:
    return (word, f"{word}s", f"{word}es", f"{word[:-1]}ies", word.removesuffix("s"), word.removesuffix("es"))


@cache
def _vocabulary() -> tuple[dict[str, set[frozenset[str]]], tuple[str, ...]]:
    """Return the words of all terms that can be out of place, by their first word, and the beginnings of others."""
    indexes = (later_terms(TechLevel.STONE_AGE), magic_terms())
    terms: dict[str, set[frozenset[str]]] = {}
    for index in indexes:
        for word, found in index.by_word.items():
            terms.setdefault(word, set()).update(map(frozenset, found))
    return terms, tuple(stem for index in indexes for stem in index.stems)
