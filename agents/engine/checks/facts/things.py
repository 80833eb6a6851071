"""Places, owners, members, parts and dates as descriptions tell them: "an inn in Overcote", "belongs to Rhys Vane"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Final

from agents.engine.checks.facts.clauses import Clause
from agents.engine.checks.facts.restatement import Restatement
from agents.engine.checks.facts.trait_names import trait_name
from agents.engine.sources import CHARACTER, trait_text
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.word_forms import NUMBER
from agents.engine.world import Element

_NAME: Final = r"(?P<name>(?:the )?(?-i:[A-Z])[\w'’-]+(?: (?:of |the )*(?-i:[A-Z])[\w'’-]+){0,3})"
_ENDS: Final = r"(?=$|[,.;:)]| (?:and|with|who|where|since|now|by|for|on)\b)"
_KIND: Final = (
    r"(?:an?|the|one of the) (?:(?!(?:in|of|at|near|with|like|from|than|and|or|for|by|to|into|named|called|as|after"
    r"|that)\b)[\w'-]+,? ){1,4}?"
)
_OWNED: Final = lazy_pattern(
    rf"(?:{_KIND})?(?:belongs to|belonging to|(?:the )?property of|owned by) {_NAME}(?!['’]s){_ENDS}",
    re.IGNORECASE,
)
# "Rhys Vane's sword", but not his work or his gift.
_WHOSE: Final = lazy_pattern(
    r"(?P<name>(?-i:[A-Z])[\w-]+(?: (?-i:[A-Z])[\w-]+){0,2})['’]s (?:own )?(?:(?!old|first|last|late"
    r"|lost)\w+ )?(?:sword|blade|dagger|knife|axe|bow"
    r"|spear|ring|necklace|brooch|crown|horse|ship|boat|book|clock|watch|violin|lute|harp|cup|house|dog|staff|cloak"
    r"|coat|hat|car|lantern|lamp|shield|armour)(?=$|[,.;])"
)
_LIES: Final = lazy_pattern(
    rf"(?:{_KIND}|(?:stands|lies|located|situated|set|found) (?:deep |high )?)(?:in|at|on the [\w ]{{3,25}} (?:of|in))"
    rf" {_NAME}{_ENDS}",
    re.IGNORECASE,
)
_ONLY: Final = lazy_pattern(
    rf"{_NAME}['’]s (?:only|oldest|largest|main|one) (?:[\w-]+ ){{0,2}}?[\w-]+(?=$|[,.;])"
)
_LIVES: Final = lazy_pattern(
    r"(?:lived all (?:her|his|their) life|(?:lives|dwells|resides|lodges|makes (?:her|his) home)"
    rf"(?: (?!in\b|at\b)[\w'-]+){{0,5}}?) (?:in|at) {_NAME}{_ENDS}",
    re.IGNORECASE,
)
_BORN: Final = lazy_pattern(
    rf"(?:born(?: and (?:raised|bred|brought up))? in|(?:an? )?native of) {_NAME}{_ENDS}", re.IGNORECASE
)
_MEMBER: Final = lazy_pattern(
    r"(?:(?:an? |the )?(?:(?!fals|fake|fallen|renegade|rogue|disgraced|expelled|exiled|self|would|supposed|alleged"
    r"|suspect"
    r"|honorary|prospective|apostate|ex-|late)[\w-]+ )?(?:member|brother|sister|knight|agent|initiate|officer|soldier"
    r"|one"
    rf"|novice|acolyte) of|belongs to|sworn to) {_NAME}{_ENDS}",
    re.IGNORECASE,
)
_NOT_NOW: Final = re.compile(
    r"\b(?:once|until|used to|formerly|former|before|near|outside|or|half|secretly|not|no longer|days|nights|weekends"
    r"|winters?|summers?|sometimes|mostly|often|partly"
    r"|claims?|pretends?)\b",
    re.IGNORECASE,
)
_PAST: Final = re.compile(r"\b(?:was|were|had)\b", re.IGNORECASE)
# Whoever had it may have it no longer.
_PASSED_ON: Final = re.compile(
    r"\b(?:sold|gave|given|lent|loan(?:ed)?|borrow\w*|stole|stolen|lost|pawned|pledged|inherit\w*|bequeath\w*|passed"
    r"|won|taken|carried|wielded|claim\w*|rightful\w*|later|now|then)\b",
    re.IGNORECASE,
)
_OWNER_KEYS: Final = frozenset(("owner", "belongs to", "owned by", "property of", "current owner"))
# Keys of traits that hold the name of a place or of a group, by the relation that they tell.
_OF_PEOPLE: Final = {
    **dict.fromkeys(
        ("home", "residence", "lives", "lives in", "lives at", "address", "current location", "based in"),
        "lives in",
    ),
    **dict.fromkeys(
        ("hometown", "home town", "birthplace", "birth place", "place of birth", "born in"), "born in"
    ),
    **dict.fromkeys(
        ("faction", "affiliation", "member of", "guild", "organisation", "organization"), "member of"
    ),
}
_OF_PLACES: Final = dict.fromkeys(("town", "city", "village", "location", "located in"), "located in")
_PARTS: Final = lazy_pattern(
    rf"(?:an?|the) (?:[\w'-]+,? ){{1,4}}?(?:with|of) (?P<number>{NUMBER}) (?P<noun>[\w-]+s)\b", re.IGNORECASE
)
# "A mine shaft nine levels deep".
_DEEP: Final = lazy_pattern(
    rf"(?:an?|the) (?:[\w'-]+,? ){{1,4}}?(?P<number>{NUMBER}) (?P<noun>levels|stor(?:e?y|ies|eys)|floors|decks"
    rf"|steps) (?:deep|high|tall)\b",
    re.IGNORECASE,
)
_MORE_PARTS: Final = lazy_pattern(
    rf"(?:with )?(?P<number>{NUMBER}) (?P<noun>[\w-]+s)(?=$|[,.;])", re.IGNORECASE
)
_KIND_OF: Final = r"(?:an?|the) (?:(?!(?:without|with)\b)[\w'-]+,? ){1,5}?"
_WITHOUT: Final = lazy_pattern(
    rf"(?:{_KIND_OF})?(?:with no|without(?: any| an?)?|(?:has|have|having|had) (?:no|never had (?:any|an?))"
    rf"|lacks(?: any| an?)?|no)"
    r" (?!(?:one|way|name|doubt|end|equal|trace|sign|more|other|idea|use|reason|rest|mercy|memory|law|king|queen"
    r"|water|light|hope)\b)"
    r"(?P<part>[a-z][\w'-]+)(?=$|[,.;]| (?:and|or|at all|of any kind|of its own|left|to speak of|around it)\b)",
    re.IGNORECASE,
)
_LOST: Final = lazy_pattern(
    r"(?:its|the) (?:[\w-]+ )?(?P<part>[a-z][\w'-]+) (?:(?:was|were) (?:destroyed|pulled down|torn down|swept away"
    r"|washed away|burned down|burnt"
    r" down|demolished|blown up)|burned down|burnt down|collapsed|fell down|fell in|(?:is|are) (?:gone|no more))\b",
    re.IGNORECASE,
)
_REBUILT: Final = re.compile(
    r"(?<!never )\b(?:rebuil\w*|restored|repaired|new \w+|replaced|built again)\b", re.IGNORECASE
)
_NO_PARTS: Final = re.compile(
    r"(?:years?|days?|miles|men|souls|people|families|pounds|guns|feet|hundred|thousand)$", re.IGNORECASE
)
_OTHER_PARTS: Final = re.compile(
    r"\b(?:once|was|were|until|another|more|ruin\w*|collapsed|burned|third|fourth|fifth|used to|formerly|or)\b",
    re.IGNORECASE,
)
_DATED: Final = lazy_pattern(
    r"(?:(?:an?|the) (?:[\w'-]+,? ){1,4}?)?(?:founded|established|settled|built|erected"
    r"|(?:dates|dating) from)(?: in)?(?: the year)? (?P<year>\d{3,4})\b",
    re.IGNORECASE,
)
_A_YEAR: Final = lazy_pattern(r"\b\d{3,4}\b")


def things(element: Element, clauses: tuple[Clause, ...], names: Set[str]) -> Iterator[Restatement]:
    """Yield what a description tells of an element that is no fact of a body or a life.

    Relations are told only to elements of the world that are no people, which have ``names``.
    """
    is_person = element.kind == CHARACTER
    keys = _OF_PEOPLE if is_person else _OF_PLACES if element.kind == "location" else {}
    for key, value in element.traits.items():
        name, told = trait_name(key), str(value).strip()
        if name in _OWNER_KEYS and key != "owner" and element.kind == "item" and told[:1].isupper():
            yield Restatement(told, trait_text(key, value), "owner")
        elif name in keys and (known := _known(told, names)):
            yield Restatement(f"{keys[name]} {known}", trait_text(key, value), "relations")
    for clause in clauses:
        if _NOT_NOW.search(clause.quote):
            continue
        is_past = _PAST.search(clause.quote) is not None
        for kind, pattern in _RELATIONS.get(element.kind, ()):
            found = pattern.match(clause.predicate) if kind == _BIRTH or not is_past else None
            if (
                found is not None
                and found["name"] != element.name
                and (known := _known(found["name"], names))
            ):
                yield Restatement(f"{kind} {known}", clause.quote, "relations")
        if element.kind == "item" and not is_past and not _PASSED_ON.search(element.summary):
            owned = _OWNED.match(clause.predicate) or _WHOSE.match(clause.predicate)
            if owned is not None:
                yield Restatement(owned["name"], clause.quote, "owner")
    if not is_person:
        yield from _parts(element, clauses[:2])
        yield from _missing_parts(element, clauses)
        yield from _date(element, clauses)


_BIRTH: Final = "born in"
_RELATIONS: Final = {
    CHARACTER: (("lives in", _LIVES), (_BIRTH, _BORN), ("member of", _MEMBER)),
    "location": (("located in", _LIES), ("located in", _ONLY)),
}


def _known(told: str, names: Set[str]) -> str:
    """Return the name that an element has, with or without an article, "" if none has it."""
    bare = told.removeprefix("the ").removeprefix("The ")
    return next((name for name in (told, bare, f"the {bare}", f"The {bare}") if name in names), "")


_ONE_FLOOR: Final = lazy_pattern(
    r"(?:(?:an?|the) (?:[\w'-]+,? ){0,3}?)?(?:(?:bungalow|(?:one|single)-(?:stor(?:e?y|ied|eyed)|floor(?:ed)?))\b"
    r"|(?:[\w-]+ )?(?:of|with|on|has) (?:but |only )?(?:one|a single) (?:floor|stor(?:e?y))\b)",
    re.IGNORECASE,
)


def _parts(element: Element, clauses: tuple[Clause, ...]) -> Iterator[Restatement]:
    """Yield how many of its parts something has: "A town with two bridges"."""
    if _OTHER_PARTS.search(element.summary):
        return
    low = next((clause for clause in clauses if _ONE_FLOOR.match(clause.predicate)), None)
    if low is not None and element.kind != "character":
        yield Restatement(f"{element.name} has one floor.", low.quote)
    for pattern, clause in zip((_PARTS, _MORE_PARTS), clauses, strict=False):
        found = pattern.match(clause.predicate) or _DEEP.match(clause.predicate)
        if found is not None and not _NO_PARTS.match(found["noun"]):
            yield Restatement(f"{element.name} has {found['number']} {found['noun']}.", clause.quote)


def _missing_parts(element: Element, clauses: tuple[Clause, ...]) -> Iterator[Restatement]:
    """Yield which parts something does not have, or has lost: "A town with no walls", "its bridge burned down"."""
    for clause in clauses:
        if (without := _WITHOUT.match(clause.predicate)) is not None:
            yield Restatement(f"{element.name} has no {without['part'].lower()}.", clause.quote)
        elif (lost := _LOST.match(clause.quote)) is not None and not _REBUILT.search(element.summary):
            yield Restatement(f"{element.name} has lost its {lost['part'].lower()}.", clause.quote)


def _date(element: Element, clauses: tuple[Clause, ...]) -> Iterator[Restatement]:
    """Yield the year of something, if its description has but one: "Founded 1210 by monks"."""
    if len(_A_YEAR.findall(element.summary)) != 1:
        return
    for clause in clauses:
        if (dated := _DATED.match(clause.predicate)) is not None:
            yield Restatement(f"Founded in {dated['year']}.", clause.quote)
