"""Figures of speech: whether a text treats a term as a thing of its world, or only speaks in an image."""

from __future__ import annotations

import re
from typing import Literal

from agents.engine.text.figure_patterns import (
    ACTS,
    AMBIGUOUS,
    COMPARED,
    DESCRIBED_AS,
    DETERMINED,
    EXISTS,
    FUNCTION,
    HANDLED,
    HANDLED_NOW,
    IDIOMS,
    IN_HAND,
    MADE_OF,
    MATERIALS,
    NEXT_NOUN,
    NEXT_WORD,
    OF_SUBSTANCE,
    PEOPLE,
    PLACED,
    PREDICATE,
)

Use = Literal["thing", "figure", "unclear"]


def use_of(term: str, sentence: str, start: int, end: int) -> Use:
    """Return how a sentence uses the term at a span: as a thing, as an image, or in a way that cannot be told.

    A term that is never an image is a thing wherever it stands.
    """
    for idiom in IDIOMS.finditer(sentence, max(0, start - 40)):
        if idiom.start() >= end:
            break
        if idiom.end() > start:
            return "figure"
    head = term.split()[0]
    if head not in AMBIGUOUS:
        return "thing"
    before, after = sentence[max(0, start - 90) : start], sentence[end : end + 90]
    clause = re.split(r"[.;:!?—–]", before)[-1]
    if COMPARED.search(clause) or (re.match(r"^(?:-\w|'s? )", after) and head not in PEOPLE):
        return "figure"
    if after.startswith(" of ") and not OF_SUBSTANCE.match(after):
        return "figure"
    if head in MATERIALS or (head.startswith("electr") and head != "electrician"):
        return _use_of_material(head, clause, after)
    return _use_of_noun(head, sentence[start:end], clause, after)


def is_predicate(before: str) -> bool:
    """Return whether the words before a noun make it a description of somebody: "She was a dragon"."""
    clause = re.split(r"[.;:!?—–]", before)[-1]
    return DESCRIBED_AS.search(clause) is not None and EXISTS.search(clause) is None


def _use_of_material(head: str, clause: str, after: str) -> Use:
    if NEXT_NOUN.match(after):
        return "thing"
    following = NEXT_WORD.match(after)
    is_noun = following is None or following["word"].lower() in FUNCTION or ACTS.match(after) is not None
    if not is_noun:
        return "figure" if head in ("magical", "electric", "plastic", "holographic") else "unclear"
    if PREDICATE.search(clause) and not MADE_OF.search(clause) and not EXISTS.search(clause):
        return "figure"
    if MADE_OF.search(clause):
        return "thing"
    handled = list(HANDLED.finditer(clause))
    is_mass = head in ("bronze", "iron", "steel", "magic", "plastic", "parchment", "electricity")
    if is_mass and handled and len(clause[handled[-1].end() :].split()) <= 3:
        return "thing"
    return (
        "thing" if head == "electricity" or (is_mass and head == "magic" and ACTS.match(after)) else "unclear"
    )


def _use_of_noun(head: str, words: str, clause: str, after: str) -> Use:
    following = NEXT_WORD.match(after)
    if following is not None and following["word"].lower() not in FUNCTION and not ACTS.match(after):
        # The term describes another noun.
        return "thing" if NEXT_NOUN.match(after) else "unclear"
    is_determined = (
        DETERMINED.search(clause) is not None or words.lower().endswith("s") or words[:1].isupper()
    )
    if not is_determined and head not in (
        "magic",
        "sorcery",
        "witchcraft",
        "wizardry",
        "necromancy",
        "levitation",
    ):
        return "thing" if HANDLED_NOW.search(clause) else "unclear"
    if EXISTS.search(clause):
        return "thing"
    if PREDICATE.search(clause) or re.search(
        r"\b(?:called|named|calling) (?:\w+ ){0,2}an? (?:\w+ )?$", clause
    ):
        return "figure"
    if ACTS.match(after) or IN_HAND.match(after):
        return "thing"
    if HANDLED.search(clause) or PLACED.search(clause):
        return "thing"
    return "unclear"
