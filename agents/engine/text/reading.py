"""A text read once: its folded form, words, sentences, clauses and quoted speech."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property, lru_cache
from typing import Final

from agents.engine.text.folding import fold
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.sentences import Sentence, sentences_of
from agents.engine.text.stances.frames import is_in_frame
from agents.engine.text.stances.past import dreamt, is_past, tells_of_past, told_of_past
from agents.engine.text.stances.stance import Span, Stance, stance_of

WORD: Final = lazy_pattern(r"[^\W_]+")
_NO_WORD: Final = lazy_pattern(r"[\W_]")
# The signs of ordinary texts that are not in Latin-1, whose bytes are read several times as fast as characters.
_SIGNS: Final = "“”–—…"
_WORDS_IN_LATIN: Final = bytes(code if chr(code).isalnum() else ord(" ") for code in range(256))
# A text is asked for some dozens of its words; beyond so many, all are found at once.
_MAX_SOUGHT: Final = 200
# A dream or a memory is followed no further within a paragraph.
_MAX_SENTENCES_BACK: Final = 30
# Words that a sentence repeats more often keep their stance: the time for one grows with the sentence.
_MAX_REPEATS: Final = 4

_SPEECH: Final = lazy_pattern(r"“[^”\n]*(?:”|$|(?=\n))|\"[^\"\n]*(?:\"|$|(?=\n))|«[^»\n]*(?:»|$|(?=\n))")
_OPENERS: Final = "“\"«‘'([*_—–- \t#>"


class Reading:
    """A text with its words, sentences and speech. All positions are those of the folded text ``plain``."""

    def __init__(self, text: str) -> None:
        self.source = text
        self._folded = fold(text)
        self.plain = self._folded.text
        lower = self.plain.lower()
        self._sought: dict[str, Sequence[int]] = {}
        self._sentences_with: dict[frozenset[str], frozenset[int]] = {}
        self._in_lower_case: dict[str, bool] = {}
        # How often words of a sentence were judged, and their last stance.
        self._judged: dict[tuple[int, bool, bool, str], tuple[int, Stance]] = {}
        self.lower = lower if len(lower) == len(self.plain) else "".join(map(_lower, self.plain))

    def quote(self, start: int, end: int) -> tuple[str, int]:
        """Return the words of the source for a span, exactly as they stand there, and their position."""
        first, behind = self._folded.source_span(start, end)
        return self.source[first:behind], first

    @cached_property
    def _spaced(self) -> str:
        """The text in lower case with a space for each sign, and one more before and after it."""
        text = self.lower
        for sign in _SIGNS:
            text = text.replace(sign, " ")
        try:
            spaced = text.encode("latin-1").translate(_WORDS_IN_LATIN).decode("latin-1")
        except UnicodeEncodeError:
            spaced = _NO_WORD.sub(" ", text)
        return f" {spaced} "

    @cached_property
    def words(self) -> frozenset[str]:
        """The different words of the text in lower case."""
        return frozenset(self._spaced.split())

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in digits."""
        return frozenset(filter(str.isdecimal, self.words))

    @cached_property
    def _sorted_words(self) -> list[str]:
        return sorted(self.words)

    def words_beginning(self, stems: Iterable[str]) -> frozenset[str]:
        """Return the different words that begin with one of the ``stems``."""
        words, found = self._sorted_words, list[str]()
        for stem in stems:
            at = bisect_left(words, stem)
            while at < len(words) and words[at].startswith(stem):
                found.append(words[at])
                at += 1
        return frozenset(found)

    def places(self, word: str) -> Sequence[int]:
        """Return the positions of a word in lower case, in reading order."""
        if len(self._sought) > _MAX_SOUGHT:
            return self._places.get(word, ())
        if word not in self._sought:
            self._sought[word] = list(self._seek(word))
        return self._sought[word]

    def _seek(self, word: str) -> Iterator[int]:
        spaced, sought = self._spaced, f" {word} "
        at = spaced.find(sought)
        while at >= 0:
            yield at
            at = spaced.find(sought, at + len(word) + 1)

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: defaultdict[str, list[int]] = defaultdict(list)
        for found in WORD.finditer(self.lower):
            places[found.group()].append(found.start())
        return places

    def end_of_phrase(self, words: Sequence[str], start: int) -> int | None:
        """Return the end of words of which the first stands at ``start``; None if the others do not follow close by."""
        end, limit = start + len(words[0]), 2 * len(words)
        for word in words[1:]:
            following = WORD.search(self.lower, end, end + limit + len(word) + 1)
            if following is None or following.group() != word:
                return None
            limit -= following.start() - end
            end = following.end()
        return end if limit >= 0 else None

    def has_name(self, name: str) -> bool:
        """Return whether the words of a name, without a leading article, are in the text, in any case."""
        first, plain = _key_of_name(name)
        return first in self.words and plain in self.lower

    def sentences_with(self, words: frozenset[str]) -> list[Sentence]:
        """Return the sentences in which at least one of the ``words``, in lower case, occurs."""
        return self.sentences_with_all(words)

    def sentences_with_all(self, *words: frozenset[str]) -> list[Sentence]:
        """Return the sentences in which at least one word of each set, in lower case, occurs."""
        sentences = self.sentences
        return [sentences[index] for index in sorted(self._indexes_with(words))]

    def _indexes_with(self, sets: tuple[frozenset[str], ...]) -> frozenset[int]:
        """Return the indexes of the sentences in which at least one word of each set occurs."""
        found: frozenset[int] | None = None
        for words in sets:
            indexes = self._sentences_with.get(words)
            if indexes is None:
                starts = self._starts
                indexes = self._sentences_with[words] = frozenset(
                    bisect_right(starts, start) - 1
                    for word in words & self.words
                    for start in self.places(word)
                )
            found = indexes if found is None else found & indexes
            if not found:
                break
        return found or frozenset()

    def matches(self, pattern: re.Pattern[str], *words: frozenset[str]) -> Iterator[re.Match[str]]:
        """Yield the matches of ``pattern`` within the sentences that contain one of each set of ``words``.

        So must each match, since most sentences are passed over.
        """
        for sentence in self.sentences_with_all(*words):
            yield from pattern.finditer(self.plain, sentence.start, sentence.end)

    def places_of(self, words: Set[str], *near: frozenset[str]) -> list[tuple[int, str]]:
        """Return where the ``words``, in lower case, stand, in reading order: positions, each with the word.

        Only in sentences with one of each set of words ``near`` them.
        """
        if not near:
            return sorted((start, word) for word in words & self.words for start in self.places(word))
        return [
            (found.start(), found.group())
            for sentence in self.sentences_with_all(*near)
            for found in WORD.finditer(self.lower, sentence.start, sentence.end)
            if found.group() in words
        ]

    def is_in_lower_case(self, word: str) -> bool:
        """Return whether the text writes a word in lower case somewhere."""
        found = self._in_lower_case.get(word)
        if found is None:
            found = self._in_lower_case[word] = any(
                self.plain.startswith(word, start) for start in self.places(word)
            )
        return found

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(sentences_of(self.plain))

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def _speech(self) -> tuple[list[int], list[int]]:
        spans = [match.span() for match in _SPEECH.finditer(self.plain)]
        return [start for start, _ in spans], [end for _, end in spans]

    @property
    def speeches(self) -> Iterator[tuple[int, int]]:
        """The spans of speech with their quotation marks, in reading order."""
        return zip(*self._speech, strict=True)

    def speeches_with(self, words: Set[str]) -> Iterator[tuple[int, int]]:
        """Yield the speech in which one of the ``words``, in lower case, occurs."""
        places = [start for start, _ in self.places_of(words)]
        for start, end in self.speeches if places else ():
            at = bisect_left(places, start)
            if at < len(places) and places[at] < end:
                yield start, end

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
        return self.speech_at(position) is not None

    def speech_at(self, position: int) -> tuple[int, int] | None:
        """Return the span of the speech at ``position``, with its quotation marks; None outside speech."""
        starts, ends = self._speech
        index = bisect_right(starts, position) - 1
        return (starts[index], ends[index]) if index >= 0 and position < ends[index] else None

    def stance(
        self, start: int, end: int, *, in_speech: bool = False, is_noun_phrase: bool = False
    ) -> Stance:
        """Return the narrator's stance to a span; with ``in_speech`` that of a character who speaks."""
        index = self.index_at(start)
        words = index, in_speech, is_noun_phrase, self.lower[start:end]
        times, stance = self._judged.get(words, (0, "asserted"))
        if times < _MAX_REPEATS:
            stance = self._stance(index, start, end, in_speech=in_speech, is_noun_phrase=is_noun_phrase)
            self._judged[words] = times + 1, stance
        return stance

    def _stance(self, index: int, start: int, end: int, *, in_speech: bool, is_noun_phrase: bool) -> Stance:
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
        return stance_of(
            span, is_dreamt=self._is_dreamt(index), is_speech=in_speech, is_noun_phrase=is_noun_phrase
        )

    def _without_speech(self, whole: str, first: int, start: int) -> str:
        """Return a sentence that begins at ``first`` with its speech blotted out, which is not the narrator's."""
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
        """Return whether a noun phrase states something, as "his blue eyes" does also in a negation."""
        return self.stance(start, end, is_noun_phrase=True) == "asserted"

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
        """Return whether the sentence may give the content of a work or a thought that one before it speaks of."""
        return is_in_frame(self._paragraph_of(self.index_at(start))[1])

    def paragraph_up_to(self, position: int) -> str:
        """Return the paragraph up to the end of the sentence at ``position``."""
        return " ".join(self._paragraph_of(self.index_at(position))[1])

    @cached_property
    def _has_dreams(self) -> bool:
        return "dream" in self.lower or "nightmare" in self.lower

    def _is_dreamt(self, index: int) -> bool:
        if not self._has_dreams:
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


@lru_cache(maxsize=16)
def read(text: str) -> Reading:
    """Return the reading of ``text``, which all signals of an output share."""
    return Reading(text)


@lru_cache(maxsize=1024)
def read_fact(text: str) -> Reading:
    """Return the reading of a text of the world, which many jobs share."""
    return Reading(text)


@lru_cache(maxsize=16_384)
def _key_of_name(name: str) -> tuple[str, str]:
    """Return the first word of a name, and the name without a leading article."""
    plain = " ".join(fold(name).text.lower().split()).removeprefix("the ")
    first = WORD.search(plain)
    return first.group() if first is not None else "", plain


def _lower(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else character
