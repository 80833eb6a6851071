"""Things and actions that a world rules out, and their detection in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agents.engine.checks.finding import Finding
from agents.engine.checks.statements import Statement
from agents.engine.text.reading import Reading
from agents.engine.text.word_forms import noun_forms, word_set

# Places that need not be named: "there are no guns in the city" applies to every sentence of a story set there.
_EVERYWHERE: Final = word_set("""
    world city county town village ship station land kingdom realm island sky story age time country earth planet board
    people clan tribe empire universe book any us
""")
# A conditional ban cannot be checked: a sentence rarely shows whether the condition holds.
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
# A story may knowingly break a law; its text then shows it.
_TRANSGRESSION: Final = re.compile(
    r"\b(?:illegal\w*|unlawful\w*|forbidden|against the law|in secret|secretly|smuggl\w*|hidden|banned|outlaw\w*"
    r"|criminal|arrested|caught|punish\w*|defian\w*|despite|bootleg\w*|contraband)\b",
    re.IGNORECASE,
)
_FORMER: Final = re.compile(
    r"\b(?:since|bones?|skulls?|skeletons?|fossils?|extinct|long dead|the last|ancient|used to|once|ago|no longer"
    r"|no more)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ban:
    """A ban read from ``statement``: a ``pattern`` that no sentence of a text may assert.

    ``label`` names the banned thing. The ban applies only to sentences that match all of ``within``. ``is_law`` marks
    what people can do but must not.
    """

    statement: Statement
    pattern: re.Pattern[str]
    label: str
    within: tuple[re.Pattern[str], ...] = ()
    is_law: bool = False

    def find(self, reading: Reading) -> Iterator[Finding]:
        for match in self.pattern.finditer(reading.plain):
            sentence = reading.sentence_at(match.start()).text
            if not all(pattern.search(sentence) for pattern in self.within):
                continue
            if _FORMER.search(sentence) or (self.is_law and _TRANSGRESSION.search(sentence)):
                continue
            if reading.is_asserted(match.start(), match.end()):
                why = f"This world rules out: {self.label}."
                yield self.statement.finding(reading, match.start(), match.end(), why)
                return


def sentence_conditions(tail: str) -> tuple[re.Pattern[str], ...] | None:
    """Return patterns that a sentence must match for a ban to apply, read from the words after the ban.

    None for a ban with a condition that sentences do not show.
    """
    if CONDITION.search(tail):
        return None
    if _BELOW.search(tail):
        return (_BELOW,)
    words = [match["word"].casefold() for match in _PLACE.finditer(tail)]
    return tuple(
        re.compile(rf"\b{noun_forms(word)}\b", re.IGNORECASE) for word in words if word not in _EVERYWHERE
    )
