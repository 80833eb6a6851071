"""Clauses of a description that speak of whom it describes: "Killed at the ford", "keeps the inn"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from agents.engine.checks.facts.trait_names import trait_name
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import KIN
from agents.engine.text.word_forms import NUMBER, one_of, word_set
from agents.engine.world import Element

# Traits whose value describes somebody in free words.
_DESCRIBING: Final = word_set("""
    appearance looks look description physical features background backstory history biography bio personality notes
    about family condition disability weakness weaknesses flaw flaws skills abilities fate life health body summary
    details story past distinguishing traits habits beliefs diet food religion marital disabilities handicap
    impairment impairments senses ailment ailments
""")
_SENTENCE: Final = lazy_pattern(r"(?:[^.;!?|\n]|\.(?=\d)|(?<=\b[DMS]r)\.|(?<=\bSt)\.|(?<=\bMrs)\.)+")
_CUT: Final = lazy_pattern(r": |,? who |, (?:and |but |then |now |later )?|(?<!hundred) (?:and|but) ")
_AUXILIARIES: Final = (
    r"(?:(?i:is|was|were|are|has|had|have|been|being|'s|now|still|also|later|then|since|long|already|recently|just|only"
    r"|eventually|finally|tragically|sadly|herself|himself|themselves|apparently|who) )*"
)
_PRONOUN: Final = lazy_pattern(rf"(?:(?:[Ss]he|[Hh]e|[Tt]hey|[Ii]t)(?:'s)? )?{_AUXILIARIES}")
# After any of them, a clause may be about somebody else.
_OTHERS: Final = lazy_pattern(
    rf"\b(?:{one_of(KIN)}s?(?! of (?:one|two|three|four|five|six|seven|eight|nine|ten|many|several)\b)|parents"
    rf"|children|family|friends?|lovers?|partners?|enem(?:y|ies)|her|his|their|that|which|whose|whom|where|when"
    r"|while|after|before|because|if|until|as|since|whoever|every\w+|nobody|no one|people|men|women|others)\b",
    re.IGNORECASE,
)
# "A widower who lost a hand": the word for kin is said of whom it describes.
_IS_KIN: Final = re.compile(
    rf"\W*[Aa]n? (?:[a-z-]+,? ){{0,2}}?(?:{one_of(KIN)}|widow(?:er)?|lover|friend|man|woman)"
)
# "Her hair is black and her eyes are grey": what follows is said of her as well.
_OWN_LOOKS: Final = re.compile(
    r"\W*(?:(?:[Ss]?[Hh]e|[Tt]hey) (?:has|have) )?(?:(?:[Hh]er|[Hh]is|[Tt]heir) )?(?:[a-z-]+,? )?"
    r"(?:hair|eyes?|beard|skin|face|nose|hands?|fingers|voice|build)"
    r" (?:is|are|was|were)(?: (?!(?:that|which|like|whose|where|when|because|if|until)\b)[\w-]+){1,5}"
)
# "Ysolt's brother, a ferryman": the ferryman is he.
_OF_SOMEBODY: Final = re.compile(rf"\W*[\w-]+['’]s (?:[\w-]+ ){{0,2}}(?:{one_of(KIN)})")
# What restricts a clause does not stand further behind its beginning.
_MAX_CHARS: Final = 400
# Words of the heading of what follows a colon.
_MAX_LABEL: Final = 4
# A sentence with more is a list.
_MAX_CLAUSES: Final = 40
_SIGNS: Final = " \t,–—-*•\"“”'‘’()"
_WORD: Final = re.compile(r"[^\W_]+")
_NUMBERS: Final = re.compile(rf"\b{NUMBER} or {NUMBER}\b")
_OF_ANOTHER: Final = re.compile(r"\b(?:of|for|to|with|from|by|and|or|like|than)\b")


class Clause(NamedTuple):
    """A clause, and the same without its subject and auxiliary verbs: "Mira was killed" and "killed".

    ``words`` are those of the predicate, in lower case; with them readers pass over most clauses.
    """

    quote: str
    predicate: str
    words: frozenset[str]


def clauses_of(element: Element) -> tuple[Clause, ...]:
    """Return the clauses of the summary and the describing traits of an element that speak of itself."""
    found = list(_clauses(element.summary, element.name))
    for key, value in element.traits.items():
        if not _DESCRIBING.isdisjoint(trait_name(key).split()):
            for said in value if isinstance(value, list | tuple) else (value,):
                found += _clauses(said, element.name) if isinstance(said, str) else ()
    return tuple(found)


@lru_cache(maxsize=16_384)
def _clauses(text: str, name: str) -> tuple[Clause, ...]:
    return tuple(_read(text, name))


def _read(text: str, name: str) -> Iterator[Clause]:
    names = _names(name)
    for sentence in _SENTENCE.finditer(text):
        words = sentence.group()
        at = told_from = searched_to = 0
        for cut in (*islice(_CUT.finditer(words), _MAX_CLAUSES), None):
            end = cut.start() if cut is not None else len(words)
            quote = words[at:end].strip()
            # The end of the sentence belongs to a clause, so that what restricts it can be seen.
            rest = words[at : at + _MAX_CHARS].strip()
            if quote:
                said = _predicate(rest, names)
                yield Clause(quote, said, frozenset(_WORD.findall(said.lower())))
            if cut is None:
                break
            if not at and cut.group() == ": ":
                label = _WORD.findall(words[: cut.start()].lower())
                if _DESCRIBING.isdisjoint(label) and len(label) <= _MAX_LABEL and quote not in names:
                    # "Her motto: …", "Favourite age: 12".
                    break
                searched_to = cut.start()
            if not at and _OF_SOMEBODY.fullmatch(words, 0, cut.start()):
                told_from = searched_to = cut.start()
            is_own = _IS_KIN.fullmatch(words, at, cut.start()) or _OWN_LOOKS.fullmatch(words, at, cut.start())
            if not is_own and _OTHERS.search(words, searched_to, cut.start()):
                break
            searched_to = cut.start()
            if "who" in cut.group() and _OF_ANOTHER.search(_NUMBERS.sub("", words[told_from : cut.start()])):
                break
            at = cut.end()


def _predicate(clause: str, names: tuple[str, ...]) -> str:
    """Return a clause without a subject that is one of ``names`` or a pronoun, and without auxiliary verbs."""
    said = clause.lstrip(_SIGNS)
    for name in names:
        behind = said.removeprefix(name)
        if len(behind) < len(said) and not behind[:1].isalnum() and behind[:2] not in ("'s", "’s"):
            said = behind.lstrip(_SIGNS)
            break
    subject = _PRONOUN.match(said)
    return said[subject.end() :] if subject is not None else said


def _names(name: str) -> tuple[str, ...]:
    """Return the names by which a description may mean whom it describes, the longest first."""
    parts = {name, *(part for part in name.split() if len(part) > 2 and part[:1].isupper() and part != "The")}
    return tuple(sorted(parts, key=len, reverse=True))
