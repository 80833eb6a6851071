"""A text read once: its folded form, words, sentences, clauses and quoted speech."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Final

from agents.engine.text.folding import fold
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.sentences import Sentence, sentences_of
from agents.engine.text.stances.frames import is_in_frame
from agents.engine.text.stances.past import dreamt, is_past, tells_of_past, told_of_past
from agents.engine.text.stances.stance import Span, Stance, stance_of

WORD: Final = lazy_pattern(r"[^\W_]+")
_WORD_OR_REST: Final = lazy_pattern(r"([^\W_]+)")
# The same for a text of these signs and letters only; a set without a class of characters is read twice as fast.
_LATIN_TEXT: Final = lazy_pattern("[\x00-\x7fß-öø-ÿ“”‘’—–…«»]*")
_LATIN_WORD_OR_REST: Final = lazy_pattern("([0-9a-zß-öø-ÿ]+)")
STEM_CHARS: Final = 4
# A dream or a memory is followed no further within a paragraph.
_MAX_SENTENCES_BACK: Final = 30

_SPEECH: Final = lazy_pattern(r"“[^”\n]*(?:”|$|(?=\n))|\"[^\"\n]*(?:\"|$|(?=\n))|«[^»\n]*(?:»|$|(?=\n))")
_OPENERS: Final = "“\"«‘'([*_—–- \t#>"


class Reading:
    """A text with its words, sentences and speech. All positions are those of the folded text ``plain``."""

    def __init__(self, text: str) -> None:
        self.source = text
        self._folded = fold(text)
        self.plain = self._folded.text
        lower = self.plain.lower()
        self._words_with: dict[frozenset[str], frozenset[str]] = {}
        self._sentences_with: dict[frozenset[str], frozenset[int]] = {}
        self._in_lower_case: dict[str, bool] = {}
        self.lower = lower if len(lower) == len(self.plain) else "".join(map(_lower, self.plain))

    def quote(self, start: int, end: int) -> tuple[str, int]:
        """Return the words of the source for a span, exactly as they stand there, and their position."""
        first, behind = self._folded.source_span(start, end)
        return self.source[first:behind], first

    @cached_property
    def _pieces(self) -> list[str]:
        """The text in lower case cut before and after each word: every second piece is a word."""
        is_latin = _LATIN_TEXT.fullmatch(self.lower) is not None
        return (_LATIN_WORD_OR_REST if is_latin else _WORD_OR_REST).split(self.lower)

    @cached_property
    def _cuts(self) -> list[int]:
        return list(accumulate(map(len, self._pieces)))

    @cached_property
    def word_starts(self) -> list[int]:
        """The positions at which the words of the text begin."""
        return self._cuts[:-1:2]

    @cached_property
    def word_ends(self) -> list[int]:
        return self._cuts[1::2]

    @cached_property
    def positions(self) -> dict[str, list[int]]:
        """The different words of the text in lower case, each with its indexes among all words."""
        positions: defaultdict[str, list[int]] = defaultdict(list)
        for index, word in enumerate(self._pieces[1::2]):
            positions[word].append(index)
        return dict(positions)

    @cached_property
    def words(self) -> frozenset[str]:
        """The different words of the text in lower case."""
        return frozenset(self.positions)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in digits."""
        return frozenset(filter(str.isdecimal, self.positions))

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        by_stem: defaultdict[str, list[str]] = defaultdict(list)
        for word in self.positions:
            by_stem[word[:STEM_CHARS]].append(word)
        return dict(by_stem)

    def words_with(self, stems: frozenset[str]) -> frozenset[str]:
        """Return the different words that begin with one of the ``stems``, of up to ``STEM_CHARS`` characters."""
        found = self._words_with.get(stems)
        if found is None:
            by_stem = self._by_stem
            present = stems & by_stem.keys()
            if short := tuple(stem for stem in stems if len(stem) < STEM_CHARS):
                present |= {stem for stem in by_stem if stem.startswith(short)}
            found = frozenset(word for stem in present for word in by_stem[stem])
            self._words_with[stems] = found
        return found

    def words_beginning(self, stems: tuple[str, ...]) -> set[str]:
        """Return the different words that begin with one of the ``stems``, of at least ``STEM_CHARS`` characters."""
        by_stem = self._by_stem
        return {
            word for stem in stems for word in by_stem.get(stem[:STEM_CHARS], ()) if word.startswith(stem)
        }

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
                positions, sentence_of = self.positions, self._sentence_of_word
                indexes = self._sentences_with[words] = frozenset(
                    sentence_of[at] for word in words & positions.keys() for at in positions[word]
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

    def places_of(self, words: frozenset[str], *near: frozenset[str]) -> Iterator[tuple[str, int, int]]:
        """Yield where the ``words``, in lower case, stand, in reading order, each with the end of its sentence.

        Only in sentences with one of each set of words ``near`` them.
        """
        positions, starts = self.positions, self.word_starts
        sentences, sentence_of = self.sentences, self._sentence_of_word
        indexes = self._indexes_with(near) if near else None
        if near and not indexes:
            return
        places = sorted((at, word) for word in words for at in positions.get(word, ()))
        for at, word in places:
            if indexes is None or sentence_of[at] in indexes:
                yield word, starts[at], sentences[sentence_of[at]].end

    def is_in_lower_case(self, word: str) -> bool:
        """Return whether the text writes a word in lower case somewhere."""
        found = self._in_lower_case.get(word)
        if found is None:
            starts = (self.word_starts[at] for at in self.positions.get(word, ()))
            found = self._in_lower_case[word] = any(self.plain.startswith(word, start) for start in starts)
        return found

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(sentences_of(self.plain))

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def _sentence_of_word(self) -> list[int]:
        """The index of the sentence of each word."""
        indexes: list[int] = []
        for index, following in enumerate((*self._starts[1:], len(self.plain))):
            count = bisect_left(self.word_starts, following, len(indexes)) - len(indexes)
            indexes += [index] * count
        return indexes

    @cached_property
    def _speech(self) -> tuple[list[int], list[int]]:
        spans = [match.span() for match in _SPEECH.finditer(self.plain)]
        return [start for start, _ in spans], [end for _, end in spans]

    @property
    def speeches(self) -> Iterator[tuple[int, int]]:
        """The spans of speech with their quotation marks, in reading order."""
        return zip(*self._speech, strict=True)

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

    def stance(
        self, start: int, end: int, *, in_speech: bool = False, is_noun_phrase: bool = False
    ) -> Stance:
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
