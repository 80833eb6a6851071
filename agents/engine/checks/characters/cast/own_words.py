"""Statements that people make of themselves and to each other's faces: "“I am left-handed,” said Ilka"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Set
from typing import Final, NamedTuple

from agents.engine.checks.characters.cast.descriptions import KIN_WORD
from agents.engine.checks.characters.cast.people import Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.index import Mention
from agents.engine.text.reading import WORD

_SAYS: Final = (
    "said|says|asked|asks|answered|answers|replied|replies|told|tells|admitted|admits|called|calls|cried|cries"
    "|shouted|whispered|whispers|murmured|muttered|growled|snapped|added|adds|explained|agreed|began|repeated"
    "|insisted|put in|went on"
)
_SAYS_WHO: Final = lazy_pattern(rf" (?:\w+ly )?(?:{_SAYS}) ")
_WHO_SAYS: Final = lazy_pattern(rf" (?:\w+ly )?(?:{_SAYS})\b")
_SAYS_THIS: Final = lazy_pattern(rf" (?:\w+ly )?(?:{_SAYS})(?: \w+ly)?[,:] ")
_PRONOUN_SAYS: Final = lazy_pattern(rf" (?P<pronoun>[Ss]he|[Hh]e) (?:\w+ly )?(?:{_SAYS})\b")
# A speaker who is not to be believed, or speaks for somebody else.
_NOT_MEANT: Final = lazy_pattern(
    r"\b(?:lie[ds]?|lying|pretend\w*|jok\w+|tease?\w*|mock\w*|mimick\w*|imitat\w*|quot\w+|recit\w+|rehears\w*"
    r"|read(?:ing)?|sang|playing|though|although|who (?:was|is|had)|in (?:the|a) voice (?:of|made|like|that)"
    r"|through the (?:door|grating|gate|keyhole|bars|wall)|to the (?:guard|sentry|officer|gatekeeper|porter)s?"
    r"|laughing|grinning|winking|wink|imaginary|for a joke|falsely|to fool|to test)\b"
)
_END: Final = lazy_pattern(r"[.!?;…—]+[\s”\"]*")
_OTHERS: Final = lazy_pattern(
    r"\b(?:he|she|they|his|her|hers|him|them|their|we|our|if|when|once|used|wish|dream\w*|suppose|imagine)\b",
    re.IGNORECASE,
)
_OF_SELF: Final = (
    rf"(?:eyes?|hair|beard|chin|age|hands?|sons|daughters|children|brothers|sisters|(?:{KIN_WORD}))"
)
_TOLD_BY: Final = lazy_pattern(
    rf"\bI(?:(?: a|')m| (?:was|am)|(?: ha|')ve|(?: sha| wi|')ll (?:be|turn))\b|\bmine\b|\b[Mm]y (?:\w+ )?{_OF_SELF}\b"
    r"|\bI (?:do|write|draw|fence|throw|eat|fight|paint|sew|shoot)\b(?=[^.!?]*-handed)"
)
_TOLD_TO: Final = lazy_pattern(
    rf"\b[Yy]ou(?:(?: a|')re|(?: ha|')ve)\b|\b[Yy]ours\b|\b[Yy]our (?:\w+ )?{_OF_SELF}\b"
)
_FIRST: Final = tuple(
    (lazy_pattern(pattern), words)
    for pattern, words in (
        (r"^(?P<what>[\w' -]+), I am$", r"{} is \g<what>"),
        (r"\bI(?: a|')m\b", "{} is"),
        (r"\bI(?: ha|')ve\b", "{} has"),
        (r"\bI(?: (?:sha|wi)|')ll\b", "{} will"),
        (r"\bI\b", "{}"),
        (r"\b[Mm]y\b|\bmine\b", "{}'s"),
    )
)
_SECOND: Final = tuple(
    (lazy_pattern(pattern), words)
    for pattern, words in (
        (r"\b[Ww]hat (?:an? )?(?P<what>[\w -]+) you have$", r"{} has \g<what>"),
        (r"\b[Yy]ou(?: a|')re\b", "{} is"),
        (r"\b[Yy]ou(?: ha|')ve\b", "{} has"),
        (r"\b[Yy]ours?\b", "{}'s"),
    )
)
_MY: Final = lazy_pattern(r"\b[Mm]y\b")
# "Said Thessaly to Orlan", "Thessaly told Orlan".
_TO: Final = lazy_pattern(r"^ (?:to (?:the )?|told |reminded |warned |assured |answered )$")
_OLD: Final = lazy_pattern(r"\b[Hh]ow old (?:are|were) you\b")
# Behind the answer: "when they asked her how old she was".
_ASKED_AGE: Final = lazy_pattern(r"\bask\w* [^.;]{0,20}\b(?:how old (?:she|he) was|(?:her|his) age)\b")
_NUMBER_FIRST: Final = lazy_pattern(
    r"^(?P<what>[A-Za-z]+(?:[- ][a-z]+)?|\d+)(?:,? (?:in|next|last|this|come|on) [\w ]{1,15})?$"
)
_MARKS: Final = ".,!;:… "


class OwnWords(NamedTuple):
    """A statement in the third person, and the span of the words that make it."""

    statement: str
    start: int
    end: int


def own_words(cast: Cast, topics: Set[str]) -> Iterator[OwnWords]:
    """Yield the statements on one of the ``topics``, words in lower case, whose speaker or hearer is plain."""
    reading = cast.reading
    if not cast.mentions or topics.isdisjoint(reading.words):
        return
    on_topic = frozenset(reading.speeches_with(topics))
    is_asked_age = False
    for start, end in reading.speeches:
        inner = reading.plain[start + 1 : end - 1]
        was_asked_age, is_asked_age = is_asked_age, "ow old" in inner and _OLD.search(inner) is not None
        if (start, end) not in on_topic:
            continue
        if not was_asked_age and "ask" in reading.lower:
            sentence = reading.sentence_at(end - 1)
            was_asked_age = _ASKED_AGE.search(reading.plain, end, max(end, sentence.end)) is not None
        is_told = was_asked_age or _TOLD_BY.search(inner) is not None
        is_told_to = _TOLD_TO.search(inner) is not None
        if not (is_told or is_told_to):
            continue
        speaker = speaker_of(cast, start, end)
        if was_asked_age and speaker is not None and (told := _NUMBER_FIRST.match(inner.strip(_MARKS))):
            yield OwnWords(f"{speaker.name} is {told['what'].lower()} years old", start + 1, end - 1)
        if is_told and speaker is not None:
            yield from _statements(inner, start + 1, speaker, _TOLD_BY, _FIRST, topics)
        hearer = _hearer(cast, start, end) if is_told_to else None
        if hearer is not None:
            words = inner
            if hearer.start < end:
                words = f"{inner[: hearer.start - start - 1].rstrip(', ')}{inner[hearer.end - start - 1 :]}"
            if words.count("?") == inner.count("?") == 0:
                if speaker is not None:
                    # "You are my aunt": the speaker's.
                    words = _MY.sub(f"{speaker.name}'s".replace("\\", ""), words)
                meant = cast.person_of(hearer)
                yield from _statements(words, start + 1, meant, _TOLD_TO, _SECOND, topics, inner)


def _statements(
    words: str,
    first: int,
    person: Person,
    occurs: re.Pattern[str],
    forms: tuple[tuple[re.Pattern[str], str], ...],
    topics: Set[str],
    whole: str = "",
) -> Iterator[OwnWords]:
    position = 0
    for end in (*_END.finditer(words), None):
        piece = words[position : end.start() if end else len(words)].strip(_MARKS)
        at, position = position, end.end() if end else len(words)
        is_question = end is not None and "?" in end.group()
        if is_question or not occurs.search(piece) or _OTHERS.search(piece):
            continue
        if topics.isdisjoint(WORD.findall(piece.lower())):
            continue
        for pattern, form in forms:
            piece = pattern.sub(form.replace("{}", person.name.replace("\\", "")), piece)
        if whole:
            yield OwnWords(piece, first, first + len(whole))
        else:
            yield OwnWords(piece, first + at, first + position)


def speaker_of(cast: Cast, start: int, end: int) -> Person | None:
    """Return who speaks the words at a span, if a verb of saying beside them names the person."""
    reading, mentions = cast.reading, cast.mentions
    rest = reading.plain[end : reading.sentence_at(end - 1).end]
    if _NOT_MEANT.search(rest):
        return None
    at = bisect_left(mentions, end, key=lambda mention: mention.start)
    after = mentions[at] if at < len(mentions) else None
    if after is not None and after.start - end < 40:
        said = _SAYS_WHO.match(reading.plain, end)
        if said is not None and said.end() == after.start:
            return cast.person_of(after)
        if after.start == end + 1 and _WHO_SAYS.match(reading.plain, after.end):
            return cast.person_of(after)
    pronoun = _PRONOUN_SAYS.match(reading.plain, end)
    if pronoun is not None:
        return cast.antecedent(pronoun["pronoun"], end)
    before = mentions[at - 1] if at else None
    if before is not None and before.end < start:
        said = _SAYS_THIS.match(reading.plain, before.end)
        if said is not None and said.end() == start:
            return cast.person_of(before)
    return None


def _hearer(cast: Cast, start: int, end: int) -> Mention | None:
    """Return the mention of whom speech addresses: "You are tall, Ilka", or "…," said Bran to Ilka."""
    plain, found = cast.reading.plain, []
    at = bisect_left(cast.mentions, start, key=lambda mention: mention.start)
    for mention in cast.mentions[at : at + 3]:
        if mention.start >= end:
            break
        is_first = mention.start == start + 1
        if (is_first or plain[mention.start - 2 : mention.start] == ", ") and plain[mention.end] in ',.!”"':
            found.append(mention)
    return hearer_behind(cast, end) if not found else found[0] if len(found) == 1 else None


def hearer_behind(cast: Cast, end: int) -> Mention | None:
    """Return the mention of whom the words before ``end`` are told to: "said Ruth to Gavin", "Ruth told Gavin"."""
    plain, mentions = cast.reading.plain, cast.mentions
    at = bisect_left(mentions, end, key=lambda mention: mention.start)
    if at + 1 < len(mentions) and _TO.match(plain[mentions[at].end : mentions[at + 1].start]):
        return mentions[at + 1]
    return None
