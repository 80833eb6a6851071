"""What goes wrong, and what turns it, by genre. Three sentences of each are used in one text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from agents.engine.terms import TechLevel


@dataclass(frozen=True, slots=True)
class Genre:
    """``record`` is what people here write events down in; its line may quote what was asked for."""

    record: str
    troubles: tuple[str, ...]
    turns: tuple[str, ...]


_FANTASY: Final = Genre(
    record="The chronicle of {place} gives that day a single line",
    troubles=(
        (
            "The crows rose from the roofs all at once, and the old people of {place} began to gather in "
            "their washing."
        ),
        "Where {thing} had been, there was a ring of frost, in a month that had never known any.",
        "The stones of the {street} were warm to the hand, and they were getting warmer.",
        "Something on the far side of the wall was answering the {bell}, a little later each time.",
        "The mark over the door had been red for as long as anyone knew, and now it was the colour of ash.",
        "Under the floor of the {room} somebody, or something, had started to count aloud.",
        "Every mirror of still water in {place} showed a sky with one star too many.",
    ),
    turns=(
        "{a} knelt and laid a bare palm on the ground, as the oldest stories tell one to, and listened.",
        "It was the name that did it: {a} said it quietly, and the cold let go of the {light}.",
        "What looked like a threat was a debt, and {a} was the first in three lifetimes to offer payment.",
        "{a} gave back the one thing that had been taken, and the counting stopped at ninety-nine.",
        "So {thing} was set on the threshold, in the open, where both sides could see that nobody held it.",
    ),
)
_SCIENCE_FICTION: Final = Genre(
    record="The log of {place} keeps the incident to one entry",
    troubles=(
        "The readings agreed with each other and with nothing else.",
        "For four seconds every sensor in {place} reported the same room, and it was not this one.",
        "The pressure in the {room} fell by a hair, recovered, and fell again, like breathing.",
        (
            "According to the {paper}, {thing} had been delivered yesterday; according to the {trade}, it "
            "had never been sent."
        ),
        "The signal repeated at intervals that were almost, but not exactly, regular.",
        "Half of the crew roster had been rewritten overnight, and the new half knew the old half's jokes.",
        "Beyond the {street} the stars were where they should be, and one of them was blinking.",
    ),
    turns=(
        "{a} cut the feed by hand, and in the silence the pattern was suddenly plain.",
        "It was no malfunction; {a} had simply been the last to be asked.",
        (
            "{a} answered on the same interval, with an error put in on purpose, and the error came "
            "back corrected."
        ),
        (
            "The numbers fitted as soon as {a} stopped treating {thing} as cargo and began to treat it as "
            "a passenger."
        ),
        (
            "With the {tool} in one hand and the manual override in the other, {a} did the thing that the "
            "procedure forbade."
        ),
    ),
)
_MYSTERY: Final = Genre(
    record="The case book gives the matter one line",
    troubles=(
        "There were two cups on the table in the {room}, and only one of them had been drunk from.",
        "The {trade} remembered everything about that evening, which was the first thing wrong with it.",
        "Nobody had touched {thing}, everybody said, and everybody looked at their hands.",
        "The lock had not been forced; it had been oiled.",
        (
            "On the back of the {paper} somebody had done a sum, and the sum came to more than the "
            "house was worth."
        ),
        "The fire in the hall had gone out at an hour when three people swore they had sat beside it.",
        "The mud on the step was from the {street}, and the {street} had been dry for a week.",
    ),
    turns=(
        "{a} put the {tool} on the table, next to {thing}, and waited to see who would not look at it.",
        "It was the cup that gave it away, and {a} turned it slowly until the chip faced the door.",
        "“You said it was dark,” said {a}, “and then you told me the colour of the coat.”",
        "{a} read the sum again from the bottom upwards, and this time it came out as a name.",
        "What had been stolen was not {thing} at all, {a} saw, but the hour in which it had been there.",
    ),
)
_HORROR: Final = Genre(
    record="Whoever kept the diary wrote one line for that day",
    troubles=(
        "The scratching came from inside the wall, at the height of a child's hand.",
        "Each of them had locked the {room}, and each of them had found it open.",
        "There was one more coat on the hooks than there were people in the house.",
        "The {light} burned steadily, and the shadow behind it did not.",
        "Somebody was humming on the {street}, the tune that the drowned girl used to hum.",
        "When they counted, they counted right, and still the number was not theirs.",
        "{thing} had been turned to face the wall, and nobody had slept in that room for years.",
    ),
    turns=(
        "{a} did not run, because running was what it knew.",
        "Then {a} spoke to it, in the voice that one keeps for animals, and it came closer.",
        "The only way was down, past the thing on the stairs, and {a} took it with both eyes shut.",
        "{a} held up {thing}, and in the dark something very large began to weep.",
        (
            "It wanted to be let out, that was all; {a} understood too late which side of the door was "
            "the inside."
        ),
    ),
)
_GENERAL: Final = Genre(
    record="There is one line about it in the {paper} of that week",
    troubles=(
        "The money was short by exactly the price of {thing}, and everyone on the {street} knew that price.",
        "The {ride} was late, then very late, then not coming.",
        "Half of {place} had signed, and the other half wanted to know who had held the pen.",
        "The {trade} had locked up early, which had not happened since the flood.",
        "There was a stranger at the table in the {room}, and the stranger had ordered for two.",
        "Word had got about that {thing} was for sale, and word had got about who was selling.",
        "The water stood a hand higher on the steps than it had at noon.",
    ),
    turns=(
        "{a} pushed {thing} across the table and said that it could go to whoever would carry it home.",
        "It took {a} one sentence to end the quarrel, and a week to find it.",
        "{a} sat down, against all custom, on the other side of the table.",
        "In the end {a} told it as it had been, the bad part first.",
        "{a} tore the {paper} in two, gave away one half, and kept the other.",
    ),
)

_WORDS: Final[tuple[tuple[tuple[str, ...], Genre], ...]] = (
    (("horror", "gothic", "ghost", "weird"), _HORROR),
    (("myster", "noir", "crime", "detective", "thriller", "spy", "whodunit"), _MYSTERY),
    (("science", "sci-fi", "scifi", "space", "cyber", "future", "dystop", "android"), _SCIENCE_FICTION),
    (("fantasy", "myth", "fairy", "folk", "sword", "steampunk", "legend"), _FANTASY),
)

GENRES: Final[Mapping[str, Genre]] = {
    "fantasy": _FANTASY,
    "science fiction": _SCIENCE_FICTION,
    "mystery": _MYSTERY,
    "horror": _HORROR,
    "general": _GENERAL,
}


def genre_of(description: str, *, level: TechLevel | None, is_without_magic: bool) -> Genre:
    """The genre of this description, or the nearest that the world can bear: no sensors before there are
    any, and nothing uncanny where there is no magic.
    """
    said = description.casefold()
    genre = next((genre for words, genre in _WORDS if any(word in said for word in words)), _GENERAL)
    if genre is _SCIENCE_FICTION and level is not None and level < TechLevel.MODERN:
        return _MYSTERY
    if is_without_magic and genre is _FANTASY:
        return _GENERAL
    return _MYSTERY if is_without_magic and genre is _HORROR else genre
