"""Defects of a text that need no world: it breaks off, repeats itself, or shows how it was made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agents.engine.confidence.prose.endings import is_finished
from agents.engine.confidence.prose.leftovers import leftovers
from agents.engine.confidence.prose.quotations import Quotations
from agents.engine.confidence.prose.remarks import first_remark
from agents.engine.confidence.prose.repetition import first_repeated
from universes.invisible import BLANK

_SHOWN_CHARS = 120
_END_CHARS = 60


@dataclass(frozen=True, slots=True)
class ProseFaults:
    """Sentences about faults; a blemish may be meant."""

    defects: tuple[str, ...]
    blemishes: tuple[str, ...]


def prose_faults(text: str, other_texts: Iterable[str] = ()) -> ProseFaults:
    """Check an output's main text, and its other fields for what a model leaves behind.

    Only the main text has to come to an end and may not repeat itself: a title is no sentence, and shots may recur.
    """
    defects: dict[str, None] = {}
    blemishes: dict[str, None] = {}
    plain = text.strip(BLANK)
    is_end_found = not plain or is_finished(plain)
    for part in (plain, *other_texts):
        quotations = Quotations(part)
        if remark := first_remark(part, quotations):
            defects[f"The text contains a comment by the model: “{remark}”."] = None
        for leftover in leftovers(part, quotations):
            # A mark behind the last sentence is no sentence that breaks off.
            is_end_found |= part is plain and plain.endswith(leftover.quote)
            if leftover.is_quoted:
                blemishes[f"Somebody reads or speaks {leftover.noun}: “{leftover.quote}”."] = None
            else:
                defects[f"The text contains {leftover.noun}: “{leftover.quote}”."] = None
    if not is_end_found:
        defects[f"The text is cut off: “… {plain[-_END_CHARS:]}”."] = None
    if repeated := first_repeated(plain, Quotations(plain)):
        defects[f"The text repeats itself: “{repeated[:_SHOWN_CHARS]}”."] = None
    return ProseFaults(tuple(defects), tuple(blemishes))
