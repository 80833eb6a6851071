"""Places by the mock: arrived at from outside, with landmarks that have a reason and a position."""

from __future__ import annotations

from typing import Any, Final

from agents.engine.text import count_words
from agents.mock.grounds import Ground, ground_of
from agents.mock.request import Material
from agents.mock.weave import Weaver, capitalised

_ASKED_MARKS: Final = (
    "Everybody gives directions from it, and nobody agrees on who put it there.",
    "It can be seen from every approach, and children are told to run to it if they are lost.",
    "The {trade} has the care of it, and is paid in {drink}.",
    "Older than everything around it, it is the one thing that no one here would think of moving.",
    "On one day of the year it is lit by every {light} that can be found; on the others it is left alone.",
    "Strangers stop in front of it; people from here touch it in passing, without noticing that they do.",
)
_PASSING: Final = (
    "Past {mark} the ground falls away, and one sees how the rest hangs together.",
    "Nobody can miss {mark}; whatever else has changed, it has not.",
    "All ways lead by {mark} in the end, even those that were laid out to avoid it.",
    "It is at {mark} that people wait for each other, early or late.",
)
_AIRS: Final = (
    "By day there is always a sound somewhere of work being done without haste.",
    "In the evening the air cools quickly and voices carry; people lower theirs without thinking about it.",
    "It smells of {drink}, of damp wood and, when the wind turns, of rain on dust.",
    "A stranger feels looked at, not unkindly, and sooner or later greets somebody first.",
    "The light is best just before it goes; then every surface shows what has been done to it.",
    "Now and then the {bell} sounds, and for a moment everyone is doing the same thing, which is listening.",
)
_HABITS: Final = (
    "Nobody here says that something is far; they say how many songs it takes.",
    "Whoever stays longer than a month is asked to mend something, and whoever mends it well has arrived.",
    "There is a word here for the hour when the {bell} has gone and nobody has moved yet.",
    "Quarrels are settled on foot, walking, and most are over before the next corner.",
    "What is lost in {place} is put where the {light} falls, and is usually there in the morning.",
)
_DIRECTIONS: Final = (
    "north",
    "east",
    "south",
    "west",
    "north-east",
    "south-west",
    "north-west",
    "south-east",
)
_WALKS: Final = (
    "a hundred paces",
    "a short walk",
    "two hundred paces",
    "five minutes on foot",
    "ten minutes on foot",
)


def write_place(material: Material, *, is_weak: bool, is_inconsistent: bool) -> dict[str, Any]:
    weaver = Weaver(material.rng, material.palette, {"place": material.place})
    if is_weak:
        return {
            "description": f"{material.place} is a place. People go there sometimes.",
            "landmarks": [{"name": "A wall", "description": "It is a wall."}],
            "atmosphere": "Quiet.",
            "map_layout": "Not known.",
        }
    ground = ground_of(str(material.given.get("type", "other")))
    marks = _landmarks(material, weaver, ground)
    return {
        "description": _description(material, weaver, ground, marks, is_inconsistent=is_inconsistent),
        "landmarks": marks,
        "atmosphere": " ".join([*weaver.some(_AIRS, 2), f"What stays with one: {material.tone.mood}."]),
        "map_layout": _layout(material, marks),
    }


def _landmarks(material: Material, weaver: Weaver, ground: Ground) -> list[dict[str, str]]:
    asked = [str(name) for name in material.given.get("landmarks", ())]
    texts = weaver.shuffled(_ASKED_MARKS)
    marks = []
    for number, name in enumerate(asked):
        text = (
            weaver.say(texts[number % len(texts)])
            or f"{capitalised(name)} has stood here longer than any memory of it."
        )
        marks.append({"name": name, "description": text})
    known = {name.casefold() for name in asked}
    fitting = [(name, text) for name, text in ground.marks if name.casefold() not in known]
    for name, text in weaver.rng.sample(fitting, max(2, 4 - len(asked)) if len(asked) < 6 else 0):
        marks.append({"name": name, "description": weaver.say(text)})
    return marks


def _description(
    material: Material, weaver: Weaver, ground: Ground, marks: list[dict[str, str]], *, is_inconsistent: bool
) -> str:
    first = weaver.some(ground.afar, 1) + weaver.some(ground.near, 2)
    middle = weaver.some(ground.within, 2)
    last = weaver.some(ground.within, 1)
    passing = weaver.shuffled(_PASSING)
    for template, mark in zip(passing, marks[:2], strict=False):
        middle.append(weaver.say(template, mark=mark["name"]))
    for thing in material.things[:2]:
        last.append(
            weaver.say(
                "People here will also tell you about {thing}, and then change the subject.", thing=thing
            )
        )
        if thing == material.things[0] and len(material.things) > 1:
            last.append(weaver.say("Of the rest they say less, and mean more."))
    known = str(material.given.get("known", {}).get("summary", "")).strip().rstrip(".")
    if known and count_words(known) <= 40:
        first.append(f"{capitalised(known)}.")
    last += weaver.some(_HABITS, 1)
    if is_inconsistent:
        middle.append(
            "Over the main entrance hums a neon sign, and below it somebody is looking for a power outlet."
        )
        middle.append("On a bench a traveller taps at a laptop and complains about the wifi.")
    return "\n\n".join(" ".join(part) for part in (first, middle, last))


def _layout(material: Material, marks: list[dict[str, str]]) -> str:
    """Every landmark gets a bearing of its own, and the distances grow outwards."""
    start = material.rng.randrange(len(_DIRECTIONS))
    lines = [f"The middle of {material.place} is where the ways cross; distances are from there."]
    for number, mark in enumerate(marks):
        direction = _DIRECTIONS[(start + number) % len(_DIRECTIONS)]
        walk = _WALKS[min(number, len(_WALKS) - 1)] if number < len(_DIRECTIONS) else "half an hour on foot"
        lines.append(f"{capitalised(mark['name'])} lies {walk} to the {direction}.")
    way_in = _DIRECTIONS[(start + 2) % 4]
    lines.append(f"The main way in comes from the {way_in} and leads straight to the middle.")
    return " ".join(lines)
