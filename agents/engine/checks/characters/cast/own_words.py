"""Voices of a text: who "I" and "you" are in speech, letters, diaries and logs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from agents.engine.checks.characters.cast.people import NAME, Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.mentions import Mention
from agents.engine.text.reading import Reading
from agents.engine.text.sentences import Sentence

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
    r"|read(?:ing)?|sang|playing|though|although|who (?:was|is|had)|in (?:(?:the|a) voice (?:of|made|like|that)"
    r"|(?:his|her) [\w']+'s voice)"
    r"|through the (?:door|grating|gate|keyhole|bars|wall)|to the (?:guard|sentry|officer|gatekeeper|porter)s?"
    r"|laughing|grinning|winking|wink|imaginary|for a joke|falsely|to fool|to test)\b"
)
# "Said Thessaly to Orlan", "Thessaly told Orlan".
_TELLS: Final = "told|reminded|warned|assured|answered|informed"
_SAID_TO: Final = rf"(?:(?:{_SAYS}) (?:\w+ly )?to (?:the )?|(?:{_TELLS}) )"
_TO: Final = lazy_pattern(rf"^ (?:to (?:the )?|{_SAID_TO})$")
# "The girl said to Gavin", "said the girl to Gavin": the words of somebody who is not named.
_BY_ANYBODY: Final = lazy_pattern(
    rf"^ (?:(?:(?:the|an?|his|her|their|my) (?:[\w-]+ ){{1,3}}|he |she |they |I |somebody "
    rf"|someone )(?:\w+ly )?{_SAID_TO}"
    rf"|(?:{_SAYS}) (?:the|an?|his|her|their|my) (?:[\w-]+ ){{1,3}}to )$"
)


class Voice(NamedTuple):
    """Words from ``start`` to ``end`` whose "I" is the ``speaker`` and whose "you" is the ``hearer``, if that is plain.

    ``called`` is the span of the name by which the words address the hearer.
    """

    start: int
    end: int
    speaker: Person | None
    hearer: Person | None
    called: tuple[int, int] | None = None


# The words between two parts of one speech: "said Pearl, and she laughed."
_MAX_TAG: Final = 120
# A speech is followed no further back.
_MAX_PARTS: Final = 4
_TITLE: Final = (
    r"(?:(?:Mr|Mrs|Miss|Ms|Dr|Captain|Doctor|Sergeant|Sister|Brother|Father|Mother|Uncle|Aunt|Lady|Sir)\.? )?"
)
_WRITING: Final = (
    "diary|journal|log|logbook|notebook|book|testament|will|statement|deposition|confession"
    "|memoirs?|reminiscences"
)
_LEAD: Final = r"[^\w\ue000-\uf8ff]*"
_ADDRESS: Final = lazy_pattern(
    rf"{_LEAD}(?:(?:[Mm]y )?(?:[Dd]ear(?:est)?|[Dd]arling|[Bb]eloved) ){{1,2}}{_TITLE}(?P<who>{NAME})?"
)
_CALLED: Final = lazy_pattern(rf"{_LEAD}(?P<who>{NAME}),\s*\n")
# "ISAURA: My eyes are brown", "Nino wrote: I am well".
_COLON: Final = lazy_pattern(
    rf"^{_LEAD}(?:[\w ]{{1,25}} (?:of|by|with) )?(?P<who>{NAME})(?!'s)(?: [\w ]{{1,25}}|, [\w ]{{1,25}})?: "
)
_YOU_ARE: Final = lazy_pattern(rf"\b[Yy]ou are {_TITLE}(?P<who>{NAME})(?!'s)(?=[.,;!:]| and\b)")
_HEADS: Final = lazy_pattern(
    rf"^{_LEAD}(?:[\w' ]{{0,30}}\b)?(?i:{_WRITING})(?: entry)?(?:,|:| of| by| kept by| from) {_TITLE}(?P<who>{NAME})"
    rf"(?:,[\w ,]{{1,40}})?[.:;—–-]*$"
    rf"|^{_LEAD}{_TITLE}(?P<who2>{NAME})(?:'s|,|:| [–—-])(?: (?:her|his))? (?:[\w']+"
    rf" )?(?i:{_WRITING})(?:,[\w ,]{{1,40}})?[.:]?$"
)
_NAMES_SELF: Final = lazy_pattern(
    rf"\b(?:[Mm]y name is|I am|I'm|[Tt]his is|call me|I am called) {_TITLE}(?P<who>{NAME})(?!'s)(?=[.,;!:”\"]|"
    rf" (?:and|speaking|writing|here)\b)"
    rf"|\bI, {_TITLE}(?P<who2>{NAME}),|^{_LEAD}{_TITLE}(?P<who3>{NAME}) (?:speaking|here)\b"
)
_CLOSING: Final = (
    r"(?:(?:and |with |ever |as ever,? |all |much |best |fond |fondest |kind |kindest |warm |my |our |lots of "
    r"|in haste,? )*"
    r"(?:love|regards|wishes|greetings|kisses|thanks|yours(?: \w+){0,2}|sincerely|faithfully|truly|respectfully"
    r"|affectionately"
    r"|signed|your (?:[\w']+ ){0,2}[\w']+)(?: always| as ever)?(?: from)?[,:]?\s+)"
)
_SIGNED: Final = lazy_pattern(
    rf"^{_LEAD}{_CLOSING}?{_TITLE}(?P<who>{NAME})(?:, [\w ]{{1,20}})?{_LEAD}$", re.IGNORECASE
)
_PLAINLY_SIGNED: Final = lazy_pattern(rf"^(?:\s*[–—-]+\s*|{_LEAD}{_CLOSING})", re.IGNORECASE)
# A longer line is no signature, nor the head of a diary.
_MAX_HEAD: Final = 90


def voices(cast: Cast, places: Sequence[int]) -> Iterator[Voice]:
    """Yield the stretches around one of the ``places`` in which it is plain who "I" or "you" is."""
    if cast.mentions and places:
        yield from _speakers(cast, places)
        yield from _writers(cast)


def _speakers(cast: Cast, places: Sequence[int]) -> Iterator[Voice]:
    """Yield the speech; of the parts around "said Pearl" all are hers."""
    spans = list(cast.reading.speeches)
    for index, (start, end) in enumerate(spans):
        at = bisect_left(places, start)
        if at == len(places) or places[at] >= end:
            continue
        speaker, hearer = speaker_of(cast, start, end), _hearer(cast, start, end)
        for before in range(index - 1, max(-1, index - _MAX_PARTS), -1):
            if (speaker is not None and hearer is not None) or not _goes_on(
                cast, spans[before][1], spans[before + 1][0]
            ):
                break
            speaker = speaker or speaker_of(cast, *spans[before])
            hearer = hearer or _hearer(cast, *spans[before])
        if speaker is None:
            speaker = _self_named(cast, start, end)
        if speaker is not None or hearer is not None:
            called = (hearer.start, hearer.end) if hearer is not None and start < hearer.start < end else None
            meant = cast.person_of(hearer) if hearer is not None else None
            yield Voice(start + 1, end - 1, speaker, meant, called)


def _goes_on(cast: Cast, end: int, start: int) -> bool:
    """Return whether the speech at ``start`` goes on with one that ended at ``end``, behind words about one person."""
    reading = cast.reading
    if not 1 < start - end <= _MAX_TAG or "\n" in reading.plain[end:start]:
        return False
    at = bisect_left(cast.mentions, end, key=lambda mention: mention.start)
    people = {mention.index for mention in cast.mentions[at : at + 3] if mention.start < start}
    between = reading.plain[end:start]
    return len(people) <= 1 and _TAGGED.match(between) is not None and not _OTHER_SPEAKER.search(between)


def _self_named(cast: Cast, start: int, end: int) -> Person | None:
    """Return who introduces themselves in the words between two positions: "I am Ilka Brandvold"."""
    first, last = cast.reading.index_at(start), cast.reading.index_at(max(start, end - 1))
    named = {
        id(person): person
        for sentence in cast.reading.sentences[first : last + 1]
        if (line := cast.line_of(sentence)) is not None
        for found in _NAMES_SELF.finditer(line.text)
        if start <= line.span(*found.span())[0] < end and (person := _named(cast, found)) is not None
    }
    return next(iter(named.values())) if len(named) == 1 else None


def _named(cast: Cast, found: re.Match[str]) -> Person | None:
    """Return the person of the first of the groups ``who`` that a match has."""
    sign = next(
        (words for name, words in found.groupdict().items() if name.startswith("who") and words), None
    )
    return cast.people[ord(sign) - 0xE000] if sign is not None else None


def _writers(cast: Cast) -> Iterator[Voice]:
    """Yield the letters, diaries and logs, and what a narrator tells who gives their name."""
    reading = cast.reading
    has_you = _is_narrated(reading, _OF_OTHER)
    if not has_you and not _is_narrated(reading, _OF_SELF):
        return
    narrator = None if reading.words.isdisjoint(_INTRODUCING) else _narrator(cast, _NAMES_SELF)
    reader = None if "you" not in reading.words else _narrator(cast, _YOU_ARE)
    writer, hearer, called, start, is_writing = narrator, reader, None, 0, False
    is_marked = narrator is not None or not reading.words.isdisjoint(_MARKING)
    is_marked = is_marked or has_you or ":" in reading.plain
    for line in cast.named_lines if is_marked or _ends_with_name(cast) else ():
        sentence = line.sentence
        if reading.is_speech(sentence.start):
            continue
        address = _ADDRESS.match(line.text) or _CALLED.match(line.text)
        head = _HEADS.match(line.text) if address is None and len(line.text) <= _MAX_HEAD else None
        signed = _SIGNED.match(line.text) if address is None and len(line.text) <= _MAX_HEAD else None
        if address is not None or head is not None:
            if writer is not None or hearer is not None:
                yield Voice(start, sentence.start, writer, hearer, called)
            writer, hearer, called, is_writing = narrator, None, None, True
            start = sentence.start
            if address is not None:
                hearer = _named(cast, address)
                called = line.span(*address.span()) if hearer is not None else None
            elif head is not None:
                writer, start = _named(cast, head), sentence.end
        elif (said := _COLON.match(line.text)) is not None:
            yield Voice(line.span(*said.span())[1], sentence.end, _named(cast, said), None)
        elif has_you and (turned := _called_in(cast, sentence.start, sentence.end)) is not None:
            yield Voice(
                sentence.start, sentence.end, writer, cast.person_of(turned), (turned.start, turned.end)
            )
        elif signed is not None and _is_signature(
            reading, sentence, is_writing=is_writing or narrator is not None
        ):
            signer = _named(cast, signed)
            if signer is not hearer:
                yield Voice(start, sentence.start, signer, hearer, called)
            writer, hearer, called, start, is_writing = narrator, None, None, sentence.end, False
    if writer is not None or hearer is not None:
        yield Voice(start, len(reading.plain), writer, hearer, called)


def _is_narrated(reading: Reading, words: Iterable[str]) -> bool:
    """Return whether one of the ``words`` stands outside speech."""
    return any(not reading.is_speech(start) for word in words for start in reading.places(word))


def _ends_with_name(cast: Cast) -> bool:
    """Return whether a line of the text ends with the name of a person, as a signature does."""
    plain = cast.reading.plain
    return any(plain[mention.end : mention.end + 3].strip(" .") in _LINE_ENDS for mention in cast.mentions)


def _is_signature(reading: Reading, sentence: Sentence, *, is_writing: bool) -> bool:
    """Return whether a line of a name alone signs what stands above it: by a dash, a closing or the end of a letter."""
    behind = reading.plain[sentence.end : sentence.end + 8].lstrip(" \t.")
    if behind and not behind.startswith("\n"):
        return False
    if _PLAINLY_SIGNED.match(sentence.text):
        return True
    is_own_line = "\n" in reading.plain[max(0, sentence.start - 2) : sentence.start]
    return is_writing or (is_own_line and sentence.start > 0)


def _narrator(cast: Cast, naming: re.Pattern[str]) -> Person | None:
    """Return who tells a text in the first person, or is told it in the second, and is named outside speech."""
    found = {
        id(person): person
        for sentence in cast.reading.sentences_with(_INTRODUCING)
        if (line := cast.line_of(sentence)) is not None
        for match in naming.finditer(line.text)
        if not cast.reading.is_speech(line.span(*match.span())[0])
        and (person := _named(cast, match)) is not None
    }
    return next(iter(found.values())) if len(found) == 1 else None


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
    return _called_in(cast, start + 1, end) or hearer_behind(cast, end)


def _called_in(cast: Cast, start: int, end: int) -> Mention | None:
    """Return the mention of whom the words between two positions call by name, if it is one person."""
    plain, found = cast.reading.plain, []
    at = bisect_left(cast.mentions, start, key=lambda mention: mention.start)
    for mention in cast.mentions[at : at + 3]:
        if mention.start >= end:
            break
        is_first = mention.start == start
        if (is_first or plain[mention.start - 2 : mention.start] == ", ") and plain[
            mention.end : mention.end + 1
        ] in _BEHIND_CALLED:
            found.append(mention)
    if len(found) > 1:
        # "Your uncle, Gavin, is at the door, Ruth": the name at the end or the beginning.
        found = [
            mention
            for mention in found
            if mention.start == start or not plain[mention.end : end].strip(',.!”"')
        ]
    return found[0] if len(found) == 1 else None


def hearer_behind(cast: Cast, end: int) -> Mention | None:
    """Return the mention of whom the words before ``end`` are told to: "said Ruth to Gavin", "Ruth told Gavin"."""
    plain, mentions = cast.reading.plain, cast.mentions
    at = bisect_left(mentions, end, key=lambda mention: mention.start)
    is_near = at < len(mentions) and mentions[at].start - end < _MAX_TAG
    if is_near and _BY_ANYBODY.match(plain[end : mentions[at].start]):
        return mentions[at]
    if at + 1 < len(mentions) and _TO.match(plain[mentions[at].end : mentions[at + 1].start]):
        return mentions[at + 1]
    return None


# Behind the first part of a speech: "Pearl said, and", "said Pearl.", "she told him,".
_TAGGED: Final = lazy_pattern(rf"^,? ?[^.!?]{{0,60}}\b(?:{_SAYS})\b[^.!?;:]*[.,:;–—]? ?$")
_OTHER_SPEAKER: Final = lazy_pattern(
    r"\b(?:answer|repl|ask|retort|and (?:the|a|his|her) \w+ (?:said|answered))"
)
_OF_SELF: Final = ("i", "my", "mine")
_OF_OTHER: Final = ("you", "your", "yours")
_INTRODUCING: Final = frozenset(("i", "name", "this", "speaking", "here", "call", "you"))
_MARKING: Final = frozenset(("dear", "dearest", "darling", "beloved", *re.findall(r"\w+", _WRITING)))
_LINE_ENDS: Final = frozenset(("", "\n", "\n\n", "\n)"))
_BEHIND_CALLED: Final = frozenset(',.!”"')
