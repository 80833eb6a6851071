"""Fill the sentence templates of one answer, none of them twice. ``sentences.toml`` explains the templates."""

from __future__ import annotations

import random
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from agents.engine.checks import check
from agents.engine.text.matching import count_words
from agents.engine.world import WorldView
from agents.mock.request import SENTENCE_GAP, capitalised

SENTENCES: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8")
)
# Length of the shortest templates, which close the gap to a narrow word range.
MIN_SENTENCE_WORDS: Final = 4
# Number of times that a template is filled anew when it gives a sentence that the answer already holds.
MAX_DRAWS: Final = 3

_CHOICE: Final = re.compile(r"\[([^\]]+)\]")
_SLOT: Final = re.compile(r"\{(\w+)\}")


@dataclass
class Phrasing:
    """The sentences of one answer. ``slots`` hold for all of them; ``{who}`` is drawn anew from ``people``."""

    rng: random.Random
    slots: Mapping[str, str]
    people: Iterable[str]
    banned: Collection[str]
    _uses: Counter[str] = field(default_factory=Counter)
    _templates: dict[str, str] = field(default_factory=dict)

    def pick(
        self, templates: Iterable[str], fits: Callable[[str], bool] = lambda sentence: True, **slots: str
    ) -> str:
        """Return a new sentence from the least used of ``templates``, or "" if none of them gives one that fits."""
        values = {"who": "someone", **self.slots, **slots}
        usable = [
            template
            for template in templates
            if template not in self.banned and all(values.get(name) for name in _SLOT.findall(template))
        ]
        self.rng.shuffle(usable)
        for template in sorted(usable, key=self._uses.__getitem__):
            for _ in range(MAX_DRAWS):
                sentence = self.fill(template, **slots)
                parts = SENTENCE_GAP.split(sentence)
                if fits(sentence) and not any(part in self._templates for part in parts):
                    self._uses[template] += 1
                    self._templates |= dict.fromkeys(parts, template)
                    return sentence
        return ""

    def first(self, templates: Iterable[str]) -> str:
        """Return a sentence from the first of ``templates`` that can be used here."""
        return next(filter(None, (self.pick([template]) for template in templates)), "")

    def fill(self, template: str, **slots: str) -> str:
        values = {"who": self.rng.choice(list(self.people)), **self.slots, **slots}
        drawn = _CHOICE.sub(lambda match: self.rng.choice(match[1].split("|")), template)
        return capitalised(_SLOT.sub(lambda match: values[match[1]], drawn))

    def contradicting(self, world: WorldView) -> set[str]:
        """Return the templates whose sentences contradict ``world`` by the engine's own checks."""
        findings = check("\n\n".join(self._templates), world)
        return {
            template
            for sentence, template in self._templates.items()
            if any(finding.quote in sentence for finding in findings)
        }


@dataclass
class Draft:
    """A text in named sections that keeps within a word range."""

    min_words: int
    max_words: int
    sections: dict[str, list[str]] = field(default_factory=dict)
    words: int = 0

    def fits(self, sentence: str) -> bool:
        """Return whether the range can still be met after ``sentence``."""
        words = self.words + count_words(sentence)
        return self.min_words <= words <= self.max_words or words <= self.max_words - MIN_SENTENCE_WORDS

    def add(self, section: str, *sentences: str) -> None:
        self.sections.setdefault(section, []).extend(filter(None, sentences))
        self.words += sum(map(count_words, sentences))

    def text(self, sections: Iterable[str], max_sentences: int) -> str:
        """Return the sections in the given order, in paragraphs of about equal length."""
        paragraphs = []
        for sentences in filter(None, map(self.sections.get, sections)):
            size = -(-len(sentences) // -(-len(sentences) // max_sentences))
            paragraphs += [" ".join(sentences[i : i + size]) for i in range(0, len(sentences), size)]
        return "\n\n".join(paragraphs)
