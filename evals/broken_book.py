"""The broken book: a short story with documented faults and decoys, and a comparison of findings with that list."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path
from typing import Final

from agents.engine import checks
from agents.engine.checks.finding import Finding
from agents.engine.world import WorldView

FOLDER: Final = Path(__file__).resolve().parent / "broken_book"


@dataclass(frozen=True, slots=True)
class Fault:
    """A planted contradiction; each of ``cites`` is an id of a source that it contradicts.

    ``is_expected``: a checker without a model should find it. The others are implied.
    """

    id: str
    kind: str
    cites: tuple[str, ...]
    quote: str
    why: str
    start: int
    is_expected: bool


@dataclass(frozen=True, slots=True)
class Decoy:
    """A passage that only seems to contradict the source ``seems``; ``trap`` says why it does not."""

    trap: str
    seems: str
    quote: str
    start: int


@dataclass(frozen=True, slots=True)
class Book:
    """The story with its world, its planted faults in the order of the story, and its decoys."""

    world: WorldView
    story: str
    faults: tuple[Fault, ...]
    decoys: tuple[Decoy, ...]

    @property
    def expected(self) -> frozenset[str]:
        return frozenset(fault.id for fault in self.faults if fault.is_expected)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ids of the faults that were found and missed, and the findings that found none.

    ``decoys`` are those that a false finding overlaps; other false findings are on innocent passages.
    """

    found: frozenset[str]
    missed: frozenset[str]
    false: tuple[Finding, ...]
    decoys: tuple[Decoy, ...]


@cache
def load() -> Book:
    world = tomllib.loads((FOLDER / "world.toml").read_text(encoding="utf-8"))["world"]
    story = (FOLDER / "story.md").read_text(encoding="utf-8")
    listed = tomllib.loads((FOLDER / "faults.toml").read_text(encoding="utf-8"))
    faults = tuple(
        Fault(
            id=entry["id"],
            kind=entry["kind"],
            cites=tuple(entry["cites"]),
            quote=entry["quote"],
            why=entry["why"],
            start=story.index(entry["quote"]),
            is_expected=entry.get("expected", True),
        )
        for entry in listed["faults"]
    )
    decoys = tuple(
        Decoy(trap, entry["seems"], entry["quote"], story.index(entry["quote"]))
        for trap, entries in listed["decoys"].items()
        for entry in entries
    )
    return Book(WorldView.from_mapping(world), story, faults, decoys)


def compare(findings: Iterable[Finding], book: Book) -> Comparison:
    """Compare the proven and the likely findings with the list of faults; hints are ignored.

    A fault is found by a finding that overlaps its quote and cites one of its sources. Every other finding is false,
    even on the words of a fault: the reviewer would be shown the wrong rule.
    """
    found: set[str] = set()
    false: list[Finding] = []
    for finding in findings:
        if finding.strength == "hint":
            continue
        hits = {
            fault.id
            for fault in book.faults
            if finding.source_id in fault.cites and _overlaps(finding, fault)
        }
        found |= hits
        if not hits:
            false.append(finding)
    decoys = (decoy for decoy in book.decoys if any(_overlaps(finding, decoy) for finding in false))
    missed = frozenset(fault.id for fault in book.faults) - found
    return Comparison(frozenset(found), missed, tuple(false), tuple(decoys))


def find_in(book: Book) -> tuple[Finding, ...]:
    """Return the findings of the checks, which run without a limit of time here."""
    return checks.report(book.story, book.world, budget_s=inf).findings


def report() -> list[str]:
    """Return lines to print: what the deterministic checks find in the book, miss in it and wrongly accuse."""
    book = load()
    result = compare(find_in(book), book)
    expected, implied = result.found & book.expected, result.found - book.expected
    lines = [
        f"Broken book, {len(book.story.split())} words:",
        f"  found: {len(expected)} of {len(book.expected)} plain faults, "
        f"{len(implied)} of {len(book.faults) - len(book.expected)} implied ones",
        f"  false: {len(result.false)} findings, on {len(result.decoys)} of {len(book.decoys)} decoys",
    ]
    missed = [fault for fault in book.faults if fault.id in result.missed & book.expected]
    lines += [f"  missed: {fault.id} ({fault.kind}): {fault.quote}" for fault in missed]
    lines += [f"  false: {finding.kind}, {finding.source_id}: {finding.quote}" for finding in result.false]
    return lines


def _overlaps(finding: Finding, passage: Fault | Decoy) -> bool:
    return finding.start < passage.start + len(passage.quote) and passage.start < finding.end
