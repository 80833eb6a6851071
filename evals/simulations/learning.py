"""Simulated streams of verdicts with and without planted preferences: what is proposed, how soon, how often wrongly.

Reviewers approve, edit, reject and ask again. A planted preference shows in most of the edits, and in some notes; the
rest of the changes, reasons and notes are drawn at random. Streams without a pattern have that rest alone.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from agents.learning.patterns.evidence import find
from agents.learning.patterns.verdicts import Pattern, Seen
from agents.learning.patterns.word_lists import AMERICAN

VERDICTS: Final = 60
REASONS: Final = (
    "breaks_a_rule",
    "contradicts_canon",
    "not_what_was_asked",
    "badly_written",
    "wrong_length_or_form",
    "unsuitable",
    "other",
)
# Shares of the verdicts: the rest is approved as it is.
_EDITED, _REJECTED, _ASKED_AGAIN = 0.3, 0.2, 0.1
# A reviewer acts on a preference in this share of the edits, and says so in this share of the notes.
_ACTS, _SAYS = 0.85, 0.4
_RANDOM_EDIT = 0.06

_SUBJECTS = (
    "the ferryman",
    "a saltwright",
    "the old baker",
    "her brother",
    "the miller",
    "a clerk",
    "the captain",
    "the girl",
    "a monk",
)
_VERBS = (
    "counted",
    "carried",
    "watched",
    "buried",
    "opened",
    "mended",
    "refused",
    "remembered",
    "followed",
    "painted",
    "emptied",
    "lifted",
    "weighed",
    "hid",
    "sold",
)
_OBJECTS = (
    "coins",
    "ledgers",
    "lanterns",
    "ropes",
    "barrels",
    "letters",
    "keys",
    "nets",
    "candles",
    "stones",
    "maps",
    "feathers",
    "knives",
    "apples",
    "bells",
    "ribbons",
)
_PLACES = (
    "by the gray harbor",
    "at the center of the square",
    "under the bridge",
    "near the mill",
    "behind the chapel",
    "on the causeway",
    "in the somber cellar",
    "beside the well",
    "along the shore",
    "inside the granary",
    "beyond the orchard",
)
_MANNERS = (
    "slowly",
    "twice",
    "with care",
    "without a word",
    "in silence",
    "once more",
    "for an hour",
    "before dawn",
    "badly",
    "at last",
)
_SYNONYMS = (
    "carefully",
    "together",
    "quietly",
    "later",
    "somehow",
    "anxiously",
    "gently",
    "plainly",
    "firmly",
    "briefly",
    "coldly",
    "kindly",
)
_COMPLAINTS = (
    "Mira would never leave the ledger.",
    "The tide comes only once a week.",
    "Odran is dead by then.",
    "This reads like a summary.",
    "Where is the conflict?",
    "The ending gives everything away.",
    "He knows too much.",
    "Start later.",
    "Who is speaking here?",
    "The market is closed in winter.",
    "Nobody mentions the debt.",
    "It contradicts the second chapter.",
    "She is taller than him.",
    "The joke falls flat.",
    "Too much happens off stage.",
    "The motive is unclear.",
    "I lost track of the horses.",
    "Give the mother a reason.",
    "The law forbids this.",
    "Salt does not burn.",
    "The dialogue is stiff.",
    "Make the threat real.",
    "Cut the dream.",
    "The bell has a name.",
    "Describe the room first.",
    "The villain explains himself.",
    "This belongs to another arc.",
    "The weather changes twice.",
    "What does she want?",
    "The stakes are low.",
    "He has only one arm.",
    "The map shows a river there.",
)


@dataclass(frozen=True, slots=True)
class Preference:
    """A planted preference: the pattern that it should show, an edit by it, and what a reviewer says of it."""

    pattern: Pattern
    edit: Callable[[str], str]
    says: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Proposals of a stream: by pattern, the number of verdicts at that moment."""

    proposed: Mapping[Pattern, int]


def no_dashes(text: str) -> str:
    return text.replace(" — ", ", ")


def in_second_person(text: str) -> str:
    swaps = {"he": "you", "his": "your", "him": "you", "He": "You", "His": "Your"}
    return re.sub(r"\b(?:he|his|him|He|His)\b", lambda match: swaps[match[0]], text)


def in_british_spelling(text: str) -> str:
    return re.sub(r"\w+", lambda match: AMERICAN.get(match[0], match[0]), text)


def in_shorter_paragraphs(text: str) -> str:
    sentences = re.split(r"(?<=\.)\s+", text)
    return "\n\n".join(" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3))


PREFERENCES: Final = (
    Preference(("mark", "—"), no_dashes, "Please, no em-dashes."),
    Preference(("person", "second"), in_second_person, "Tell it in the second person."),
    Preference(("spelling", "british"), in_british_spelling, "British spelling, please."),
    Preference(("paragraphs", "shorter"), in_shorter_paragraphs, "Shorter paragraphs."),
)


def stream(seed: int, planted: tuple[Preference, ...] = (), verdicts: int = VERDICTS) -> list[Seen | None]:
    """Return the verdicts of one stream in their order; None for an approval."""
    rng = random.Random(seed)
    return [_verdict(rng, number, planted) for number in range(verdicts)]


def outcome(verdicts: list[Seen | None]) -> Outcome:
    """Look at the stream after each verdict, as the periodic task does, and note what it proposes first."""
    seen: list[Seen] = []
    proposed: dict[Pattern, int] = {}
    for number, verdict in enumerate(verdicts, start=1):
        if verdict is None:
            continue
        seen.append(verdict)
        for found in find(seen, reasons=len(REASONS)):
            proposed.setdefault(found.pattern, number)
    return Outcome(proposed)


def report(streams: int = 200) -> list[str]:
    """Return the lines of ``make eval``."""
    lines = [f"Rules from verdicts, {streams} streams of {VERDICTS} verdicts each:"]
    for preference in PREFERENCES:
        outcomes = [outcome(stream(seed, (preference,))) for seed in range(streams)]
        moments = sorted(
            one.proposed[preference.pattern] for one in outcomes if preference.pattern in one.proposed
        )
        others = sum(bool(one.proposed.keys() - {preference.pattern}) for one in outcomes)
        median = moments[len(moments) // 2] if moments else "–"
        lines.append(
            f"  {' '.join(preference.pattern):<20} proposed in {len(moments) / streams:>6.1%}, median after {median} "
            f"verdicts; another rule in {others / streams:.1%}"
        )
    wrong = sum(bool(outcome(stream(10_000 + seed)).proposed) for seed in range(streams))
    lines.append(f"  {'no pattern':<20} a rule proposed in {wrong / streams:.1%}")
    return lines


def _verdict(rng: random.Random, number: int, planted: tuple[Preference, ...]) -> Seen | None:
    text, draw = _text(rng), rng.random()
    note = rng.choice(_COMPLAINTS) if rng.random() < 0.7 else ""
    if planted and rng.random() < _SAYS:
        note = rng.choice(planted).says
    common = {"id": str(number), "request": str(number), "before": text}
    if draw < _EDITED:
        edited = _changed_at_random(rng, text)
        for preference in planted:
            if rng.random() < _ACTS:
                edited = preference.edit(edited)
        return Seen(**common, after=edited)
    if draw < _EDITED + _REJECTED:
        return Seen(**common, reason=rng.choice(REASONS), note=note)
    if draw < _EDITED + _REJECTED + _ASKED_AGAIN:
        return Seen(**common, note=note or "Again, please.")
    return None


def _text(rng: random.Random) -> str:
    """Return a text of American spelling in the third person, with long paragraphs and some dashes."""
    return "\n\n".join(" ".join(_sentence(rng) for _ in range(rng.randint(7, 10))) for _ in range(3))


def _sentence(rng: random.Random) -> str:
    who = rng.choice([*_SUBJECTS, "he", "he"])
    pause = rng.choice([" — ", " ", ", ", " "])
    whose = rng.choice(["his", "the", "those"])
    where, manner = rng.choice(_PLACES), rng.choice(_MANNERS)
    sentence = f"{who} {rng.choice(_VERBS)} {whose} {rng.choice(_OBJECTS)} {where}{pause}{manner}."
    return sentence[0].upper() + sentence[1:]


def _changed_at_random(rng: random.Random, text: str) -> str:
    def change(match: re.Match[str]) -> str:
        return rng.choice([*_SYNONYMS, ""]) if rng.random() < _RANDOM_EDIT else match[0]

    return re.sub(r"\w+", change, text)


if __name__ == "__main__":
    print("\n".join(report()))  # noqa: T201
