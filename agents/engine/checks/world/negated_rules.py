"""Rules that deny a thing: "There are no dragons.", "Ghosts do not exist.", "It never snows."."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from agents.engine.checks.statements import Statement
from agents.engine.checks.world.bans import Ban, sentence_conditions
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import ALSO_CALLED, ROLES
from agents.engine.text.word_forms import noun_forms, one_of, singular, word_set
from agents.engine.text.word_pattern import WordPattern

_NOUN: Final = (
    r"(?P<noun>[\w'-]+(?: (?!in\b|on\b|of\b|at\b|to\b|left\b|any\b|here\b|below\b|above\b|has\b|aboard\b"
    r"|anywhere\b|there\b|alive\b|among\b|outside\b|inside\b|beyond\b|within\b|allowed\b|permitted\b|known\b|left\b"
    r"|have\b|over\b|across\b|under\b|near\b|between\b|around\b|through\b|along\b|behind\b|beneath\b)[\w'-]+)?)"
)
# "In the war", "in 1300" are times.
_IN_PLACE: Final = (
    r"(?: (?:in|on|from|across) (?!(?:the |an? |that )?(?:\w+ )?(?:war|old|days|times?|ages?|winter|flood|fire|plague"
    r"|years?|century|centuries|collapse|beginning|end|past)\b|\d)(?:the |this |our |all )?\w+)"
)
# ``tail`` is the rest of the rule: place and time.
_DENIALS: Final = tuple(
    lazy_pattern(pattern, re.IGNORECASE)
    for pattern in (
        rf"^there (?:is|are) no {_NOUN}(?P<tail>.*)$",
        rf"^{_NOUN} (?:do|does) not exist\b(?P<tail>.*)$",
        rf"^no {_NOUN} (?:exists?|lives?|remains?|grows?|survives?|(?:can|will) (?:grow|live|survive)|has fallen"
        rf"|have lived|is left|are left)\b(?P<tail>.*)$",
        rf"^{_NOUN} (?:is|are) (?:extinct|unknown|a myth|banned|forbidden|outlawed|prohibited|not allowed"
        rf"|not permitted|unheard of)\b(?P<tail>.*)$",
        rf"^(?:the |all )?{_NOUN} (?:(?:have |has )?(?:died out|vanished|disappeared|been wiped out)|(?:are"
        rf"|is) (?:long )?(?:gone"
        rf"|dead|no more)|(?:became|went) extinct)\b(?P<tail>{_IN_PLACE}?)",
        rf"^{_NOUN} (?:has|have) not (?:lived|been seen|existed)\b(?P<tail>.*)$",
        rf"^(?:the |a )?(?P<owner>[\w'-]+) (?:keeps?|ha[sv]e?|knows?) no {_NOUN}(?P<tail>.*)$",
        r"^it never (?P<noun>\w+?)s?(?P<tail>(?: (?:in|on|here)\b.*)?)$",
        rf"^{_NOUN} never (?:falls?|comes?|reaches|shines?|happens?|rises?)\b(?P<tail>.*)$",
        rf"^(?:nobody|no one) (?:eats?|drinks?|smokes?) {_NOUN}(?P<tail>.*)$",
    )
)
_FORBIDDING: Final = _DENIALS[3:4]
_UNSPECIFIC: Final = word_set("""
    magic it way end one doubt need reason time rule rules law point other others use hope place room choice question
    such going return cure
""")
_PEOPLE: Final = word_set("man woman child boy girl stranger outsider foreigner")
_ADJECTIVES: Final = word_set("open living real true known left any more")


@lru_cache(maxsize=4096)
def read_negated_rules(statement: Statement) -> tuple[Ban, ...]:
    return tuple(_read(statement))


def exists(noun: str, names: Iterable[str]) -> bool:
    """Return whether one of the ``names`` of a world's elements contains the noun; such a thing exists all the same."""
    pattern = re.compile(rf"\b{noun_forms(noun)}\b")
    return any(pattern.search(name.casefold()) for name in names)


def _read(statement: Statement) -> Iterator[Ban]:
    for pattern in _DENIALS:
        found = pattern.search(statement.text)
        if found is None:
            continue
        noun = _head(found["noun"])
        groups = found.groupdict()
        within = sentence_conditions(
            f"{found['tail']} in the {groups['owner']}" if groups.get("owner") else found["tail"],
            statement.world,
        )
        is_plural = statement.text[found.end("noun") :].lstrip().startswith("are ")
        # "Smoking is forbidden" is about an action, unlike "there is no king".
        is_gerund = (
            (" " in noun or pattern in _FORBIDDING) and noun.split()[0].endswith("ing") and not is_plural
        )
        # Children may not enter the tower, and may look at it.
        is_kept_out = bool(within) and pattern in _FORBIDDING and noun in _PEOPLE
        if noun and not is_gerund and noun not in _UNSPECIFIC and within is not None and not is_kept_out:
            is_law = re.search(r"\b(?:forbidden|outlawed|prohibited|banned)\b", statement.text) is not None
            thing = _thing_pattern(noun, groups.get("owner") or "")
            yield Ban(statement, thing, noun, within, is_law)
        return


def _head(noun: str) -> str:
    words = noun.casefold().split()
    if len(words) == 2 and words[0] in _ADJECTIVES:
        words = words[1:]
    return " ".join([*words[:-1], singular(words[-1])]) if words else ""


# Parts that show the whole: "the dragon's egg cracked".
_PARTS: Final = (
    "(?:back|scales?|claws?|tail|belly|jaws|hide|eggs?|wings?|breath|roar|nostrils|hooves|hoof|bark|whinny|neigh|purr|flanks?|bridle|reins|saddle|whiskers"
    "|snout)"
)


# "The ghost of a drowned girl", unlike that of a smile.
_SOMEBODY: Final = (
    r"(?:an?|his|her|their|my) (?:[\w-]+ ){0,2}?"
    rf"(?:m[ae]n|wom[ae]n|girl|boy|child|lady|mother|father|sister|brother|wife|husband|{one_of(ROLES)})\b"
)


def _thing_pattern(noun: str, owner: str = "") -> WordPattern:
    body = f"{noun_forms(noun)}|{ALSO_CALLED[noun]}" if noun in ALSO_CALLED else noun_forms(noun)
    # "A sea of sand" is not a sea, nor "the dragon's share" a dragon; "the ghost of Edmund" is a ghost.
    whose = (
        rf"the\b|(?-i:[A-Z])|{_SOMEBODY}" if noun in ("ghost", "spirit", "spectre", "vampire") else r"the\b"
    )
    # "The clan keeps no dogs": those of the river people are others.
    of_others = rf"(?! of (?:the|some|other|another) (?!(?:\w+ )?{re.escape(owner)}\b))" if owner else ""
    return WordPattern.of(
        rf"(?<![\w-])(?:{body})(?![\w-])(?! of (?!{whose})){of_others}(?!'s (?!(?:\w+ )?{_PARTS}\b))"
        r"(?!'s$)(?<!set fire)(?<!sets fire)"
    )
