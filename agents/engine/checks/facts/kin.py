"""Relatives whom descriptions name or deny: "married to Ben Crane", "an orphan", "siblings: none"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from agents.engine.checks.facts.clauses import Clause
from agents.engine.checks.facts.pronouns import pronoun_of
from agents.engine.checks.facts.restatement import TOLD, Restatement
from agents.engine.sources import trait_text
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import KIN
from agents.engine.text.word_forms import one_of, word_set
from agents.engine.world import Element

_ENDS: Final = (
    r"(?=$|[,.;:)]|\s*[–—]| (?:and|or|nor|but (?=no|not)|by choice|raised|brought up|born|since|at|in|from|left"
    r"|living|now|who|with"
    r"|to this day)\b)"
)
_NAME: Final = r"(?P<name>(?-i:[A-Z])[\w'’-]+(?: (?-i:[A-Z])[\w'’-]+){0,2})"
_HAS: Final = "(?:(?:has|had|with) )?"
# Relatives that somebody does not have, and the words of the checks for it.
_WITHOUT: Final = tuple(
    (lazy_pattern("|".join(patterns), re.IGNORECASE), words)
    for words, patterns in (
        (
            "only child",
            (
                rf"(?:an?|the) only child(?: of\b|{_ENDS})",
                rf"{_HAS}no (?:siblings|brothers (?:or|and) sisters|sisters (?:or|and) brothers"
                rf"|brother or sister){_ENDS}",
            ),
        ),
        ("only son of", (r"(?:the |an? )?only son (?:of|to)\b",)),
        ("only daughter of", (r"(?:the |an? )?only daughter (?:of|to)\b",)),
        (
            "childless",
            (
                r"(?:an? )?childless\b",
                rf"without children{_ENDS}",
                rf"{_HAS}no children(?: of (?:her|his) own)?{_ENDS}",
                rf"never had (?:any )?children{_ENDS}",
            ),
        ),
        (
            "unmarried",
            (
                rf"(?:never|not) married{_ENDS}",
                r"(?:an? )?(?:confirmed |lifelong |old )?(?:bachelor|spinster|unmarried|unwed)\b(?!['’]s)",
                rf"single{_ENDS}",
                rf"never took an? (?:wife|husband){_ENDS}",
            ),
        ),
        (
            "widow",
            (
                rf"(?:an? |the )?(?:[\w-]+ ){{0,2}}(?:[\w-]+['’]s )?(?:widow|widower)(?: of\b|{_ENDS})",
                rf"(?:twice |long )?widowed{_ENDS}",
                r"[\w ]{0,60}\bsince (?:her|his) (?:husband|wife)(?:['’]s death| died)\b",
            ),
        ),
        (
            "orphan",
            (
                r"(?:an? )?(?:[\w-]+ )?orphan(?:ed)?\b(?!['’]s|age)",
                r"lost both (?:(?:of )?(?:her|his) )?parents\b",
                r"(?:her|his) parents (?:are (?:both )?dead|died|both died|were (?:both )?killed)\b",
                r"both (?:her|his) parents (?:are dead|died)\b",
            ),
        ),
        (
            "no family left",
            (
                rf"{_HAS}no (?:family|kin|living relatives?|relatives?)(?: left| alive| living)?{_ENDS}",
                r"the last of (?:her|his) (?:line|family|house|name)\b",
                rf"alone in the world{_ENDS}",
            ),
        ),
        *(
            (f"no {kin}s", (rf"{_HAS}(?:\w+ \w+, )?no {kin}s?{_ENDS}",))
            for kin in ("brother", "sister", "son", "daughter")
        ),
    )
)
# Somebody has a relative of the kind after all.
_YET: Final = lazy_pattern(
    r"\b(?:step\w*|foster\w*|adopt\w*|ward|except|believes|thinks|claims|raised by (?:her|his) (?:mother|father"
    r"|parents|grand\w+|aunt"
    r"|uncle)|illegitimate|supposed\w*|thought|half-\w+)\b",
    re.IGNORECASE,
)
_AGAIN: Final = lazy_pattern(
    r"\b(?:remarried|married again|(?:second|third|new) (?:husband|wife)|secretly|claims|pretends|supposed\w*)\b",
    re.IGNORECASE,
)
_MARRIED: Final = lazy_pattern(
    rf"(?:happily |newly |long )?married(?: to)? {_NAME}(?! (?:and|off|to)\b)", re.IGNORECASE
)
_RAISED: Final = lazy_pattern(
    rf"(?:brought up|raised|raises) {_NAME}, (?:her|his) (?:only |elder |younger )?(?P<kin>son|daughter|child)\b",
    re.IGNORECASE,
)
_ENDED: Final = re.compile(
    r"\b(?:was|were|had been|once|until|divorced|separated|briefly|first|annulled|left)\b", re.IGNORECASE
)
_TIE: Final = lazy_pattern(
    rf"(?:(?:the|an?|elder|younger|twin|only|little|big) )*(?P<kin>{one_of(KIN)}) (?:of|to) {_NAME}\s*$",
    re.IGNORECASE,
)
_TIES: Final = lazy_pattern(
    rf"(?:(?:the|an?|elder|younger|twin|only|little|big) )*(?P<kin>wife|husband|(?:half-)?brother|(?:half-)?sister"
    rf"|twin) of {_NAME}",
    re.IGNORECASE,
)
_NONE: Final = re.compile(r"(?:none|no|nobody|0|n/?a|-)\W*$", re.IGNORECASE)
_NAMES: Final = re.compile(rf"{_NAME}(?: \([^)]*\))?(?=$|[,;]| and\b)")
# What a woman, a man and somebody unknown is to such a relative.
_INVERSE: Final = {
    **dict.fromkeys(("mother", "father", "parent"), ("Daughter", "Son", "Child")),
    **dict.fromkeys(("son", "daughter", "child", "children"), ("Mother", "Father", "Parent")),
    **dict.fromkeys(("brother", "sister", "sibling"), ("Sister", "Brother", "Sibling")),
    **dict.fromkeys(("husband", "wife", "spouse"), ("Wife", "Husband", "Spouse")),
}
_LACKS: Final = {
    "siblings": "only child",
    "brothers and sisters": "only child",
    "children": "childless",
    "spouse": "unmarried",
    "husband": "unmarried",
    "wife": "unmarried",
    "family": "no family left",
    "parents": "orphan",
}
_LOST: Final = {"parents": "orphan", "spouse": "widow", "husband": "widow", "wife": "widow"}
_DEAD: Final = re.compile(r"(?:both )?(?:dead|deceased)\W*$", re.IGNORECASE)
_SINGLE: Final = frozenset(("unmarried", "widow"))
_MARITAL: Final = frozenset(("marital status", "marital", "relationship status", "married"))
_RELATIONSHIPS: Final = frozenset(("relationships", "relationship", "family", "kin", "relatives"))

_WORDS: Final = word_set("""
    only child children siblings brother brothers sister sisters childless married bachelor spinster unmarried
    unwed single wife husband widow widower widowed orphan orphaned parents family kin relative relatives alone
    twin son sons daughter daughters last raised raises brought
""")


def kin(element: Element, clauses: tuple[Clause, ...]) -> Iterator[Restatement]:
    """Yield the relatives of somebody as "Wife of Ben Crane", and those whom they do not have as "childless"."""
    for key, value in element.traits.items():
        yield from _of_trait(element, key, value)
    has_relative, has_partner = bool(_YET.search(element.summary)), bool(_AGAIN.search(element.summary))
    for clause in clauses:
        if _WORDS.isdisjoint(clause.words):
            continue
        said = clause.predicate
        for pattern, words in _WITHOUT:
            if not (has_partner if words in _SINGLE else has_relative) and pattern.match(said):
                yield Restatement(words, clause.quote, TOLD)
        if (tie := _TIES.match(said)) is not None:
            yield Restatement(f"{tie['kin'].lower()} of {tie['name']}", clause.quote, TOLD)
        if (raised := _RAISED.match(said)) is not None:
            yield Restatement(
                f"{_as_seen(element, raised['kin'].lower())} of {raised['name']}.", raised.group()
            )
        married = _MARRIED.match(said)
        if married is not None and not _ENDED.search(clause.quote) and _is_person(married["name"]):
            yield Restatement(f"{_as_seen(element, 'spouse')} of {married['name']}.", clause.quote)


def _of_trait(element: Element, key: str, value: Any) -> Iterator[Restatement]:
    name, told = key.casefold().replace("_", " ").strip(), value if isinstance(value, str) else ""
    said = [str(part) for part in value] if isinstance(value, list | tuple) else re.split(r"[;\n]", told)
    if name in _LACKS and (_NONE.match(told) or value in (0, [], ())):
        yield Restatement(_LACKS[name], trait_text(key, value), TOLD)
    elif name in _LOST and _DEAD.match(told):
        yield Restatement(_LOST[name], trait_text(key, value), TOLD)
    elif name in _MARITAL and re.match(
        r"(?:single|unmarried|never married|no\b|bachelor|spinster)", told, re.IGNORECASE
    ):
        yield Restatement("unmarried", trait_text(key, value), TOLD)
    elif name in _MARITAL and re.match("widow", told, re.IGNORECASE):
        yield Restatement("widow", trait_text(key, value), TOLD)
    elif (relative := name.removesuffix("s") if name != "children" else name) in _INVERSE:
        for part in said:
            for found in _NAMES.finditer(part.strip()):
                yield Restatement(
                    f"{_as_seen(element, relative)} of {found['name']}.", trait_text(key, value)
                )
    elif name in _RELATIONSHIPS:
        for part in said:
            if (tie := _TIE.match(part.strip())) is not None:
                yield Restatement(f"{tie['kin'].capitalize()} of {tie['name']}.", trait_text(key, value))


def _as_seen(element: Element, relative: str) -> str:
    """Return what somebody is to a relative: the mother of a son."""
    she, he, either = _INVERSE[relative]
    pronoun = pronoun_of(element)
    return she if pronoun == "she" else he if pronoun == "he" else either


def _is_person(name: str) -> bool:
    return not re.match(r"(?:The|Into|In|At|On|For|Her|His|God|Christ)\b", name)
