"""Bodies of characters: handedness, lost limbs, the bald and the bearded."""

from __future__ import annotations

from collections.abc import Iterator, Set
from functools import cache, lru_cache
from typing import Final

from agents.engine.checks.characters.cast.people import DOES, NAME, POSSESSIVE, WHOSE, Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.handedness import hands
from agents.engine.checks.finding import Finding
from agents.engine.checks.statements import compiled_as_written, stated
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.word_forms import one_of, word_set

_WHOSE: Final = rf"(?P<who>{WHOSE})"
_WHO5: Final = rf"(?P<who5>{WHOSE})"
_WHO5B: Final = rf"(?P<who6>{WHOSE})"
_DOES: Final = rf"(?P<who>{DOES})"
_HAIR: Final = word_set("""
    hair haired curl curls strand strands lock locks braid braids ponytail plait plaits fringe mane tresses bald
    beardless shaven hairless beard bearded whiskers
""")

_LOST: Final = lazy_pattern(
    r"\blost (?:(?P<fingers>fingers)|a (?:(?P<side>left|right) )?(?P<part>hand|arm|leg|eye|foot))\b"
    r"|\bmaimed (?P<maimed>hand|arm|leg|foot)\b|\bno (?P<none>arms|legs|hands|eyes|ears|feet)\b"
)
_PLURALS: Final = {
    "foot": ("feet",),
    "leg": ("legs", "feet", "knees", "ankles"),
    "arm": ("arms", "hands", "fists", "elbows"),
    "hand": ("hands", "fists"),
}
_BOTH: Final = frozenset(("both", "two"))
_TEN_FINGERS: Final = (
    rf"{_DOES}(?!'s)[^.;:“”\"]{{1,60}}? (?:all ten|ten)(?: of)?(?: (?:his|her))? (?:\w+ )?fingers\b"
    rf"|(?P<who5>{WHOSE}) (?:ten|ten \w+) fingers\b|(?P<who6>{DOES})(?!'s)[^.;:“”\"]{{1,60}}? fingers, all ten\b"
)
_BALD: Final = lazy_pattern(r"\bbald\b")
_BEARDED: Final = lazy_pattern(r"\bbearded\b")
LIMBS: Final = word_set(
    "hand hands handed hander arm arms leg legs eye eyes foot feet fist fists elbows knees ankles fingers"
)
_PARTS: Final = LIMBS | _HAIR


def check_bodies(cast: Cast) -> Iterator[Finding]:
    if not cast.people:
        return
    yield from _shaven(cast)
    if cast.reading.words.isdisjoint(_PARTS):
        return
    for person in cast.people.values():
        for pattern, statement, why in (
            *hands(person, cast.reading.words),
            *_lost(person, cast.reading.words),
            *_bald(person),
            *_beardless(person, cast.reading.words),
        ):
            yield from _contradictions(cast, person, pattern, statement, why)


def _lost(person: Person, words: Set[str]) -> Iterator[tuple[str, str, str]]:
    known = next(iter(stated(_LOST, person.told)), None)
    if known is None:
        return
    part, side = known["part"] or known["maimed"] or "", known["side"]
    if known["fingers"]:
        if not words.isdisjoint(("finger", "fingers")):
            yield _TEN_FINGERS, known.group(), f"{person.name} has lost fingers."
        return
    if known["none"]:
        parts = one_of((known["none"], *_PLURALS.get(known["none"].removesuffix("s"), ())))
        if not words.isdisjoint(_PARTS):
            yield (
                rf"{_WHOSE} (?:own |two |both |\w+ )?{parts}\b",
                known.group(),
                f"{person.name} has {known.group()}.",
            )
            yield (
                rf"{_DOES} (?:folded|raised|crossed|stretched|lifted|closed|opened|spread) (?:(?:his|her|its|both"
                rf"|the) )+{parts}\b",
                known.group(),
                f"{person.name} has {known.group()}.",
            )
        return
    plurals = _PLURALS.get(part, (f"{part}s",))
    if known["maimed"]:
        for pattern in () if words.isdisjoint(plurals) else _sound_limbs(plurals):
            yield pattern, known.group(), f"The world says of {person.name} “{known.group()}”."
        return
    wrong: tuple[str, ...] = ()
    if not words.isdisjoint(plurals) and not words.isdisjoint(_BOTH):
        wrong += _both_limbs(plurals)
    if {"first", "then"} <= words:
        wrong += _one_after_the_other(part)
    # Whoever lost an arm lost its hand as well.
    gone = "(?:arm|hand)" if part == "arm" else part
    if side in words:
        wrong += (
            rf"{_WHOSE} {side} {gone}\b",
            rf"{_DOES} (?:\w+ ){{0,4}}?(?:with|in) (?:his|her) {side} {gone}\b",
        )
    if part in ("hand", "arm"):
        wrong += (
            rf"{_DOES} (?:\w+ )?(?:folded|clasped|crossed|wrung|clapped) (?:both )?(?:his|her) (?:hands|arms)\b",
        )
    for pattern in wrong:
        yield pattern, known.group(), f"{person.name} has lost the {part} that the text gives them."


@cache
def _sound_limbs(plurals: tuple[str, ...]) -> tuple[str, ...]:
    sound = (
        r"(?:both|two) (?:(?:his|her) )?(?:good|sound|strong|straight|healthy|perfect|whole)"
        rf" {one_of(plurals)}\b"
    )
    return rf"{_DOES}[^.;:]{{0,80}} {sound}", rf"{_WHOSE} {sound}"


@cache
def _both_limbs(plurals: tuple[str, ...]) -> tuple[str, ...]:
    # Not "the two hands who had come to shear".
    plural = rf"{one_of(plurals)}(?! (?:who|whom|that|from)\b)"
    return (
        rf"{_WHOSE} (?:(?:both|two) )(?:\w+ )?{plural}\b",
        rf"{_DOES} (?:\w+ ){{0,6}}?(?:both|two) (?:of )?(?:(?:his|her|the) )?(?:(?!of\b)\w+ )?{plural}\b",
        rf"\b(?:both|two) (?:of )?(?P<who>{POSSESSIVE}) (?:\w+ )?{plural}\b",
        rf"{_WHOSE} {plural}, both (?:of them )?(?:as )?(?:good|sound|sharp|strong|whole|open)\b",
        rf"^\W*With both (?:\w+ )?{plural},? (?P<who>{NAME})(?!'s)",
        rf"{_DOES}(?!'s)[^.;:“”\"]{{1,60}}?,? (?:on|with|in) (?:both|two)(?: good| sound| strong)? {plural}\b",
    )


@cache
def _one_after_the_other(part: str) -> tuple[str, ...]:
    gone = "(?:arm|hand)" if part == "arm" else part
    begins = rf"{_DOES}(?!'s)[^.;:]{{1,60}}? first (?:the |(?:his|her) )?(?:right|left|one)"
    then = r",? (?:and )?then (?:the |(?:his|her) )?(?:right|left|other)"
    return rf"{begins}(?: {gone})?{then} {gone}\b", rf"{begins} {gone}{then}(?=[.,;])"


def _shaven(cast: Cast) -> Iterator[Finding]:
    """Yield people who are bald although they have hair, or clean-shaven although they have a beard."""
    if not any(_hair_of(person) or _beard_of(person) for person in cast.people.values()):
        return
    for pattern, words, look_of, is_noun_phrase in (
        (_IS_BALD, _BALD_WORDS, _hair_of, False),
        (_BALD_HEAD, _BALD_WORDS, _hair_of, True),
        (_IS_SHAVEN, _SHAVEN_WORDS, _beard_of, False),
        (_SHAVEN_CHIN, _SHAVEN_WORDS, _beard_of, True),
        (_WITHOUT_BEARD, _BEARD_WORDS, _beard_of, True),
    ):
        is_told = cast.reading.is_presupposed if is_noun_phrase else cast.reading.is_asserted
        for line in cast.lines_with(words):
            for match in pattern.finditer(line.text):
                meant = cast.person_at(line, match, match.lastgroup or "who")
                look = look_of(meant[0]) if meant is not None else None
                span = line.span(*match.span())
                if (
                    meant is None
                    or look is None
                    or not is_told(*span)
                    or cast.reading.is_past(line.sentence.start, span[0] if is_noun_phrase else span[1])
                ):
                    continue
                why = f"The world says of {meant[0].name} “{look}”, and the text that it is gone."
                yield cast.finding(meant[0], span, look, why, strength="proven" if meant[1] else "likely")


@lru_cache(maxsize=4096)
def _hair_of(person: Person) -> str | None:
    """Return the statement of the hair of a person who is not said to be bald."""
    trait = person.trait("hair", "hair colour", "hair color")
    return trait[1] if trait is not None and not stated(_BALD, person.told) else None


@lru_cache(maxsize=4096)
def _beard_of(person: Person) -> str | None:
    return next((known.group() for known in stated(_BEARDED, person.told)), None)


_IS_BALD: Final = lazy_pattern(
    rf"(?P<who>{DOES})(?:, who)? (?:was|is|had gone) (?:(?:quite|completely|entirely|totally|already|perfectly"
    r"|as) )?(?:an? (?:\w+ )?)?(?:bald|hairless)\b(?! (?:patch|spot|about))"
)
_BALD_HEAD: Final = lazy_pattern(
    rf"{_WHOSE} (?:(?!half\b)\w+ )?bald (?:head|pate|skull|crown|scalp|dome)\b(?! and (?:his|her) (?:hair|curls)\b)"
    rf"|(?P<who2>{NAME}), (?:(?:quite|as|completely) )?bald (?:as|and)\b"
    rf"|{_WHO5B} head (?:was|is) (?:quite |as |completely )?bald\b"
    rf"|\b[Nn]ot a hair (?:\w+ )?on (?P<who4>{NAME})'s head\b"
    rf"|(?P<who5>{NAME}) (?:had|has) (?:no hair|not a hair)(?: left)?(?: at all| on (?:his|her) head"
    rf"| to speak of)?(?=[.;,])"
    rf"|\bthe bald (?P<who3>{NAME})"
)
_IS_SHAVEN: Final = lazy_pattern(
    rf"(?P<who>{DOES})(?:,| was| is| (?:came|went|stood|sat|appeared|arrived"
    rf"|returned))(?: \w+)? (?:clean-shaven|beardless|smooth-shaven|smooth-chinned)\b"
)
_SHAVEN_CHIN: Final = lazy_pattern(
    rf"{_WHOSE} (?:(?!(?:too|once)\b)\w+,? )?(?:(?:beardless|clean-shaven|smooth-shaven|hairless) (?:chin|face"
    rf"|cheeks?"
    rf"|jaw)|(?:bare|smooth|naked) (?:chin|jaw))\b"
    rf"|\b(?:[Cc]lean-shaven|[Bb]eardless|[Ss]mooth-shaven)(?: and \w+| as (?:ever|always))?,? (?P<who3>{NAME})(?!'s)"
    rf"|\b[Nn]ot a (?:hair|whisker)(?: \w+)? on (?P<who4>{NAME})'s (?:face|chin|cheeks|jaw)\b"
    rf"|{_WHO5} (?:chin|cheeks|jaw) (?:was|were) (?:quite |as |still )?(?:smooth|bare|hairless|beardless"
    rf"|clean-shaven)\b"
    rf"|(?P<who7>{NAME}) (?:had|has) an? (?:smooth|bare|hairless|beardless|clean-shaven) (?:chin|face|jaw)\b"
    rf"|(?P<who6>{NAME}) (?:shaved|shaves) (?:every|each|twice|once) (?:morning|day|evening|a)\b"
    rf"|(?P<who9>{WHOSE}) (?:chin|cheeks|jaw), (?:as )?(?:smooth|bare|hairless|beardless|clean-shaven)\b"
    rf"|(?P<who2>{NAME}), his (?:chin|face|cheeks|jaw) (?:quite |as |still )?(?:smooth|bare|beardless"
    rf"|clean-shaven|hairless)\b"
)
_WITHOUT_BEARD: Final = lazy_pattern(
    rf"(?P<who>{DOES}) (?:(?!never\b|not\b|seldom\b|rarely\b|been\b)\w+ ){{1,5}}without a beard\b(?! on)"
    rf"|(?P<who2>{NAME}),? (?:who )?(?:(?:had|has|wore|wears) no|(?:had|has) never (?:grown|worn"
    rf"|had) a) beard\b(?! (?:in"
    rf"|then|like)\b)"
    rf"|(?P<who3>{NAME}) had not a (?:hair|whisker) on his (?:chin|face|cheeks)\b"
)
_BEARD_WORDS: Final = frozenset(("beard", "whisker", "hair"))
_BALD_WORDS: Final = frozenset(("bald", "hair", "hairless"))
_SHAVEN_WORDS: Final = word_set("shaven shaved shaves beardless chinned chin face cheek cheeks jaw")


_GIVES_HAIR: Final = (
    rf"{_WHOSE} (?:(?!(?:of|in|with|and|or|for|to|from|by|at|than|as|lost|false|missing|late|lack|wig|dog|horse"
    rf"|mother|father|sister|wife|daughter)\b)[\w-]+,? )"
    r"{0,3}?(?:hair|braids?|plaits?|locks|curls|ponytail|fringe|mane)\b(?! (?:oil|brush|shirt|tonic|had (?:been"
    r"|once|gone)|used to|was gone)\b)",
    rf"{_DOES} (?:tossed|shook|pushed|brushed|swept|combed|tied|smoothed|flicked|blew|pulled|tucked|raked|plaited"
    r"|braided) (?:back |up )?(?:the|an?|some) (?:[\w-]+ ){0,2}?(?:hair|curls?|locks?|braids?|fringe|forelock"
    r"|strands?"
    r"|wisps?)(?: of hair)? (?:back |up |away |down )?(?:out of|from|behind|off|over|round|around) (?:his|her)"
    r" (?:\w+ )?(?:face|eyes?|forehead|brow|ears?|shoulders?|neck|cheeks?|temples?|head|nape)\b",
)


def _bald(person: Person) -> Iterator[tuple[str, str, str]]:
    for known in stated(_BALD, person.told)[:1]:
        for pattern in _GIVES_HAIR:
            yield pattern, known.group(), f"{person.name} is bald, and the text gives them hair."


_NO_BEARD: Final = lazy_pattern(r"\bclean-shaven\b")
_GIVES_BEARD: Final = (
    rf"{_WHOSE} (?:(?!(?:false|paper|painted|lost|father|old)\b)[\w-]+,? ){{0,2}}?(?:beard|whiskers)\b",
    rf"{_DOES} (?:stroked|tugged(?: at)?|combed|scratched|trimmed) (?:an?|the) (?:\w+ )?beard\b",
    rf"\bbearded (?P<who>{NAME})|(?P<who2>{NAME}),? (?:(?:was|is) )?(?:a )?bearded\b",
)


def _beardless(person: Person, words: Set[str]) -> Iterator[tuple[str, str, str]]:
    if words.isdisjoint(("beard", "bearded", "whiskers")):
        return
    for known in stated(_NO_BEARD, person.told)[:1]:
        for pattern in _GIVES_BEARD:
            yield pattern, known.group(), f"The world says of {person.name} “{known.group()}”."


def _contradictions(cast: Cast, person: Person, pattern: str, statement: str, why: str) -> Iterator[Finding]:
    compiled = compiled_as_written(pattern)
    near = (_BOTH,) if "both" in pattern and "(?:both )?" not in pattern else ()
    for line in cast.lines_with(_PARTS, *near):
        for match in compiled.finditer(line.text):
            meant = cast.person_at(line, match, match.lastgroup or "who")
            span = line.span(*match.span())
            if (
                meant is not None
                and meant[0] is person
                and cast.reading.is_asserted(*span)
                and not cast.reading.is_past(*span)
            ):
                yield cast.finding(person, span, statement, why, strength="proven" if meant[1] else "likely")
                return
