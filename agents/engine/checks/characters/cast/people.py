"""Characters in a text: their facts, and the sentences in which names and pronouns mean them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from operator import itemgetter
from typing import Final, NamedTuple

from agents.engine.checks.characters.cast.descriptions import DESCRIBING, Described, kinsmen_in, roles_in
from agents.engine.checks.characters.cast.known import known_in
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.cast.pronouns import UNNAMED
from agents.engine.checks.characters.cast.titles import with_titles
from agents.engine.checks.facts.pronouns import Pronoun
from agents.engine.checks.finding import Finding, Strength, finding_at
from agents.engine.text.complements import is_complement
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.mentions import Mention
from agents.engine.text.reading import Reading, read_fact
from agents.engine.text.sentences import Sentence
from agents.engine.world import WorldView

# A mention of any person in the text of a scene's line; POSSESSIVE and SUBJECT are pronouns, which must be resolved.
# All begin with a set of characters, which is sought quickly, and then look back for a boundary.
NAME: Final = r"[\ue000-\uf8ff]"
POSSESSIVE: Final = r"[Hh](?<=\b[Hh])(?:er|is)"
SUBJECT: Final = r"[SsHh](?:(?<=\b[Ss])he|(?<=\b[Hh])e)"
# "Mira's" or "her", and "Mira" or "she".
WHOSE: Final = r"[\ue000-\uf8ffHh](?:(?<=[\ue000-\uf8ff])'s|(?<=\b[Hh])(?:er|is))"
DOES: Final = r"[\ue000-\uf8ffSsHh](?:(?<=[\ue000-\uf8ff])|(?<=\b[Ss])he|(?<=\b[Hh])e)"
# There are this many characters for mentions; people beyond are not told apart.
_MAX_PEOPLE: Final = 0xF8FF - 0xE000

_CAPITALS: Final = lazy_pattern(r"'S\b|\b[^\W\d_a-z]{2,}\b(?<![\ue000-\uf8ff])")
_PRONOUNS: Final = frozenset(("she", "he", "her", "his"))
# Words between a name and a verb that give the verb another subject.
_OTHER_SUBJECT: Final = lazy_pattern(
    r"'s\b|[;:“”\"]|\b(?:he|him|she|her|they|them|it|we|us|you|I|who|whom|while|as|when|but|let|made|and (?:the"
    r"|an?))\b"
)
_ANTICIPATED: Final = lazy_pattern(r"^\w+ (?:was|is|had|has)\b[^,;:]{1,60},(?: (?:had|has|was|is|did))? $")
# A pronoun rarely reaches back further, in characters.
_MAX_REACH: Final = 600
_MAX_MENTIONS: Final = 40
_SALUTATIONS: Final = ("dear ", "dearest ", "darling ")


class Line(NamedTuple):
    """A sentence in which each mention of a person is one character, so that patterns need not know the names."""

    text: str
    sentence: Sentence
    # Pairs of a position in ``text`` and the position in the reading that belongs to it.
    cuts: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the reading for a span in the line."""
        return self._position(start), self._position(end)

    def _position(self, position: int) -> int:
        index = bisect_right(self.cuts, position, key=itemgetter(0))
        before, origin = self.cuts[index - 1] if index else (0, self.sentence.start)
        return origin + position - before


def is_other_subject(line: Line, match: re.Match[str], sign: int) -> bool:
    """Return whether a match that begins with the name at ``sign`` is about another: "the man beside Karl was"."""
    return match.start() == sign and sign + 1 < match.end() and is_complement(line.text, sign, sign + 1)


def sign_of(number: int) -> str:
    """Return the character that stands for a mention of the person with this number."""
    return chr(0xE000 + number)


class Cast:
    """The characters of ``world`` whom ``reading`` names; those in ``only_mentioned`` are left out."""

    def __init__(self, world: WorldView, reading: Reading, only_mentioned: Collection[str] = ()) -> None:
        self.reading = reading
        absent = {name.casefold().strip() for name in only_mentioned}
        self._known = known_in(world)
        index, characters = self._known.index, self._known.characters
        found = with_titles(index.mentions(reading), reading, characters, self._known.offices)
        named = sorted({mention.index for mention in found})[:_MAX_PEOPLE]
        numbers = {
            position: number
            for number, position in enumerate(named)
            if characters[position][1].name.casefold().strip() not in absent
        }
        self._index, self._characters = index, characters
        self._absent = absent
        self._numbers = numbers
        self._described: set[int] = set()
        self._lines: dict[int, Line | None] = {}
        self.people: dict[int, Person] = {
            number: self._known.person(position) for position, number in numbers.items()
        }
        self.mentions: list[Mention] = [mention for mention in found if mention.index in numbers]
        self._describe()

    def _describe(self) -> None:
        """Add the mentions of people by their role, and then those by their kinship to others."""
        reading = self.reading
        if reading.words.isdisjoint(DESCRIBING) or not self._characters:
            return
        descriptions = self._known.descriptions
        roles = roles_in(reading, descriptions.role_words)
        kinsmen = list(kinsmen_in(reading)) if descriptions.by_kin else []
        if not roles and not kinsmen:
            return
        named = {mention.index for mention in self.mentions}
        self._add(
            found
            for found in descriptions.described(reading, roles, {mention.end for mention in self.mentions})
            if found.position in named or (not found.needs_name and len(self.people) < _MAX_PEOPLE)
        )
        if not descriptions.by_kin or not self.mentions:
            return
        described = []
        names_end = {mention.end for mention in self.mentions}
        # After a name, "her father" describes its bearer.
        for found in (found for found in kinsmen if found.start() - 2 not in names_end):
            whose = self.antecedent(found["whose"], found.start())
            if whose is not None and found.start() not in self._described:
                index = descriptions.kin_of(self._index_of(whose), found["kin"])
                if index is not None:
                    described.append(Described(*found.span(), index, needs_name=False))
        self._add(described)

    def _add(self, described: Iterable[Described]) -> None:
        starts, added = self._starts, []
        for start, end, index, _ in described:
            name = self._characters[index][1].name.casefold().strip()
            before = bisect_left(starts, end) - 1
            if name in self._absent or (before >= 0 and start < self.mentions[before].end):
                continue
            if index not in self._numbers:
                number = self._numbers[index] = max(self.people, default=-1) + 1
                self.people[number] = self._known.person(index)
            added.append(Mention(start, end, index, is_full=False))
            self._described.add(start)
        if added:
            self.mentions = sorted((*self.mentions, *added), key=lambda mention: mention.start)
            for derived in ("_starts", "_mentions_by_start"):
                self.__dict__.pop(derived, None)

    def _index_of(self, person: Person) -> int:
        return self._known.index_by_id[id(person.element)]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The sentences that name a person or hold a pronoun, in reading order."""
        sentences = self.reading.sentences if self.mentions else ()
        return tuple(line for sentence in sentences if (line := self.line_of(sentence)) is not None)

    @property
    def named_lines(self) -> Iterator[Line]:
        """The lines that name a person, in reading order."""
        for sentence_start in self._mentions_by_start:
            line = self.line_of(self.reading.sentence_at(sentence_start))
            if line is not None:
                yield line

    def lines_with(self, *words: frozenset[str]) -> Iterator[Line]:
        """Yield the lines in which at least one word of each set, in lower case, occurs."""
        if not self.mentions or any(map(self.reading.words.isdisjoint, words)):
            return
        for sentence in self.reading.sentences_with_all(*words):
            line = self.line_of(sentence)
            if line is not None:
                yield line

    def line_of(self, sentence: Sentence) -> Line | None:
        """Return the line of a sentence; None if it has neither the name of a person nor a pronoun."""
        if sentence.start not in self._lines:
            mentions = self._mentions_by_start.get(sentence.start, ())
            is_about_people = mentions or sentence.start in self._with_pronoun
            self._lines[sentence.start] = self._line(sentence, mentions) if is_about_people else None
        return self._lines[sentence.start]

    @cached_property
    def _with_pronoun(self) -> frozenset[int]:
        """The starts of the sentences that hold a pronoun."""
        return frozenset(sentence.start for sentence in self.reading.sentences_with(_PRONOUNS))

    @cached_property
    def _mentions_by_start(self) -> dict[int, list[Mention]]:
        """The mentions in each sentence, by its start."""
        by_start: dict[int, list[Mention]] = {}
        for mention in self.mentions:
            by_start.setdefault(self.reading.sentence_at(mention.start).start, []).append(mention)
        return by_start

    def bearer_of(self, role: str) -> Person | None:
        """Return the character whom alone a role in lower case means, whether the text names them or not."""
        index = self._known.descriptions.bearer_of(role, self.reading)
        return self._known.person(index) if index is not None else None

    def kinsman_of(self, person: Person, kin: str) -> Person | None:
        """Return the only relative of a person for a word of kinship, whether the text names them or not."""
        index = self._known.descriptions.kin_of(self._index_of(person), kin)
        return self._known.person(index) if index is not None else None

    def parents(self, person: Person) -> Iterator[tuple[Person, Person, str]]:
        """Yield the parents of a person, with whose summary states it and in which words."""
        for parent in self._known.families.parents.get(self._index_of(person), ()):
            yield self._known.person(parent.position), self._known.person(parent.source), parent.statement

    def children(self, parent: Person) -> list[Person]:
        """Return the children of a person, as summaries state them."""
        index = self._index_of(parent)
        return [
            self._known.person(child)
            for child, known in self._known.families.parents.items()
            if any(one.position == index for one in known)
        ]

    def line_before(self, sentence: Sentence) -> Line | None:
        """Return the line of the sentence before one in its paragraph, unless it has nobody."""
        index = self.reading.index_at(sentence.start)
        before = self.reading.sentences[index - 1] if index else None
        return self.line_of(before) if before is not None and before.paragraph == sentence.paragraph else None

    def person_of(self, mention: Mention) -> Person:
        return self.people[self._numbers[mention.index]]

    def person_at(self, line: Line, match: re.Match[str], group: str = "who") -> tuple[Person, bool] | None:
        """Return whom a matched name, description or pronoun means, and whether it is a name.

        None if it is ambiguous, or if the match begins with a name but its verb has another subject.
        """
        words = match[group]
        number = next((ord(sign) - 0xE000 for sign in words if "\ue000" <= sign <= "\uf8ff"), None)
        if number is not None:
            sign = match.start(group) + words.index(sign_of(number))
            if is_other_subject(line, match, sign):
                return None
            return self.people[number], line.span(sign, sign)[0] not in self._described
        person = self.antecedent(words.split()[0], line.span(match.start(group), match.end(group))[0])
        return (person, False) if person is not None else None

    def subject_at(self, position: int) -> Person | None:
        """Return the person who is named in the sentence as the subject of a verb at ``position``, if that is plain."""
        behind = bisect_left(self._starts, position)
        if not behind or self.mentions[behind - 1].start < self.reading.sentence_at(position).start:
            return None
        mention = self.mentions[behind - 1]
        is_other = _OTHER_SUBJECT.search(self.reading.plain, mention.end, position) is not None
        return None if is_other else self.people[self._numbers[mention.index]]

    def named_in(self, text: str) -> frozenset[str]:
        """Return the source ids of all characters of the world whom ``text`` names."""
        positions = {mention.index for mention in self._index.mentions(read_fact(text), are_names=True)}
        return frozenset(self._characters[index][1].id or self._characters[index][0] for index in positions)

    def antecedent(self, pronoun: str, position: int) -> Person | None:
        """Return the only person whom the pronoun at ``position`` can mean, or None if it is ambiguous."""
        named = self._named_behind(pronoun, position)
        if named is not None:
            return named
        wanted: Pronoun = "she" if pronoun.casefold() in ("she", "her", "hers") else "he"
        paragraph = self.reading.sentence_at(position).paragraph
        behind = bisect_left(self._starts, position)
        near: dict[int, list[Mention]] = {paragraph: [], paragraph - 1: []}
        for mention in reversed(self.mentions[max(0, behind - _MAX_MENTIONS) : behind]):
            scope = self.reading.sentence_at(mention.start).paragraph
            if self.reading.lower.endswith(_SALUTATIONS, max(0, mention.start - 12), mention.start):
                # Whom a letter is written to is "you" in it.
                continue
            if scope in near and self.people[self._numbers[mention.index]].pronoun in (wanted, ""):
                near[scope].append(mention)
        for mentions in near.values():
            if len({mention.index for mention in mentions}) > 1:
                return None
            if mentions:
                between = self.reading.plain[mentions[0].end : position]
                is_ambiguous = len(between) > _MAX_REACH or UNNAMED[wanted].search(between)
                return None if is_ambiguous else self.people[self._numbers[mentions[0].index]]
        return None

    def _named_behind(self, pronoun: str, position: int) -> Person | None:
        """Return whom a pronoun at the head of a sentence anticipates: "She had green eyes, had Ilka"."""
        sentence = self.reading.sentence_at(position)
        if not pronoun[:1].isupper() or self.reading.plain[sentence.start : position].strip("“\"‘'("):
            return None
        for mention in self._mentions_by_start.get(sentence.start, ()):
            before = self.reading.plain[position : mention.start]
            after = self.reading.plain[mention.end : mention.end + 1]
            if mention.start > position and _ANTICIPATED.search(before) and after in ",.;" and after:
                person = self.person_of(mention)
                return person if person.pronoun in ("", pronoun.casefold()) else None
        return None

    @cached_property
    def _starts(self) -> list[int]:
        return [mention.start for mention in self.mentions]

    def _line(self, sentence: Sentence, mentions: Collection[Mention]) -> Line:
        pieces: list[str] = []
        cuts: list[tuple[int, int]] = []
        length, position = 0, sentence.start
        for mention in mentions:
            if mention.end > sentence.end:
                break
            pieces += [
                self.reading.plain[position : mention.start],
                sign_of(self._numbers[mention.index]),
            ]
            length += mention.start - position + 1
            position = mention.end
            cuts.append((length, position))
        pieces.append(self.reading.plain[position : sentence.end])
        text = "".join(pieces)
        if any(self.reading.plain[mention.start : mention.end].isupper() for mention in mentions):
            # "ÅSA'S BROWN EYES shone": patterns are written in lower case.
            text = _CAPITALS.sub(lambda found: found.group().lower(), text)
        return Line(text, sentence, tuple(cuts))

    def finding(
        self,
        person: Person,
        span: tuple[int, int],
        statement: str,
        why: str,
        *,
        strength: Strength = "proven",
        is_time: bool = False,
    ) -> Finding:
        return finding_at(
            self.reading,
            span,
            kind="timeline" if is_time else "character",
            source_id=person.source_id,
            statement=statement,
            why=why,
            strength=strength,
        )
