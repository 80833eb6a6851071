"""Sentences of a text, and which of its words the narrator asserts.

Negations, comparisons, dreams, tales, claims, suppositions and questions assert nothing. In doubt a statement counts as
not asserted: a missed contradiction costs less than a false accusation.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Final

_SENTENCE_END: Final = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)[.!?…]+[”\"’')\]]*(?=\s+[“\"‘'(\[]?[A-Z0-9ÄÖÜÉ]|\s*$)|\n\s*\n"
)
_SPEECH: Final = re.compile(r"“[^”]*(?:”|$)|\"[^\"\n]*(?:\"|$)|«[^»]*(?:»|$)")
_CLAUSE: Final = re.compile(r"[,;:—–]|\b(?:but|while)\b")
_NEGATION: Final = re.compile(
    r"\b(?:no|not|without|neither|nor|never|nobody|none|nothing|lack\w*|cannot|unable|impossible|instead of|unlike)\b"
    r"|\b\w+n['’]t\b",
    re.IGNORECASE,
)
_SIMILE: Final = re.compile(
    r"\bas (?:if|though)\b|\blike\b(?! to\b)|\bmight (?:as well|have)\b|\b(?:seem|resembl|remind)\w*\b"
    r"|\bas \w+ as\b|\bcould have been\b|\bso to speak\b",
    re.IGNORECASE,
)
_SAYING: Final = re.compile(
    r"\bas (?:the|they|he|she|people|one|later)\b[^.]{0,30}\b(?:saying|put|said|say|is|goes|called?)\b"
    r"|\bthe saying goes\b|\bby which\b|\bmeaning that\b|\bused to say\b|\bin a manner of speaking\b|\bpure\b"
    r"|\bfiguratively\b",
    re.IGNORECASE,
)
_DREAM: Final = re.compile(
    r"\b(?:dream\w*|nightmares?|visions?|(?:her|his|their) sleep|imagin\w+|hallucinat\w+|fantas\w+|daydream\w*"
    r"|delirious|delirium|fever)\b",
    re.IGNORECASE,
)
_WOKE: Final = re.compile(r"\b(?:woke|woken|awoke|waking|awake)\b", re.IGNORECASE)
_FICTION: Final = re.compile(
    r"\b(?:stor(?:y|ies)|tales?|legends?|legendary|myths?|songs?|sang of|ballads?|rhymes?|fables?|puppets?"
    r"|plays?\b(?! with)"
    r"|painted|paintings?|carved|carvings?|statues?|portraits?|pictures?|films?|novels?|poems?|pageant|masks?|masked"
    r"|costumes?|games?|museum|prophec\w+|scripture|toys?|dolls?|tapestr\w+|embroider\w+|stuffed|drawing of)\b",
    re.IGNORECASE,
)
_REPORT: Final = re.compile(
    r"\b(?:claim\w*|swore|insist\w*|lied|an? (?:\w+ )?lie|told lies|lying (?:that|about|to)"
    r"|pretend\w*|rumou?rs?|gossip|allegedly|supposed\w*|according to|believ\w+|thought|suspect\w*|wrong\w*|mistak\w+"
    r"|took \w+ for|jok\w+|boast\w*|hop(?:ed|ing)|wish\w*|fear\w*|accus\w+|whatever|they say|people sa(?:y|id)"
    r"|some sa(?:y|id)|(?:it|he|she) (?:is|was) said|had it that|has it that|put it about|tall tale|swindler|quack|liar"
    r"|handbill|had (?:written|heard) that (?:the|he|she|it|there|\w+ (?:was|had|came))\b|on \S+ ?\S* map)\b",
    re.IGNORECASE,
)
_SUPPOSED: Final = re.compile(
    r"\b(?:(?<!even )if(?! (?:one|you|anybody|anyone|need|asked|only|at all|ever|any|not)\b)|unless|(?:would"
    r"|could|should|might|must) (?:not )?(?:have|be)|perhaps|maybe|suppose)\b"
    r"|(?:^|[“\"(,;]\s*)had (?:\w+ ){1,3}been\b|,\s*had (?:that|it|there)\b",
    re.IGNORECASE,
)
_MEMORY: Final = re.compile(
    r"\b(?:ago|once|remember\w*|memor\w+|used to|had (?:\w+ ){0,2}\w+(?:ed|en|od|id|ade|ung|oke|ent|ook|ught)"
    r"|in (?:those|her|his) (?:days|lifetime|time)|when (?:he|she|they) (?:was|were) (?:alive|young)|long before"
    r"|the late|the dead|ghost of|grave|tomb)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    start: int
    paragraph: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Prose:
    """A text with cached sentences and quoted speech."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        found: list[Sentence] = []
        start, paragraph = 0, 0
        for end in [*(match.end() for match in _SENTENCE_END.finditer(self.text)), len(self.text)]:
            piece = self.text[start:end]
            stripped = piece.strip()
            if stripped:
                found.append(Sentence(stripped, start + piece.index(stripped), paragraph))
            if "\n\n" in re.sub(r"[ \t\r]", "", piece[len(piece.rstrip()) :] + self.text[end : end + 4]):
                paragraph += 1
            start = end
        return tuple(found)

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def _speech(self) -> list[tuple[int, int]]:
        return [match.span() for match in _SPEECH.finditer(self.text)]

    def sentence_at(self, position: int) -> Sentence:
        return self.sentences[max(0, bisect_right(self._starts, position) - 1)]

    def is_speech(self, position: int) -> bool:
        return any(start <= position < end for start, end in self._speech)

    def is_asserted(self, start: int, end: int, *, in_speech: bool = False) -> bool:
        """Return whether the narrator, or with ``in_speech`` also a character, asserts the given words."""
        if not in_speech and self.is_speech(start):
            return False
        sentence = self.sentence_at(start)
        before = self.text[sentence.start : start]
        whole = self.text[sentence.start : max(end, sentence.end)]
        clause = _CLAUSE.split(before)[-1] + self.text[start:end]
        return not (
            _NEGATION.search(clause)
            or _SIMILE.search(before)
            or _SAYING.search(whole)
            or _FICTION.search(whole)
            or _REPORT.search(before + self.text[start:end])
            or _REPORT.search(self.text[end : sentence.end])
            or _SUPPOSED.search(self.text[sentence.start : self._clause_end(end, sentence.end)])
            or (whole.rstrip("”\"’' ").endswith("?") and not in_speech)
            or self._is_dreamt(sentence)
        )

    def _clause_end(self, start: int, end: int) -> int:
        """Return the end of the clause, and of a next one after a comma: a condition can only be that near."""
        cuts = [match.start() + start for match in re.finditer(r"[,;:—–]", self.text[start:end])]
        if cuts and self.text[cuts[0]] != ",":
            return cuts[0]
        return cuts[1] if len(cuts) > 1 else end

    def is_memory(self, start: int, end: int) -> bool:
        """Return whether the sentence up to ``end`` looks back to the past."""
        return _MEMORY.search(self.text[self.sentence_at(start).start : end]) is not None

    def _is_dreamt(self, sentence: Sentence) -> bool:
        """Return whether the sentence is part of a dream, which lasts until someone wakes or the paragraph ends."""
        dreaming = False
        for other in self.sentences:
            if other.start > sentence.start:
                break
            if other.paragraph != sentence.paragraph:
                continue
            if other.start == sentence.start:
                return dreaming or _DREAM.search(other.text) is not None
            if _WOKE.search(other.text):
                dreaming = False
            elif re.search(r"\bdream(?:ed|t|s)?\b", other.text, re.IGNORECASE):
                dreaming = True
        return dreaming
