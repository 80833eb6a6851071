"""Statements in the third person of what people say and write of themselves and to each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Final, NamedTuple

from agents.engine.checks.characters.cast.entries import entries
from agents.engine.checks.characters.cast.own_words import Voice, speaker_of, voices
from agents.engine.checks.characters.cast.people import Cast
from agents.engine.checks.characters.cast.stated_kin import KIN_WORD
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import WORD
from agents.engine.text.word_forms import NUMBER

_END: Final = lazy_pattern(r"[.!?;…—]+[\s”\"]*|\n+")
# A number that is an age: not "thirty miles", "eight stone".
_AGED: Final = (
    rf"(?P<age>(?i:{NUMBER}))(?! (?!years\b|winters\b|summers\b|this\b)[a-z]+s\b| (?:years?|winters|summers|of"
    rf"|stone|foot|feet|per"
    r"|percent|men|people|up|down|in a(?! (?:week|day|month|fortnight)\b)|in the|to one|and a half|point|or)\b|[-:%])"
)
_FIRST: Final = tuple(
    (lazy_pattern(pattern), words)
    for pattern, words in (
        (r"^(?P<what>[\w' -]+), I am$", r"{} is \g<what>"),
        (
            rf"\bI(?: sha| wi|')ll be {_AGED}(?=$| (?:on|next|this|tomorrow|come|in (?:[A-Z]|a\b|the)))",
            r"{} is \g<age> years old",
        ),
        (
            rf"\bI(?:(?: a|')m|(?:'ve| have)? (?:just )?turn(?:ed)?)(?P<only> only| already| nearly| almost)? {_AGED}",
            r"{} is\g<only> \g<age> years old",
        ),
        (r"\bI(?: a|')m\b", "{} is"),
        (
            rf"\bI was {_AGED}(?= (?:last|this) (?:week|month|birthday|\w+day)\b| yesterday\b)",
            r"{} is \g<age> years old",
        ),
        # Who tells of now tells by "was" of a time before.
        (r"\bI was\b(?! born)", "{} had been"),
        (r"\bI was\b", "{} was"),
        (r"\bI had\b(?= (?:an?|my|no|\w+ \w+ed)\b)", "{} had had"),
        (r"\bI(?: ha|')ve\b", "{} has"),
        (r"\bI(?: (?:sha|wi)|')ll\b", "{} will"),
        (
            r"\bI (?P<verb>work|serve|live|keep|earn|own|make|bake|teach|turn|come|weave|drink|smoke|swim)\b",
            r"{} \g<verb>s",
        ),
        (r"\bI\b", "{}"),
        (r"\b[Mm]y\b|\bmine\b", "{}'s"),
    )
)
_HONOUR: Final = (
    "[Yy]our (?:Grace|Majesty|Highness|Honou?r|Lordship|Ladyship"
    "|Excellency|Worship|Eminence|Holiness|Reverence)"
)
_SECOND: Final = tuple(
    (lazy_pattern(pattern), words)
    for pattern, words in (
        (r"\b[Ww]hat (?:an? )?(?P<what>[\w -]+) you have$", r"{} has \g<what>"),
        (
            rf"\b[Yy]ou(?: a|')re (?P<only>only |already |nearly |almost )?{_AGED}",
            r"{} is \g<only>\g<age> years old",
        ),
        (r"\b[Yy]ou(?: a|')re\b", "{} is"),
        (rf"\b{_HONOUR} is\b", "{} is"),
        (rf"\b{_HONOUR} has\b", "{} has"),
        (rf"\b{_HONOUR}'s\b", "{}'s"),
        (r"\b[Yy]ou were\b", "{} had been"),
        (r"\b[Yy]ou(?: ha|')ve\b", "{} has"),
        (r"\b[Yy]ours?\b", "{}'s"),
        (r"\b[Yy]ou\b(?=,? (?:\w+ly )?[a-z]+(?:ed|aw|ent|am|ook|ead)\b)", "{}"),
    )
)
_OF_SELF: Final = (
    rf"(?:eyes?|hair|curls|locks|braids?|plaits?|beard|chin|age|hands?|sons|daughters|children"
    rf"|brothers|sisters|(?:{KIN_WORD}))"
)
_TOLD_BY: Final = lazy_pattern(
    r"\b(?:I(?:(?: a|')m|(?: ha|')ve|(?: sha| wi|')ll (?:be|turn)| (?:was|had|turn(?:ed)?|work|serve|earn|became))\b"
    rf"|[Mm]ine\b|[Mm]y (?:[\w-]+,? ){{0,2}}?{_OF_SELF}\b|I\b(?=[^.!?]{{1,60}}(?:-handed| (?:right|left) hand)\b))"
)
_TOLD_TO: Final = lazy_pattern(
    rf"\b{_HONOUR} (?:is|has)\b|\b{_HONOUR}'s\b|\b[Yy]ou(?:(?: a|')re\b|(?: ha|')ve\b| were\b| had\b|rs\b"
    rf"|r (?:[\w-]+,? ){{0,2}}?{_OF_SELF}\b)"
)
_TOLD: Final = lazy_pattern(rf"{_TOLD_BY.pattern}|{_TOLD_TO.pattern}")
_PERSONS: Final = frozenset(("i", "my", "mine", "you", "your", "yours"))
_OF_SPEAKER: Final = lazy_pattern(r"\b(?:I|[Mm]y|[Mm]ine)\b")
_OF_HEARER: Final = lazy_pattern(r"\b[Yy]ou(?:rs?)?\b")
# What is supposed or wished, exaggerated, or true only of another time or in some light.
_NOT_SO: Final = lazy_pattern(
    r"\b(?:if|when|once|used|wish(?:ed)?(?! to)|dream\w*|suppose|imagine|as a (?:boy|girl|child)|would|should|could"
    r"|might|hundred|thousand|feel|felt|in (?:this|that|some|the|any) (?:\w+ )?light)\b",
    re.IGNORECASE,
)
_DENIED: Final = lazy_pattern(r"\b(?:not|never|no|nor|none|cannot)\b|n't\b", re.IGNORECASE)
# Pronouns that mean somebody else; they must not be taken for the person named in their place.
_OTHERS: Final = {
    "he": "they", "she": "they", "him": "them", "his": "their", "her": "their", "hers": "theirs",
    "himself": "themselves", "herself": "themselves",
}  # fmt: skip
_OTHER: Final = lazy_pattern(rf"\b(?:{'|'.join(_OTHERS)})\b", re.IGNORECASE)
# "Orlan, my brother, stand by me."
_CALLED_KIN: Final = lazy_pattern(rf", my (?:(?:dear|own|little|big) )?(?P<kin>{KIN_WORD})\b(?=[,.!?]|$)")
# "My child, come in": whom a priest addresses so is no child of his.
_ADDRESS: Final = lazy_pattern(
    r"(?:^|(?<=[,.!?] ))[Mm]y (?:(?:dear|poor|good|old) )?(?:child|children|sons?|daughters?|brothers?|sisters?)"
    r"(?=[,.!?]|$)"
)
_OLD: Final = lazy_pattern(r"\b[Hh]ow old (?:are|were) you\b")
# Behind the answer: "when they asked her how old she was".
_ASKED_AGE: Final = lazy_pattern(r"\bask\w* [^.;]{0,20}\b(?:how old (?:she|he) was|(?:her|his) age)\b")
_NUMBER_FIRST: Final = lazy_pattern(
    r"^(?P<what>[A-Za-z]+(?:[- ][a-z]+)?|\d+)(?:,? (?:in|next|last|this|come|on) [\w ]{1,15})?$"
)
_MARKS: Final = ".,!;:…—–- \n"


class OwnWords(NamedTuple):
    """A statement in the third person, and the span of the words that make it."""

    statement: str
    start: int
    end: int


def own_words(cast: Cast, topics: Set[str], deeds: Set[str]) -> Iterator[OwnWords]:
    """Yield what people say and write of themselves and to each other, if it is plain who they are.

    Statements are on one of the ``topics``, or have one of the ``deeds``; both are words in lower case.
    """
    if not cast.mentions:
        return
    reading = cast.reading
    if not reading.words.isdisjoint(_PERSONS):
        told = (found.start() for found in reading.matches(_TOLD, _PERSONS))
        places = sorted((*told, *(start for start, _ in reading.places_of(deeds))))
        for voice in voices(cast, places):
            yield from _statements(cast, voice, topics, deeds)
    yield from _answers(cast)
    for sentence, start, end in entries(cast):
        yield OwnWords(sentence.rstrip("."), start, end)


def _statements(cast: Cast, voice: Voice, topics: Set[str], deeds: Set[str]) -> Iterator[OwnWords]:
    plain, position = cast.reading.plain, voice.start
    for end in (*_END.finditer(plain, voice.start, voice.end), None):
        start, behind = position, end.start() if end else voice.end
        position = end.end() if end else voice.end
        if (end is not None and "?" in end.group()) or start >= behind:
            continue
        words = WORD.findall(cast.reading.lower, start, behind)
        is_deed = not deeds.isdisjoint(words)
        if (not is_deed and topics.isdisjoint(words)) or _is_in_speech(cast, voice, start):
            continue
        piece = plain[start:behind]
        if voice.called is not None and start <= voice.called[0] < behind:
            # "Tom, your eyes are green": without the name by which they are addressed.
            before, after = plain[start : voice.called[0]].rstrip(", "), plain[voice.called[1] : behind]
            kin = _CALLED_KIN.match(after)
            if kin is not None and voice.speaker is not None and voice.hearer is not None:
                yield OwnWords(f"{voice.hearer.name} is {voice.speaker.name}'s {kin['kin']}", start, behind)
            piece = f"{before}{after}" if before else after.lstrip(", \n")
        piece = _ADDRESS.sub("", piece)
        by, to = (_OF_SPEAKER, _OF_HEARER) if is_deed else (_TOLD_BY, _TOLD_TO)
        is_own = voice.speaker is not None and by.search(piece)
        is_told = voice.hearer is not None and to.search(piece)
        if (is_own or is_told) and not _NOT_SO.search(piece) and not (is_deed and _DENIED.search(piece)):
            yield OwnWords(_in_third_person(piece.strip(_MARKS), voice), start, behind)


def _is_in_speech(cast: Cast, voice: Voice, start: int) -> bool:
    """Return whether a piece of a letter is what somebody says in it, who may be another "I"."""
    speech = cast.reading.speech_at(start)
    return speech is not None and speech[0] >= voice.start


def _in_third_person(piece: str, voice: Voice) -> str:
    piece = _OTHER.sub(lambda found: _OTHERS[found.group().lower()], piece)
    for person, forms in ((voice.speaker, _FIRST), (voice.hearer, _SECOND)):
        name = person.name.replace("\\", "") if person is not None else ""
        for pattern, form in forms if name else ():
            piece = pattern.sub(form.replace("{}", name), piece)
    return piece


def _answers(cast: Cast) -> Iterator[OwnWords]:
    """Yield the ages that people give in answer to a question."""
    reading = cast.reading
    if "ow old" not in reading.plain and "ask" not in reading.lower:
        return
    is_asked = False
    for start, end in reading.speeches:
        inner = reading.plain[start + 1 : end - 1]
        was_asked, is_asked = is_asked, "ow old" in inner and _OLD.search(inner) is not None
        if not was_asked and "ask" in reading.lower:
            sentence = reading.sentence_at(end - 1)
            was_asked = _ASKED_AGE.search(reading.plain, end, max(end, sentence.end)) is not None
        told = _NUMBER_FIRST.match(inner.strip(_MARKS)) if was_asked else None
        speaker = speaker_of(cast, start, end) if told else None
        if told and speaker is not None:
            yield OwnWords(f"{speaker.name} is {told['what'].lower()} years old", start + 1, end - 1)
