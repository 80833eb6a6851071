"""Geography: directions, distances, and distance from the sea."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from agents.engine.checks.finding import Finding, finding_at
from agents.engine.checks.statements import compiled, stated
from agents.engine.sources import element_text, elements_of, rules_of
from agents.engine.text.complements import begins_with_complement
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.matching import without_article
from agents.engine.text.names.index import words_of_name
from agents.engine.text.reading import Reading
from agents.engine.text.word_forms import NUMBER, folded, number_of, word_set
from agents.engine.world import Element, WorldView

_OPPOSITE: Final = {"north": "south", "south": "north", "east": "west", "west": "east"}
_DIRECTION: Final = r"(?:north|south|east|west)"
_PLACE: Final = r"(?P<other>(?:the |a )?[\w'-]+(?: (?:of |the |on )?[\w'-]+){0,3})"
_LIES: Final = lazy_pattern(rf"\b(?P<direction>{_DIRECTION}) of {_PLACE}", re.IGNORECASE)
_COAST: Final = lazy_pattern(
    rf"\bon the (?P<direction>{_DIRECTION}) (?P<what>coast|bank|shore|side)\b", re.IGNORECASE
)
_END: Final = lazy_pattern(rf"\bat the (?P<direction>{_DIRECTION}) end of {_PLACE}", re.IGNORECASE)
_UNITS: Final = {
    # unit: (dimension, size); time is counted in hours, length in kilometres.
    "minute": ("time", 1 / 60), "hour": ("time", 1.0), "morning": ("time", 4.0), "day": ("time", 10.0),
    "week": ("time", 70.0), "fortnight": ("time", 140.0), "month": ("time", 300.0), "mile": ("length", 1.6),
    "kilometre": ("length", 1.0), "kilometer": ("length", 1.0), "league": ("length", 4.8),
}  # fmt: skip
# Other words for a shore, and a way without a turn.
_SHORES: Final = {"coast": "(?:coast|shore|seaboard)", "shore": "(?:coast|shore)", "bank": "(?:bank|side)"}
_STRAIGHT: Final = rf"(?:(?!\b{_DIRECTION})[^.,;:]){{0,40}}"
# Words without a verb or a way between a shore and a place.
_NO_OTHER: Final = r"(?:(?!\b(?:has|had|have|and|but|from|comes|came|leads|led|goes|went)\b)[^.;])"
_MODES: Final = {
    "stroll": "walk",
    "hike": "walk",
    "march": "walk",
    "riding": "ride",
    "flying": "flight",
    "driving": "drive",
}
_HALF: Final = lazy_pattern(r"\bhalf\b", re.IGNORECASE)
_AWAY: Final = (
    rf"(?P<many>an?|half an?|half a|{NUMBER})(?: (?:good|short|pleasant|long|hard|bare|mere|easy|brisk|full))?"
    rf"[ -](?P<unit>{'|'.join(_UNITS)})s?(?:'s?)?"
    r"(?: (?:hard|good|long|easy|steady|slow|brisk|full))?"
    r"(?: (?P<mode>walk|stroll|hike|ride|riding|flight|flying|journey|sail|march|drive|driving)(?:ing)?\b)?"
)
_FAR: Final = lazy_pattern(rf"\b{_AWAY}(?: {_DIRECTION} of| from) {_PLACE}", re.IGNORECASE)
_INLAND: Final = lazy_pattern(r"\b(?:far )?inland\b|\blandlocked\b", re.IGNORECASE)
_LANDLOCKED: Final = lazy_pattern(
    r"\b(?:(?:the )?(?P<place>[\w-]+) (?:is|lies) (?:landlocked|far from the sea)\b|(?:has|have|is) no (?:coast"
    r"|sea)\b)",
    re.IGNORECASE,
)
_NO_HARBOUR: Final = lazy_pattern(r"\bhas no (?:harbour|harbor|port)\b", re.IGNORECASE)
_SEASIDE: Final = (
    r"(?:harbou?rs?(?: wall)?|waves broke|surf|quays?|seafront|the tide|put(?:ting)? (?:out "
    r")?to sea|beach(?:es)?|docks)"
)
_WAY_TO: Final = lazy_pattern(r"\b(?:to|towards?|into)(?: the)? \Z")
_TOLERANCE: Final = 1.5
# A match contains one of these words.
_DIRECTION_WORDS: Final = frozenset(
    f"{direction}{ending}" for direction in _OPPOSITE for ending in ("", "ward", "wards", "ern")
)
_UNIT_WORDS: Final = frozenset(form for unit in _UNITS for form in (unit, f"{unit}s"))
_SEASIDE_WORDS: Final = word_set("""
    harbour harbours harbor harbors waves surf quay quays seafront tide sea beach beaches docks port coast seashore
""")


def check_geography(world: WorldView, reading: Reading) -> Iterator[Finding]:
    checks = [
        check
        for check, words in (
            (_directions, _DIRECTION_WORDS),
            (_distances, _UNIT_WORDS),
            (_shores, _SEASIDE_WORDS),
        )
        if not words.isdisjoint(reading.words)
    ]
    for ref, element in elements_of(world) if checks else ():
        if element.kind != "character" and reading.has_name(element.name):
            for check in checks:
                yield from check(element, element.id or ref, reading)
    if not _SEASIDE_WORDS.isdisjoint(reading.words):
        for ref, rule in rules_of(world):
            yield from _landlocked(world, rule.text, rule.id or ref, reading)


def _directions(element: Element, source_id: str, reading: Reading) -> Iterator[Finding]:
    about, name = element_text(element), _name(element.name)
    for known in stated(_LIES, about):
        place = _trimmed(known["other"])
        if not _are_near(reading, _DIRECTION_WORDS, element.name, place):
            continue
        other = _name(place)
        right = folded(known["direction"])
        wrong = _OPPOSITE[right]
        patterns = (
            rf"\b{name},? (?:(?:lies|lay|stands|stood|is|was|sits|sat|runs?|rises"
            rf"|rose) )?(?:[\w']+,? ){{0,6}}?{wrong} of {other}",
            rf"\bto the {wrong} of {other}\b[^.]{{0,80}}\b{name}",
            rf"\bfrom {other},? (?:\w+ ){{0,5}}{wrong}(?:wards?)? (?:for|to|towards?) {name}",
            # "Rode north out of the town until they saw the walls of the fort".
            rf"\b{wrong}(?:wards?)?,? (?:out of|from) {other}\b{_STRAIGHT}\b(?:to|until|till|reached|saw|towards?|at)\b"
            rf"{_STRAIGHT}\b{name}",
            rf"\b{wrong}ern (?:\w+ ){{1,2}}(?:out of|from) {other} (?:\w+ )?(?:to|at|past|into) {name}",
            rf"\b(?:reach|get to|go to) {name} from {other},? (?:\w+ ){{1,3}}{wrong}\b",
            rf"\b{wrong} from {other} to {name}",
            rf"\b{right} from {name} to {other}",
            rf"\b(?:left|leaving|out of) {other}\b[^.;:]{{0,60}} {wrong}(?:wards?)? (?:for|to|towards?) {name}",
            rf"\b{wrong} of {other},? (?:[\w']+,? ){{0,3}}?(?:lies|lay|stands|stood|rises|rose|is|was|sits|sat)"
            rf" (?:\w+ )?{name}",
            rf"\b{wrong} of {other},? (?:at|in|by|near|where) {name}",
            rf"\b{wrong} of {other},? (?:he|she|they|we|I|it|[A-Z]\w+) [^.;:“”]{{0,20}}"
            rf"\b(?:came|got|reached|entered|stopped|arrived|drove|rode)\b[^.;:“”]{{0,40}} {name}",
            rf"\b{name} (?:lies|lay|stands|stood) (?:\w+ ){{0,2}}?to the {wrong}\b(?! of\b)[^.;:]{{0,60}} {other}",
            rf"\b{name},? (?:[\w']+ ){{0,4}}(?:behind|before|ahead of|below|above|from) (?:us|them|him|her|me"
            rf"|it) in the {wrong}\b",
            rf"\bfrom {name},? (?:\w+ )?{right}(?:wards?)? (?:for|to|towards?) {other}",
            rf"\b{name} (?:one )?(?:looks?|looked) {wrong} (?:over|to|on) {other}".replace(wrong, right),
            rf"\b{other},? (?:[\w']+ ){{0,4}}?to the {right}\b",
            rf"\b{name}\b(?:,? \w+){{0,3}}? in the {wrong}\b",
            rf"\bfrom (?:the \w+ of )?{name}[^.;:]{{0,30}} (?:looks?|looked|sees?|saw|ri?o?des?|walked|sailed"
            rf"|went|goes)"
            rf" {right}(?:wards?)? (?:to|towards?|over|upon) {other}",
            rf"\b{name},? (?:[\w']+ ){{0,4}}?on the {wrong}(?:ern)? (?:side|bank|shore) of {other}",
            rf"\b{other} (?:runs?|ran|flows?|flowed|lies|lay|is|was|stands"
            rf"|stood) (?:\w+ )?(?:to the )?{right} of {name}",
            rf"(?<!from )\b{name} (?:runs|ran|goes|went) (?:due )?{wrong}\b|\b{name} one walks {wrong} from {other}",
        )
        named = _first_words(element.name, place)
        for pattern in patterns:
            claim = wrong if wrong in pattern else right
            found = _asserted(pattern, reading, _along(claim), named, claim=claim, name=element.name)
            if found is not None:
                why = f"{element.name} is {right} of {place}, not {wrong}."
                yield _finding(reading, source_id, known, found, why)
                return
    for known in (*stated(_COAST, about), *stated(_END, about)):
        wrong = _OPPOSITE[folded(known["direction"])]
        what = (
            known["what"] if "what" in known.re.groupindex else rf"end of {_called(_trimmed(known['other']))}"
        )
        side = rf"{wrong}(?:ern)? {_SHORES.get(what.casefold(), what)}"
        found = _asserted(
            rf"\b{name}\b(?:(?!\bto\b)[^.]){{0,40}}\b{side}|\b{side}\b{_NO_OTHER}{{0,40}}\b{name}\b",
            reading,
            _along(wrong),
        )
        if found is not None:
            why = f"{element.name} is {known.group()}, not {wrong}."
            yield _finding(reading, source_id, known, found, why)


def _distances(element: Element, source_id: str, reading: Reading) -> Iterator[Finding]:
    name, named = _name(element.name), _first_words(element.name)
    found_far = stated(_FAR, element_text(element))
    if not found_far:
        return
    known = found_far[0]
    place = _trimmed(known["other"])
    if not _are_near(reading, _UNIT_WORDS, element.name):
        return
    other = _name(place)
    both_ways = (*_distance_forms(name, other), *_distance_forms(other, name))
    for pattern in both_ways:
        found = _asserted(pattern, reading, _UNIT_WORDS, named)
        if found is not None and _far_apart(known, found):
            why = f"The world tells another distance: “{known.group()}”."
            yield _finding(reading, source_id, known, found, why)
            return


def _distance_forms(name: str, other: str) -> tuple[str, ...]:
    """Return the ways to say how far a place is from another, without those of the way back."""
    return (
        rf"\b{name},? (?:(?:lies|lay|is|was|stands|stood) )?(?:[\w]+ ){{0,3}}?{_AWAY}(?: {_DIRECTION})? (?:from"
        rf"|of) {other}",
        rf"\b{_AWAY} from {other} to {name}",
        rf"\bfrom {other} to {name} (?:is|was|takes|took) {_AWAY}",
        rf"\b{_AWAY} to (?:walk|ride|sail|fly|drive|go|get|come|travel) from {other} to {name}",
        rf"\b[Ff]rom {other},? (?:it (?:is|was)|one (?:rides|walks)|they (?:rode|walked)) (?:\w+ )?{_AWAY} to {name}",
        rf"\b{_AWAY} (?:of \w+ )?(?:lay|lie|lies|stretched|separated?) between {name} and {other}",
        rf"\bbetween {other} and {name} (?:there )?(?:is|are|was|were|lay|lie|lies"
        rf"|stretch\w*) (?:\w+ ){{0,2}}?{_AWAY}",
        rf"\b(?:walk(?:ed|s)?|got|get) (?:from {other} to {name}|to {name} from {other}) in {_AWAY}",
        rf"\b{_AWAY} (?:on the road |out )?from {other},? (?:\w+ )?(?:came to|reached|arrived at) {name}",
        rf"\b{name},? (?:lay |was |stood )?(?:some |about |only |barely |just |nearly |over )?{_AWAY},? (?:away"
        rf"|off),? (?:from|beyond) {other}",
    )


def _shores(element: Element, source_id: str, reading: Reading) -> Iterator[Finding]:
    about, name = element_text(element), _name(element.name)
    for pattern, words in ((_INLAND, _SEASIDE), (_NO_HARBOUR, r"harbou?r|port\b")):
        known = next(iter(stated(pattern, about)), None)
        if known is None:
            continue
        found = _asserted(
            rf"\b{name}\b[^.]{{0,60}}\b(?:{words})|\b(?:{words})\b[^.]{{0,60}}\b{name}\b",
            reading,
            _SEASIDE_WORDS,
        )
        if found is not None:
            yield _finding(
                reading,
                source_id,
                known,
                found,
                f"The text gives {element.name} a shore, and the world none.",
            )


def is_about_coast(rule: str) -> bool:
    """Return whether a rule says that a country has no coast."""
    return bool(stated(_LANDLOCKED, rule))


def _landlocked(world: WorldView, rule: str, source_id: str, reading: Reading) -> Iterator[Finding]:
    """Yield a coast in a country that has none."""
    known = next(iter(stated(_LANDLOCKED, rule)), None)
    places = (
        [place for place in (known["place"], without_article(world.name)) if place]
        if known is not None
        else []
    )
    if known is None or not places:
        return
    named = "|".join(map(_name, places))
    words = rf"{_SEASIDE}|coast|by the sea|seashore"
    found = _asserted(
        rf"\b(?:{named})\b[^.]{{0,60}}\b(?:{words})\b|\b(?:{words})\b[^.]{{0,60}}\b(?:{named})\b",
        reading,
        _SEASIDE_WORDS,
    )
    if found is not None:
        yield _finding(
            reading, source_id, known, found, "The text speaks of a coast, and the world has none."
        )


def _finding(
    reading: Reading, source_id: str, known: re.Match[str], found: re.Match[str], why: str
) -> Finding:
    return finding_at(
        reading, found.span(), kind="geography", source_id=source_id, statement=known.group(), why=why
    )


def _are_near(reading: Reading, words: frozenset[str], *names: str) -> bool:
    """Return whether a sentence contains one of the ``words`` and one of the ``names``."""
    keys = [without_article(name).casefold() for name in names]
    lower = reading.lower
    return any(
        lower.find(key, sentence.start, sentence.end) >= 0
        for sentence in reading.sentences_with(words)
        for key in keys
    )


def _first_words(*names: str) -> frozenset[str]:
    return frozenset(word for name in names for word in words_of_name(without_article(name))[:1])


@cache
def _along(direction: str) -> frozenset[str]:
    return frozenset(f"{direction}{ending}" for ending in ("", "ward", "wards", "ern"))


def _asserted(
    pattern: str, reading: Reading, *words: frozenset[str], claim: str = "", name: str = ""
) -> re.Match[str] | None:
    """Return the first asserted match. Each match contains one of each set of ``words``.

    ``claim`` is the decisive word of the match: a negation in an earlier clause does not apply to it. A match that
    begins with ``name`` is about it, unlike in "the village beyond Tarn lies north".
    """
    for match in reading.matches(compiled(pattern), *words):
        is_of_other = name and begins_with_complement(reading.plain, match, without_article(name))
        # A way to the place leads where it lies.
        if is_of_other and not _WAY_TO.search(reading.plain, max(0, match.start() - 16), match.start()):
            continue
        claim_at = match.group().casefold().rfind(claim)
        if reading.is_asserted(match.start() + max(claim_at, 0), match.end()):
            return match
    return None


def _far_apart(known: re.Match[str], stated: re.Match[str]) -> bool:
    first, second = _measure(known), _measure(stated)
    modes = {_MODES.get(mode, mode) for match in (known, stated) if (mode := match["mode"])} - {"journey"}
    if first is None or second is None or first[0] != second[0] or len(modes) > 1:
        return False
    return max(first[1], second[1]) / min(first[1], second[1]) > _TOLERANCE


def _measure(match: re.Match[str]) -> tuple[str, float] | None:
    many = folded(match["many"])
    dimension, size = _UNITS[folded(match["unit"])]
    number = 1 if many in ("a", "an") else 0.5 if _HALF.match(many) else number_of(many)
    return (dimension, number * size) if number else None


def _name(name: str) -> str:
    """Return the pattern of a place; a river may be called without the word."""
    bare = without_article(name)
    river = bare[: len("river ")] if bare.casefold().startswith("river ") else ""
    return rf"(?:the )?{f'(?:{river})?' if river else ''}{re.escape(bare.removeprefix(river))}"


def _called(place: str) -> str:
    """Return the pattern of a place of several words that may be called by the last: "the Row" for Pallas Row."""
    *before, last = without_article(place).split()
    return rf"(?:{_name(place)}|the {re.escape(last)})" if before and last[:1].isupper() else _name(place)


def _trimmed(other: str) -> str:
    """Cut the words after "of" to the name of the place: it ends before a word in lower case."""
    words = other.split()
    kept: list[str] = []
    for word in words:
        if kept and word[0].islower() and kept[-1].casefold() != "the" and not kept[-1][0].islower():
            break
        kept.append(word)
        if word[0].islower() and word.casefold() not in ("the", "a"):
            # "the fish market" has no capital letter that shows its end.
            kept = words
            break
    return " ".join(kept)
