"""Bodies as descriptions tell them: lost limbs, the bald and the bearded, builds and the hand that writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.facts.clauses import Clause
from agents.engine.checks.facts.restatement import TOLD, Restatement
from agents.engine.checks.facts.trait_names import trait_name
from agents.engine.sources import trait_text
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import ROLES
from agents.engine.text.word_forms import one_of, word_set
from agents.engine.world import Element

_ENDS: Final = (
    r"(?=$|[,.;:)]|\s*[–—]| (?:and|but|to|in|at|as|when|from|during|on|below|above|by|with|since|years?|last|whose"
    r"|who)\b)"
    r"(?! (?:in (?:a|the) (?:bargain|bet)|at (?:cards|dice|chess|poker|whist))\b)"
)
_PART: Final = r"(?:(?P<side>left|right) )?(?P<part>hand|arm|leg|eye|foot)"
_HAND: Final = r"(?:(?P<side>left|right) )?(?P<part>hand)"
_OWN: Final = r"(?:her|his|their|an?|one|the)"
_PERSON: Final = (
    rf"(?:man|woman|boy|girl|fellow|lady|person|creature|giant|{one_of(ROLES)}|[a-z]{{3,}}(?:er|or|man|woman|smith"
    rf"|keeper|ist))"
)
_WORDS: Final = r"(?:(?!(?:half|almost|nearly|of|with|who|for|than)\b)[\w-]+,? (?:and )?){0,3}?"
# "A courier with one arm", "has one arm".
_WITH: Final = r"(?:(?:(?:an?|the) (?:[\w'’-]+,? ){1,5}?)?(?:has|with|having|wears|walks on) )?"
_LOST: Final = tuple(
    lazy_pattern(pattern, re.IGNORECASE)
    for pattern in (
        rf"lost {_OWN} {_PART}{_ENDS}",
        rf"(?:missing|born without|lacks) {_OWN} {_PART}{_ENDS}",
        # What took it.
        rf"(?:(?!(?:{_OWN}) (?:mother|father|brother|sister|son|daughter|wife|husband"
        rf"|friend)\b)[\w'’-]+ ){{1,6}}?(?:cost|took|crushed|severed"
        rf"|shot off|bit off|sliced off|shattered) (?:her|his|him|their) (?:an? )?{_PART}{_ENDS}",
        rf"(?:her|his) {_PART} (?:is|was) (?:missing|gone|wooden|glass|iron|a hook|false|made of|cut off|taken"
        rf"|torn off)\b"
        r"(?! (?:the|an?|from|her|his|off)\b)",
        rf"{_WITH}(?:only )?one (?:good |blind )?(?P<side>)(?P<part>hand|arm|leg|eye){_ENDS}",
        rf"(?:an? )?{_WORDS}one-(?P<side>)(?P<part>hand|arm|leg|eye)(?:ed|d|m?ed|ged)(?: {_PERSON})?{_ENDS}",
        rf"(?:her|his|the) {_PART} (?:ends|stops) at the (?:elbow|wrist|knee|shoulder|hip)(?=\W*$|,)",
        rf"{_WITH}(?:an? |her |his )?hook (?:where (?:her|his) {_HAND} (?:was|should be|used to be)\b){_ENDS}",
        rf"{_WITH}(?:an? )?hook (?:for|instead of) (?:an? |her |his )?{_HAND}{_ENDS}",
        r"(?:wears?|has|with) (?:an? )?(?:black |leather )?(?:eye ?)?patch (?:over|on) (?:her|his|one"
        r"|the) (?:(?P<side>left|right) )?(?P<part>eye)\b",
        rf"{_WITH}(?:an?|her|his) (?:wooden|artificial|false|glass|iron) (?P<side>)(?P<part>hand|arm"
        rf"|leg|eye){_ENDS}",
    )
)
_NONE: Final = lazy_pattern(
    rf"(?:(?:an?|the) (?:[\w'’-]+,? ){{1,4}}?)?(?:without|(?:has|with) no) (?:any )?(?P<part>arms|legs|hands|eyes"
    rf"|ears|feet){_ENDS}",
    re.IGNORECASE,
)
_FINGERS: Final = lazy_pattern(
    rf"(?:lost|missing) (?:a|one|two|three|four|five|some) fingers?(?: of (?:her|his) (?:left"
    rf"|right) hand)?{_ENDS}",
    re.IGNORECASE,
)
_MAIMED: Final = lazy_pattern(
    rf"{_WITH}(?:an?|her|his) (?:twisted|crippled|lame|club|withered|maimed|useless"
    rf"|paralysed|bad)"
    rf" (?P<part>hand|arm|leg|foot){_ENDS}"
    r"|(?:her|his) (?:left |right )?(?P<part2>hand|arm|leg|foot) is (?:twisted|crippled|lame|withered|maimed"
    r"|useless|paralysed)\b",
    re.IGNORECASE,
)
_MAN: Final = rf"(?:,? (?:[\w-]+ )?{_PERSON})?{_ENDS}"
_DOES: Final = "(?:does everything|writes|draws|fights|throws|fences|paints|shoots)"
_STATES: Final = tuple(
    (lazy_pattern(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (
            rf"(?:an? |the )?{_WORDS}(?:bald|hairless|shaven-headed)(?: as \w+ \w+)?{_MAN}"
            rf"|{_WITH}(?:an?|her|his) (?:shaven|shaved|bald) (?:head|skull){_ENDS}"
            r"|(?:her|his) head is (?:shaved|shaven|bald)\b|shaves (?:her|his) head(?=$|[,.;]| and\b)",
            "bald",
        ),
        (
            rf"(?:an? |the )?{_WORDS}(?:clean-shaven|beardless){_MAN}|{_WITH}no beard\b"
            rf"|(?:(?:an?|the) (?:[\w'’-]+,? ){{1,4}}?)?without (?:an?|any) beard{_ENDS}",
            "clean-shaven",
        ),
        (
            rf"(?:an? |the )?{_WORDS}bearded{_MAN}|{_WITH}an? (?:(?!(?:no|without)\b)[\w-]+,? ){{0,3}}?beard{_ENDS}",
            "bearded",
        ),
        *(
            (
                rf"(?:an? )?{_WORDS}{side}-hand(?:ed|er)(?: {_PERSON})?{_ENDS}"
                rf"|{_DOES} with (?:her|his) {side}(?: hand)?{_ENDS}",
                f"{side}-handed",
            )
            for side in ("left", "right")
        ),
        (rf"(?:an? )?southpaw{_ENDS}|an? lefty(?=$|[.,;])", "left-handed"),
    )
)
_VERY: Final = "(?:very |rather |quite |unusually )?"
_BUILDS: Final = tuple(
    (
        lazy_pattern(
            rf"(?:an? |the )?{_VERY}{_WORDS}(?:{words})(?:{_ENDS}|,? (?:[\w-]+,? )?{_PERSON}\b(?!['’]s))(?! for\b)",
            re.IGNORECASE,
        ),
        f"build: {build}",
    )
    for words, build in (
        ("tall|lanky|towering", "tall"),
        (
            "short(?! (?:of|on|with|in|for|fuse|temper))|tiny|diminutive|undersized|(?:small"
            "|little)(?=,? (?:and )?(?:[a-z]+ )?(?:man|woman)\\b)",
            "short",
        ),
        (
            "heavyset|heavy-set|overweight|heavy(?=,? (?:[a-z]+ )?(?:man|woman)\\b)|fat|stout|plump|portly|obese"
            "|corpulent|rotund|round(?=,? (?:[a-z]+ )?(?:man|woman)\\b)",
            "stout",
        ),
        ("thin|slim|slender|lean|skinny|gaunt|bony|scrawny", "thin"),
    )
)
_SIX: Final = "one|two|three|four|five|six|seven|eight|nine|ten|eleven"
_TALL_ENDS: Final = r"(?=\W*$|\s*[,.;)(]| (?:tall|and|in (?:her|his) (?:socks|boots|stockings))\b)"
# Heights in figures and words.
_HEIGHTS: Final = tuple(
    (lazy_pattern(rf"(?:stands |measures )?{pattern}{_TALL_ENDS}", re.IGNORECASE), f"build: {build}")
    for pattern, build in (
        (
            rf"(?:over |nearly |almost |well over )?(?:(?:six (?:foot|feet)[ -](?:{_SIX}))|seven (?:foot|feet)"
            r"|[67] ?(?:'|’|ft\.?|feet|foot) ?(?:[2-9]|1[01]) ?(?:\"|”|''|in\w*\.?)?|(?:1[.,]9"
            r"|2[.,][0-4])\d? ?m(?:et\w+)?"
            r"|(?:19|2[0-4])\d ?cm)",
            "tall",
        ),
        (
            r"(?:(?:barely |just |scarcely |not quite |hardly |under |only )?five (?:foot|feet)|(?:barely |under )?four"
            rf" (?:foot|feet)(?:[ -](?:{_SIX}))?|4 ?(?:'|’|ft\.?|feet|foot) ?\d* ?(?:\"|”|''|in\w*\.?)?"
            r"|1[.,]4\d? ?m(?:et\w+)?|14\d ?cm)",
            "short",
        ),
    )
)
# What is not so, or so of some things only; a limb that was lost is lost.
_UNTRUE: Final = lazy_pattern(r"\b(?:nearly|almost|said to|would|pretends?|on stage)\b", re.IGNORECASE)
_YET: Final = lazy_pattern(
    r"\b(?:but|except|once|used to|as a (?:boy|girl|child)|for a|unless)\b", re.IGNORECASE
)
_BODY_WORDS: Final = word_set("""
    arms legs hands ears
    hand handed hander arm armed leg legged eye eyed foot finger fingers bald hairless shaven shaved head skull
    beardless bearded beard southpaw left right tall lanky towering short tiny diminutive undersized small little
    fat stout plump portly obese corpulent rotund round thin slim slender lean skinny gaunt bony scrawny
    heavyset heavy set overweight hook lefty shaves feet six seven
""")
_BUILD_KEYS: Final = frozenset(
    ("height", "build", "figure", "stature", "size", "body type", "physique", "body build")
)
_SMALL: Final = lazy_pattern(
    r"(?:very |rather |quite )?(?:petite|small|tiny|little)\b(?! (?:head|hands|feet))", re.IGNORECASE
)
_HAIR_KEYS: Final = frozenset(("hair", "hair colour", "hair color", "hairstyle", "head"))
_BEARD_KEYS: Final = frozenset(("beard", "facial hair"))
_NO_HAIR: Final = lazy_pattern(
    r"(?:quite |completely |nearly )?(?:bald|hairless|shaven|shaved|none|no hair)\b(?! (?:patch|spot))",
    re.IGNORECASE,
)
_NO_BEARD: Final = lazy_pattern(r"(?:none|no\b|clean|shaven|beardless)", re.IGNORECASE)
_HAND_KEYS: Final = frozenset(("hand", "handedness", "dominant hand"))


def bodies(element: Element, clauses: tuple[Clause, ...]) -> Iterator[Restatement]:
    """Yield the state of a body: "lost a left hand", "maimed leg", "bald", "bearded", "left-handed", "build: tall"."""
    for key, value in element.traits.items():
        for words in _of_trait(trait_name(key), str(value)):
            yield Restatement(words, trait_text(key, value), TOLD)
    for clause in clauses:
        if not _BODY_WORDS.isdisjoint(clause.words) and not _UNTRUE.search(clause.quote):
            for words in _states(clause):
                yield Restatement(words, clause.quote, TOLD)


def _of_trait(key: str, value: str) -> Iterator[str]:
    if key in _BUILD_KEYS:
        yield from (words for pattern, words in (*_BUILDS, *_HEIGHTS) if pattern.match(value))
        if _SMALL.match(value):
            yield "build: short"
    elif key in _HAIR_KEYS and _NO_HAIR.match(value):
        yield "bald"
    elif key in _BEARD_KEYS:
        yield "clean-shaven" if _NO_BEARD.match(value) else "bearded"
    elif key in _HAND_KEYS and (side := re.match("left|right", value, re.IGNORECASE)):
        yield f"{side.group().lower()}-handed"


def _states(clause: Clause) -> Iterator[str]:
    said = clause.predicate
    lost = next((found for pattern in _LOST if (found := pattern.match(said)) is not None), None)
    if lost is not None:
        side = f"{lost['side'].lower()} " if lost["side"] else ""
        yield f"lost a {side}{lost['part'].lower()}"
    if (without := _NONE.match(said)) is not None:
        yield f"no {without['part'].lower()}"
    if _FINGERS.match(said):
        yield "lost fingers"
    if (maimed := _MAIMED.match(said)) is not None:
        yield f"maimed {(maimed['part'] or maimed['part2']).lower()}"
    if not _YET.search(clause.quote):
        yield from (words for pattern, words in _HEIGHTS if said[:1].isalpha() and pattern.match(said))
        yield from (words for pattern, words in (*_STATES, *_BUILDS) if pattern.match(said))
