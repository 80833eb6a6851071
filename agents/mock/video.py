"""Video prompts by the mock: present tense, only what a camera sees."""

from __future__ import annotations

from typing import Any, Final

from agents.mock.request import Material
from agents.mock.weave import Draft, Weaver, capitalised, listed

_WIDE: Final = (
    "{place} in the last light of the day, smoke and mist lying low over the {street}.",
    "First light over {place}; the {street} is empty but for the {ride}, standing still.",
    "Rain moves across {place} in slow curtains, and behind it one {light} burns.",
)
_MIDDLE: Final = (
    "{a} walks along the {street}, a wet {cloth} pulled tight, not looking back.",
    "{a} pushes open the door of the {room}; dust turns in the beam of the {light}.",
    "{a} stops, turns the head slowly, listens; somewhere behind sounds the {bell}.",
    "At the end of the {street}, {a} waits beside the {ride}, quite still.",
)
_CLOSE: Final = (
    "Hands turn the {tool} over and over; the knuckles are white, the nails broken.",
    "The {paper} is unfolded, one crease at a time, until it lies flat on dark wood.",
    "Water runs down the {light}, breaks its glow into threads, and drips from the rim.",
    "A face half in shadow; the eyes move from left to right, reading, and stop.",
)
_THING: Final = (
    "{thing} fills the frame, worn and unremarkable, then catches the light along one edge.",
    "Between them lies {thing}; neither of them touches it.",
)
_END: Final = (
    "Figures grow small on the {street}; the {light} in the foreground gutters and steadies.",
    "The door of the {room} swings slowly to, and the last strip of light narrows to nothing.",
    "From high above, {place} spreads out under a heavy sky, one {light} moving through it.",
)
_MOVES: Final = {
    "wide": (
        "static wide, low horizon",
        "slow aerial drift from left to right",
        "wide, the camera descends to eye level",
    ),
    "middle": (
        "medium tracking shot at walking pace",
        "medium shot, slow dolly in",
        "over the shoulder, handheld",
    ),
    "close": ("macro close-up, shallow focus", "extreme close-up, locked off", "close-up, slow tilt down"),
    "end": ("slow crane up and away", "static wide held for a breath too long", "slow pull back"),
}
_WORK: Final = (
    "Long lenses and patient moves; the camera keeps at eye level and lets people walk out of the frame.",
    "Steady, low and close to the ground, with one wide frame at each end to breathe in.",
    "Handheld where people are, locked off where they are not; every cut falls on a movement.",
)


def write_video_prompt(material: Material, *, is_weak: bool, is_inconsistent: bool) -> dict[str, Any]:
    names = [str(person["name"]) for person in material.cast]
    lead = names[0] if names else f"a {material.palette['trade'][0]}"
    weaver = Weaver(
        material.rng,
        material.palette,
        {"place": material.place, "a": lead, "thing": "".join(material.things[:1])},
    )
    if is_weak:
        content = "A place. Somebody is there."
        shots = [_shot(weaver, "A place.", "wide")]
        return {"title": "Somewhere", "content": content, "shots": shots, "camera": "static", "mood": "quiet"}

    frames = [
        ("wide", weaver.some(_WIDE, 1)),
        ("middle", weaver.some(_MIDDLE, 2)),
        ("close", weaver.some(_CLOSE, 1)),
    ]
    if material.things:
        frames.append(("close", weaver.some(_THING, 1)))
    if len(names) > 1:
        frames.append(
            (
                "middle",
                [f"Together in one frame: {listed(names)}, shoulder to shoulder, faces lit from below."],
            )
        )
    if is_inconsistent:
        frames.append(("close", ["On the table, lit by its own screen, lies a smartphone."]))
    frames.append(("end", weaver.some(_END, 1)))
    shots = [_shot(weaver, frame, size) for size, sentences in frames for frame in sentences]
    return {
        "title": f"{capitalised(material.place)}, Before Dark"[:120],
        "content": _content(material, weaver, shots),
        "shots": shots,
        "camera": material.rng.choice(_WORK),
        "mood": material.tone.mood,
    }


def _content(material: Material, weaver: Weaver, shots: list[dict[str, Any]]) -> str:
    wanted = material.given.get("wanted", {})
    least, most = int(wanted.get("min_words", 60)), int(wanted.get("max_words", 400))
    draft = Draft(most)
    together = [shot["description"] for shot in shots if shot["description"].startswith("Together")]
    draft.add(0, together)
    draft.add(0, [shot["description"] for shot in shots if shot["description"] not in together])
    if material.gist:
        draft.add(0, [f"What it shows, in one line: {material.gist}."])
    draft.add(0, [f"The whole has {material.tone.mood}."])
    for template in weaver.shuffled([*_WIDE, *_MIDDLE, *_CLOSE, *_END] * 12):
        if draft.words >= least + 5:
            break
        draft.add(0, [weaver.say(template)])
    return draft.text()


def _shot(weaver: Weaver, description: str, size: str) -> dict[str, Any]:
    return {
        "description": description,
        "camera": weaver.rng.choice(_MOVES[size]),
        "duration_s": weaver.rng.randint(3, 7),
    }
