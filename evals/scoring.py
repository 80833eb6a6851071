"""Precision and recall of a checker on cases with known answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from evals.cases import Case
from evals.material import TYPES

# The genre implies the technology level where a world does not state one.
_EQUIVALENT = {"genre": "tech_level"}


class Span(Protocol):
    """A part of a text, with the end exclusive."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Flag:
    """A span of the text that a checker objects to, and the rule or fact that it contradicts."""

    source_id: str
    start: int
    end: int


Checker = Callable[[Case], Iterable[Flag]]


@dataclass(slots=True)
class Tally:
    """Counts by type of contradiction.

    A planted contradiction is found if a flag overlaps it and cites the right rule or fact. Every flag elsewhere is a
    false alarm; so is an overlapping flag that cites another rule, unless another flag finds the contradiction.
    """

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    decoys: int = 0
    decoys_flagged: int = 0
    clean: int = 0
    clean_flagged: int = 0

    def add(self, case: Case, flags: Iterable[Flag]) -> None:
        flags = list(flags)
        overlapping = [flag for flag in flags if case.is_planted and overlaps(flag, case)]
        elsewhere = len(flags) - len(overlapping)
        is_found = any(cited_source(flag.source_id) == case.cites for flag in overlapping)
        self.alarms[case.type] += elsewhere + (bool(overlapping) and not is_found)
        if case.is_planted:
            self.planted[case.type] += 1
            self.found[case.type] += is_found
        elif case.kind == "decoy":
            self.decoys += 1
            self.decoys_flagged += bool(flags)
        else:
            self.clean += 1
            self.clean_flagged += bool(flags)

    def precision(self, type_: str = "") -> float | None:
        found = self.found[type_] if type_ else self.found.total()
        alarms = self.alarms[type_] if type_ else self.alarms.total()
        return found / (found + alarms) if found + alarms else None

    def recall(self, type_: str = "") -> float | None:
        planted = self.planted[type_] if type_ else self.planted.total()
        found = self.found[type_] if type_ else self.found.total()
        return found / planted if planted else None

    def f1(self, type_: str = "") -> float | None:
        precision, recall = self.precision(type_), self.recall(type_)
        if precision is None or recall is None:
            return None
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    @property
    def decoy_alarms(self) -> float | None:
        """Return the share of decoys with a flag."""
        return self.decoys_flagged / self.decoys if self.decoys else None


def tally(cases: Iterable[Case], checker: Checker) -> Tally:
    result = Tally()
    for case in cases:
        result.add(case, checker(case))
    return result


def table(result: Tally) -> list[str]:
    """Return lines to print, with a row for all types and one for each."""
    lines = [f"  {'type':<11}{'planted':>8}{'precision':>11}{'recall':>8}{'F1':>7}"]
    for type_ in ("", *TYPES):
        planted = result.planted[type_] if type_ else result.planted.total()
        cells = (result.precision(type_), result.recall(type_), result.f1(type_))
        precision, recall, f1 = ("–" if cell is None else f"{cell:.3f}" for cell in cells)
        lines.append(f"  {type_ or 'all':<11}{planted:>8}{precision:>11}{recall:>8}{f1:>7}")
    share = "" if result.decoy_alarms is None else f" ({result.decoy_alarms:.1%})"
    lines.append(
        f"  false alarms: {result.decoys_flagged} of {result.decoys} decoys{share}, "
        f"{result.clean_flagged} of {result.clean} clean texts"
    )
    return lines


def cited_source(source_id: str) -> str:
    """Return the source that a finding counts for."""
    return _EQUIVALENT.get(source_id, source_id)


def overlaps(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
