"""One thing or deed that a world rules out, and finding it in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agents.engine.checks.finding import Finding
from agents.engine.checks.statements import Statement
from agents.engine.text.prose import Prose
from agents.engine.text.word_forms import each, noun_forms

# Places that a story never leaves: "there are no guns in the city" needs no city in the sentence.
_EVERYWHERE: Final = frozenset(
    each("""
    world city county town village ship station land kingdom realm island sky story age time country earth planet board
    people clan tribe empire universe book any us
""")
)
# A ban on these terms holds at times, and a text that says nothing of them breaks nothing.
CONDITION: Final = re.compile(
    r"\b(?:after|before|during|without|unless|until|except|but|when|whenever|if|while|at (?:night|noon|dawn"
    r"|dusk|midnight)"
    r"|by (?:night|day|custom)|between|on (?:the )?(?:eve|day|night|holy|feast)|twice|alone|more than|less "
    r"than|again)\b",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(
    r"\b(?:in|on|at|into|inside|within|through|aboard|near|from) (?:the |this |our |her |his |their |an? "
    r")?(?P<word>\w+)",
    re.IGNORECASE,
)
_BELOW: Final = re.compile(r"\b(?:below|above|under|beneath|over)\b", re.IGNORECASE)
# An old law can be broken in a story that knows it; then the text says so.
_TRANSGRESSION: Final = re.compile(
    r"\b(?:illegal\w*|unlawful\w*|forbidden|against the law|in secret|secretly|smuggl\w*|hidden|banned|outlaw\w*"
    r"|criminal|arrested|caught|punish\w*|defian\w*|despite|bootleg\w*|contraband)\b",
    re.IGNORECASE,
)
_PAST_THING: Final = re.compile(
    r"\b(?:since|bones?|skulls?|skeletons?|fossils?|extinct|long dead|the last|ancient|used to|once|ago|no longer"
    r"|no more)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ban:
    """``pattern`` finds what ``statement`` rules out; ``what`` says it in words.

    ``within`` are patterns that all have to be in the same sentence. ``is_law``: people could do it, and may not.
    """

    statement: Statement
    pattern: re.Pattern[str]
    what: str
    within: tuple[re.Pattern[str], ...] = ()
    is_law: bool = False

    def find(self, prose: Prose) -> Iterator[Finding]:
        for match in self.pattern.finditer(prose.text):
            sentence = prose.sentence_at(match.start()).text
            if not all(pattern.search(sentence) for pattern in self.within):
                continue
            if _PAST_THING.search(sentence) or (self.is_law and _TRANSGRESSION.search(sentence)):
                continue
            if prose.is_asserted(match.start(), match.end()):
                why = f"This world rules out: {self.what}."
                yield self.statement.finding(prose.text, match.start(), match.end(), why)
                return


def where_it_holds(tail: str) -> tuple[re.Pattern[str], ...] | None:
    """What has to be in a sentence for a ban to apply to it, read from the words after the ban.

    None for a ban that holds under a condition, which no sentence shows.
    """
    if CONDITION.search(tail):
        return None
    if _BELOW.search(tail):
        return (_BELOW,)
    words = [found["word"].casefold() for found in _PLACE.finditer(tail)]
    return tuple(
        re.compile(rf"\b{noun_forms(word)}\b", re.IGNORECASE) for word in words if word not in _EVERYWHERE
    )
