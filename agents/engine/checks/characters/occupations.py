"""Occupations and species of characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.characters.cast.people import DOES, NAME, Cast, Line
from agents.engine.checks.characters.cast.person import ROLE_KEYS, Person
from agents.engine.checks.characters.happening import happens
from agents.engine.checks.finding import Finding, Strength
from agents.engine.checks.statements import compiled_as_written, stated
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.pattern_set import PatternSet
from agents.engine.text.reading import WORD
from agents.engine.text.vocabulary import ROLES, SAME_ROLES, SPECIES
from agents.engine.text.word_forms import one_of


def check_occupations(cast: Cast) -> Iterator[Finding]:
    yield from _other_seat(cast)
    yield from _occupation_or_species(cast, ROLE_KEYS, _ROLE)
    yield from _occupation_or_species(cast, ("species",), _SPECIES)


# Relatives of whom a person has only one.
_KIN: Final = "husband|wife|mother|father"
_TITLES: Final = (
    "Constable|Sergeant|Inspector|Detective|Doctor|Nurse|Judge|Sheriff|Bishop|Pastor|Vicar|Professor|Deputy"
    "|King|Queen|Emperor|Empress|Captain|Admiral|Abbot|Abbess|Chancellor|Colonel|Mayor"
)


_IS: Final = "(?:was|is|had been|has been|had become|has become|became|becomes|remained|remains)"
# Words before an occupation that make it none, or another's.
_NO_MODIFIER: Final = (
    r"(?:former|late|retired|future|next|last|would-be|so-called|false|mock|half|part|own|new|second|other|better|best|worse|worst"
    r"|same|wrong|most|more|as|than|like|of|to|and|or|for|in|on|at|with|by|from|who|that|which|the|an?|bit|sort|kind|friend|his|her"
    r"|their|my|your|our|father|mother|son|daughter|wife|husband|brother|sister|no|not|born|great|terrible|poor|perfect|regular"
    r"|real|true|very|merry|toy|child|little)\b|\w+'s\b(?<!ship's)(?<!town's)(?<!village's)(?<!king's)(?<!queen's)"
)
_NOT_REALLY: Final = (
    r"(?:not|never|no|hardly|barely|almost|nearly|like|as|called|named|to|once|always|half|something|more|less|such|quite|being|thought"
    r"|said|taken|born|made|afraid|sure|glad|told|the|an?|in|on|at|with|by|for|of|worth|better|what|who|that|if|going|about|going)\b"
)
_ENDS: Final = (
    r"(?=[.;:!?]|,(?! (?:of|to) (?:sorts|him|her)\b)|$| (?:here|there|now|and|but|of (?:the \w+(?=[.,;])|[A-Z])"
    r"|in [A-Z]|at [A-Z]|aboard|since"
    r"|until|by (?:trade|profession))\b)"
)


def _value_patterns(words: tuple[str, ...]) -> PatternSet[bool]:
    """Return the ways to state an occupation or species, and whether as an apposition."""
    value = (
        rf"(?P<value>(?:[\w']+ )??{one_of(words)})\b(?!'s)(?! of (?:a|his|her|the) \w+ (?:eye|heart|soul))"
    )
    by_name = (
        rf"(?P<who>{NAME}), (?:the|an?|being an?|now an?|by trade an?) (?:(?:village|town|local|young|old|new"
        rf"|best|only) )*{value}"
        r"(?=[,.;]| (?:of|at|from|like) [\w' ]{1,30},| all (?:his|her) life| by (?:trade|profession|birth))",
        rf"(?P<who>{NAME})(?:, being|, who (?:was|is)| was| is| had become)(?: (?:only|just|but|merely|still"
        rf"|now))? (?:an? "
        rf"|the )(?:(?:very|small|young|old|good"
        rf"|real|mere|humble|simple|poor) ){{0,2}}{value}"
        r"(?! (?:with|at|in) (?:a|the|his|her|words|numbers|figures|money|cards|chess|heart|home|animals|children)"
        r" ?(?:needle|brush|pen|blade|sword|razor|knife|scales|making|way|manner|eyes|play|story|game)?(?:[.,;]"
        r"|$))(?! by night)(?! to (?:his|her|their|the|my|our) (?:people|flock|folk|men|country|nation|friends)\b)",
        rf"(?P<who>{NAME}), {value} (?:of|at|to|in) (?:the )?\w+(?: \w+)?,",
        rf"(?P<who>{NAME}) the {value}(?= (?:(?!(?:who|of|at|from|in|and|to|on)\b)\w+(?:ed|s|t|k|d|e|w)|will"
        rf"|can)\b|[,.;])",
        rf"(?P<who>{NAME}) (?:works|worked|served|serves) (?:(?:in|at) the \w+ )?as (?:an? |the )?{value}"
        r"(?![^.;]{0,40}\b(?:before|until|when|while|once|as a (?:boy|girl)|in (?:his|her) youth)\b)",
        rf"(?P<who>{NAME}) (?:had|has) been (?:an? |the ){value} (?:since"
        r"|(?:for [\w-]+ (?:years|winters|summers)|all (?:his|her) life)(?=[,.;]| and\b))",
        rf"(?P<whose>{NAME})'s (?P<who>{_KIN}), (?:the|an?) (?:(?:village|town|local|old|young) )*{value},"
        r"(?! (?:and|or) )",
        rf"(?P<who>{NAME}),? (?:who )?(?:makes|made|earns|earned) (?:a|his|her) (?:living|bread|keep|money|wages)"
        rf" as (?:an? )?{value}",
        rf"(?P<who>{NAME}), (?:an? )?{value} by (?:trade|profession|calling),",
        rf"\bthe {value}(?: of the \w+)?(?:, (?:called |named |by the name of |whose name was )?| by the name of )"
        rf"(?P<who>{NAME})",
        rf"\b(?:the|a|an|of|by|to|from|with|old|young) {value} (?P<who>{NAME})(?!'s)(?=[,.;]| \w+(?:ed|s|t|k|d|e"
        rf"|w)\b)",
    )
    # "Gavin Reid had for thirty years been the village doctor", "the chief surgeon of the Halcyon was Jonas Vetter".
    modifiers = rf"(?:(?!{_NO_MODIFIER})[\w'-]+,? ){{0,3}}?"
    linked = (
        rf"(?P<who>{NAME}), {value}(?=[,;.])",
        rf"(?P<who>{NAME}) (?:was|is|became) (?:now )?{value} (?:of|in|at) [A-Z]\w+",
        rf"(?P<who>{NAME})(?!'s)(?:, [^,.;:“”\"]{{1,40}},)? {_IS}(?: (?!{_NOT_REALLY})[\w-]+){{0,3}}?"
        rf" (?:an?|the|our|their|its|your) {modifiers}{value}{_ENDS}",
        rf"\b[Tt]he {modifiers}{value}(?:, (?:one|a certain|a (?:man|woman) called|called|named) "
        rf"|(?: (?:of|in|at|on|aboard|for) [^.,;:“”\"]{{1,30}}?| here)? (?:was|is) (?:now |still |one |called |named "
        rf"|none other than )?)(?P<who>{NAME})(?!'s)(?=[.,;:!]| (?:and|who|himself|herself)\b|$)",
        rf"(?:[;:]| [–—-]|, (?:and|for|but|since)) (?P<who>he|she) {_IS}(?: (?:now|still|only|just|also))?"
        rf" (?:an?|the|our|their|its) "
        rf"{modifiers}{value}{_ENDS}",
        rf"\b[Aa]s (?:the |an? )?{modifiers}{value}(?: (?:of|in|at|on|aboard) [^.,;:“”\"]{{1,30}})?,"
        rf" (?P<who>{NAME})(?!'s| (?:said|says|thought|would|might|could)\b)",
        rf"(?P<who>{NAME})(?!'s)(?: [^.,;:“”\"]{{1,60}})?,? as the {modifiers}{value}(?: (?:of|in|at|on|aboard)"
        rf" [^.,;:“”\"]{{1,30}}| here| there)?(?=[.;]|$)",
        rf"(?P<who>{NAME}),? (?:an?|the) {modifiers}{value} by (?:trade|profession|calling|training)\b",
        rf"(?P<who>{DOES}) {_IS} (?:an?|the) {modifiers}{value} by (?:trade|profession|calling|training)\b",
    )
    # A pronoun counts only at the start of a sentence, with its capital letter.
    by_pronoun = (
        rf"(?P<who>\b(?:She|He)) was (?:only )?(?:an? |the )(?:(?:very|small|young|old|good) "
        rf"){{0,2}}{value}(?=[,.;]| (?:and|by (?:trade|profession))\b)"
    )
    in_clause = (
        rf"\b(?:since|because|for|though|although) (?P<who>she|he) (?:was|is) (?:only |just |still |now )?(?:an? |the )"
        rf"{value}(?=[,.;]| and\b)"
    )
    # "Constable Gavin Reid": a title, with its capital letter.
    by_title = rf"\b(?P<value>{_TITLES}) (?P<who>{NAME})(?!'s)"
    is_apposition = (True, *(False for _ in by_name[1:]))
    return PatternSet(
        (
            *zip((lazy_pattern(pattern, re.IGNORECASE) for pattern in by_name), is_apposition, strict=True),
            *((lazy_pattern(pattern), False) for pattern in linked),
            (lazy_pattern(by_pronoun), False),
            (lazy_pattern(in_clause), False),
            (lazy_pattern(by_title), False),
        )
    )


# Callings of two words, of which the last tells nothing alone.
_CALLINGS: Final = (
    "dancing girl",
    "goose girl",
    "flower girl",
    "serving girl",
    "cabin boy",
    "stable boy",
    "errand boy",
)
_ROLE: Final = (_value_patterns((*ROLES, *_CALLINGS)), frozenset((*ROLES, "girl", "boy")))
_SPECIES: Final = (_value_patterns(SPECIES), frozenset(SPECIES))


def _is_known(role: str, facts: str) -> bool:
    """Return whether the facts have the word, or another word for the same office: physician for doctor."""
    if role in facts:
        return True
    words = set(WORD.findall(facts))
    return any(role in same and not words.isdisjoint(same) for same in SAME_ROLES)


def _meant(cast: Cast, line: Line, match: re.Match[str]) -> tuple[Person, bool] | None:
    """Return whom a match means by a name, a pronoun or the kinship to somebody, and whether it is a name."""
    if not match.groupdict().get("whose"):
        return cast.person_at(line, match)
    whose = cast.person_at(line, match, "whose")
    person = cast.kinsman_of(whose[0], match["who"].lower()) if whose is not None else None
    return (person, False) if person is not None else None


# "When Ines was a student": at another time.
_OF_A_TIME: Final = lazy_pattern(r"\b(?:when|while|until|till|before|after) $", re.IGNORECASE)


def _occupation_or_species(
    cast: Cast, keys: tuple[str, ...], words: tuple[PatternSet[bool], frozenset[str]]
) -> Iterator[Finding]:
    """Yield the first statement of a different occupation or species of each person than the trait in ``keys``."""
    # The occupation of a relative may be told who is not named: "Edda's father, the smith".
    is_known = "role" in keys or any(person.trait(*keys) for person in cast.people.values())
    done: set[int] = set()
    patterns, occurs = words
    for line in cast.lines_with(occurs) if is_known else ():
        for match, is_apposition in patterns.find(line.text):
            meant = _meant(cast, line, match)
            known = meant[0].trait(*keys) if meant is not None else None
            if meant is None or known is None or id(meant[0]) in done:
                continue
            person, is_name = meant
            last = match["value"].split()[-1].casefold()
            if match.start() == match.start("who") and _OF_A_TIME.search(line.text, 0, match.start()):
                continue
            if not _is_known(last, person.facts.casefold()) and happens(
                cast, line, match, may_be_past=True, is_apposition=is_apposition
            ):
                done.add(id(person))
                statement = known[1]
                span = line.span(*match.span())
                strength: Strength = "proven" if is_name else "likely"
                kind = "occupation" if "role" in keys else "species"
                why = f"“{match['value']}” is another {kind} than the world gives {person.name}."
                yield cast.finding(person, span, statement, why, strength=strength)


def _other_seat(cast: Cast) -> Iterator[Finding]:
    """Yield the first office of each person at another place than the world's: "abbess of the White House"."""
    if cast.reading.words.isdisjoint(_ALL_ROLES):
        return
    for person in cast.people.values():
        known = next(iter(stated(_SEAT, person.element.summary)), None)
        role = known["role"].lower() if known is not None else ""
        if known is None or role not in cast.reading.words:
            continue
        pattern = compiled_as_written(
            rf"(?P<who>{NAME})(?:,| was| is|,? who (?:was|is)) (?:the |an? )?(?i:{re.escape(role)}) of (?:the )?"
            r"(?P<seat>[A-Z][\w'-]+(?: [A-Z][\w'-]+)*)"
        )
        place = frozenset(WORD.findall(known["seat"].lower()))
        for line in cast.lines_with(frozenset((role,))):
            for match in pattern.finditer(line.text):
                meant, seat = cast.person_at(line, match), frozenset(WORD.findall(match["seat"].lower()))
                is_other = meant is not None and meant[0] is person and not (seat <= place or place <= seat)
                if is_other and happens(cast, line, match, is_apposition=True):
                    why = f"{person.name} is {known.group()}, not of {match['seat']}."
                    yield cast.finding(person, line.span(*match.span()), known.group(), why)
                    return


_ALL_ROLES: Final = frozenset(ROLES)
_SEAT: Final = lazy_pattern(
    rf"\b(?P<role>(?i:{'|'.join(ROLES)})) of (?:the )?(?P<seat>[A-Z][\w'-]+(?: [A-Z][\w'-]+)*)"
)
