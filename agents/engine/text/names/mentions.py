"""Mentions of people by a name that is also a common word: "Hope put the kettle on", "hope came back"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.words import (
    ALWAYS_CAPITAL,
    BODY,
    COUNTED,
    FURTHER_VERBS,
    HOUSEHOLD,
    NAME_WORDS,
    NATURAL,
    OUTDOORS,
    PERSONAL_GERUNDS,
    PERSONAL_VERBS,
    TIMES,
)
from agents.engine.text.reading import WORD, Reading
from agents.engine.text.small_things import AT_HAND
from agents.engine.text.vocabulary import ROLES
from agents.engine.text.word_forms import one_of

NEXT_WORD: Final = lazy_pattern(r" (?P<word>[^\W\d_]+)")
_PLACED: Final = lazy_pattern(
    r"\b(?:in|of|on|to|from|at|near|last|next|this|until|till|since|early|late|mid|for|through|during|every"
    r"|throughout|around|before|after)[ -]$",
    re.IGNORECASE,
)
_KIN: Final = "(?:husband|wife|niece|nephew|cousin|sister|brother|mother|father|son|daughter|aunt|uncle)"
_IS_PERSON: Final = lazy_pattern(
    rf"(?:'s (?:[\w-]+ ){{0,2}}?{BODY}\b|, who\b|, [\w-]+-(?:eyed|haired|handed|faced|headed|shouldered)\b"
    rf"|, (?:an? |aged |only |now )?(?:\w+teen|\w+ty|[a-z]+(?:-year-old"
    rf"|(?= years old))|(?:ten|eleven|twelve)(?=[,.]))\b| (?:was|is) (?:(?:only|just|nearly|almost|barely"
    rf"|still) )?(?:\d+\b(?! )|(?:six|seven|eight|nine|ten|eleven|twelve)(?=[,.;]| years? old)|\w+teen"
    rf"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty\b|(?:an?|the) (?:\w+ )?(?:man|woman|boy|girl|child)\b)"
    rf"|, (?:an?|the) (?:[\w-]+ ){{0,2}}(?:man|woman|boy|girl|child)\b|, at (?:\w+ty(?:-\w+)?|\w+teen),"
    rf"| (?:had|has|having)(?: never)?(?: had)? (?:an?|no|one|two|three|four|five) (?:\w+ )?{_KIN}s?\b"
    r"| (?:was|is|had been) (?:an?|the) (?:\w+ )?(?:widow|widower|bachelor|spinster|orphan)\b"
    r"| (?:had |has )?(?:just )?turned (?:\w+teen|twelve|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b"
    rf"| (?:was|is) [\w'-]+'s (?:\w+ )?{_KIN}\b"
    rf"|(?-i:[^.;:!?A-Z]{{0,60}})\b(?:himself|herself|(?:his"
    rf"|her) (?:[\w-]+ )?(?:{BODY}|{_KIN}|birthday))\b)",
    re.IGNORECASE,
)
_IS_OR_HAS: Final = lazy_pattern(r" (?:was|is|had|has|would|could|will|did)\b")
# "Hope quietly unlocked", "Hope was unlocking", "Hope had just unlocked".
_VERB_PHRASE: Final = lazy_pattern(
    r" (?:(?:\w+ly|just|then|still) )?(?:(?P<be>was|is)|(?P<have>had|has)(?:n't| not)?)?"
    r"(?: (?:\w+ly|just|already|still))? ?(?P<verb>[a-z]+)"
)
# "Robin whistled for his dogs": no such word stands alone before a verb.
_PAST_VERB: Final = lazy_pattern(
    r" (?:\w+ly )?(?:[a-z]{2,}ed|came|went|ran|stood|took|gave|drew|held|lit|rose|rode|sang|shook|spoke|made|put|set"
    r"|left|met|found|bought|brought|sold|paid|kept|led|laid|got|threw|blew|drove|fell|felt|swung|won|lost|swam|ate"
    r"|drank|slept|caught|bit|hit|cut|sent|sat|lay|woke|hung|shut|struck|flung|bent|fed|hid|crept|swept|tore)"
    r"(?= (?:the|an?|his|her|their|its|no|up|down|in|on|out|off|over|to|at|for|with|back|away|past|through|into|from"
    r"|and|ahead|home|along|across|round|us|me|him|them|it|you)\b|[,.;])(?! by\b)"
)
# "Rose put the kettle on": a thing at hand, which neither a season, a plant nor a virtue handles.
_HANDLES: Final = lazy_pattern(
    rf" (?:\w+ly |then |has |had |just |already ){{0,2}}(?!(?:{NATURAL})\b)(?:[a-z]{{2,}}ed|puts?|passes|pours|threw"
    r"|throws|set|sets|took|takes|burnt|rang|rings|wound|cut|bought|sold|made|held|hung|shut|lent|stuck|bit|tore"
    r"|drew|laid"
    r"|ate|drank|wore|wrote|read|swept|hid|dug|has (?=your\b|my\b))(?: up| out| off| down| on| over)?"
    rf" (?:the|an?|another|his|her|some|two|three|your|my) (?:\w+ )?(?:{one_of(AT_HAND - OUTDOORS)}"
    rf"|{HOUSEHOLD})\b(?!'| of\b)"
)
# "Hope came in from the yard", "Rose came downstairs": the rooms and things of people.
_COMES: Final = lazy_pattern(
    r" (?:\w+ly )?(?:is|was|came|went|ran|walked|hurried|rushed|stumbled|sat|stood|waited|arrived|appeared|returned)"
    r"(?: (?:downstairs|upstairs|indoors|to bed|to market|home from|out shopping)\b|(?: \w+){0,2}?"
    r" (?:from|to|into|in|across|up|down|at|by) (?:the|her|his) (?:\w+ )?(?:yard|kitchen|shop|stable|stables|cellar"
    r"|attic|stairs|pump|counter|privy"
    r"|scullery|dairy|parlour|pantry|bakery|table|desk|piano|stove|sink|wheel|till|supper|dinner|breakfast)\b"
    rf"|[^.;:!?A-Z]{{0,40}} with (?:an?|the|two|her|his) (?:\w+ )?(?:{one_of(AT_HAND)}|{HOUSEHOLD})\b)"
)
# "“Hush,” whispered June".
_SPEAKS: Final = lazy_pattern(
    r"[”\"],? (?:said|asked|whispered|cried|called|shouted|answered|replied|murmured|muttered) $"
)
# "Pearl measured Tabitha's arm".
_TOUCHES: Final = lazy_pattern(rf" (?:\w+ly )?(?!(?:{NATURAL})\b)[a-z]{{2,}}ed [A-Z]\w+'s (?:\w+ )?{BODY}\b")
# "Hope and Nan walked": a name beside a name.
_WITH_OTHER: Final = lazy_pattern(
    r" and (?P<other>[A-Z][a-z]+) (?:walked|sat|stood|went|came|ran|rode|drove|played|danced|quarrelled|talked|laughed"
    r"|ate|drank|shared|waited|climbed|carried|looked|watched|slept|met|married|worked|shook|put|took|left|followed"
    r"|exchanged|crept|argued|knelt|rowed|swam|cooked|washed|had (?:supper|dinner|breakfast|lunch|tea)|(?:were|are) "
    r"\w+ing|have \w+(?:ed|ne|en))\b"
)
# "May weighed the parcel and told him": of several verbs that share the subject, one is of persons.
_ALSO_DOES: Final = lazy_pattern(
    r" (?:(?:\w+ly )?[a-z]+ed|(?:put|set|took|gave|made|cut|led|got|lit|shut|let|ran|met|sold|bought|found|kept|sent)"
    r"|[a-z]+s (?:the|an?|his|her))\b[^.;:!?“”\"]{0,80}?(?:,| and"
    r"|, and)(?: then)? (?P<verb>[a-z]+)\b(?![^.;:!?]{0,80}\bits\b)"
)
_MAX_VERBS: Final = 4
# What is counted does nothing without an article: "Penny came running", "Robin, the gamekeeper, touched".
_ACTS: Final = lazy_pattern(
    rf" (?:came|went) [a-z]+ing\b|, (?:an?|the|his|her|our) (?:\w+ )?(?:{one_of(ROLES)}), (?:\w+ly )?[a-z]+(?:ed|s)\b"
    r"| (?:\w+ly )?(?:[a-z]{3,}ed|ran|took|gave|drew|rode|shook|spoke|made|met|found|bought|brought|sold|kept"
    r"|got|threw|blew"
    r"|drove|swam|ate|drank|slept|caught|hid|crept|swept|lent|told|sent)(?! (?:by|to be|with)\b)(?= [a-zA-Z])"
)
# What is counted owns nothing without an article.
_OWNS: Final = lazy_pattern(r"'s (?:[a-z]+ ){1,2}(?:was|is|had|lay|stood|hung|struck|[a-z]+ed)\b")
_SMALL_IN_TITLES: Final = frozenset(
    ["a", "an", "the", "and", "or", "of", "in", "on", "at", "to", "for", "from", "by", "with", "as", "s"]
)
# "Grace said by the abbot", "Fortune smiled on them", "Ivy climbed the wall".
_NOT_BY_PERSON: Final = lazy_pattern(
    r"(?: [a-z]+){1,2} its\b|[^.;:!?]{0,60}, as it (?:does|did|will|always|often)\b| (?:\w+ (?:by|on|upon)\b"
    r"|said[,.;] (?![“\"])"
    r"|(?:had )?climb(?:ed|s) (?:up |over |all over )?(?:the|a|every) (?:\w+ )?"
    r"(?:walls?|porch|trellis|tower|gable|chimney|front|drainpipe|fence|arch|oak|trunk)\b)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention, at a span of the folded text, of the name with this ``index``; ``is_full`` for a whole name."""

    start: int
    end: int
    index: int
    is_full: bool


def is_surely_name(reading: Reading, mention: Mention) -> bool:
    """Return whether the mention cannot be a word that is only spelled like the name."""
    plain, start, end = reading.plain, mention.start, mention.end
    word = reading.lower[start:end]
    is_word = word in NAME_WORDS or word in ALWAYS_CAPITAL or reading.is_in_lower_case(word)
    if mention.is_full or not is_word:
        return True
    if is_title_case(plain, start, end):
        return False
    if _acts_as_person(plain, end) or _IS_PERSON.match(plain, end):
        return True
    if _HANDLES.match(plain, end):
        return True
    if _SPEAKS.search(plain, max(0, start - 14), start):
        return True
    if word not in TIMES and (_COMES.match(plain, end) or _TOUCHES.match(plain, end)):
        return True
    if word not in TIMES and not _NOT_BY_PERSON.match(plain, end) and _also_acts_as_person(plain, end):
        return True
    if word in COUNTED and (
        _IS_OR_HAS.match(plain, end)
        or _PAST_VERB.match(plain, end)
        or (_ACTS.match(plain, end) and not reading.is_in_lower_case(word))
        or _OWNS.match(plain, end)
    ):
        return True
    if word in ALWAYS_CAPITAL or (word in TIMES and plain[max(0, start - 3) : start].lower() == "by "):
        return False
    return not reading.is_first_word(start) and not _PLACED.search(plain, max(0, start - 12), start)


def is_with_other(reading: Reading, mention: Mention, candidates: Iterable[Mention]) -> bool:
    """Return whether somebody acts together with another, whose name is no other word: "Hope and Nan walked"."""
    found = _WITH_OTHER.match(reading.plain, mention.end)
    if found is None or reading.lower[mention.start : mention.end] in TIMES:
        return False
    return any(
        other.start == found.start("other") and found["other"].lower() not in NAME_WORDS
        for other in candidates
    )


def _acts_as_person(plain: str, end: int) -> bool:
    """Return whether the verb after a word is one that only a person is the subject of."""
    if _NOT_BY_PERSON.match(plain, end):
        return False
    if next_word(plain, end) in PERSONAL_VERBS:
        return True
    phrase = _VERB_PHRASE.match(plain, end)
    if phrase is None:
        return False
    return phrase["verb"] in (PERSONAL_GERUNDS if phrase["be"] else PERSONAL_VERBS)


def _also_acts_as_person(plain: str, end: int) -> bool:
    """Return whether a further verb of the same subject is one of persons: "weighed the parcel and told him"."""
    for _ in range(_MAX_VERBS):
        found = _ALSO_DOES.match(plain, end)
        if found is None:
            return False
        if found["verb"] in FURTHER_VERBS:
            return True
        end = found.start("verb") - 1
    return False


def next_word(plain: str, end: int) -> str:
    following = NEXT_WORD.match(plain, end)
    return following["word"].lower() if following is not None else ""


def is_title_case(plain: str, start: int, end: int) -> bool:
    line_start = plain.rfind("\n", max(0, start - 120), start) + 1
    line_end = plain.find("\n", end, end + 120)
    words = WORD.findall(
        plain[line_start if line_start else max(0, start - 60) : line_end if line_end >= 0 else end + 60]
    )
    words = [word for word in words if word not in _SMALL_IN_TITLES]
    return len(words) > 2 and all(word[0].isupper() or word.isdigit() for word in words)
