"""What is not done: "Nobody can teleport.", "No man may enter the well.", "Magic cannot heal wounds."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from agents.engine.checks.bans import Ban, where_it_holds
from agents.engine.checks.statements import Statement
from agents.engine.text.vocabulary import ALSO_CALLED
from agents.engine.text.word_forms import each, infinitive, noun_forms, singular, verb_forms

_MAY: Final = r"(?:can|could|may|must|is able to|is allowed to|ever)"
_MAY_NOT: Final = r"(?:cannot|can not|can't|may not|must not|may never|can never|must never)"
_DEED: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:no ?one|nobody|nothing) {_MAY} (?P<verb>\w+)(?P<rest>.*)$",
        rf"^no (?P<who>(?!one\b|body\b)\w+) {_MAY} (?P<verb>\w+)(?P<rest>.*)$",
        rf"^(?P<who>\w+)(?: \w+){{0,2}}? {_MAY_NOT} (?P<verb>\w+)(?P<rest>.*)$",
        r"^(?P<verb>\w+ing)(?P<rest>(?: \w+){0,3}?) is (?:impossible|forbidden|not possible|unknown|outlawed)\b",
        r"^(?P<rest>[\w ]+?) (?:is|are) never (?P<verb>\w+)(?P<tail>.*)$",
    )
)
_VAGUE: Final = frozenset(
    each("""
    be have do get make take say know move happen travel tell find give come live understand explain remember
    become seem stay escape hope
""")
)
_ARTICLES: Final = frozenset(each("a an the any their his her its up out"))
_BEFORE_A_PLACE: Final = frozenset(each("to into through across in on at from inside within aboard near"))
# What magic is called where it is done: a surgeon may heal what magic may not.
_MAGIC: Final = re.compile(
    r"\b(?:magic\w*|spells?|charms?|enchant\w*|incantation\w*|runes?|sorcer\w*|wizard\w*|witch\w*|mages?|syllables?"
    r"|(?:old |true )?word(?: \w+)? over|laid (?:his|her|their) hands)\b",
    re.IGNORECASE,
)
_PEOPLE: Final = {
    "man": r"\b(?:m[ae]n|he|him|boys?)\b",
    "woman": r"\b(?:wom[ae]n|she|her|girls?)\b",
    "child": r"\bchild(?:ren)?\b",
}


def read_deeds(statement: Statement) -> Iterator[Ban]:
    for pattern in _DEED:
        found = pattern.search(statement.text)
        if found is None:
            continue
        groups = {key: value or "" for key, value in found.groupdict().items()}
        verb = infinitive(groups["verb"])
        thing, place = _object(groups["rest"])
        within = where_it_holds(f"{place} {groups.get('tail', '')}" if thing else groups["rest"])
        if within is not None and (thing or verb not in _VAGUE) and len(verb) > 1:
            is_law = re.search(r"\b(?:may|must|forbidden|outlawed|never)\b", statement.text) is not None
            what = f"{verb} {thing}".strip()
            yield Ban(
                statement, _deed(verb, thing), what, (*_subject(groups.get("who", "")), *within), is_law
            )
        return


def _object(rest: str) -> tuple[str, str]:
    """What the deed is done to, without its article, and the words that come after it."""
    words = re.findall(r"[\w'’-]+|,", rest.casefold())
    while words and words[0] in _ARTICLES | _BEFORE_A_PLACE | {"by", "of"}:
        words = words[1:]
    thing = []
    for word in words:
        if word in _BEFORE_A_PLACE | {
            "of",
            ",",
            "and",
            "or",
            "with",
            "without",
            "for",
            "by",
            "after",
            "before",
        }:
            break
        thing.append(word)
    return " ".join(thing), " ".join(words[len(thing) :])


@cache
def _deed(verb: str, thing: str) -> re.Pattern[str]:
    forms = verb_forms(verb)
    if not thing:
        return re.compile(rf"(?<![\w-]){forms}(?![\w-])", re.IGNORECASE)
    *first, last = thing.split()
    noun = " ".join([*first, singular(last)])
    body = f"{noun_forms(noun)}|{ALSO_CALLED[noun]}" if noun in ALSO_CALLED else noun_forms(noun)
    gap = r"(?:[^.!?;,]{0,50}?\s)"
    return re.compile(
        rf"(?<![\w-])(?:{forms}(?![\w-]){gap}(?:{body})|(?:{body}){gap}{forms})(?![\w-])", re.IGNORECASE
    )


def _subject(who: str) -> tuple[re.Pattern[str], ...]:
    """Who may not: a sentence has to speak of such a one."""
    plain = singular(who)
    if not plain or plain in ("people", "person", "human"):
        return ()
    if plain in ("magic", "spell", "power", "sorcery"):
        return (_MAGIC,)
    return (re.compile(_PEOPLE.get(plain, rf"\b{noun_forms(plain)}\b"), re.IGNORECASE),)
