"""How a text begins, pauses and ends, by tone. ``{place}`` and the nouns of the era are filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Tone:
    openings: tuple[str, ...]
    pauses: tuple[str, ...]
    endings: tuple[str, ...]
    mood: str


_DARK: Final = Tone(
    openings=(
        "The rain had been falling on {place} for nine days, and nobody spoke of it any more.",
        (
            "In {place} they counted the dead on the first of the month, so that the rest of it could be "
            "used for work."
        ),
        "Somebody had put out every {light} along the {street}, and it had not been the wind.",
        "The third body of the season came down to {place} with the morning water.",
    ),
    pauses=(
        "Nobody looked up; looking up had become a way of volunteering.",
        "There are silences that wait, and this was one of them.",
        "What was buried under {place} had never been buried deep.",
        "Fear had a smell here, of wet wool and cold ashes.",
        "A dog barked once behind the {street} and was told, quickly, to stop.",
        "The truth was worth something in {place}, mostly to those who could pay to have it lost.",
    ),
    endings=(
        "Behind them the {light} went out, and this time nobody had touched it.",
        "By morning the {street} had been washed clean, and that was how everyone knew.",
        "It was the right thing to have done, and it would cost them the winter.",
        "The door closed without a sound, as doors do that have been oiled for the purpose.",
    ),
    mood="cold light, long shadows, a low and patient dread",
)
_HOPEFUL: Final = Tone(
    openings=(
        "The first warm morning of the year came to {place} and found half the town already out in it.",
        "Somebody was singing behind the {street}, badly, and nobody asked them to stop.",
        "{place} had been mended so often that the mends had become the best part of it.",
        "They had said that the {street} would never open again, and now it was full before breakfast.",
    ),
    pauses=(
        "It was not much, but it was more than there had been yesterday.",
        "A child ran past with a loaf as long as an arm, and two people smiled at the same time.",
        "Kindness in {place} was mostly a matter of leaving the right door unlocked.",
        "For once the good news had travelled faster than the bad.",
        "Things grow back, the old people said, if somebody remembers where they were planted.",
        "The wind turned, and it brought the smell of bread from three streets at once.",
    ),
    endings=(
        "Somebody laughed, then somebody else did, and the {light} burned until the morning made it useless.",
        "There was work left for a hundred days, and for the first time it looked like a hundred good ones.",
        "The {street} filled slowly with people who had only meant to look.",
        "They went home the long way, because for once there was no reason to hurry.",
    ),
    mood="warm early light, open doors, quiet courage",
)
_WHIMSICAL: Final = Tone(
    openings=(
        (
            "On the morning in question the geese of {place} walked in single file, which was generally "
            "agreed to mean something."
        ),
        "{place} had eleven bakers, one opinion about bread, and a feud in every generation to keep it so.",
        "It began, as most things began in {place}, with somebody borrowing a ladder.",
        (
            "The notice on the {street} said that there would be no more notices, and people gathered to "
            "discuss it."
        ),
    ),
    pauses=(
        "A goose looked on with the air of someone taking minutes.",
        "This was considered a normal amount of trouble for the middle of the week.",
        "The oldest house on the {street} leaned a little closer to hear better.",
        "There was a rule against it, but it had been written down on something edible.",
        "Nobody in {place} had ever hurried, and it was felt that this was not the day to start.",
        "Three people offered advice, and a fourth offered to ignore it for a small fee.",
    ),
    endings=(
        "The ladder was returned in the end, slightly longer than it had been.",
        "It was all forgiven by supper, and by breakfast it was a tradition.",
        "The geese walked home in pairs, which settled the matter.",
        "And if you ask about it in {place} today, they will sell you a cake in the shape of it.",
    ),
    mood="bright colours, crooked angles, a grin held just off screen",
)
_EPIC: Final = Tone(
    openings=(
        "Before {place} had walls it had an oath, and the oath was older than the stone.",
        (
            "From the heights above {place} one could see the fires of both armies, and between them "
            "one {light}."
        ),
        "The year that the river ran backwards, they called the last of the captains to {place}.",
        "Songs would be made of that day in {place}, and all of them would leave out the mud.",
    ),
    pauses=(
        "History was in no hurry; it had the whole plain to cross.",
        "Ten thousand people were waiting for an answer that could be given by one.",
        "The banners hung still, as if the wind, too, had been asked to choose.",
        "What their grandparents had sworn was now to be paid, with everything that it had gathered since.",
        "Far off a {bell} sounded, and the line of the hills seemed to stand up straighter.",
        "There was room in that hour for every mistake of a hundred years.",
    ),
    endings=(
        "Then the gates of {place} opened, and the oath went out to meet the morning.",
        "Long afterwards they would say that it was decided there, by the {street}, with so few to see it.",
        "The sun came over the ridge, and for one breath both sides saw each other clearly.",
        "It was not the end of the war, but it was where the end began.",
    ),
    mood="vast skies, banners and dust, the weight of an oath",
)
_TENSE: Final = Tone(
    openings=(
        "There were eleven minutes left when the {bell} sounded in {place}, and it sounded wrong.",
        "Everybody on the {street} was walking a little too slowly.",
        "Somebody in the {room} was lying, and there were only three people in it.",
        "The {paper} had been moved by the width of a finger, and that was enough.",
    ),
    pauses=(
        "Nobody breathed out.",
        "Somewhere above, a board took a weight that it had not carried a moment ago.",
        "There was one way out of the {room}, and someone had just stopped in front of it.",
        "A hand went to the {tool}, and stayed there.",
        "Count to ten, the old hands said, and on the way listen to everything.",
        "The next sound would decide it, so for a while nobody made one.",
    ),
    endings=(
        "The {bell} sounded again, and this time they ran.",
        "When the door opened, everyone in the {room} had already decided where to stand.",
        "Eleven minutes had been enough, with none of them to spare.",
        "Outside, on the {street}, the slow walkers had all turned round.",
    ),
    mood="tight frames, held breath, a door that nobody looks at",
)
_MELANCHOLIC: Final = Tone(
    openings=(
        "In the last week of the season {place} belonged to those who had nowhere else to be.",
        "Most of the names over the doors of {place} were those of people who had left.",
        "The {light} in the upper window had been kept burning for a ship that everyone knew would not come.",
        "It was the kind of evening on which {place} remembered that it had once been larger.",
    ),
    pauses=(
        (
            "Some things are kept because they are needed, and some because nobody can bear to be the one "
            "who throws them out."
        ),
        "The chair by the wall was empty, as it had been for a year, and people still walked around it.",
        "Grief had become a habit by now, like barring the door at night.",
        "Dust lay on the sill, and in the dust the mark of a hand, old and quite small.",
        "It is possible to miss a place while standing in it.",
        "The tide went out, and took its usual small toll of the steps.",
    ),
    endings=(
        "They left the {light} burning, since it did no harm, and since somebody might see it.",
        "By spring another name would hang over the door, and the paint beneath it would show through.",
        "Neither of them said goodbye; it had been said long ago, by others, in the same spot.",
        "The {ride} went without them, and for a while they stood and listened to it go.",
    ),
    mood="fading light, empty chairs, the sound of water going out",
)
_PLAIN: Final = Tone(
    openings=(
        "The day began in {place} as it always did, with an argument about the {ride}.",
        "By the time the {bell} sounded, the {street} was already full.",
        "People came to {place} for one of two reasons, and nobody admitted to the second.",
        "There was a knock at the {room}, at an hour when nobody knocks.",
    ),
    pauses=(
        "It would have been easy to walk on, and most people did.",
        "The smell of {drink} hung in the doorway, warm and a little burnt.",
        "Nothing moved on the {street} but a cat with business elsewhere.",
        "Somebody had swept the step that morning, and somebody had walked over it since.",
        (
            "There were two stories about it in {place}, and both of them were told by people who had not "
            "been there."
        ),
        "Somewhere a door banged twice, and was caught, and was made fast.",
    ),
    endings=(
        "The {street} was as full as before, and nothing on it was quite the same.",
        "That left the matter of who would have to be told first.",
        "Nobody had won, exactly, but the door stood open and the night was mild.",
        "The {bell} sounded the hour, and for once everybody on the {street} stopped to count.",
    ),
    mood="natural light, close observation, an even pulse",
)

TONES: Final[Mapping[str, Tone]] = {
    "dark": _DARK,
    "hopeful": _HOPEFUL,
    "whimsical": _WHIMSICAL,
    "epic": _EPIC,
    "tense": _TENSE,
    "melancholic": _MELANCHOLIC,
    "plain": _PLAIN,
}

_WORDS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "dark",
        ("dark", "grim", "bleak", "gothic", "horror", "noir", "sinister", "ominous", "brutal", "gritty"),
    ),
    (
        "melancholic",
        ("melanchol", "sad", "wistful", "elegiac", "nostalgi", "bittersweet", "somber", "sombre"),
    ),
    (
        "whimsical",
        ("whims", "comic", "funny", "humor", "humour", "playful", "light", "absurd", "satir", "cozy", "cosy"),
    ),
    ("epic", ("epic", "heroic", "grand", "mythic", "legendary", "sweeping")),
    ("tense", ("tense", "suspens", "thrill", "urgent", "paranoi", "mysterious")),
    ("hopeful", ("hope", "warm", "optimis", "uplift", "bright", "gentle", "inspir", "romantic")),
)


def tone_of(*descriptions: str) -> Tone:
    """The tone that the first telling description names; a plain one where none does."""
    for description in descriptions:
        said = description.casefold()
        for name, words in _WORDS:
            if any(word in said for word in words):
                return TONES[name]
    return _PLAIN
