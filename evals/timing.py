"""Time of the checks by length of a text: an ordinary scene, and shapes that are hostile to pattern matching."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any, Final

from agents.engine import checks
from agents.engine.text.reading import read
from agents.engine.world import Element, WorldView
from evals.cases import all_cases
from evals.material import settings

LENGTHS: Final = (1_500, 3_000, 6_000, 12_000, 25_000, 50_000)
# A shape that took longer is not measured at greater lengths.
_PATIENCE_MS: Final = 10_000
_ORDINARY_WORLD: Final = "bellmarsh"
_SYLLABLES: Final = ("ba", "cor", "dal", "fen", "gri", "hol", "ja", "kel", "lum", "mor")

Shape = Callable[[int], str]


def measure(lengths: Sequence[int] = LENGTHS) -> Iterator[str]:
    """Yield lines to print, one as soon as each shape is measured, with the growth per doubling of the length."""
    yield f"  {'milliseconds':<20}{''.join(f'{length:>9,}' for length in lengths)}   growth per doubling"
    yield _row("ordinary scene", ordinary_scene, settings()[_ORDINARY_WORLD].world, lengths)
    world = crowded_world()
    for name, shape in HOSTILE_SHAPES.items():
        yield _row(name, shape, world, lengths)


def best_ms(text: str, world: WorldView) -> float:
    """Return the processor time of the fastest of up to ten runs within about a second."""
    times: list[float] = []
    while len(times) < 10 and sum(times) < 1_000:
        read.cache_clear()
        started = time.process_time()
        checks.check(text, world)
        times.append((time.process_time() - started) * 1_000)
    return min(times)


def growths(lengths: Sequence[int], times_ms: Sequence[float]) -> list[float]:
    """Return how many times longer each length took than the one before, in proportion to a doubling."""
    pairs = zip(lengths, lengths[1:], times_ms, times_ms[1:], strict=False)
    return [after / before * 2 * shorter / longer for shorter, longer, before, after in pairs]


def ordinary_scene(length: int) -> str:
    """Return the clean passages of a world, one after the other."""
    cases = (case for case in all_cases() if case.world == _ORDINARY_WORLD)
    passages = [case.text for case in cases if case.kind == "clean" and not case.type]
    return _repeat("".join(f"{passage}\n\n" for passage in passages), length)


def crowded_world() -> WorldView:
    """Return a cosy world of 1,000 named people, among them Mira Voss, who is dead."""
    people = [
        Element(id=f"c-{number}", kind="character", name=name, traits=_traits(number))
        for number, name in enumerate(people_names())
    ]
    return WorldView(
        name="Crowd",
        tone="cosy",
        tech_level="medieval",
        magic_system="There is no magic.",
        elements=tuple(people),
    )


def people_names() -> list[str]:
    """Return 1,000 different names of two words."""
    firsts = [one + other for one in _SYLLABLES for other in _SYLLABLES]
    names = [f"{first} {last}son".title() for last in _SYLLABLES for first in firsts]
    return ["Mira Voss", *names[1:]]


def _traits(number: int) -> dict[str, Any]:
    traits = {
        "pronoun": ("she", "he")[number % 2],
        "age": 18 + number % 60,
        "eyes": ("green", "brown", "grey")[number % 3],
        "hair": ("black", "red")[number % 2],
    }
    return {**traits, "status": "dead"} if number % 5 == 0 else traits


def _row(name: str, shape: Shape, world: WorldView, lengths: Sequence[int]) -> str:
    times: list[float] = []
    for length in lengths:
        times.append(best_ms(shape(length), world))
        if times[-1] > _PATIENCE_MS:
            break
    cells = "".join(f"{time_ms:>9,.2f}" for time_ms in times) + "        –" * (len(lengths) - len(times))
    return f"  {name:<20}{cells}   {' '.join(f'{growth:.1f}' for growth in growths(lengths, times))}"


def _repeat(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def _repeated(unit: str) -> Shape:
    return lambda length: _repeat(unit, length)


def _nested_quotes(length: int) -> str:
    depth = length // 4
    return "“‘" * depth + "’”" * depth


_NAMES: Final = " ".join(people_names())
_NAMES_AND_PRONOUNS: Final = " ".join(
    f"{name} {words}"
    for name, words in zip(people_names(), cycle(["said she", "and he", "her eyes", "his"]), strict=False)
)
HOSTILE_SHAPES: Final[Mapping[str, Shape]] = {
    "“a” blood “b”": _repeated("“a” blood “b” "),
    "Blood.": _repeated("Blood. "),
    "Mira said no, and": _repeated("Mira said no, and "),
    "one sentence": _repeated("the old road went on past the mill and the ford and "),
    "open quotes": _repeated("“ "),
    "one word": _repeated("smartphonesorcerer"),
    "commas": _repeated(","),
    "names": _repeated(f"{_NAMES} "),
    "names and pronouns": _repeated(f"{_NAMES_AND_PRONOUNS} "),
    "nested quotes": _nested_quotes,
    "if if if": _repeated("if "),
    "blank lines": _repeated("\n"),
}
