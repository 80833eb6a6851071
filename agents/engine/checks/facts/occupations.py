"""Occupations, by their word or by what somebody does: "a low-born stonemason", "keeps the inn"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.facts.clauses import Clause
from agents.engine.checks.facts.restatement import Restatement
from agents.engine.checks.facts.trait_names import trait_name
from agents.engine.sources import trait_text
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import ROLES
from agents.engine.text.word_forms import one_of, word_set
from agents.engine.world import Element

# Traits that give somebody's occupation; the checks read the first four.
_ROLE_KEYS: Final = ("role", "title", "occupation", "profession")
_KEYS: Final = frozenset(
    (
        *_ROLE_KEYS,
        "job",
        "job title",
        "work",
        "trade",
        "employment",
        "career",
        "calling",
        "craft",
        "rank",
        "position",
        "class",
    )
)
_ROLE: Final = (
    rf"(?:{one_of(ROLES)}|(?:[a-z]{{3,}})?(?:keeper|maker|smith|wright|monger|master|mistress|driver|seller|dealer"
    r"|owner|manager|teacher))"
)
_ADJECTIVES: Final = (
    r"(?:(?!(?:son|daughter|wife|widow|husband|mother|father|sister|brother|friend|who|of|and|former|would-be"
    r"|failed|once|ex|late|future|aspiring|amateur|half)\b)[\w-]+,? ){0,3}?"
)
# "Night editor", but not "hates the editor".
_NOUN: Final = (
    r"(?:(?!(?:the|an?|her|his|their|no|any|every|like|as|to|with|by|from|for|in|on|at|and|of|former|failed|once|not"
    r"|hates|loves"
    r"|fears|knows|owns)\b)[\w-]+ )"
)
_NOT_HIS: Final = r"\b(?!['’]s\b)(?![- ](?:to be|turned|at heart|in (?:the|his|her) (?:dreams|story)))"
_VALUE: Final = re.compile(rf"(?:an? |the )?(?:[\w'-]+ ){{0,3}}?{_ROLE}\b", re.IGNORECASE)
_AS_TOLD: Final = tuple(
    lazy_pattern(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:(?:an? |the |her |his )(?:[\w-]+['’]s )?"
        rf"|[\w'-]+(?: [\w'-]+)?['’]s ){_ADJECTIVES}(?P<role>{_ROLE}){_NOT_HIS}",
        rf"{_NOUN}?(?P<role>{_ROLE}){_NOT_HIS}(?=$|[,.;]| (?:of|at|in|to|for|and|by|on|aboard|with|since)\b)",
        rf"(?:works?|working|served?|serves|serving|employed|earns (?:a|her|his) (?:living|bread|keep|way|money)"
        rf"|makes (?:a|her|his) (?:living|bread|money)) (?:in \w+ )?as (?:an? "
        rf"|the )?{_ADJECTIVES}(?P<role>{_ROLE}){_NOT_HIS}",
        rf"by (?:trade|profession|calling|training) (?:an? )?{_ADJECTIVES}(?P<role>{_ROLE}){_NOT_HIS}",
    )
)
_A: Final = r"(?:an?|the|her|his|their) (?:[\w-]+ ){0,2}?"
_KEEPS: Final = r"(?:keeps|runs|manages|has charge of)"
_PLACES: Final = (
    ("inn|tavern|alehouse|pub|hotel|boarding house|saloon|hostelry|taproom", "innkeeper"),
    ("bakery|bakehouse|bakeshop", "baker"),
    ("shop|store|general store|village shop|corner shop", "shopkeeper"),
    ("smithy|forge", "blacksmith"),
    ("ferry", "ferryman"),
    ("mill|windmill|watermill", "miller"),
    ("lighthouse|light", "lighthouse keeper"),
    ("library", "librarian"),
    ("tannery", "tanner"),
    ("brewery", "brewer"),
    ("farm", "farmer"),
    ("pharmacy|apothecary", "pharmacist"),
    ("bookshop|bookstore", "bookseller"),
    ("school|schoolhouse", "schoolteacher"),
)
_THERE: Final = r"(?=$|[,.;]| (?:at|in|on|for|by|near|above|below|of|with|and|there|here|along)\b)"
# What somebody does for a living, and what they are called.
_DEEDS: Final = tuple(
    (lazy_pattern(rf"(?:{deed}){_THERE}", re.IGNORECASE), role)
    for deed, role in (
        *((rf"{_KEEPS} {_A}(?:{place})", role) for place, role in _PLACES),
        (r"teaches(?= (?:at|in) (?:an?|the) (?:[\w-]+ )?(?:school|academy|college|university)\b)", "teacher"),
        (r"digs (?:the )?graves", "gravedigger"),
        (r"(?:mends|makes) (?:boots and shoes|shoes|boots)", "cobbler"),
        (r"sells (?:fish|eels|herrings?|oysters)", "fishmonger"),
        (r"sells (?:books|old books)", "bookseller"),
        (r"shoes (?:the )?horses", "farrier"),
        (r"cuts hair|shaves chins", "barber"),
        (r"bakes (?:the )?bread", "baker"),
        (r"weaves (?:cloth|linen|wool)", "weaver"),
        (r"(?:tends|keeps|herds) (?:[\w-]+ )?(?:sheep|a flock)", "shepherd"),
        (r"keeps bees", "beekeeper"),
        (r"delivers (?:the )?babies", "midwife"),
        (r"farms (?:[\w-]+ (?:acres|hectares)|the land)|tills the (?:soil|fields|land)|works the land", "farmer"),
        (rf"(?:commands|captains|skippers) {_A}(?:(?-i:[A-Z])\w+|ship|frigate|schooner|brig|trawler)", "captain"),
    )
)  # fmt: skip

# Each of the deeds begins with one of these.
_VERBS: Final = word_set("""
    keeps runs manages teaches digs mends makes sells shoes cuts shaves bakes weaves tends herds delivers farms
    tills works commands captains skippers
""")


def occupations(element: Element, clauses: tuple[Clause, ...]) -> Iterator[Restatement]:
    """Yield the occupation of somebody, from a trait or the first clause that tells one."""
    traits = {trait_name(key): (key, value) for key, value in element.traits.items()}
    if any(isinstance(traits[key][1], str) for key in _ROLE_KEYS if key in traits):
        return
    for name in _KEYS & traits.keys():
        key, value = traits[name]
        said = value[0] if isinstance(value, list | tuple) and value else value
        if isinstance(said, str) and _VALUE.match(said):
            yield Restatement(said, trait_text(key, value), "role")
            return
    for clause in clauses:
        if (role := _role_in(clause.predicate)) is not None:
            yield Restatement(role, clause.quote, "role")
            return


def _role_in(predicate: str) -> str | None:
    for told in _AS_TOLD:
        if (found := told.match(predicate)) is not None:
            return found["role"].lower()
    if predicate.partition(" ")[0].lower() not in _VERBS:
        return None
    return next((role for deed, role in _DEEDS if deed.match(predicate)), None)
