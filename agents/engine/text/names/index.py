"""Names of people and things in a text, told from the words that they are spelled like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from agents.engine.text.folding import fold, without_accents
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.matching import distinctive_parts
from agents.engine.text.names.words import (
    ALWAYS_CAPITAL,
    BODY,
    COUNTED,
    FURTHER_VERBS,
    NAME_WORDS,
    PERSONAL_GERUNDS,
    PERSONAL_VERBS,
    TIMES,
    TITLES,
)
from agents.engine.text.reading import WORD, Reading
from agents.engine.text.vocabulary import LIVING_VERBS, ROLES
from agents.engine.text.word_forms import one_of

_OTHER_THING: Final = lazy_pattern(r"(?:^|[^\w'-])(?:the|an?|another|every|each|no)[ ]$", re.IGNORECASE)
_DETERMINERS: Final = ("the ", "a ", "an ", "another ", "every ", "each ", "no ")
_JOINED_BEFORE: Final = lazy_pattern(r"\w-$|[^\W_]'$")
_JOINED_AFTER: Final = lazy_pattern(r"-\w|'(?![sS]\b)[^\W_]")
_JOINTS: Final = frozenset("-'")
# Another bearer of the name.
_YOUNGER: Final = lazy_pattern(r",? (?:the younger|junior|Jr)\b")
_NEXT_WORD: Final = lazy_pattern(r" (?P<word>[^\W\d_]+)")
_LAST_WORD: Final = lazy_pattern(r"(?P<word>[^\W\d_]+)\.? $")
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
    rf"| (?:was|is) [\w'-]+'s (?:\w+ )?{_KIN}\b"
    rf"|[^.;:!?]{{0,60}}\b(?:himself|herself|(?:his"
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
# "Rose put the kettle on": a thing at hand, which neither a season nor a virtue handles.
_HANDLES: Final = lazy_pattern(
    r" (?:\w+ly |then |has |had |just |already ){0,2}(?:put|puts|passed|passes|poured|pours|served|threw|throws|handed"
    r"|set|took|burnt|burned|stamped|emptied|rang|ordered|mended) (?:the|an?|another|his|her|some) (?:\w+ )?(?:kettle"
    r"|pans?|pots?|trays?|plates?|cups?|glass(?:es)?|mugs?|jugs?|teapot|ladle|spoons?|fork|knife|bottles?|salt|pepper"
    r"|porridge|toast|supper|dinner|breakfast|parcels?|envelope|stamp|sauce|soup|stew|tea|coffee|beer|pen|pencil"
    r"|ledger|receipt|coat|hat|shawl|apron|boots|basket|bucket|broom|lantern|keys?|stool|cards?|telephone|receiver"
    r"|bandage|needle|scissors|hammer|oars|reins|tiller|dishes|shopping)\b(?!'| of\b)"
)
# "Hope and Nan walked": a name beside a name.
_WITH_OTHER: Final = lazy_pattern(
    r" and (?P<other>[A-Z][a-z]+) (?:walked|sat|stood|went|came|ran|rode|drove|played|danced|quarrelled|talked|laughed"
    r"|ate|drank|shared|waited|climbed|carried|looked|watched|slept|met|married|worked|shook|put|took|left|followed"
    r"|exchanged|crept|argued|knelt|rowed|swam|cooked|washed|had (?:supper|dinner|breakfast|lunch|tea)|were \w+ing)\b"
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
    r"|drove|swam|ate|drank|slept|caught|hid|crept|swept)(?! (?:by|to be|with)\b)(?= [a-z])"
)
# What is counted owns nothing without an article.
_OWNS: Final = lazy_pattern(r"'s (?:[a-z]+ ){1,2}(?:was|is|had|lay|stood|hung|struck|[a-z]+ed)\b")
_THEN_PRONOUN: Final = lazy_pattern(r"^[“\"'(]*(?:She|He|Her|His)\b")
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
_NOT_NAMES: Final = frozenset(
    {"i", "and", "or", "but", "when", "if", "then", "who", "whom", "of", "on", "in", "at", "to", "the"}
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention, at a span of the folded text, of the name with this ``index``; ``is_full`` for a whole name."""

    start: int
    end: int
    index: int
    is_full: bool


@dataclass(frozen=True, slots=True)
class _Spelling:
    words: tuple[str, ...]
    index: int
    is_full: bool
    has_article: bool = False


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Spellings of names by their first word."""

    by_first_word: dict[str, tuple[_Spelling, ...]] = field(default_factory=dict)

    @classmethod
    @lru_cache(maxsize=128)
    def of(cls, names: tuple[str, ...], other_names: tuple[str, ...] = ()) -> NameIndex:
        """Index the names of people, and those of their parts that identify only one of them.

        A part that is also in one of ``other_names``, of places or things, identifies nobody.
        """
        bearers: dict[str, set[int]] = {}
        for index, name in enumerate(names):
            for part in distinctive_parts(name):
                bearers.setdefault(_key(part), set()).add(index)
        taken = {word for name in other_names for word in words_of_name(name)}
        spellings: dict[str, dict[tuple[str, ...], _Spelling]] = {}
        for index, name in enumerate(names):
            parts = distinctive_parts(name)
            own = [part for part in parts if len(bearers[_key(part)]) == 1 and _key(part) not in taken]
            for spelling, is_full in (
                (name, True),
                (" ".join(parts), len(parts) > 1),
                *((part, False) for part in own),
            ):
                words = words_of_name(spelling)
                if words:
                    known = spellings.setdefault(words[0], {})
                    known.setdefault(
                        words, _Spelling(words, index, is_full and len(words) > 1, name[:4].lower() == "the ")
                    )
        for plain, found in _without_accents(spellings).items():
            spellings.setdefault(plain[0], {}).setdefault(plain, found)
        return cls._by_first_word(spellings)

    @classmethod
    @lru_cache(maxsize=128)
    def of_things(cls, names: tuple[str, ...]) -> NameIndex:
        """Index the whole names of places and things, which may have an article: "the Lighthouse"."""
        spellings: dict[str, dict[tuple[str, ...], _Spelling]] = {}
        for index, name in enumerate(names):
            if words := words_of_name(name):
                spelling = _Spelling(words, index, is_full=len(words) > 1, has_article=True)
                spellings.setdefault(words[0], {}).setdefault(words, spelling)
        return cls._by_first_word(spellings)

    @classmethod
    def _by_first_word(cls, spellings: dict[str, dict[tuple[str, ...], _Spelling]]) -> NameIndex:
        return cls(
            {
                first: tuple(sorted(known.values(), key=lambda spelling: -len(spelling.words)))
                for first, known in spellings.items()
            }
        )

    def mentions(self, reading: Reading, *, are_names: bool = False) -> list[Mention]:
        """Return the mentions of people, in reading order; words that only look like a name are left out.

        With ``are_names`` each capital letter is one of a name, as in the facts of a world.
        """
        if self.by_first_word.keys().isdisjoint(reading.words):
            return []
        candidates = list(self.candidates(reading))
        if are_names:
            return candidates
        full = {mention.index for mention in candidates if mention.is_full}
        used_as_names = {
            reading.lower[mention.start : mention.end]
            for mention in candidates
            if _is_surely_name(reading, mention) or _is_with_other(reading, mention, candidates)
        }
        return [
            mention
            for mention in candidates
            if mention.index in full or reading.lower[mention.start : mention.end] in used_as_names
        ]

    def candidates(self, reading: Reading) -> Iterator[Mention]:
        """Yield all words that are spelled like a name and stand where one can stand."""
        plain = reading.plain
        behind = 0
        for start, word in reading.places_of(self.by_first_word.keys()):
            if start < behind:
                continue
            for spelling in self.by_first_word[word]:
                end = reading.end_of_phrase(spelling.words, start)
                if end is None or not _is_free(plain, start, end):
                    continue
                if (
                    spelling.is_full or plain[start].isupper() or not plain[start].islower()
                ) and not _is_other(plain, start, end, spelling):
                    yield Mention(start, end, spelling.index, spelling.is_full)
                behind = end
                break


@lru_cache(maxsize=16_384)
def words_of_name(name: str) -> tuple[str, ...]:
    """Return the words of a name in the folded spelling of a reading, in lower case and without a leading article."""
    words = tuple(WORD.findall(fold(name).text.lower()))
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def _without_accents(
    spellings: Mapping[str, Mapping[tuple[str, ...], _Spelling]],
) -> dict[tuple[str, ...], _Spelling]:
    """Return spellings without the accents that a text may leave out, of those that mean one person only."""
    found: dict[tuple[str, ...], _Spelling | None] = {}
    for spelling in (spelling for known in spellings.values() for spelling in known.values()):
        if not all(map(str.isascii, spelling.words)):
            plain = tuple(map(without_accents, spelling.words))
            other = found.setdefault(plain, replace(spelling, words=plain))
            found[plain] = other if other is not None and other.index == spelling.index else None
    return {plain: spelling for plain, spelling in found.items() if spelling is not None}


def is_named(name: str, reading: Reading) -> bool:
    """Return whether the text names the person, in full or by a part of the name."""
    index = NameIndex.of((name,))
    if index.mentions(reading):
        return True
    # "Hope walked to the window. She opened it."
    return any(
        _next_word(reading.plain, mention.end) in LIVING_VERBS
        and (following := reading.next_sentence(mention.start)) is not None
        and _THEN_PRONOUN.match(following.text) is not None
        for mention in index.candidates(reading)
    )


def _key(part: str) -> str:
    return "".join(words_of_name(part)[:1])


def _is_free(plain: str, start: int, end: int) -> bool:
    """Return whether the words stand alone and are no part of a compound with a hyphen or an apostrophe."""
    if plain[start - 1 : start] not in _JOINTS and plain[end : end + 1] not in _JOINTS:
        return True
    return not (_JOINED_BEFORE.search(plain, max(0, start - 2), start) or _JOINED_AFTER.match(plain, end))


def _is_other(plain: str, start: int, end: int, spelling: _Spelling) -> bool:
    """Return whether the words are the name of someone or something else: "the Hope", "Grace Hopper", "Hope Street"."""
    if (
        not spelling.has_article
        and plain[max(0, start - 9) : start].lower().endswith(_DETERMINERS)
        and _OTHER_THING.search(plain, max(0, start - 10), start)
    ):
        return True
    if _YOUNGER.match(plain, end):
        return True
    following = _NEXT_WORD.match(plain, end)
    if following is not None and following["word"][0].isupper() and not following["word"].isupper():
        word = following["word"].lower()
        if word not in _NOT_NAMES and word not in ALWAYS_CAPITAL and word not in spelling.words:
            return not _is_title_case(plain, start, end)
    if spelling.is_full:
        return False
    if plain[max(0, start - 24) : start].islower():
        return False
    before = _LAST_WORD.search(plain, max(0, start - 24), start)
    if before is None or not before["word"][0].isupper():
        return False
    word = before["word"].lower()
    if word in TITLES or word in _NOT_NAMES or len(word) < 3 or before.group().endswith(". "):
        return False
    # A capital letter at the head of a sentence says nothing.
    head = plain[max(0, before.start() - 3) : before.start()]
    is_first = before.start() == 0 or head.rstrip(" ")[-1:] in ".!?…“\"'\n:(—*_" or head.endswith("\n")
    return not is_first and not _is_title_case(plain, start, end)


def _is_title_case(plain: str, start: int, end: int) -> bool:
    line_start = plain.rfind("\n", max(0, start - 120), start) + 1
    line_end = plain.find("\n", end, end + 120)
    words = WORD.findall(
        plain[line_start if line_start else max(0, start - 60) : line_end if line_end >= 0 else end + 60]
    )
    words = [word for word in words if word not in _SMALL_IN_TITLES]
    return len(words) > 2 and all(word[0].isupper() or word.isdigit() for word in words)


def _is_surely_name(reading: Reading, mention: Mention) -> bool:
    """Return whether the mention cannot be a word that is only spelled like the name."""
    plain, start, end = reading.plain, mention.start, mention.end
    word = reading.lower[start:end]
    is_word = word in NAME_WORDS or word in ALWAYS_CAPITAL or reading.is_in_lower_case(word)
    if mention.is_full or not is_word:
        return True
    if _is_title_case(plain, start, end):
        return False
    if _acts_as_person(plain, end) or _IS_PERSON.match(plain, end):
        return True
    if _HANDLES.match(plain, end):
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


def _is_with_other(reading: Reading, mention: Mention, candidates: Iterable[Mention]) -> bool:
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
    if _next_word(plain, end) in PERSONAL_VERBS:
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


def _next_word(plain: str, end: int) -> str:
    following = _NEXT_WORD.match(plain, end)
    return following["word"].lower() if following is not None else ""
