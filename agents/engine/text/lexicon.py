"""Terms that a world rules out, anachronisms and magic, and what rules them out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import WORD, Reading
from agents.engine.text.terms import LEVEL_PHRASES, MAGIC_TERMS, TERMS_BY_LEVEL, THINGS_OF_LEVEL, TechLevel

_MAGIC: Final = "(?:magic|sorcery|wizardry|witchcraft|enchantment|(?:the )?supernatural)"
# Where a denial of all magic may end; what is denied of some, or on a condition, goes on otherwise.
_AT_ALL: Final = (
    r"(?=\W*$|\s*[,;:.!]| (?:and|or|nor|here|whatsoever|anywhere|at all|any ?more|any longer|of any (?:kind|sort)|left"
    r"|in (?:this|the|our|that) (?:world|story|setting|book|land|universe|realm|valley|city|country))\b)"
)
_NO_MAGIC: Final = lazy_pattern(
    rf"^\W*(?:(?:this|it|here) is |there(?: is|['’]s| was| has (?:never|not) been) |(?:the world |the setting "
    rf"|it )?(?:has|have|contains) "
    rf"|in (?:a|this) world with |with )?(?:absolutely |simply )?no (?:real |true |actual |known "
    rf"|such thing as )?{_MAGIC}"
    rf"(?: exists?| works?| is (?:real|possible)| (?:has|have) ever (?:existed|worked))?{_AT_ALL}"
    rf"|^\W*(?:(?:this|it) is )?(?:an? (?:world|setting|land|city) )?without (?:any )?{_MAGIC}{_AT_ALL}"
    rf"|^\W*{_MAGIC} (?:(?:does not|doesn['’]t|did not|no longer) (?:exist|work)s?"
    rf"|(?:is|was) (?:not real|not possible|impossible|absent|unknown|dead|gone|extinct|a (?:myth|lie|fraud"
    rf"|superstition)|nonexistent"
    rf"|(?:only|just|nothing but) (?:an? )?(?:story|stories|superstition|myth|tricks?|fairy tales?)(?: for \w+"
    rf"| told to \w+)?)"
    rf"|(?:has )?(?:died|vanished|disappeared)(?: out)?(?: (?:long ago|centuries ago|with the last \w+))?"
    rf"|(?:has|have) (?:never|not) existed|(?:was|has been) (?:stamped out|wiped out|lost"
    rf"|destroyed)(?: [\w ]{{2,25}} ago)?){_AT_ALL}"
    rf"|^\W*{_MAGIC} (?:(?:has|have) no (?:power|effect|force)|(?:has )?left (?:this|the|our) (?:world|land|realm)"
    rf"(?: [\w ]{{2,30}} ago)?){_AT_ALL}"
    rf"|^\W*(?:nobody|no[- ]one)(?: here| alive| living)? (?:can (?:do|use|work|practi[sc]e|perform)|has|have|does"
    rf"|uses|works) (?:any )?{_MAGIC}{_AT_ALL}"
    r"|\bnon-?magical (?:world|setting)\b|\b(?:low|zero) magic: none\b|\bmundane world\b",
    re.IGNORECASE,
)
# The value of a field that is no sentence.
_NONE: Final = lazy_pattern(
    r"\W*(?:none|no|nil|n/?a|absent|not present|non-?existent|non-?magical|mundane|zero)(?:\W*$"
    r"|\s*[.;:,–—])(?!\s*(?:but|except|save)\b)",
    re.IGNORECASE,
)
_RESTRICTED: Final = lazy_pattern(
    r"\b(?:unless|except\w*|without (?!any\b|magic\b)|save|apart from|other than|but|until|only (?:in|through|by|for"
    r"|after|at|on)|beyond|outside"
    r"|inside it|twice)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = lazy_pattern(r"[.;\n]+|(?:,|\bbut|\band) (?=(?:there is no )?magic\b)")

# "no magic", "without a gun", "never seen a telescope".
_NEGATED: Final = lazy_pattern(
    r"(?:\b(?:no|not|without|neither|nor|never|nobody|none|nothing|lacks?|lacking|cannot|unable|impossible)\b"
    r"|\b(?:is|was|were|are|can|could|do|does|did|would|will|has|had)n['’]t\b)"
    r"(?:\s+[\w'-]+){0,3}\s*$",
    re.IGNORECASE,
)


# After a collapse old things may still exist, so no age excludes anything.
_MIXED: Final = lazy_pattern(
    r"post-?apocalyp|collapse|after the fall|anachron|mixed|varies|decay|generation ship|scaveng|salvag|relics?\b"
    r"|ruins of"
    r"|remnants?\b|\bthe ancients\b|precursors?\b|\blost (?:tech|science|machines)|forgotten (?:tech|science|machines)"
)
_OTHER_HISTORY: Final = lazy_pattern(
    r"punk\b|alternat(?:e|ive)|counterfactual|uchronia|retro-?futur|time[- ]travel|advanced|ahead of"
)


@lru_cache(maxsize=1024)
def tech_level_of(*descriptions: str) -> TechLevel | None:
    """Return the age named by the first description that names any, or None.

    Of several ages in one description ("medieval with steampunk cities") the latest counts.
    """
    for description in descriptions:
        rest, found = description.casefold(), list[TechLevel]()
        for pattern, level in LEVEL_PHRASES:
            phrase = _phrase(pattern)
            if _is_named(phrase, rest):
                found.append(level)
            rest = phrase.sub(" ", rest)
        if found:
            found += (level for pattern, level in THINGS_OF_LEVEL if _is_named(_phrase(pattern), rest))
        if _MIXED.search(rest):
            return None
        if found:
            return max(found)
    return None


def is_mixed(description: str) -> bool:
    """Return whether a description leaves open which things are known: after a collapse, in another history."""
    told = description.casefold()
    return _MIXED.search(told) is not None or _OTHER_HISTORY.search(told) is not None


def _phrase(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")


def _is_named(phrase: re.Pattern[str], description: str) -> bool:
    """Return whether a description names an age: "no modern technology" excludes it."""
    return any(not is_negated(description, match.start()) for match in phrase.finditer(description))


def has_no_magic(magic_system: str, rules: Iterable[str] = ()) -> bool:
    """Return whether the world explicitly has no magic: none of any kind, and on no condition."""
    if _NONE.match(magic_system):
        return True
    return any(
        _NO_MAGIC.search(clause) and not _RESTRICTED.search(clause)
        for text in (magic_system, *rules)
        for clause in _CLAUSE.split(text)
    )


def has_restrictions(tech_level: str, genre: str, magic_system: str, rules: Iterable[str]) -> bool:
    """Return whether a term can be out of place in this world."""
    return tech_level_of(tech_level, genre) is not None or has_no_magic(magic_system, rules)


def forbidden_terms(level: TechLevel) -> tuple[str, ...]:
    """Return the terms of all later ages, the earliest age first."""
    return tuple(term for age in TERMS_BY_LEVEL if age > level for term in _split(TERMS_BY_LEVEL[age]))


def is_negated(text: str, start: int) -> bool:
    """Return whether the clause before ``start`` negates what follows."""
    clause = re.split(r"[.;:!?,\n\"“”]", text[max(0, start - 60) : start])[-1]
    return _NEGATED.search(clause) is not None


def term_key(term: str) -> str:
    """Return the form under which a term is known: one case, spaces for hyphens, singular."""
    folded = " ".join(term.casefold().replace("-", " ").split())
    if folded.endswith("ies"):
        return folded[:-3] + "y"
    return folded[:-1] if folded.endswith("s") and not folded.endswith("ss") else folded


@dataclass(frozen=True, slots=True)
class TermIndex:
    """Terms by their first word; a word that ends in ``*`` stands for all that begin like it."""

    by_word: Mapping[str, tuple[tuple[str, ...], ...]]
    stems: tuple[str, ...]

    @classmethod
    def of(cls, terms: Iterable[str]) -> TermIndex:
        spellings: dict[str, set[tuple[str, ...]]] = {}
        stems: list[str] = []
        for term in terms:
            if term.endswith("*"):
                stems.append(term[:-1])
                continue
            for form in _forms(term):
                words = tuple(WORD.findall(form))
                spellings.setdefault(words[0], set()).add(words)
                if "-" in form:
                    joined = "".join(words)
                    spellings.setdefault(joined, set()).add((joined,))
        return cls(
            {word: tuple(sorted(found, key=len, reverse=True)) for word, found in spellings.items()},
            tuple(stems),
        )

    def find(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Yield the spans of the terms in reading order, of several at one place the longest."""
        stemmed = reading.words_beginning(self.stems)
        behind = 0
        for start, word in reading.places_of(stemmed | (reading.words & self.by_word.keys())):
            before = reading.lower[max(0, start - 2) : start]
            if start < behind or (before[-1:] == "-" and before[0].isalnum()):
                continue
            spellings = ((word,),) if word in stemmed else self.by_word[word]
            ends = (reading.end_of_phrase(words, start) for words in spellings)
            end = next((end for end in ends if end is not None), None)
            if end is not None:
                behind = end
                yield start, end


@cache
def later_terms(level: TechLevel) -> TermIndex:
    """Return the terms of all ages after ``level``."""
    return TermIndex.of(forbidden_terms(level))


@cache
def magic_terms() -> TermIndex:
    return TermIndex.of(_split(MAGIC_TERMS))


def _forms(term: str) -> Iterator[str]:
    yield term
    if term.endswith("y") and term[-2:-1] not in "aeou":
        yield f"{term[:-1]}ies"
    elif term.endswith(("ch", "sh", "x")):
        yield f"{term}es"
    elif not term.endswith("s"):
        yield f"{term}s"


def _split(block: str) -> tuple[str, ...]:
    return tuple(" ".join(term.split()) for term in block.split(";") if term.strip())
