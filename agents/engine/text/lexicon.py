"""Finding in a text what its world rules out: things ahead of its time, and magic where there is none."""

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

# "no magic", "without a gun", "never seen a telescope": the text says that the thing is not there.
_NEGATED: Final = re.compile(
    r"(?:\b(?:no|not|without|neither|nor|never|nobody|none|nothing|lacks?|lacking|cannot|unable|impossible)\b"
    r"|\b(?:is|was|were|are|can|could|do|does|did|would|will|has|had)n['’]t\b)"
    r"(?:\s+[\w'-]+){0,3}\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A forbidden term in a text. ``text`` is as it is written there, ``start`` its place, ``why`` the
    reason.
    """

    term: str
    text: str
    start: int
    why: str


def tech_level_of(*descriptions: str) -> TechLevel | None:
    """The age that the first telling description names; None where nothing can be said.

    A description that names several ages ("medieval with steampunk cities") means the latest of them.
    """
    for description in descriptions:
        rest, found = description.casefold(), []
        for pattern, level in LEVEL_PHRASES:
            phrase = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")
            # "no modern technology" names an age only to shut it out.
            if any(not is_negated(rest, match.start()) for match in phrase.finditer(rest)):
                found.append(level)
            rest = phrase.sub(" ", rest)
        # After a collapse the old things still lie about; no age rules anything out.
        if re.search(r"post-?apocalyp|post-?collapse|after the fall|anachron|mixed|varies", rest):
            return None
        if found:
            return max(found)
    return None


def has_no_magic(magic_system: str, rules: Iterable[str] = ()) -> bool:
    """Whether the world says of itself that it has no magic. Silence is not a denial."""
    return any(_NO_MAGIC.search(text) for text in (magic_system.strip(), *rules) if text)


def rules_anything_out(tech_level: str, genre: str, magic_system: str, rules: Iterable[str]) -> bool:
    """Whether ``find_forbidden`` could find anything in any text: a world that says nothing rules nothing out."""
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
    """What ``text`` mentions though the world rules it out, in reading order, each term once.

    ``tech_level`` decides; ``genre`` is asked where it says nothing. ``allowed`` are texts of the world
    itself: what they mention as being there is part of that world. A negated mention ("without a gun") is
    no hit.
    """
    hits: list[Hit] = []
    level = tech_level_of(tech_level, genre)
    own = [tech_level, genre, magic_system, *allowed]
    if level is not None:
        said = tech_level.strip() or genre.strip()
        hits += _search(
            text, _pattern_after(level), f"is ahead of the technology of this world ({said})", own
        )
    if has_no_magic(magic_system, rules):
        hits += _search(text, _magic_pattern(), "speaks of magic in a world without magic", own)
    return sorted(hits, key=lambda hit: hit.start)


def forbidden_terms(level: TechLevel) -> tuple[str, ...]:
    """Every term that ``level`` does not know yet, earliest age first."""
    return tuple(term for age in TERMS_BY_LEVEL if age > level for term in _split(TERMS_BY_LEVEL[age]))


def is_negated(text: str, start: int) -> bool:
    """Whether the words just before ``start``, within its clause, deny what follows."""
    clause = re.split(r"[.;:!?,\n\"“”]", text[max(0, start - 60) : start])[-1]
    return _NEGATED.search(clause) is not None


def _search(text: str, pattern: re.Pattern[str], why: str, own: Iterable[str]) -> list[Hit]:
    hits: dict[str, Hit] = {}
    for found in _asserted(pattern, text):
        key = _key(found.group())
        hits.setdefault(key, Hit(term=key, text=found.group(), start=found.start(), why=why))
    # A world's own texts may be long, and most texts have no hit.
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
    """One pattern for all terms, longest first so that "assault rifle" is one hit; empty terms match
    nothing.
    """
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
