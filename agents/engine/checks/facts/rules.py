"""Rules in other words than the checks read: "guns have not been invented", "it is a crime to own a book"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from agents.engine.checks.facts.restatement import Restatement
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.word_forms import NUMBER, singular, third_person_stem

_SENTENCE: Final = lazy_pattern(r"[^.!?;:\n]+")
_SIGNS: Final = " \t,–—-*•\"“”'‘’()_"
# A longer sentence is no rule of one kind.
_MAX_CHARS: Final = 300
_THING: Final = r"(?P<thing>[\w'-]+(?: (?!(?:in|on|at|of|for|and|or|but|is|are|has|have)\b)[\w'-]+)?)"
_PLACE: Final = r"(?P<tail> (?:in|on|at|aboard|within) (?:the |this |our )?[\w'-]+(?: [\w'-]+)?)?"
_SPAN: Final = (
    r"(?: (?:for|in|since|these|within) (?:the )?[\w -]{2,25}| any ?(?:more|longer)| yet| here| left"
    r"| (?:\w+ )?(?:years|centur\w+|generations|ages)"
    r" ago| long ago| by [\w' ]{2,25})?"
)
# Deeds by the noun for them.
_DEEDS: Final = {
    "teleportation": "teleport",
    "levitation": "levitate",
    "human flight": "fly",
    "mind-reading": "read minds",
    "shapeshifting": "shapeshift",
    "resurrection": "raise the dead",
    "necromancy": "raise the dead",
    "invisibility": "turn invisible",
}
_NOT: Final = "(?:n['’]t| not)"
_WHOLE: Final = r"[\s,]*$"
Template = Callable[[re.Match[str]], str]
# Ways to say that there is no such thing.
_DENIALS: Final = (
    rf"(?:the )?{_THING} (?:have|has|had){_NOT} (?:yet )?been (?:invented|discovered){_PLACE}{_SPAN}{_WHOLE}",
    rf"(?:the )?{_THING} (?:is|are){_NOT} known{_PLACE}{_SPAN}{_WHOLE}",
    rf"(?:no ?one|nobody) (?:here )?has (?:an? |any )?{_THING}{_PLACE}(?: any ?more| any longer| left| yet){_WHOLE}",
    rf"there (?:has|have)(?:{_NOT}| never) been (?:an? |any )?{_THING}{_PLACE}{_SPAN}{_WHOLE}",
    rf"(?:the |all )?{_THING} (?:(?:have|has|had) (?:long )?been|was|were) (?:abolished|eradicated|exterminated"
    rf"|wiped out"
    rf"|stamped out|hunted to extinction|done away with){_PLACE}{_SPAN}(?= and\b|{_WHOLE})",
    rf"(?:no ?one|nobody) has (?:ever )?(?:seen|met|found) (?:an? |any )?{_THING},? (?:because|for|since) there"
    rf" (?:are|is) none{_WHOLE}",
)
_NO_RETURN: Final = (
    r"(?:the dead (?:stay dead|do not (?:return|come back|rise)|never (?:return|come back|rise)"
    r"|cannot (?:return|come back|be (?:raised|brought back)))"
    r"|(?:nobody|no ?one|nothing) (?:comes|returns|can come|can return|has ever come|ever comes) (?:back )?from"
    rf" (?:the dead|death|the grave)|death is (?:final|permanent|irreversible)){_WHOLE}"
)
_OTHERS: Final[tuple[tuple[str, Template], ...]] = (
    (
        rf"(?P<what>rain|snow) has{_NOT} fallen{_PLACE}{_SPAN}{_WHOLE}",
        lambda m: f"It never {m['what'].lower()}s{m['tail'] or ''}",
    ),
    (
        rf"it has{_NOT} (?P<what>rain|snow)ed{_PLACE}{_SPAN}{_WHOLE}",
        lambda m: f"It never {m['what']}s{m['tail'] or ''}",
    ),
    (_NO_RETURN, lambda _: "No one can raise the dead"),
    (
        rf"(?P<deed>{'|'.join(_DEEDS)}) (?:is (?:impossible|not possible)|can(?:not|['’]t) be done|has never been"
        rf" (?:achieved|done)|does{_NOT} (?:exist|work))\b",
        lambda m: f"No one can {_DEEDS[m['deed'].lower()]}",
    ),
    (
        r"(?P<who>(?!(?:this|its?|always|sometimes|perhaps|as|news|gods?)\b)[a-z]+s) never (?P<verb>[a-z]+)"
        r"(?P<rest>(?: [^,]*)?)$",
        lambda m: f"No {singular(m['who'].lower())} may {m['verb']}{m['rest']}",
    ),
    (
        r"(?:it is|it['’]s) (?:an? )?(?:capital )?(?:crime|offence|illegal|unlawful|forbidden|prohibited"
        r"|against (?:the |\w+ )?law|sin|taboo|treason|death)(?: for an? (?P<who>\w+))? to (?P<verb>\w+)(?P<rest>.*)$",
        lambda m: f"No {m['who'] or 'one'} may {m['verb']}{m['rest']}",
    ),
    (
        r"(?P<who>women|men|children|strangers|outsiders|foreigners|boys|girls) are (?:not (?:admitted|allowed"
        r"|permitted) (?:to|into?|inside)|barred from|kept out of|forbidden to enter|forbidden in)"
        rf" (?P<rest>(?:the |our )?[\w' -]+?){_WHOLE}",
        lambda m: f"No {singular(m['who'].lower())} may enter {m['rest']}",
    ),
    (
        r"(?:nobody|no ?one) (?:but|except|save) the (?P<who>[\w-]+) (?:may|can) (?P<rest>.+)$",
        lambda m: f"Only the {m['who']} may {m['rest']}",
    ),
    (
        r"(?:nobody|no ?one) (?:but|except|save) the (?P<who>[\w-]+) (?P<verb>(?!has\b|is\b|goes\b|knows\b)\w+s)"
        r" (?P<rest>.+)$",
        lambda m: f"Only the {m['who']} may {third_person_stem(m['verb'])} {m['rest']}",
    ),
    (
        r"no (?:[\w-]+ )?(?P<thing>[\w-]+) (?:is|are) ever (?P<verb>\w+)(?P<rest>.*)$",
        lambda m: f"No {m['thing']} may be {m['verb']}{m['rest']}",
    ),
    (
        rf"{_THING} (?:is|are) illegal(?P<tail> (?:in|within|on|aboard) .+)?{_WHOLE}",
        lambda m: f"{m['thing']} are forbidden{m['tail'] or ''}",
    ),
    (
        rf"(?:the )?(?P<number>{NUMBER}) (?P<noun>[\w-]+) (?:hang|shine|rise|rule|circle|orbit|stand|guard|govern|light"
        r"|watch|keep|sail|hold)s?\b",
        lambda m: f"There are {m['number'].lower()} {m['noun'].lower()}",
    ),
    (
        rf"(?:the |an? )?(?P<owner>[\w -]+?) (?:is|are) made up of (?P<number>{NUMBER}) (?P<noun>[\w-]+){_WHOLE}",
        lambda m: f"The {m['owner']} has {m['number']} {m['noun']}",
    ),
    (
        rf"(?:an?|each|every|the) (?P<owner>week|month|year|day) (?:is|lasts) (?P<number>{NUMBER}) (?P<noun>[\w-]+)"
        rf"(?: long)?{_WHOLE}",
        lambda m: f"A {m['owner']} has {m['number']} {m['noun']}",
    ),
)


def _denies(match: re.Match[str]) -> str:
    return f"There are no {match['thing']}{match.groupdict().get('tail') or ''}"


_RULES: Final[tuple[tuple[re.Pattern[str], Template], ...]] = tuple(
    (lazy_pattern(pattern, re.IGNORECASE), template)
    for pattern, template in (*((pattern, _denies) for pattern in _DENIALS), *_OTHERS)
)
# What holds sometimes, for some, or is only said.
_LIMITED: Final = re.compile(
    r"\b(?:unless|except(?! the\b)|until|without|but (?!the\b)|though|although|officially|they say|says?|if|when"
    r"|while|usually|mostly|almost|nearly"
    r"|hardly|outside|rarely|seldom|only in|only on)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def restated_rules(text: str) -> tuple[Restatement, ...]:
    """Return what the sentences of a rule, or of the laws of nature, say in the words that the checks read."""
    return tuple(_read(text))


def _read(text: str) -> Iterator[Restatement]:
    for sentence in _SENTENCE.finditer(text):
        said = sentence.group().strip(_SIGNS)
        if not said or len(said) > _MAX_CHARS or _LIMITED.search(said):
            continue
        for pattern, template in _RULES:
            if (match := pattern.match(said)) is not None:
                yield Restatement(f"{template(match)}.", said)
                break
