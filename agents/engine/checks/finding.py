"""A contradiction with its proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agents.engine.sources import find_source
from agents.engine.text.matching import shortened
from agents.engine.world import WorldView

Kind = Literal["tech", "magic", "physics", "geography", "timeline", "character", "rule", "tone"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Words of a text that contradict a world.

    ``source_id`` cites a rule, an element or a field of the world and ``statement`` quotes it; ``quote`` is the text's
    own wording, beginning at ``start``. ``why`` is a full sentence.
    """

    kind: Kind
    source_id: str
    statement: str
    quote: str
    start: int
    why: str

    @property
    def end(self) -> int:
        return self.start + len(self.quote)

    @property
    def sentence(self) -> str:
        """The proof for a reviewer: the words of the text and the words of the world."""
        return f"“{shortened(self.quote)}” contradicts “{shortened(self.statement)}” ({self.source_id})."


def is_proven(finding: Finding, text: str, world: WorldView) -> bool:
    """Return whether the quotation is in ``text`` at its position, and the statement in the cited source."""
    source = find_source(world, finding.source_id)
    return (
        source is not None
        and bool(finding.statement.strip())
        and finding.statement in source.text
        and bool(finding.quote.strip())
        and text[finding.start : finding.end] == finding.quote
    )
