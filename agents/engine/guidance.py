"""Guidance of a universe: the rules of its style guide, and pieces that show how its texts should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from agents.engine.envelope import canonical_json
from agents.engine.request.selection import Bm25
from agents.engine.request.world_parts import CHARS_PER_TOKEN
from agents.engine.text.matching import texts_in, words_of

MAX_EXAMPLES: Final = 2
# About 1,500 words, the length of two scenes.
EXAMPLE_TOKENS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Example:
    """A request and its output as it should be. ``id`` is for the records; no model reads it."""

    id: str
    request: str
    output: Mapping[str, Any]

    def as_prompt_data(self) -> dict[str, Any]:
        return {"request": self.request, "output": dict(self.output)}


@dataclass(frozen=True, slots=True)
class Guidance:
    """The style guide and the examples of one attempt.

    ``guide_version`` 0 is no guide. ``without_new_rules``: the rules on trial are left out, for a comparison.
    """

    guide_version: int = 0
    rules: tuple[str, ...] = ()
    without_new_rules: bool = False
    examples: tuple[Example, ...] = ()

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            guide_version=stored["guide_version"],
            rules=tuple(stored["rules"]),
            without_new_rules=stored["without_new_rules"],
            examples=tuple(Example(**example) for example in stored["examples"]),
        )


NO_GUIDANCE: Final = Guidance()


def nearest(examples: Sequence[Example], asked: Any) -> tuple[Example, ...]:
    """Return the examples nearest to a request by BM25, as far as they fit into the budget; of equals, the first.

    ``asked`` is the request as plain data.
    """
    bm25 = Bm25(word for text in texts_in(asked) for word in words_of(text))
    for example in examples:
        bm25.add([word for text in texts_in([example.request, example.output]) for word in words_of(text)])
    scores = bm25.scores()
    left = EXAMPLE_TOKENS * CHARS_PER_TOKEN
    chosen: list[Example] = []
    for index in sorted(range(len(examples)), key=lambda index: -scores[index]):
        size = len(canonical_json(examples[index].as_prompt_data()))
        if size <= left and len(chosen) < MAX_EXAMPLES:
            chosen.append(examples[index])
            left -= size
    return tuple(chosen)
