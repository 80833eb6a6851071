"""What places of each type are made of, for the mock's descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Ground:
    """``afar``, ``near`` and ``within`` are the three looks of somebody who arrives; ``marks`` are things
    to find.
    """

    afar: tuple[str, ...]
    near: tuple[str, ...]
    within: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]


_SETTLED: Final = Ground(
    afar=(
        (
            "From the last rise before it, {place} looks smaller than it is, because half of it lies "
            "below the bank."
        ),
        "One smells {place} before one sees it: smoke, wet stone and {drink}.",
        "{place} stands where two roads meet that would both rather have met somewhere else.",
        "{place} grew around a crossing, and still turns its best face to the water.",
    ),
    near=(
        (
            "The outer streets are narrow and bend without reason; the reason was a wall that has since "
            "been sold as stone."
        ),
        (
            "At the edge the {trade} has set up shop, since every stranger has to pass and few of them "
            "know the price."
        ),
        (
            "Carts are not let in after dark, so a second, poorer market has grown up outside and lasts "
            "until midnight."
        ),
        (
            "Roofs lean towards each other here, and in the gaps between them lines of washing cut the "
            "sky into strips."
        ),
    ),
    within=(
        (
            "In the middle the ground opens at last, and everything that is bought, sworn or quarrelled "
            "over happens there."
        ),
        (
            "People live above their work and below their debts, as the saying goes, and keep a {light} "
            "in the stairwell."
        ),
        "There are two kinds of streets: those that flood, and those whose people say that theirs do not.",
        (
            "The old families hold the high side, the new ones the low, and the {bell} is rung from "
            "exactly between them."
        ),
        (
            "After the {bell} the doors close one by one, and the {street} belongs to cats and to those "
            "who are paid to be awake."
        ),
    ),
    marks=(
        (
            "the Salt Stair",
            "Ninety worn steps down to the water, white along the edges; bargains made on them are binding.",
        ),
        (
            "the Leaning House",
            (
                "Four storeys, none of them straight; it has been about to fall for longer than "
                "anyone has lived."
            ),
        ),
        (
            "the Widow's Well",
            "A covered well with a stone seat, where news is heard an hour before it is announced.",
        ),
        (
            "the Blind Gate",
            "A walled-up arch that still has its own gatekeeper, who is paid out of a forgotten legacy.",
        ),
        (
            "the Tanners' Field",
            "Open ground nobody builds on; what was buried there in the bad year is not discussed.",
        ),
        ("the Long Table", "A single slab under an open roof, where anyone may eat who has worked that day."),
    ),
)
_WILD: Final = Ground(
    afar=(
        (
            "Seen from the pass, {place} is a darker fold in dark land, and easy to take for the shadow "
            "of a cloud."
        ),
        (
            "{place} begins without a border: the path thins, the birds change, and one notices that one "
            "has stopped talking."
        ),
        "For most of the year a low mist hides {place}, and those who know it prefer to come when it does.",
    ),
    near=(
        (
            "The ground gives a little at every step and closes again behind the foot, so that nobody can "
            "be followed."
        ),
        (
            "Old blazes on the trees mark a way that no longer leads where it did, and one learns to read "
            "what grows over them."
        ),
        "Water is never far, and never quite where one hears it.",
        "Here the wind comes from three sides, and what it carries is rain, resin and, faintly, smoke.",
    ),
    within=(
        "In the heart of it the trees stand well apart, as if each had been given room to turn.",
        (
            "Hunters from outside leave the {tool} at the first stone, by custom, and take it up again "
            "when they go."
        ),
        (
            "There are signs of people: a ring of blackened stones, a {cloth} on a branch, a name cut "
            "high in the bark."
        ),
        "At dusk everything is loud for the space of a hundred breaths, and then nothing is.",
        "Whoever sleeps here sleeps lightly, and wakes with the feeling of having been asked something.",
    ),
    marks=(
        (
            "the Three Sisters",
            "Three grey stones, twice as tall as a man, warm on the north side; nobody camps between them.",
        ),
        (
            "the Drowned Oak",
            "A dead tree in the middle of black water; herons nest in it, and they are counted every spring.",
        ),
        ("the Speaking Rock", "A split boulder that gives back every word a moment late and a little lower."),
        (
            "the White Ford",
            "A bank of pale gravel, the only safe crossing, which moves by some steps each year.",
        ),
        ("the Last Cairn", "A heap of stones to which every traveller adds one; it is taller than a house."),
        ("the Hollow", "A bowl in the ground, always dry and always still, where snow does not lie."),
    ),
)
_BUILT: Final = Ground(
    afar=(
        "{place} was built to be seen from far off, and later altered so that one could see far from it.",
        (
            "{place} shows a plain face: few openings, good stone, a single door that is larger than "
            "it has to be."
        ),
        "Whoever first sees {place} takes it for two buildings, and is nearly right.",
    ),
    near=(
        (
            "Close to, one finds the repairs: newer stone, a different hand, a lintel that was once "
            "something else."
        ),
        (
            "The approach is steep on purpose, and turns twice, so that everybody arrives short of breath "
            "and in view."
        ),
        "Beside the door hangs a {tool} on a chain; strangers knock with it, and people of the house do not.",
    ),
    within=(
        "Inside it is cooler than outside in every season, and every step is answered from above.",
        (
            "The rooms lie one behind another like the parts of an argument, and only the last one has a "
            "window to the east."
        ),
        "A {light} is kept in the {room}, by rule, and the rule is older than the reason.",
        (
            "The floors dip where people have always walked, so that one could find the way in the dark "
            "by the soles."
        ),
        "Somebody has carved small figures into the beams, all of them working and none of them looking up.",
    ),
    marks=(
        (
            "the Turning Stair",
            (
                "A stair that winds the wrong way round; those who built it were left-handed, or expected to "
                "be attacked by people who were."
            ),
        ),
        (
            "the Cold Hearth",
            "A fireplace large enough to stand in, never lit; the draught in it hums before a storm.",
        ),
        ("the Listening Gallery", "A narrow passage above the hall from which every word below is clear."),
        (
            "the Reader's Niche",
            "A seat in the thickness of the wall, polished by use, with a shelf for exactly one {paper}.",
        ),
        ("the Iron Door", "Three hands thick, without lock or handle on this side."),
        (
            "the Well Room",
            "A round chamber with a shaft in the floor; a pebble dropped in is heard after four breaths.",
        ),
    ),
)
_RUINED: Final = Ground(
    afar=(
        "What is left of {place} stands in a line, like teeth, along the edge of the high ground.",
        "{place} still has its outline; grass has taken the rest, and the grass is greener there.",
        "From a distance {place} looks merely closed, as if the people had gone out for the day.",
    ),
    near=(
        (
            "The way in leads over the fallen gate, and somebody has laid planks across the worst of it, "
            "not long ago."
        ),
        "Between the walls the air is warmer, and smells of nettles and old smoke.",
        "Doorways stand without walls and walls without doors, and one soon stops going round.",
    ),
    within=(
        (
            "In the middle a floor has survived, swept clean by the wind, with a pattern that can only be "
            "seen from above."
        ),
        (
            "Whoever left had time to pack, but not to choose: there are hooks without {cloth}, shelves "
            "without jars, a cradle."
        ),
        "The names on the stones were cut away by hand, carefully, every one except the smallest.",
        "Shepherds use one corner, and leave it at nightfall, and say that it is because of the damp.",
        "Rain has found its way down through four floors, and made a garden of the lowest.",
    ),
    marks=(
        (
            "the Open Arch",
            "A single arch, standing by its own weight; swallows fly through it and never round it.",
        ),
        (
            "the Stump Tower",
            "Two storeys of a tower that had nine, with a fig tree growing out of the break.",
        ),
        ("the Ash Floor", "A black layer, a hand deep, wherever one digs; it is all from one night."),
        ("the Empty Plinth", "A base for a statue that nobody describes in the same way."),
        ("the Cistern", "A vault full of clear water, with pillars going down into the dark."),
        ("the Planted Row", "Seven fruit trees in a straight line, still pruned by someone."),
    ),
)

_BY_TYPE: Final[Mapping[str, Ground]] = {
    "city": _SETTLED,
    "town": _SETTLED,
    "village": _SETTLED,
    "wilderness": _WILD,
    "landscape": _WILD,
    "structure": _BUILT,
    "interior": _BUILT,
    "ruin": _RUINED,
}


def ground_of(place_type: str) -> Ground:
    return _BY_TYPE.get(place_type, _SETTLED)
