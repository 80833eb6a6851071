"""Outputs of which it is known whether a person would have to mend them, for measuring confidence.

Each is made from a clean passage; a faulty one has exactly one fault, put in by rule: a planted contradiction, a name
that is missing, a text that is too short, breaks off, repeats itself or talks about itself, a landmark that is another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agents.engine.confidence.sampling import draw
from agents.engine.text.matching import paragraphs
from evals.cases import built, held_out
from evals.material import Setting, settings

# What the passages of the benchmark are long.
WORD_RANGE: Final = [60, 260]


@dataclass(frozen=True, slots=True)
class Labelled:
    """What was asked of an agent, and what its model answered. ``fault`` is "" for a good answer."""

    id: str
    agent: str
    world: str
    asked: Mapping[str, Any]
    answer: Mapping[str, Any]
    fault: str


def labelled() -> Iterator[Labelled]:
    """All outputs, in a fixed order. Contradictions and decoys are the held-out ones of the benchmark."""
    for case in held_out():
        fault = "contradiction" if case.is_planted else ""
        make = _scene if draw(case.id, "agent") < 0.7 else _place
        yield make(case.id, settings()[case.world], case.text, fault)
    # A passage as it is belongs to no type; the clean twins of planted sentences are among the held-out ones.
    clean = [case for case in built() if case.kind == "clean" and not case.type]
    for setting in settings().values():
        for case in (one for one in clean if one.world == setting.name):
            yield _scene(f"{case.id}/scene", setting, case.text, "")
            yield _place(f"{case.id}/place", setting, case.text, "")
            for name, spoil in _FAULTS.items():
                if draw(f"{case.id}/{name}", "fault") < 0.3:
                    yield spoil(f"{case.id}/{name}", setting, case.text)


def _scene(id_: str, setting: Setting, text: str, fault: str, **changes: Any) -> Labelled:
    names = [
        one.name for one in setting.world.elements if one.kind == "character" and _first(one.name) in text
    ]
    asked = {"prompt": "A scene.", "characters": names[:1], "word_range": WORD_RANGE}
    answer = {"title": "An Hour", "content": text}
    return Labelled(
        id_,
        "narrative",
        setting.name,
        asked | changes.get("asked", {}),
        answer | changes.get("answer", {}),
        fault,
    )


def _place(id_: str, setting: Setting, text: str, fault: str, **changes: Any) -> Labelled:
    marks = ["the Old Stair", "the Cold Well"]
    asked = {"location_name": setting.world.name, "landmarks": marks}
    answer = {
        "description": text,
        "landmarks": [{"name": name, "description": "Worn, and spoken of with care."} for name in marks],
        "atmosphere": "Quiet, with something under it.",
        "map_layout": "One way in, and two ways round.",
    }
    return Labelled(
        id_,
        "spatial",
        setting.name,
        asked | changes.get("asked", {}),
        answer | changes.get("answer", {}),
        fault,
    )


def _first(name: str) -> str:
    parts = [
        part for part in name.split() if part not in ("Old", "Captain", "King", "Queen", "Doctor", "Admiral")
    ]
    return parts[0]


def _missing_name(id_: str, setting: Setting, text: str) -> Labelled:
    return _scene(id_, setting, text, "missing name", asked={"characters": ["Barnaby Quince"]})


def _too_short(id_: str, setting: Setting, text: str) -> Labelled:
    first = re.split(r"(?<=[.!?])\s+", text)[:2]
    return _scene(id_, setting, " ".join(first), "too short")


def _breaks_off(id_: str, setting: Setting, text: str) -> Labelled:
    words = text.split(" ")
    cut = " ".join(words[: int(len(words) * 0.9)]).rstrip(".,;:!?”")
    return _scene(id_, setting, cut, "breaks off")


def _repeats(id_: str, setting: Setting, text: str) -> Labelled:
    first = paragraphs(text)[0]
    return _scene(id_, setting, f"{text}\n\n{first}", "repeats itself")


def _talks(id_: str, setting: Setting, text: str) -> Labelled:
    prefixes = (
        "Here is the scene you asked for:",
        "Sure! Here is a draft.",
        "As an AI, I have kept to your rules.",
    )
    suffixes = ("I hope this helps!", "Let me know if you would like any changes.", "(Word count: 120)")
    number = int(draw(id_, "meta") * 6)
    whole = f"{prefixes[number]}\n\n{text}" if number < 3 else f"{text}\n\n{suffixes[number - 3]}"
    return _scene(id_, setting, whole, "talks about itself")


def _wrong_landmarks(id_: str, setting: Setting, text: str) -> Labelled:
    others = [{"name": name, "description": "Worn."} for name in ("the New Stair", "the Market Cross")]
    return _place(id_, setting, text, "wrong landmarks", answer={"landmarks": others})


def _empty_part(id_: str, setting: Setting, text: str) -> Labelled:
    return _place(id_, setting, text, "empty part", answer={"atmosphere": " "})


_FAULTS: Final[Mapping[str, Callable[[str, Setting, str], Labelled]]] = {
    "missing-name": _missing_name,
    "too-short": _too_short,
    "breaks-off": _breaks_off,
    "repeats": _repeats,
    "talks": _talks,
    "wrong-landmarks": _wrong_landmarks,
    "empty-part": _empty_part,
}
