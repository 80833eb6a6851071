"""Relatives whom the facts about a character exclude: children of the childless, a wife of a bachelor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.characters.cast.descriptions import KIN_WORDS
from agents.engine.checks.characters.cast.people import DOES, NAME, WHOSE, Cast, sign_of
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.death.things import FOOD
from agents.engine.checks.finding import Finding, Strength
from agents.engine.checks.statements import compiled_as_written, stated
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.pattern_set import PatternSet
from agents.engine.text.word_forms import word_set

_HAS: Final = (
    rf"(?P<who>{NAME}),? (?:who )?(?:has|had) (?:an?|one|two|three|four|five|six|seven|eight) (?:\w+ )?"
)
_ENDS: Final = (
    r"\b(?=[,.;]| (?:and|who|at|of (?:his|her) own|in (?!Christ|arms|spirit|the Lord|faith)|back|with"
    r"|called|named|on|upstairs|abroad)\b)"
)
_UNMARRIED: Final = lazy_pattern(r"\bunmarried\b")
# What only the living do, in the scene.
_ACTS_HERE: Final = (
    "said|asked|smiled|nodded|laughed|sat|stood|opened|poured|grinned|shrugged|yawned|whispered|leaned|looked up"
    "|(?:came|walked|stepped|ran|hurried) (?:in|(?:up|down)stairs|to the (?:door|window|table))|called (?:from|out)"
    "|called (?:him|her|them|[\ue000-\uf8ff]) in|waited|knocked|rang|telephoned|phoned|arrived|kissed|hugged|scolded"
    "|frowned"
    "|sighed|shut|closed|answered|replied|shouted|waved|handed|(?:put|picked up|set) (?:the|his|her|an?|down|on)"
    "|shook (?:his|her) head"
    "|(?:was|is|were) (?:(?:waiting|calling|sitting|standing|cooking|sleeping|sewing|asleep|awake|ill|late|out)\\b"
    "|(?:in|at)"
    " (?:the (?:kitchen|garden|hall|yard|house|next room|door|window|table|stove)|home)\\b)"
)
_ANY_RELATIVE: Final = (
    "mother|father|parent|brother|sister|son|daughter|husband|wife|uncle|aunt|cousin|grandmother|grandfather"
)
# What a summary denies, the words for such relatives, and other ways to say that somebody has them.
_WITHOUT: Final = tuple(
    (
        lazy_pattern(fact, re.IGNORECASE),
        lacks,
        PatternSet[None]((lazy_pattern(pattern), None) for pattern in others),
    )
    for fact, lacks, others in (
        (
            r"\bonly child\b",
            r"brother|sister|twin(?! \w+s\b)|brothers|sisters|siblings|nephews?|nieces?|(?:brother|sister)-in-law",
            (
                rf"{_HAS}(?:brother|sister|twin)s?{_ENDS}",
                rf"\b(?:[Bb]rother|[Ss]ister|[Tt]win) of (?P<who>{NAME})(?!'s)",
                rf"(?P<who>{NAME}) (?:grew up|was raised|had grown up|shared (?:an?|the|his|her) \w+)(?: "
                rf"\w+){{0,3}}? (?:with"
                r"|among|between|beside) (?:\w+ ){1,2}(?:brother|sister|sibling)s?\b",
                rf"(?P<who>{NAME})(?:,|,? (?:who )?(?:was|is)) the (?:eldest|youngest|oldest|second|middle|third"
                rf"|elder|younger)"
                r" of (?:two|three|four|five|six|seven|eight|nine|ten)\b",
            ),
        ),
        (
            r"\bonly son of\b",
            "brothers?",
            (rf"{_HAS}brothers?{_ENDS}", rf"\b[Bb]rother of (?P<who>{NAME})(?!'s)"),
        ),
        (
            r"\bonly daughter of\b",
            "sisters?",
            (rf"{_HAS}sisters?{_ENDS}", rf"\b[Ss]ister of (?P<who>{NAME})(?!'s)"),
        ),
        (
            r"\bchildless\b",
            "sons?|daughters?|child|children|twins|grandsons?|granddaughters?|grandchild(?:ren)?|firstborn|offspring"
            "|(?:sons?|daughters?)-in-law|(?:little|baby|small) (?:boy|girl)s?",
            (
                rf"{_HAS}(?:sons?|daughters?|children){_ENDS}",
                rf"\b(?:[Ss]ons?|[Dd]aughters?|[Cc]hild|[Cc]hildren) of (?P<who>{NAME})(?!'s)",
                rf"(?P<who>{NAME}),? (?:who )?(?:had |has )?(?:became|become) a (?:father|mother|grandfather"
                rf"|grandmother)\b",
                rf"(?P<who>{NAME}),? (?:(?:who )?(?:was|is) )?(?:the |a )?(?:proud )?(?:mother"
                rf"|father) of (?!pearl|the"
                r"|a\b|all|that|this)\w+",
            ),
        ),
        (
            _UNMARRIED.pattern,
            "wife|husband|bride|bridegroom|spouse|ex-wife|ex-husband|(?:mother|father)-in-law|in-laws"
            "|wedding (?:ring|anniversary|night|day)|honeymoon|married (?:life|name)|widow|widower",
            (
                rf"(?P<who>{NAME}),? (?:(?:who )?(?:was|is) )?(?:the )?(?:wife|husband) of (?!the late\b)\w+",
                rf"(?P<who>{NAME}) (?:had|has) (?:buried|outlived|divorced|left|lost) (?:two|three|four|one"
                r"|an?|his|her) (?:\w+ )?(?:husband|wife|wives)s?\b",
                rf"\b(?:[Ww]ife|[Hh]usband) of (?P<who>{NAME})(?!'s)",
                rf"\b[Oo]n (?:her|his) (?:wedding (?:day|night)|honeymoon),? (?P<who>{NAME})(?!'s)",
                rf"(?P<who>{NAME}) and (?:his|her) (?:new |young |old )?(?:wife|husband)\b",
                rf"(?P<who>{NAME}),? as an? married (?:man|woman)\b",
                rf"{_HAS}(?:wife|husband){_ENDS}",
                rf"(?P<who>{NAME}),? (?:who )?(?:had|has)(?: been)? married (?:young|late|early|twice|well"
                rf"|badly|again)\b",
                rf"(?P<who>{NAME})(?:,|,? (?:who )?(?:was|is)) {NAME}'s (?:\w+ )?(?:wife|husband)\b",
                rf"(?:\b[Mm]y|\b[Hh]is|\b[Hh]er|{NAME}'s) (?:wife|husband),? (?P<who>{NAME})(?!'s)",
                rf"(?P<who>{NAME})(?:,|,? (?:who )?(?:was|is|ha[ds] been)) an? (?:\w+ )?(?:widow(?:er)?|married (?:man"
                rf"|woman)|divorcee?)"
                rf"\b(?=[,.;]| (?:and|of|with|at|now|for)\b)",
                rf"(?P<who>{NAME}) (?:was|is) (?:happily |long )?married\b(?! to (?:the|his|her) (?:job|work"
                rf"|trade|sea))",
            ),
        ),
        (
            r"(?<!ex-)(?<!former )(?<!late )\b(?:wife|husband) of (?!the late\b)[\w'’-]+(?: [\w'’-]+)?",
            "",
            (
                rf"(?P<who>{NAME})(?:,|,? (?:who )?(?:was|is)) an? (?:\w+ )?(?:widow(?:er)?|spinster|bachelor"
                rf"|unmarried"
                rf" (?:man|woman))\b(?=[,.;]| (?:and|of|with|at|now)\b)",
                rf"(?P<who>{NAME}),? (?:who )?(?:was|is) (?:still )?unmarried(?=[,.;]| and\b)",
            ),
        ),
        (
            r"\b(?:brother|sister|twin) of [A-Z][\w'’-]+",
            "",
            (rf"(?P<who>{NAME})(?:,|,? (?:who )?(?:was|is)) (?:the |an )?only child\b",),
        ),
        (
            r"\borphan\b",
            "",
            (
                rf"(?P<who>{NAME})'s (?:mother|father|parents) (?:{_ACTS_HERE})\b",
                rf"(?P<who>{NAME}) (?:kissed|hugged|waved to|helped|followed|woke|rang|telephoned|called|asked|ran to)"
                r" (?:his|her) (?:mother|father|parents)\b(?!'s| of\b)",
            ),
        ),
        (
            r"\bno family left\b",
            "",
            (rf"(?P<who>{NAME})'s (?:\w+ )?(?:{_ANY_RELATIVE})s? (?:{_ACTS_HERE})\b",),
        ),
        *(
            (
                rf"\bno {kin}s\b",
                f"{kin}s?",
                (rf"{_HAS}{kin}s?{_ENDS}", rf"\b(?i:{kin}) of (?P<who>{NAME})(?!'s)"),
            )
            for kin in ("brother", "sister", "son", "daughter")
        ),
        (
            r"\b(?:widow|divorced)\b",
            "",
            (
                rf"(?P<who>{NAME})(?:,|,? (?:who )?(?:was|is|ha[ds] been)) an? (?:\w+ )?(?:spinster|bachelor|old "
                rf"maid|maiden (?:lady|aunt))"
                r"\b(?=[,.;]| (?:and|of|with|at|now|who)\b)",
                rf"(?P<who>{DOES}),? (?:who )?(?:was|had|has) never (?:been )?married(?=[.,;]| (?:and|at all|in)\b)",
                rf"(?P<who>{NAME}) and (?:her husband|his wife) (?:\w+ly )?(?!had\b|were\b)\w+(?:ed|ent|ame|at"
                rf"|ook|an|ode|ood)\b",
                rf"(?P<who>{NAME}) (?:smiled at|kissed|turned to|nodded to|nudged|woke|hugged|embraced|winked at"
                rf"|poured|handed)"
                rf" (?:her husband|his wife)\b(?!'s)",
                rf"(?P<who>{NAME}) (?:called|sent|woke|told|asked|helped|handed|gave|followed|watched|scolded|met"
                rf"|passed) (?:her"
                r" husband|his wife) (?:in|up|out|down|to|an?|the|off|home|about|that|his|her)\b",
                rf"(?P<who>{NAME}) is (?:\w+ )?with (?:her husband|his wife)\b(?!')",
                rf"(?P<who>{NAME})'s (?:husband|wife) (?:brought|handed|gave|poured|passed) (?:her|him) (?:an?|the"
                rf"|some|his|her) (?:\w+ )?(?:{FOOD}|bulb|cup|glass|plate|keys?|hand|arm|coat|hat)\b",
                rf"(?P<who>{NAME})'s (?:husband|wife) (?:{_ACTS_HERE})\b",
                rf"(?P<who>{NAME})'s (?:husband|wife) (?:was|is) (?!buried\b)\w{{3,}}ing\b",
                rf"(?P<who>{NAME}) [^.;:“”\"\ue000-\uf8ff]{{0,50}}?(?:on|at|by|to|beside|took|held|squeezed"
                rf"|against) (?:her"
                r" husband's|his wife's) (?:arm|hand|side|shoulder|lap|knee|elbow|cheek)\b",
            ),
        ),
    )
)


def check_absent_kin(cast: Cast) -> Iterator[Finding]:
    if not cast.people or cast.reading.words.isdisjoint(_WORDS):
        return
    for person in cast.people.values():
        for fact, lacks, others in _WITHOUT:
            for known in stated(fact, person.told)[:1]:
                yield from _relatives(cast, person, known.group(), lacks, others)
        yield from _unlisted(cast, person)
        if person.pronoun == "he":
            yield from _couple(cast, person)


def _unlisted(cast: Cast, person: Person) -> Iterator[Finding]:
    """Yield the first brother or sister whom the world, which names several children of a parent, does not name."""
    for parent, source, statement in tuple(cast.parents(person))[:1]:
        siblings = [child for child in cast.children(parent) if child is not person]
        if source is parent and siblings and all(child.pronoun for child in siblings):
            has = {child.pronoun for child in siblings}
            lacks = "|".join(word for pronoun, word in _SIBLINGS if pronoun not in has)
            if lacks:
                yield from _relatives(cast, person, statement, lacks, PatternSet(()), source=source)


_SIBLINGS: Final = (("he", "brothers?"), ("she", "sisters?"))


def _relatives(
    cast: Cast,
    person: Person,
    statement: str,
    lacks: str,
    others: PatternSet[None],
    source: Person | None = None,
) -> Iterator[Finding]:
    if lacks and (role := person.role) and cast.bearer_of(role) is person:
        yield from _of_role(cast, person, role, statement, lacks)
    for line in cast.lines_with(_WORDS):
        possessive = _possessive(lacks).finditer(line.text) if lacks else ()
        for match in (*possessive, *(found for found, _ in others.find(line.text))):
            meant = cast.person_at(line, match)
            span = line.span(*match.span())
            # "Had never married" is no denial, and tells of now.
            is_never = " never " in match.group()
            told = line.span(*match.span("who")) if is_never else span
            is_so = cast.reading.is_asserted(*told) and (
                bool(lacks) or is_never or not cast.reading.is_past(*span)
            )
            if meant is not None and meant[0] is person and is_so:
                strength: Strength = "proven" if meant[1] and source is None else "likely"
                why = (
                    f"“{statement}” rules out the relative that the text gives {person.name}."
                    if lacks
                    else f"The world says of {person.name} “{statement}”, and the text the opposite."
                )
                yield cast.finding(source or person, span, statement, why, strength=strength)
                return


# What is said of somebody else's relatives, or of others by their name.
_NOT_OWN: Final = (
    "of|and|or|as|to|for|like|no|school|street|village|god|step|foster|spiritual|pretend|imaginary|dream|future|paper"
    "|Sunday|would|is|was|had|has|said|not|in|at|on|with|by|the|a|an|than|that|own|stage|weaker|kid|lawful|sworn|blood"
)


def _possessive(lacks: str) -> re.Pattern[str]:
    return compiled_as_written(
        rf"(?<!\bas )(?P<who>{WHOSE}|{NAME} and (?:his|her)) (?:own )?(?:(?!(?:{_NOT_OWN})\b)\w+ "
        rf"){{0,2}}?(?:{lacks})\b(?!-| (?:of|officers?|guards?|monks?|sailors?|soldiers?|ship|in arms|\w+men)\b)"
    )


def _of_role(cast: Cast, person: Person, role: str, statement: str, lacks: str) -> Iterator[Finding]:
    """Yield the first relative of a role whose bearer the sentence names: "the minister's wife sang, and Gavin …"."""
    pattern = compiled_as_written(
        rf"\b[Tt]he {re.escape(role)}'s (?:own |young |late |little )?(?:{lacks})\b(?! of\b)"
    )
    sign = next(sign_of(number) for number, known in cast.people.items() if known is person)
    for line in cast.lines_with(frozenset((role,))):
        for match in pattern.finditer(line.text) if sign in line.text else ():
            span = line.span(*match.span())
            if cast.reading.is_asserted(*span) and not cast.reading.is_past(*span):
                why = f"“{statement}” rules out the relative that the text gives {person.name}."
                yield cast.finding(person, span, statement, why, strength="likely")
                return


def _couple(cast: Cast, person: Person) -> Iterator[Finding]:
    """Yield the first "Mr and Mrs Reid" in a text with an unmarried Mr Reid, unless she may be his mother."""
    reading, names = cast.reading, person.name.split()
    if len(names) < 2 or "mrs" not in reading.words or not reading.words.isdisjoint(_ELDERS):
        return
    first, last = map(re.escape, (names[0], names[-1]))
    pattern = compiled_as_written(rf"\b(?:Mr\.?|(?:{first} )?{last}|{first}) and Mrs\.? {last}\b")
    for known in stated(_UNMARRIED, person.told)[:1]:
        for match in pattern.finditer(reading.plain):
            if reading.is_asserted(*match.span()) and not reading.is_past(*match.span()):
                why = f"{person.name} is unmarried, and the text gives him a wife."
                yield cast.finding(person, match.span(), known.group(), why, strength="likely")
                return


# With one of them "Mrs Reid" may be his mother.
_ELDERS: Final = word_set("mother old dowager elder parents father stepmother senior aunt brother")
# A text without any of them speaks of no relatives.
_WORDS: Final = KIN_WORDS | {
    *(
        "sons",
        "daughters",
        "children",
        "brothers",
        "sisters",
        "twins",
        "boy",
        "boys",
        "girl",
        "girls",
        "married",
        "bachelor",
        "spinster",
        "unmarried",
        "bride",
        "bridegroom",
        "wedding",
        "honeymoon",
        "mrs",
    )
}
