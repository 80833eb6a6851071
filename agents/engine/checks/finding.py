"""A contradiction with its proof."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Literal

from agents.engine.sources import find_source
from agents.engine.text.matching import flatten, shortened
from agents.engine.text.reading import Reading, read
from agents.engine.world import WorldView

Kind = Literal["tech", "magic", "physics", "geography", "timeline", "character", "rule", "tone"]
# Proven findings cap the confidence, likely ones lower it, and hints are only shown.
Strength = Literal["proven", "likely", "hint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Words of a text that contradict a world.

    ``source_id`` cites a rule, an element or a field of the world and ``statement`` quotes it; ``quote`` is the text's
    own wording, beginning at ``start``. ``why`` is a full sentence. ``passage`` is the sentence around the quotation;
    with the quotation and the statement it
    identifies the finding, also in an edited text. A reviewer has accepted the contradiction
    if ``is_intentional``; then it no longer counts.
    """

    kind: Kind
    source_id: str
    statement: str
    quote: str
    start: int
    why: str
    strength: Strength = "proven"
    passage: str = ""
    is_intentional: bool = False

    @property
    def id(self) -> str:
        """Sixteen hex digits, the same for the same words of the same passage and statement."""
        parts = (flatten(self.passage or self.quote), flatten(self.quote))
        key = "\0".join((self.source_id, self.statement, *parts))
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def end(self) -> int:
        return self.start + len(self.quote)

    @property
    def sentence(self) -> str:
        """The proof for a reviewer: the words of the text and the words of the world."""
        return f"“{shortened(self.quote)}” contradicts “{shortened(self.statement)}” ({self.source_id})."

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "strength": self.strength,
            "source_id": self.source_id,
            "statement": self.statement,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "why": self.why,
            "is_intentional": self.is_intentional,
        }


def finding_at(
    reading: Reading,
    span: tuple[int, int],
    *,
    kind: Kind,
    source_id: str,
    statement: str,
    why: str,
    strength: Strength = "proven",
) -> Finding:
    """Return a finding that quotes ``span`` of the reading in the words of the text."""
    quote, start = reading.quote(*span)
    sentence = reading.sentence_at(span[0])
    passage, _ = reading.quote(sentence.start, max(sentence.end, span[1]))
    # It may begin with the name of a thing: "the silver horn is Marga's".
    why = f"{why[:1].upper()}{why[1:]}"
    return Finding(kind, source_id, statement, quote, start, why, strength, passage)


def id_at(finding: Finding, text: str) -> str:
    """Return the id of a finding without a passage, from its place in the text."""
    reading = read(text)
    for sentence in reversed(reading.sentences):
        passage, first = reading.quote(sentence.start, sentence.end)
        if first <= finding.start:
            behind = max(first + len(passage), finding.end)
            return replace(finding, passage=text[first:behind]).id
    return finding.id


def is_proven(finding: Finding, text: str, world: WorldView) -> bool:
    """Return whether the quotation is in ``text`` at its position, and the statement in the cited source."""
    source = find_source(world, finding.source_id)
    return source is not None and is_quoted(finding, text, source.text)


def is_quoted(finding: Finding, text: str, source: str) -> bool:
    """Return what ``is_proven`` does, for the text of the cited source."""
    return (
        bool(finding.statement.strip())
        and finding.statement in source
        and bool(finding.quote.strip())
        and text[finding.start : finding.end] == finding.quote
    )
