"""An objection that carries its own proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agents.engine.sources import find_source
from agents.engine.text.matching import shortened
from agents.engine.world import WorldView

Kind = Literal["tech", "magic", "physics", "geography", "timeline", "character", "rule", "tone"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Words of a text that cannot be true in a world.

    ``source_id`` cites a rule, an element or a field of the frame; ``statement`` are its words, letter for letter, and
    ``quote`` are the text's, from ``start`` on. ``why`` is a whole sentence.
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
        """The proof as a reviewer reads it: what the text says, and what the world says."""
        return f"“{shortened(self.quote)}” contradicts “{shortened(self.statement)}” ({self.source_id})."


def proven(finding: Finding, text: str, world: WorldView) -> bool:
    """Whether the quotation stands in ``text`` where the finding says, and the cited source states what it says."""
    source = find_source(world, finding.source_id)
    return (
        source is not None
        and bool(finding.statement.strip())
        and finding.statement in source.text
        and bool(finding.quote.strip())
        and text[finding.start : finding.end] == finding.quote
    )
