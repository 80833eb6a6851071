"""Appearance of characters: eyes, hair, handedness, lost limbs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.finding import Finding
from agents.engine.checks.natural_laws import COLOUR, differ
from agents.engine.checks.people import POSSESSIVE, Cast, Person

_LOST: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\blost (?:his|her|their|a|the|one|\w+ fingers of (?:his|her)) ?(?P<side>left"
        r"|right)? ?(?P<part>hand|arm|leg|eye|foot)\b",
        r"\b(?P<side>left|right) (?P<part>hand|arm|leg|eye) is missing\b",
        r"\b(?:has|with) (?:only )?one (?:good |blind )?(?P<part>hand|arm|leg|eye)\b",
        r"\bone-(?P<part>hand|arm|leg|eye)ed\b|\bone-(?P<part2>arm|leg)(?:m|g)?ed\b",
        r"\b(?:wooden|artificial|false|glass) (?P<part>hand|arm|leg|eye)\b",
    )
)
_HANDED: Final = re.compile(r"\b(?P<side>left|right)-handed\b", re.IGNORECASE)
_BALD: Final = re.compile(r"\bbald\b|\bshaved head\b|\bshaven\b", re.IGNORECASE)
_WRITES: Final = r"(?:wrote|writes|writing|written|signed|signs|drew|sketched|fenced)"


def check_appearance(cast: Cast) -> Iterator[Finding]:
    for part, keys in (
        ("eyes", ("eyes", "eye colour", "eye color")),
        ("hair", ("hair", "hair colour", "hair color")),
    ):
        yield from _colours(cast, part, keys)
    for person in cast.people:
        yield from _hands(cast, person)
        yield from _lost(cast, person)
        bald = _BALD.search(person.facts)
        if bald is not None:
            pattern = rf"(?P<who>{person.names}['’]s|\b{POSSESSIVE}) (?:\w+ )?(?:hair|braids?|locks|curls|ponytail)\b"
            yield from _contradictions(cast, person, pattern, bald.group(), f"{person.name} has no hair.")


def _colours(cast: Cast, part: str, keys: tuple[str, ...]) -> Iterator[Finding]:
    stem = "ey" if part == "eyes" else "hair"
    noun = "eyes?" if part == "eyes" else "hair"
    verb = r"(?:was|were|is|are|looked|shone|had gone|turned)"
    name = cast.any_name
    patterns = (
        rf"(?P<who>(?:{name})['’]s|\b{POSSESSIVE}) (?:(?!{part}\b)[\w-]+,? ){{0,2}}?(?P<colour>{COLOUR}) "
        rf"(?:[\w-]+ )?{noun}\b",
        rf"\b(?P<colour>{COLOUR})-{stem}(?:e?ed|ed) (?P<who>{name})",
        rf"(?P<who>{name}),? (?:\w+ )?(?P<colour>{COLOUR})-{stem}(?:e?ed|ed)\b",
        rf"(?P<who>(?:{name})['’]s|\b{POSSESSIVE}) {noun} {verb} (?:(?:a|the|very|quite|as|still|now) "
        rf")?(?:[\w-]+ )?(?P<colour>{COLOUR})\b",
        rf"(?P<who>{name}) (?:[\w-]+ ){{0,3}}?(?:with|had) (?:[\w-]+ ){{0,2}}?(?P<colour>{COLOUR}) (?:[\w-]+ "
        rf")?{noun}\b",
        rf"(?P<who>{name}) \w+(?:ed|t) (?:back )?the (?:[\w-]+ )?(?P<colour>{COLOUR}) (?:hair|curls?"
        rf"|strands?|locks?)\b",
        rf"(?P<who>{name})\b[^.;]{{0,60}}\bthe (?P<colour>{COLOUR}) of (?:those|his|her) {noun}\b",
    )
    for pattern in patterns:
        for match in re.finditer(pattern, cast.prose.text):
            person = cast.resolve(match["who"], match.start("who"))
            known = person.trait(*keys) if person else None
            stated = re.search(rf"\b(?:{COLOUR})\b", known[0], re.IGNORECASE) if known else None
            if (
                person is not None
                and known is not None
                and stated is not None
                and all(
                    differ(match["colour"], colour)
                    for colour in re.findall(rf"\b(?:{COLOUR})\b", known[0], re.IGNORECASE)
                )
                and cast.prose.is_asserted(match.start(), match.end())
            ):
                why = f"{person.name} has {known[0]} {part}."
                yield person.finding(cast.prose, match.span(), known[1], why)


def _hands(cast: Cast, person: Person) -> Iterator[Finding]:
    known = _HANDED.search(person.facts)
    if known is None:
        return
    wrong = "right" if known["side"].casefold() == "left" else "left"
    patterns = (
        rf"(?P<who>{person.names}),? (?:\w+,? ){{0,2}}?{_WRITES}\b[^.;]{{0,40}}?\b{wrong} hand\b",
        rf"(?P<who>{person.names})['’]s note, {_WRITES}\b[^.;]{{0,30}}?\b{wrong} hand\b",
        rf"(?P<who>\b(?:She|He|she|he)) {_WRITES}\b[^.;]{{0,30}}?\b{wrong} hand\b",
        rf"\b{wrong}-handed,? (?P<who>{person.names})",
        rf"(?P<who>{person.names}),? (?:\w+ )?{wrong}-handed\b",
        rf"(?P<who>\b{POSSESSIVE}|{person.names}['’]s) {wrong} hand, the one (?:she|he) (?:wrote|did everything)\b",
    )
    for pattern in patterns:
        yield from _contradictions(cast, person, pattern, known.group(), f"{person.name} is {known.group()}.")


def _lost(cast: Cast, person: Person) -> Iterator[Finding]:
    for pattern in _LOST:
        known = pattern.search(person.facts)
        if known is None:
            continue
        groups = known.groupdict()
        part = (groups.get("part") or groups.get("part2") or "").casefold()
        side = (groups.get("side") or "").casefold()
        if "fingers" in known.group() or not part:
            return
        plural = "feet" if part == "foot" else f"{part}s"
        # Whoever lost an arm lost its hand as well.
        gone = "(?:arm|hand)" if part == "arm" else part
        whose = rf"(?P<who>{person.names}['’]s|\b{POSSESSIVE})"
        does = rf"(?P<who>{person.names}|\b(?:She|He|she|he))"
        wrong = [
            rf"{whose} (?:(?:both|two) )(?:\w+ )?{plural}\b",
            rf"{does} (?:\w+ ){{0,3}}?(?:both|two) (?:of )?(?:(?:his|her|the) )?(?:(?!of\b)\w+ )?{plural}\b",
            rf"\b(?:both|two) (?P<who>{POSSESSIVE}) (?:\w+ )?{plural}\b",
        ]
        if side:
            wrong.append(rf"{whose} {side} {gone}\b")
            wrong.append(rf"{does} (?:\w+ ){{0,4}}?(?:with|in) (?:his|her) {side} {gone}\b")
        if part in ("hand", "arm"):
            wrong.append(
                rf"{does} (?:\w+ )?(?:folded|clasped|crossed|wrung|clapped) (?:both )?(?:his|her) (?:hands|arms)\b"
            )
        for wrong_pattern in wrong:
            yield from _contradictions(
                cast, person, wrong_pattern, known.group(), f"{person.name}: {known.group()}."
            )
        return


def _contradictions(cast: Cast, person: Person, pattern: str, statement: str, why: str) -> Iterator[Finding]:
    for match in cast.references(person, pattern):
        if cast.prose.is_asserted(*match.span()) and not cast.prose.is_memory(*match.span()):
            yield person.finding(cast.prose, match.span(), statement, why)
            return
