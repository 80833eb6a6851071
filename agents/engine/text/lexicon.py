"""Detection of terms that a world rules out: anachronisms, and magic in a world without it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from agents.engine.text.terms import LEVEL_PHRASES, MAGIC_TERMS, TERMS_BY_LEVEL, TechLevel

_NO_MAGIC: Final = re.compile(
    r"^\W*(none|no|nil|n/a|absent|not present|non-?existent)\W*$|^\W*none\s*[.;:,]"
    r"|\bno (\w+ )?magic\b|\bwithout (any )?magic\b|\bmagic (does not|doesn't|did not) exist\b"
    r"|\bmagic is (not real|impossible|absent|unknown|a myth|dead)\b|\bthere is no magic\b|\bnon-?magical\b"
    r"|\b(low|zero) magic: none\b|\bmundane world\b",
    re.IGNORECASE,
)

# "no magic", "without a gun", "never seen a telescope".
_NEGATED: Final = re.compile(
    r"(?:\b(?:no|not|without|neither|nor|never|nobody|none|nothing|lacks?|lacking|cannot|unable|impossible)\b"
    r"|\b(?:is|was|were|are|can|could|do|does|did|would|will|has|had)n['’]t\b)"
    r"(?:\s+[\w'-]+){0,3}\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A forbidden term in a text. ``text`` and ``start`` are its spelling and position there."""

    term: str
    text: str
    start: int
    why: str


def tech_level_of(*descriptions: str) -> TechLevel | None:
    """Return the age named by the first description that names any, or None.

    Of several ages in one description ("medieval with steampunk cities") the latest counts.
    """
    for description in descriptions:
        rest, found = description.casefold(), []
        for pattern, level in LEVEL_PHRASES:
            phrase = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")
            # "no modern technology" excludes an age instead of naming it.
            if any(not is_negated(rest, match.start()) for match in phrase.finditer(rest)):
                found.append(level)
            rest = phrase.sub(" ", rest)
        # After a collapse old things may still exist, so no age excludes anything.
        if re.search(r"post-?apocalyp|post-?collapse|after the fall|anachron|mixed|varies", rest):
            return None
        if found:
            return max(found)
    return None


def has_no_magic(magic_system: str, rules: Iterable[str] = ()) -> bool:
    """Return whether the world explicitly has no magic."""
    return any(_NO_MAGIC.search(text) for text in (magic_system.strip(), *rules) if text)


def has_restrictions(tech_level: str, genre: str, magic_system: str, rules: Iterable[str]) -> bool:
    """Return whether ``find_forbidden`` can find anything at all for this world."""
    return tech_level_of(tech_level, genre) is not None or has_no_magic(magic_system, rules)


def find_forbidden(
    text: str,
    *,
    tech_level: str,
    genre: str = "",
    magic_system: str = "",
    rules: Iterable[str] = (),
    allowed: Iterable[str] = (),
) -> list[Hit]:
    """Return the forbidden terms in ``text`` in reading order, each term once.

    ``genre`` counts only if ``tech_level`` names no age. Terms that the ``allowed`` texts of the world mention are part
    of that world. A negated mention ("without a gun") is no hit.
    """
    hits: list[Hit] = []
    level = tech_level_of(tech_level, genre)
    own = [tech_level, genre, magic_system, *allowed]
    if level is not None:
        described = tech_level.strip() or genre.strip()
        hits += _search(
            text, _pattern_after(level), f"is ahead of the technology of this world ({described})", own
        )
    if has_no_magic(magic_system, rules):
        hits += _search(text, _magic_pattern(), "speaks of magic in a world without magic", own)
    return sorted(hits, key=lambda hit: hit.start)


def forbidden_terms(level: TechLevel) -> tuple[str, ...]:
    """Return the terms of all later ages, the earliest age first."""
    return tuple(term for age in TERMS_BY_LEVEL if age > level for term in _split(TERMS_BY_LEVEL[age]))


def is_negated(text: str, start: int) -> bool:
    """Return whether the clause before ``start`` negates what follows."""
    clause = re.split(r"[.;:!?,\n\"“”]", text[max(0, start - 60) : start])[-1]
    return _NEGATED.search(clause) is not None


def _search(text: str, pattern: re.Pattern[str], why: str, own: Iterable[str]) -> list[Hit]:
    hits: dict[str, Hit] = {}
    for found in _asserted(pattern, text):
        key = _key(found.group())
        hits.setdefault(key, Hit(term=key, text=found.group(), start=found.start(), why=why))
    # Searched only after a hit: a world's own texts may be long.
    known = {_key(found.group()) for source in own for found in _asserted(pattern, source)} if hits else ()
    return [hit for key, hit in hits.items() if key not in known]


def _asserted(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    return [found for found in pattern.finditer(text) if not is_negated(text, found.start())]


def _key(term: str) -> str:
    folded = " ".join(term.casefold().replace("-", " ").split())
    if folded.endswith("ies"):
        return folded[:-3] + "y"
    return folded[:-1] if folded.endswith("s") and not folded.endswith("ss") else folded


@cache
def _pattern_after(level: TechLevel) -> re.Pattern[str]:
    return _compile(forbidden_terms(level))


@cache
def _magic_pattern() -> re.Pattern[str]:
    return _compile(_split(MAGIC_TERMS))


def _split(block: str) -> tuple[str, ...]:
    return tuple(" ".join(term.split()) for term in block.split(";") if term.strip())


def _compile(terms: Iterable[str]) -> re.Pattern[str]:
    """Compile one pattern, with longer terms first so that "assault rifle" is one hit."""
    ordered = sorted(terms, key=len, reverse=True)
    if not ordered:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(_with_endings, ordered))})(?![\w])", re.IGNORECASE)


def _with_endings(term: str) -> str:
    body = re.escape(term.rstrip("*")).replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s-]?")
    if term.endswith("*"):
        return body + r"\w*"
    if term.endswith("y"):
        return rf"{body[:-1]}(?:y|ies)"
    if term.endswith(("ch", "sh", "x")):
        return rf"{body}(?:es)?"
    return rf"{body}s?" if not term.endswith("s") else body
