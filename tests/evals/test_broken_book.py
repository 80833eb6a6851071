"""The broken book: its list of faults is sound, and the checks find these faults and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from agents.engine.checks.finding import Finding
from agents.engine.sources import sources_of
from evals import broken_book
from evals.broken_book import Book, Decoy, Fault, compare
from evals.material import TYPES


@pytest.fixture(scope="module")
def book() -> Book:
    return broken_book.load()


def finding_on(book: Book, quote: str, source_id: str, **fields: Any) -> Finding:
    start = book.story.index(quote)
    return Finding("rule", source_id, statement="", quote=quote, start=start, why="", **fields)


def test_checks_find_the_plain_faults_and_accuse_nothing_else(book: Book) -> None:
    result = compare(broken_book.find_in(book), book)

    assert [(finding.source_id, finding.quote) for finding in result.false] == []
    assert result.found == book.expected


def test_story_has_the_length_of_a_short_story(book: Book) -> None:
    assert 4_800 <= len(book.story.split()) <= 5_400


def test_every_quote_is_in_the_story_once_and_none_overlaps_another(book: Book) -> None:
    passages: list[Fault | Decoy] = [*book.faults, *book.decoys]
    passages.sort(key=lambda passage: passage.start)

    assert [passage.quote for passage in passages if book.story.count(passage.quote) != 1] == []
    ends = [passage.start + len(passage.quote) for passage in passages]
    assert all(end <= passage.start for end, passage in zip(ends, passages[1:], strict=False))


def test_every_source_is_in_the_world(book: Book) -> None:
    ids = {source.id for source in sources_of(book.world)}

    assert {source for fault in book.faults for source in fault.cites} <= ids
    assert {decoy.seems for decoy in book.decoys} <= ids
    assert all(fault.cites for fault in book.faults)


def test_list_is_as_long_and_as_varied_as_it_must_be(book: Book) -> None:
    kinds = Counter(fault.kind for fault in book.faults)

    assert 24 <= len(book.faults) <= 30
    assert len({fault.id for fault in book.faults}) == len(book.faults)
    assert len(book.expected) >= 20
    assert set(kinds) == set(TYPES)
    assert all(fault.why.endswith(".") for fault in book.faults)
    assert len(book.decoys) >= 30
    assert len({decoy.trap for decoy in book.decoys}) >= 20
    assert [fault.start for fault in book.faults] == sorted(fault.start for fault in book.faults)


def test_finding_counts_by_passage_and_source(book: Book) -> None:
    right = finding_on(book, "revolver", "tech_level")
    wrong_source = finding_on(book, "typewriter", "r-dogs")
    on_decoy = finding_on(book, "loose cannon", "tech_level")
    on_innocent_words = finding_on(book, "lapwing", "physics")

    result = compare([right, wrong_source, on_decoy, on_innocent_words], book)

    assert result.found == {"revolver"}
    assert result.missed == {fault.id for fault in book.faults} - {"revolver"}
    assert result.false == (wrong_source, on_decoy, on_innocent_words)
    assert [decoy.quote for decoy in result.decoys] == ["who was a loose cannon at the best of times"]


@pytest.mark.parametrize(("strength", "found"), [("proven", 1), ("likely", 1), ("hint", 0)])
def test_hint_neither_finds_a_fault_nor_accuses(book: Book, strength: str, found: int) -> None:
    findings = [
        finding_on(book, "revolver", "tech_level", strength=strength),
        finding_on(book, "loose cannon", "tech_level", strength=strength),
    ]

    result = compare(findings, book)

    assert (len(result.found), len(result.false), len(result.decoys)) == (found, found, found)


def test_adjacent_words_do_not_overlap(book: Book) -> None:
    fault = next(fault for fault in book.faults if fault.id == "three-moons")
    end = fault.start + len(fault.quote)
    after = Finding("physics", "physics", "", book.story[end : end + 5], end, "")
    before = Finding("physics", "physics", "", book.story[fault.start - 5 : fault.start], fault.start - 5, "")
    last = Finding("physics", "physics", "", book.story[end - 1 : end], end - 1, "")

    result = compare([before, after, last], book)

    assert result.found == {"three-moons"}
    assert result.false == (before, after)


def test_report_counts_add_up(book: Book) -> None:
    lines = broken_book.report()

    result = compare(broken_book.find_in(book), book)
    assert lines[0] == f"Broken book, {len(book.story.split())} words:"
    assert f"of {len(book.expected)} plain faults" in lines[1]
    assert f"{len(result.false)} findings" in lines[2]
    assert len(lines) == 3 + len(book.expected & result.missed) + len(result.false)
