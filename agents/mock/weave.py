"""Filling sentences in: no sentence twice, no noun twice in a row, capital letters where sentences begin."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter

from agents.engine.text import count_words
from agents.mock.eras import Palette

_FORMATTER = Formatter()


@dataclass
class Weaver:
    """Turns templates into sentences. ``fixed`` are the slots that mean the same all through a text."""

    rng: random.Random
    palette: Palette
    fixed: Mapping[str, str]
    _decks: dict[str, list[str]] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)
    _used: set[str] = field(default_factory=set)

    def say(self, template: str, **slots: str) -> str:
        """The sentence for ``template``, or "" if it would repeat one that was said."""
        self._used.add(template)
        names = {name for _, name, _, _ in _FORMATTER.parse(template) if name}
        values = {name: slots.get(name) or self.fixed.get(name) or self._noun(name) for name in names}
        sentence = capitalised(template.format_map(values))
        if sentence in self._said:
            return ""
        self._said.add(sentence)
        return sentence

    def some(self, templates: Sequence[str], count: int, **slots: str) -> list[str]:
        """Up to ``count`` sentences from those of these templates that the text has not used yet."""
        unused = self.unused(templates)
        chosen = self.rng.sample(unused, min(count, len(unused)))
        return [sentence for template in chosen if (sentence := self.say(template, **slots))]

    def unused(self, templates: Iterable[str]) -> list[str]:
        return [template for template in templates if template not in self._used]

    def shuffled(self, templates: Iterable[str]) -> list[str]:
        deck = list(templates)
        self.rng.shuffle(deck)
        return deck

    def _noun(self, slot: str) -> str:
        deck = self._decks.get(slot)
        if not deck:
            deck = self._decks[slot] = self.shuffled(self.palette[slot])
        return deck.pop()


@dataclass
class Draft:
    """A text that grows block by block and never beyond ``most`` words."""

    most: int
    blocks: dict[int, list[str]] = field(default_factory=dict)
    words: int = 0

    def add(self, block: int, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            length = count_words(sentence)
            if sentence and self.words + length <= self.most:
                self.blocks.setdefault(block, []).append(sentence)
                self.words += length

    def text(self) -> str:
        return "\n\n".join(" ".join(self.blocks[number]) for number in sorted(self.blocks))


def capitalised(sentence: str) -> str:
    for position, letter in enumerate(sentence):
        if letter.isalpha():
            return sentence[:position] + letter.upper() + sentence[position + 1 :]
    return sentence


def listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
