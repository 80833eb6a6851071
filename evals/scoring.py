"""Precision and recall of a checker on cases with a known answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from evals.cases import Case
from evals.material import TYPES

# Two fields of the frame that say the same: where the technology is silent, the genre speaks for it.
_SAME = {"genre": "tech_level"}


@dataclass(frozen=True, slots=True)
class Flag:
    """What a checker objects to: words of the text, and what they are said to break."""

    source_id: str
    start: int
    end: int


Checker = Callable[[Case], Iterable[Flag]]


@dataclass(slots=True)
class Tally:
    """Counts by type. A planted contradiction is found when a flag lies on it and cites what it breaks.

    Every flag that lies elsewhere is a false alarm, and so is one on the spot that cites another rule, unless the
    contradiction is found by another flag.
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
        on_it = [flag for flag in flags if case.is_planted and _overlaps(flag, case)]
        off_it = len(flags) - len(on_it)
        is_found = any(_SAME.get(flag.source_id, flag.source_id) == case.cites for flag in on_it)
        self.alarms[case.type] += off_it + (bool(on_it) and not is_found)
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
        """The share of decoys that anything was flagged in."""
        return self.decoys_flagged / self.decoys if self.decoys else None


def tally(cases: Iterable[Case], checker: Checker) -> Tally:
    result = Tally()
    for case in cases:
        result.add(case, checker(case))
    return result


def table(result: Tally) -> list[str]:
    """Lines to print: a row for each type, and one for all."""
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


def _overlaps(flag: Flag, case: Case) -> bool:
    return flag.start < case.end and case.start < flag.end
