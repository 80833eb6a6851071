"""Restatement of what a world says, in the words that the checks read."""

from __future__ import annotations

from typing import Final, NamedTuple

from agents.engine.sources import trait_text

# The trait with the facts that only checks of bodies, abilities and missing relatives read: "blind", "childless".
TOLD: Final = "restated facts"
# Traits that hold several facts.
LISTS: Final = ("relations", TOLD)


class Restatement(NamedTuple):
    """A ``quote`` of a source in other ``words``: a sentence, or the value of the trait ``key``."""

    words: str
    quote: str
    key: str = ""

    @property
    def statement(self) -> str:
        return trait_text(self.key, self.words) if self.key and self.key not in LISTS else self.words
