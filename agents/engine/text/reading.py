"""A text read once: its folded form, words, sentences, clauses and quoted speech."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from agents.engine.text.folding import fold
from agents.engine.text.frames import is_in_frame
from agents.engine.text.past import dreamt, is_past, tells_of_past, told_of_past
from agents.engine.text.stance import Span, Stance, stance_of

WORD: Final = re.compile(r"[^\W_]+")
# Longer sentences are cut, so that patterns within a sentence take a bounded time.
MAX_SENTENCE_CHARS: Final = 600
# A dream or a memory is followed no further within a paragraph.
_MAX_SENTENCES_BACK: Final = 30
# A shorter line without a full stop is a heading or a verse.
_MAX_HEADING_CHARS: Final = 60

_END: Final = re.compile(
    r"[.!?…]+[”\"’')\]*_]{0,4}(?=\s{1,8}[“\"‘'(\[*_—–-]{0,3}[^\W_a-z]|\s{0,8}$)|[。！？]+[”」』）]?|\n"
)
_ABBREVIATION: Final = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|Capt|Lt|Sgt|Col)|\b[A-Z])$")
_SPEECH: Final = re.compile(r"“[^”\n]*(?:”|$|(?=\n))|\"[^\"\n]*(?:\"|$|(?=\n))|«[^»\n]*(?:»|$|(?=\n))")
_OPENERS: Final = "“\"«‘'([*_—–- \t#>"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the folded text, from ``start`` to ``end``; paragraphs are counted from 0."""

    text: str
    start: int
    paragraph: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Reading:
    """A text with its words, sentences and speech. All positions are those of the folded text ``plain``."""

    def __init__(self, text: str) -> None:
        self.source = text
        self._folded = fold(text)
        self.plain = self._folded.text
        lower = self.plain.lower()
        self.lower = lower if len(lower) == len(self.plain) else "".join(map(_lower, self.plain))

    def quote(self, start: int, end: int) -> tuple[str, int]:
        """Return the words of the source for a span, exactly as they stand there, and their position."""
        first, behind = self._folded.source_span(start, end)
        return self.source[first:behind], first

    @cached_property
    def words(self) -> frozenset[str]:
        """The different words of the text in lower case."""
        return frozenset(WORD.findall(self.lower))

    def has_name(self, name: str) -> bool:
        """Return whether the words of a name, without a leading article, are in the text, in any case."""
        plain = " ".join(fold(name).text.lower().split()).removeprefix("the ")
        first = WORD.search(plain)
        return first is not None and first.group() in self.words and plain in self.lower

    @cached_property
    def lower_case_words(self) -> frozenset[str]:
        """The words that the text writes in lower case somewhere."""
        return self.words.intersection(WORD.findall(self.plain))

    @cached_property
    def word_spans(self) -> list[tuple[int, int]]:
        return [match.span() for match in WORD.finditer(self.lower)]

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(self._sentences())

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def _speech(self) -> tuple[list[int], list[int]]:
        spans = [match.span() for match in _SPEECH.finditer(self.plain)]
        return [start for start, _ in spans], [end for _, end in spans]

    def index_at(self, position: int) -> int:
        """Return the index of the sentence at ``position``."""
        return max(0, bisect_right(self._starts, position) - 1)

    def sentence_at(self, position: int) -> Sentence:
        return self.sentences[self.index_at(position)]

    def next_sentence(self, position: int) -> Sentence | None:
        """Return the sentence after the one at ``position``, in the same paragraph."""
        index = self.index_at(position)
        if index + 1 >= len(self.sentences):
            return None
        following = self.sentences[index + 1]
        return following if following.paragraph == self.sentences[index].paragraph else None

    def is_speech(self, position: int) -> bool:
        starts, ends = self._speech
        index = bisect_right(starts, position) - 1
        return index >= 0 and position < ends[index]

    def stance(self, start: int, end: int, *, in_speech: bool = False) -> Stance:
        """Return the narrator's stance to a span; with ``in_speech`` that of a character who speaks."""
        index = self.index_at(start)
        sentence = self.sentences[index]
        whole = self.plain[sentence.start : max(end, sentence.end)]
        if whole[:1] in "*_" and whole[-1:] == whole[:1] and not whole.startswith("**"):
            # In italics: a song, a letter, a thought.
            return "depicted"
        is_speech = self.is_speech(start)
        if is_speech and not in_speech:
            return "reported"
        if not is_speech:
            whole = self._without_speech(whole, sentence.start, start)
        span = Span(whole, start - sentence.start, end - sentence.start)
        return stance_of(span, is_dreamt=self._is_dreamt(index), is_speech=in_speech)

    def _without_speech(self, whole: str, first: int, start: int) -> str:
        """Return a sentence that begins at ``first`` with its speech blotted out: what it says is not the narrator's."""
        starts, ends = self._speech
        for index in range(bisect_right(ends, first), len(starts)):
            begin, end = starts[index] - first + 1, ends[index] - first - 1
            if begin > len(whole):
                break
            if end > begin >= 0:
                whole = f"{whole[:begin]}{'_' * (min(end, len(whole)) - begin)}{whole[end:]}"
        return whole

    def is_asserted(self, start: int, end: int, *, in_speech: bool = False) -> bool:
        return self.stance(start, end, in_speech=in_speech) == "asserted"

    def is_presupposed(self, start: int, end: int) -> bool:
        """Return whether a noun phrase states something: "his blue eyes" has blue eyes also in a negation or a question."""
        return self.stance(start, end) in ("asserted", "negated", "asked")

    def is_past(self, start: int, end: int) -> bool:
        """Return whether the sentence of a span tells of a time before the scene."""
        sentence = self.sentence_at(start)
        return is_past(self.plain[sentence.start : end]) or tells_of_past(sentence.text)

    def is_in_flashback(self, start: int) -> bool:
        """Return whether an earlier sentence of the paragraph goes back in time."""
        index = self.index_at(start)
        first, sentences = self._paragraph_of(index)
        return told_of_past(sentences)[index - first]

    def is_in_frame(self, start: int) -> bool:
        """Return whether an earlier sentence of the paragraph speaks of a picture, a work or a thought, and this one may
        give its content.
        """
        return is_in_frame(self._paragraph_of(self.index_at(start))[1])

    def paragraph_up_to(self, position: int) -> str:
        """Return the paragraph up to the end of the sentence at ``position``."""
        return " ".join(self._paragraph_of(self.index_at(position))[1])

    def _is_dreamt(self, index: int) -> bool:
        if "dream" not in self.lower and "nightmare" not in self.lower:
            return False
        first, sentences = self._paragraph_of(index)
        return dreamt(sentences)[index - first]

    def _paragraph_of(self, index: int) -> tuple[int, list[str]]:
        """Return the index of the first sentence of a paragraph, at most some before, and the sentences up to here."""
        paragraph = self.sentences[index].paragraph
        first = index
        while (
            first and index - first < _MAX_SENTENCES_BACK and self.sentences[first - 1].paragraph == paragraph
        ):
            first -= 1
        return first, [sentence.text for sentence in self.sentences[first : index + 1]]

    def is_first_word(self, position: int) -> bool:
        """Return whether the word at ``position`` is the first of its sentence, or of speech."""
        before = self.plain[self.sentence_at(position).start : position]
        stripped = before.rstrip(" \t\n")
        if not stripped.strip(_OPENERS):
            return True
        # The first word of speech, and of a sentence within speech.
        return stripped[-1] in '“"«‘([:.!?…—*_' or stripped.endswith(('."', '!"', '?"'))

    def _sentences(self) -> Iterator[Sentence]:
        start = paragraph = 0
        plain = self.plain
        for match in _END.finditer(plain):
            end = match.end()
            if match.group() == "\n":
                line = plain[start : end - 1].strip()
                if plain.startswith("\n", end) or not plain[end : end + 40].strip(" \t\r\n") or not line:
                    yield from self._pieces(start, end, paragraph)
                    start, paragraph = end, paragraph + bool(line)
                elif self._is_heading(line, plain[end : end + 3].lstrip()):
                    yield from self._pieces(start, end, paragraph)
                    start = end
                continue
            if match.group() == "." and _ABBREVIATION.search(plain, max(0, end - 6), end - 1):
                continue
            yield from self._pieces(start, end, paragraph)
            start = end
        yield from self._pieces(start, len(plain), paragraph)

    @staticmethod
    def _is_heading(line: str, following: str) -> bool:
        return len(line) <= _MAX_HEADING_CHARS and not (following[:1].islower() or line.endswith((",", "-")))

    def _pieces(self, start: int, end: int, paragraph: int) -> Iterator[Sentence]:
        """Yield the sentence between two positions, without the space around it and cut if it is too long."""
        text = self.plain[start:end]
        start += len(text) - len(text.lstrip())
        text = text.strip()
        while len(text) > MAX_SENTENCE_CHARS:
            cut = (
                max(text.rfind(sign, 0, MAX_SENTENCE_CHARS) for sign in (", ", "; ", " ")) + 1
                or MAX_SENTENCE_CHARS
            )
            yield Sentence(text[:cut].rstrip(), start, paragraph)
            start += cut
            text = text[cut:]
        if text.strip():
            yield Sentence(text, start, paragraph)


@lru_cache(maxsize=16)
def read(text: str) -> Reading:
    """Return the reading of ``text``, which all signals of an output share."""
    return Reading(text)


def _lower(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else character
