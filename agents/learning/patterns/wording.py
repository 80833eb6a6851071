"""Wording of proposed rules by plain templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from agents.learning.patterns.edits import struck_out
from agents.learning.patterns.evidence import Found
from agents.learning.patterns.verdicts import Pattern

_TEMPLATES: Final[Mapping[Pattern, str]] = {
    ("mark", "—"): "Use no em-dashes; write a comma, a full stop or brackets instead.",
    ("mark", "!"): "Use no exclamation marks.",
    ("mark", ";"): "Use no semicolons.",
    ("mark", "…"): "Use no ellipses.",
    ("mark", "("): "Use no brackets.",
    ("person", "first"): "Tell it in the first person.",
    ("person", "second"): "Tell it in the second person: address the reader as “you”.",
    ("person", "third"): "Tell it in the third person.",
    ("spelling", "british"): "Use British spelling: colour, grey, centre, realise.",
    ("spelling", "american"): "Use American spelling: color, gray, center, realize.",
    ("paragraphs", "shorter"): "Keep paragraphs short: two to four sentences each.",
    ("paragraphs", "longer"): "Write longer paragraphs, and fewer.",
    ("sentences", "shorter"): "Keep sentences short.",
    ("length", "shorter"): "Write shorter texts: keep to the lower end of the length asked for.",
    ("length", "longer"): "Write longer texts: keep to the upper end of the length asked for.",
    ("style", "adverbs"): "Use few adverbs.",
    ("style", "clichés"): "Use no clichés.",
    ("style", "dialogue"): "Let people talk more: give more of the text to dialogue.",
    ("tense", "past"): "Tell it in the past tense.",
    ("tense", "present"): "Tell it in the present tense.",
}


def word(found: Found, *, reason_name: str = "") -> str:
    """Return a rule for a pattern; ``reason_name`` is that of a reject reason, as people read it."""
    kind, what = found.pattern
    if found.pattern in _TEMPLATES:
        return _TEMPLATES[found.pattern]
    if kind == "word":
        instead = _usual_replacement(found, what)
        return f"Write “{instead}” instead of “{what}”." if instead else f"Do not use the word “{what}”."
    if kind == "reason":
        return f"Avoid what reviewers reject again and again: {reason_name or what}."
    return f"Mind what reviewers note again and again: “{what}”."


def _usual_replacement(found: Found, struck: str) -> str:
    """Return what most of the edits wrote instead of a word, "" if they differ."""
    replacements = Counter(
        struck_out(seen.before, seen.after).get(struck, "")
        for seen in found.shown_by
        if seen.after is not None
    )
    [(most, count)] = replacements.most_common(1) or [("", 0)]
    return most if count * 2 > len(found.shown_by) else ""
