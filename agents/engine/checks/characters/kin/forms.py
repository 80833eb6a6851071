"""Patterns of the ways to tell the kinship of people."""

from __future__ import annotations

import re
from typing import Final

from agents.engine.checks.characters.cast.descriptions import KIN_WORDS
from agents.engine.checks.characters.cast.people import DOES, NAME, POSSESSIVE
from agents.engine.checks.characters.cast.stated_kin import KIN_WORD
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.pattern_set import PatternSet
from agents.engine.text.vocabulary import ROLES
from agents.engine.text.word_forms import one_of

KIN_OF_ROLE: Final = lazy_pattern(rf"\b(?P<kin>{KIN_WORD}) of the (?P<role>[\w-]+)\b", re.IGNORECASE)
# "The milkman's son" in a summary.
CHILD_OF: Final = lazy_pattern(r"\b[Tt]he (?P<role>[\w-]+)'s (?:only )?(?:son|daughter|child)\b")
NOT_BY_BIRTH: Final = lazy_pattern(r"\b(?:foster|adopt\w+|step|god|second|spiritual|new|other|real)\b")
MARRIED: Final = lazy_pattern(
    r"\b(?:[Ww]ife|[Hh]usband|[Ww]idow|[Ww]idower) of (?P<other>[A-Z][\w'-]+(?: [A-Z][\w'-]+)?)"
)
SINGLE: Final = lazy_pattern(r"\bunmarried\b")
# "Mother of Peter and Lucy": the world names them all.
LISTED: Final = lazy_pattern(
    rf"\b(?P<kin>(?i:{KIN_WORD})) (?:of|to) [A-Z][\w'-]+(?:(?:, | and )[A-Z][\w'-]+)*"
)
ORDERS: Final = lazy_pattern(
    r"\b(?:monk|nun|abb(?:ot|ess|ey)|friar|priest\w*|prior\w*|convent|monastery|Order)\b"
)
ENDED: Final = lazy_pattern(r"\b(?:ex-|former|divorced|late|first)\b", re.IGNORECASE)
ALL_KIN_WORDS: Final = KIN_WORDS | {
    "auntie",
    "granny",
    "grandma",
    "grandpa",
    "sons",
    "daughters",
    "children",
    "brothers",
    "sisters",
}
# Words in which two people are named as one pair; the first that occurs tells the kinship of the first to the second.
PAIRS: Final = (
    ("father and", "parent"),
    ("mother and", "parent"),
    ("and father", "child"),
    ("and mother", "child"),
    ("brother", "sibling"),
    ("sister", "sibling"),
    ("sibling", "sibling"),
    ("twin", "sibling"),
    ("cousin", "cousin"),
    ("married", "spouse"),
    ("wed", "spouse"),
    ("wife", "spouse"),
    ("spouse", "spouse"),
    ("aunt and", "aunt"),
    ("uncle and", "aunt"),
)
PAIR_WORDS: Final = KIN_WORDS | {
    "married",
    "wed",
    "brothers",
    "sisters",
    "cousins",
    "siblings",
    "twins",
    "man",
}
KINSHIP_WORDS: Final = ALL_KIN_WORDS | PAIR_WORDS
PAIR: Final = lazy_pattern(
    rf"(?P<who>{NAME}) and (?P<other>{NAME}),? (?:(?:were|are|have been|had been) (?:really |both |only |still )?)?"
    r"(?P<pair>(?:father|mother|aunt|uncle) and (?:son|daughter|child|niece|nephew)|(?:son"
    r"|daughter) and (?:father|mother)"
    r"|brother and sister|sister and brother|brothers|sisters|siblings|twins|(?:first |second )?cousins"
    r"|(?:newly |happily |long )?married(?! (?:by|in)\b)|(?:husband|man) and wife)\b(?! to\b|-| in arms\b| under\b)"
)
ALL_ROLES: Final = frozenset(ROLES)
# "The smith's".
OF: Final = frozenset(("s",))
ROLE: Final = rf"(?P<role>(?i:{one_of(ROLES)}))"
# In an apposition it may also be the next of several people: "Edda, the smith's daughter and the cook".
OF_ROLE: Final = PatternSet(
    (lazy_pattern(pattern), None)
    for pattern in (
        rf"(?P<who>{DOES}) (?:was|is) (?:only |just |still )?the {ROLE}'s (?:\w+ )?(?P<kin>{KIN_WORD})\b"
        r"(?!'s|-| (?:of|at|in|from)\b)",
        rf"(?<!, )(?<!and )(?P<who>{NAME}), the {ROLE}'s (?:\w+ )?(?P<kin>{KIN_WORD}),"
        rf"(?! (?:and|or|the|an?)\b| {NAME})",
        rf"\b[Tt]he {ROLE}'s (?:\w+ )?(?P<kin>{KIN_WORD}),? (?P<who>{NAME})(?!'s)",
    )
)
# Not "the minister married Ruth and Hamish".
MARRIED_TO: Final = lazy_pattern(
    rf"(?P<who>{NAME}),? (?:who )?(?:(?:(?:was|is|had been|has been|got) )?(?:(?:newly|happily|long) )?"
    rf"(?P<pair>married) to (?P<other>{NAME})(?!'s)|(?:had |has )?(?P<pair2>married|wed) "
    rf"(?P<other2>{NAME})(?!'s| (?:and|to)\b))"
)
ANY_KIN_WORD: Final = lazy_pattern(rf"\b(?:{KIN_WORD})\b", re.IGNORECASE)
_TITLE: Final = (
    r"(?:[Tt]he )?(?:(?:Queen|King|Prince|Princess|Lady|Lord|Sir|Dame|Captain|Doctor|Dr|Mr|Mrs|Miss)\.? )?"
)
# Phrases of kinship and a name, which a negation does not deny: "she did not know Ruth's uncle Tom".
_PHRASES: Final = (
    rf"(?P<whose>{NAME})'s (?:\w+ )?(?P<kin>{KIN_WORD})\b,? {_TITLE}(?P<who>{NAME})",
    rf"(?P<whose>{POSSESSIVE}) (?:own )?(?:\w+ )?(?P<kin>{KIN_WORD}),? {_TITLE}(?P<who>{NAME})",
)
# With whether it is a phrase.
STATED: Final = PatternSet(
    (lazy_pattern(pattern), pattern in _PHRASES)
    for pattern in (
        *_PHRASES,
        rf"(?P<who>{NAME}),? (?:who )?(?:was|is"
        rf"|had been) (?:the )?(?P<whose>{NAME})'s (?:\w+ )?(?P<kin>{KIN_WORD})\b",
        rf"\b(?:[Aa]s )?(?:the |a )?(?P<kin>{KIN_WORD}) (?:of|to) (?P<whose>{NAME}),? (?P<who>{NAME})",
        rf"(?P<who>{NAME}),? (?:(?:who )?(?:was|is|had been) )?(?:the |a )?(?P<kin>{KIN_WORD}) (?:of"
        rf"|to) (?P<whose>{NAME})",
        rf"(?P<whose>{NAME}) (?:had|has) (?:an?|one|another) (?:\w+ )?(?P<kin>{KIN_WORD}),? (?:called "
        rf"|named )?(?P<who>{NAME})",
        rf"(?P<who>{NAME}), (?P<whose>{NAME})'s (?:\w+ )?(?P<kin>{KIN_WORD})\b",
        rf"[“\"][^”\"]{{0,60}}\b[Mm]y (?:\w+ )?(?P<kin>{KIN_WORD}),? (?P<who>{NAME})[^”\"]{{0,80}}[”\"],? (?:said"
        rf"|asked|called|cried"
        rf"|answered|replied|shouted|told) (?P<whose>{NAME})",
        rf"[“\"](?:[Ss]he|[Hh]e)(?: i|')s my (?:\w+ )?(?P<kin>{KIN_WORD})[,.][”\"] (?:said|told|explained"
        rf"|answered|replied)"
        rf" (?P<whose>{NAME}) of (?P<who>{NAME})",
        rf"\b(?:introduced|presented|introduces) (?P<who>{NAME}) (?:to [\w' ]{{1,20}} )?as (?P<whose>{POSSESSIVE}) "
        rf"(?P<kin>{KIN_WORD})\b",
        rf"(?P<who>{NAME}), (?:his|her) (?:\w+ )?(?P<kin>{KIN_WORD})'s (?P<whose>{NAME})",
        rf"(?:\b[a-z]+ )?(?P<who>{NAME}), (?P<whose>{POSSESSIVE}) (?:own )?(?:\w+ )?(?P<kin>{KIN_WORD})(?=[,.;])",
        rf"(?P<whose>{NAME}),? whose (?:\w+ )?(?P<kin>{KIN_WORD}) (?:was|is) (?:called |named |the \w+,? )?{_TITLE}"
        rf"(?P<who>{NAME})(?!'s)",
        rf"(?P<whose>{NAME})'s (?:\w+ )?(?P<kin>{KIN_WORD}) (?:was|is) (?:called |named |the \w+,? "
        rf")?{_TITLE}(?P<who>{NAME})"
        r"(?!'s)",
    )
)
