"""Labelled outputs to measure confidence: good ones, and ones that a person would have to correct.

Each is made from a clean passage. A bad output has exactly one defect, inserted by rule: a planted contradiction, a
missing name, a wrong landmark, or a text that is too short, breaks off, repeats itself or talks about itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agents.engine.confidence.sampling import draw
from agents.engine.text.matching import paragraphs
from evals.cases import all_cases, held_out_cases
from evals.material import Setting, settings

# The length of the passages of the benchmark.
WORD_RANGE: Final = [60, 260]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A request to an agent and the answer of its model; ``defect`` is empty for a good answer."""

    id: str
    agent: str
    world: str
    request: Mapping[str, Any]
    answer: Mapping[str, Any]
    defect: str


def labelled() -> Iterator[Labelled]:
    """Yield all outputs in a fixed order; contradictions and decoys are the held-out ones of the benchmark."""
    for case in held_out_cases():
        defect = "contradiction" if case.is_planted else ""
        make = _scene if draw(case.id, "agent") < 0.7 else _place
        yield make(case.id, settings()[case.world], case.text, defect)
    # Unchanged passages have no type; the clean twins of planted sentences are among the held-out cases.
    clean = [case for case in all_cases() if case.kind == "clean" and not case.type]
    for setting in settings().values():
        for case in (case for case in clean if case.world == setting.name):
            yield _scene(f"{case.id}/scene", setting, case.text, "")
            yield _place(f"{case.id}/place", setting, case.text, "")
            for name, make_defective in _DEFECTS.items():
                if draw(f"{case.id}/{name}", "fault") < 0.3:
                    yield make_defective(f"{case.id}/{name}", setting, case.text)


def _scene(id_: str, setting: Setting, text: str, defect: str, **changes: Any) -> Labelled:
    names = [
        element.name
        for element in setting.world.elements
        if element.kind == "character" and _first_name(element.name) in text
    ]
    request = {"prompt": "A scene.", "characters": names[:1], "word_range": WORD_RANGE}
    answer = {"title": "An Hour", "content": text}
    return Labelled(
        id_,
        "narrative",
        setting.name,
        request | changes.get("request", {}),
        answer | changes.get("answer", {}),
        defect,
    )


def _place(id_: str, setting: Setting, text: str, defect: str, **changes: Any) -> Labelled:
    landmarks = ["the Old Stair", "the Cold Well"]
    request = {"location_name": setting.world.name, "landmarks": landmarks}
    answer = {
        "description": text,
        "landmarks": [{"name": name, "description": "Worn, and spoken of with care."} for name in landmarks],
        "atmosphere": "Quiet, with something under it.",
        "map_layout": "One way in, and two ways round.",
    }
    return Labelled(
        id_,
        "spatial",
        setting.name,
        request | changes.get("request", {}),
        answer | changes.get("answer", {}),
        defect,
    )


def _first_name(name: str) -> str:
    parts = [
        part for part in name.split() if part not in ("Old", "Captain", "King", "Queen", "Doctor", "Admiral")
    ]
    return parts[0]


def _missing_name(id_: str, setting: Setting, text: str) -> Labelled:
    return _scene(id_, setting, text, "missing name", request={"characters": ["Barnaby Quince"]})


def _too_short(id_: str, setting: Setting, text: str) -> Labelled:
    sentences = re.split(r"(?<=[.!?])\s+", text)[:2]
    return _scene(id_, setting, " ".join(sentences), "too short")


def _breaks_off(id_: str, setting: Setting, text: str) -> Labelled:
    words = text.split(" ")
    cut = " ".join(words[: int(len(words) * 0.9)]).rstrip(".,;:!?”")
    return _scene(id_, setting, cut, "breaks off")


def _repeats(id_: str, setting: Setting, text: str) -> Labelled:
    first = paragraphs(text)[0]
    return _scene(id_, setting, f"{text}\n\n{first}", "repeats itself")


def _talks_about_itself(id_: str, setting: Setting, text: str) -> Labelled:
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
    wrong = [{"name": name, "description": "Worn."} for name in ("the New Stair", "the Market Cross")]
    return _place(id_, setting, text, "wrong landmarks", answer={"landmarks": wrong})


def _empty_part(id_: str, setting: Setting, text: str) -> Labelled:
    return _place(id_, setting, text, "empty part", answer={"atmosphere": " "})


_DEFECTS: Final[Mapping[str, Callable[[str, Setting, str], Labelled]]] = {
    "missing-name": _missing_name,
    "too-short": _too_short,
    "breaks-off": _breaks_off,
    "repeats": _repeats,
    "talks": _talks_about_itself,
    "wrong-landmarks": _wrong_landmarks,
    "empty-part": _empty_part,
}
