"""Relatives whom the world gives a person, and whom a text denies or has bury: "Ruth had no brothers"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agents.engine.checks.characters.cast.descriptions import DEATH, KIN_WORDS
from agents.engine.checks.characters.cast.people import DOES, NAME, WHOSE, Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.cast.stated_kin import KIN_WORD
from agents.engine.checks.characters.kin.forms import ENDED, KIN_OF_ROLE, MARRIED
from agents.engine.checks.characters.kin.ties import listed_relatives, ties_between
from agents.engine.checks.finding import Finding, Strength
from agents.engine.checks.statements import stated
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.pattern_set import PatternSet
from agents.engine.text.vocabulary import INVERSE_KIN, KIN
from agents.engine.text.word_forms import folded, word_set

_SIBLINGS: Final = word_set("siblings sibling brothers sisters")
_SEVERAL: Final = (
    f"{KIN_WORD}|children|sons|daughters|brothers|sisters|siblings|brothers or sisters|sisters or brothers"
)
# "Ruth had no brothers", "Agnes, who never had children", "three sons and not one daughter", "the only child".
_DENIES: Final = PatternSet[None](
    (lazy_pattern(pattern), None)
    for pattern in (
        rf"(?P<who>{DOES}),? (?:who )?(?:(?:had|has|having) (?:(?:[\w'-]+ ){{1,4}}(?:and|but) )?(?:no|not one|not a "
        rf"single)"
        rf"|(?:was|is) without|(?:had |has )?never (?:had|having|taken|got)(?: an?| any)?) (?:\w+ "
        rf")?(?P<kin>{_SEVERAL})(?=[.,;:!?]"
        r"| (?:and|or|at all|of (?:his|her) own)\b)",
        rf"(?P<who>{NAME})(?:,|,? (?:who )?(?:was|is|had been)) (?:the |an )?only (?P<kin>child)\b",
        rf"\b[Aa]s (?:the |an )?only (?P<kin>child)(?: of [^.;:,]{{1,30}})?, (?P<who>{NAME})(?!'s)",
    )
)
_DENYING: Final = word_set("no not never without only")
# "Hamish, whose wife had died", "Hamish's late wife".
_BURIES: Final = PatternSet[None](
    (lazy_pattern(pattern), None)
    for pattern in (
        rf"(?P<who>{NAME}),? whose (?P<kin>{KIN_WORD}) (?:had died|had been dead|was dead|is dead|died)\b",
        rf"(?P<who>{WHOSE}) (?:\w+ )?(?P<kin>{KIN_WORD}) (?:had died|had been dead|was dead|is dead|had drowned|was "
        rf"killed"
        r"|had been killed|lay in the churchyard)\b",
        rf"(?P<who>{WHOSE}) (?:late|dead) (?P<kin>{KIN_WORD})\b",
    )
)
_DEAD: Final = word_set("died dead late drowned killed churchyard")
_WORDS: Final = KIN_WORDS | word_set("children sons daughters brothers sisters siblings")
# "No relation of Maurice's", "not related to him".
_UNRELATED: Final = PatternSet[None](
    (lazy_pattern(pattern), None)
    for pattern in (
        rf"(?P<who>{NAME}),? (?:who )?(?:was|is) (?:no (?:relation|relative|kin|kinsman|kinswoman) (?:of|to)|not "
        rf"(?:related|kin)"
        rf" to|unrelated to) (?P<other>{NAME})",
        rf"(?P<who>{NAME}) and (?P<other>{NAME}) (?:were|are) (?:not related|no relations?|unrelated|no kin)\b",
        rf"(?P<who>{NAME}),? (?:who )?(?:was|is) not (?P<other>{NAME})'s (?:\w+ )?(?P<kin>{KIN_WORD})\b(?=[.,;])",
    )
)
_RELATION: Final = word_set("relation relations relative related unrelated kin kinsman kinswoman not")


def check_denied_kin(cast: Cast) -> Iterator[Finding]:
    if not cast.people:
        return
    yield from _denied(cast)
    yield from _buried(cast)
    yield from _orphaned(cast)
    yield from _single(cast)
    yield from _unrelated(cast)


def _denied(cast: Cast) -> Iterator[Finding]:
    """Yield the first relative of each person whom a text denies and the world gives them."""
    done: set[int] = set()
    for line in cast.lines_with(_WORDS, _DENYING):
        for match, _ in _DENIES.find(line.text):
            meant, span = cast.person_at(line, match), line.span(*match.span())
            kin = "siblings" if " only " in f" {match.group()} " else match["kin"]
            known = _known_relative(cast, meant[0], kin) if meant is not None else None
            if meant is None or known is None or id(meant[0]) in done:
                continue
            if cast.reading.is_presupposed(*span) and not cast.reading.is_past(*span):
                done.add(id(meant[0]))
                why = f"The world says “{known[1]}”, and the text that {meant[0].name} has no {kin}."
                strength: Strength = "proven" if meant[1] else "likely"
                yield cast.finding(known[0], span, known[1], why, strength=strength)


def _buried(cast: Cast) -> Iterator[Finding]:
    """Yield the first relative of whom a text says that they are dead, and of whom the world does not."""
    for line in cast.lines_with(_WORDS, _DEAD):
        for match, _ in _BURIES.find(line.text):
            meant, span = cast.person_at(line, match), line.span(*match.span())
            other = cast.kinsman_of(meant[0], folded(match["kin"])) if meant is not None else None
            known = _known_relative(cast, meant[0], match["kin"]) if meant is not None else None
            if meant is None or other is None or known is None or stated(DEATH, other.facts):
                continue
            if cast.reading.is_asserted(*span):
                why = f"{other.name} is not dead in the world, which says “{known[1]}”."
                yield cast.finding(known[0], span, known[1], why, strength="likely")
                return


def _orphaned(cast: Cast) -> Iterator[Finding]:
    """Yield the first orphan whose father or mother lives in the world."""
    for line in cast.lines_with(_ORPHAN):
        for match in _IS_ORPHAN.finditer(line.text):
            meant, span = cast.person_at(line, match), line.span(*match.span())
            for parent, source, statement in cast.parents(meant[0]) if meant is not None else ():
                if not stated(DEATH, parent.facts) and cast.reading.is_asserted(*span):
                    why = f"{parent.name} is not dead in the world, which says “{statement}”."
                    yield cast.finding(source, span, statement, why, strength="likely")
                    return


_ORPHAN: Final = word_set("orphan")
_IS_ORPHAN: Final = lazy_pattern(
    rf"(?P<who>{NAME})(?:,|,? (?:who )?(?:was|is|had been)) an (?:\w+ )?orphan\b"
)


def _single(cast: Cast) -> Iterator[Finding]:
    """Yield the first bachelor or widow whose husband or wife the world names and does not bury."""
    for line in cast.lines_with(_SINGLE_WORDS):
        for match in _IS_SINGLE.finditer(line.text):
            meant, span = cast.person_at(line, match, match.lastgroup or "who"), line.span(*match.span())
            partner = cast.kinsman_of(meant[0], "spouse") if meant is not None else None
            if meant is None or partner is None or stated(DEATH, f"{partner.facts} {meant[0].facts}"):
                continue
            # Whoever "had never married" is not married in the scene either.
            is_past = " never " not in match.group() and cast.reading.is_past(*span)
            is_told = cast.reading.is_presupposed(*span) and not is_past
            for whose in (partner, meant[0]):
                known = next(iter(stated(MARRIED, whose.element.summary)), None)
                if known is not None and is_told and not stated(ENDED, whose.element.summary):
                    why = f"The world says “{known.group()}”."
                    yield cast.finding(whose, span, known.group(), why, strength="likely")
                    return


_SINGLE_WORDS: Final = word_set("bachelor spinster widower widow unmarried married single wife husband")
_IS_SINGLE: Final = lazy_pattern(
    rf"(?P<who>{NAME})(?:,|,? (?:who )?(?:was|is))(?: still)? (?:an? (?:\w+ )?(?:bachelor|spinster|widow(?:er)?)"
    r"\b(?=[,.;]| (?:and|of|with|at|now)\b)|(?:unmarried|single|not married)\b(?= *[,.;]| and\b))"
    rf"|(?P<who2>{NAME}),? (?:who )?(?:had|has) never (?:been )?(?:married|wed|taken an? (?:husband|wife))\b(?=[,.;]"
    rf"| and\b)"
    rf"|(?P<who3>{NAME}),? (?:who )?never married\b(?=[,.;]| and\b)"
)


def _unrelated(cast: Cast) -> Iterator[Finding]:
    """Yield the first pair of relatives whom a text calls unrelated."""
    for line in cast.lines_with(_RELATION):
        for match, _ in _UNRELATED.find(line.text):
            one, other = cast.person_at(line, match), cast.person_at(line, match, "other")
            if one is None or other is None or one[0] is other[0]:
                continue
            span = line.span(*match.span())
            for ties in ties_between(cast, (one[0], other[0])).values():
                tie, kin = ties[0], match.groupdict().get("kin")
                is_that = kin is None or KIN[folded(kin)] in (tie.kin, INVERSE_KIN[tie.kin])
                if is_that and cast.reading.is_presupposed(*span) and not cast.reading.is_past(*span):
                    why = f"The world says “{tie.statement}”, and the text that they are none."
                    yield cast.finding(tie.source, span, tie.statement, why)
                    return


def _known_relative(cast: Cast, person: Person, kin: str) -> tuple[Person, str] | None:
    """Return who says that a person has a relative of the kind, which a word of kinship names, and in which words."""
    word = _SINGULAR.get(kin, kin.split()[0].removesuffix("s"))
    wanted = KIN.get(folded(word))
    if wanted is None:
        return None
    if kin in ("children", "brothers or sisters", "sisters or brothers", "siblings", "child", "sibling"):
        known = listed_relatives(person, INVERSE_KIN[wanted])
        if known is not None:
            return person, known
    if wanted == "sibling":
        for parent, source, statement in cast.parents(person):
            others = [other for other in cast.children(parent) if other is not person]
            if any(kin in _SIBLINGS_OF.get(other.pronoun, ()) for other in others):
                return source, statement
    other = cast.kinsman_of(person, word)
    if other is None:
        return None
    for whose, tie in ((person, INVERSE_KIN[wanted]), (other, wanted)):
        known = listed_relatives(whose, tie)
        if known is not None:
            return whose, known
    # "Daughter of the pastor".
    for known_by_role in stated(KIN_OF_ROLE, other.element.summary):
        if KIN[folded(known_by_role["kin"])] == wanted:
            return other, known_by_role.group()
    return None


_SINGULAR: Final = {"children": "child"}
_SIBLINGS_OF: Final = {
    "he": word_set("siblings sibling brothers brother"),
    "she": word_set("siblings sibling sisters sister"),
}
