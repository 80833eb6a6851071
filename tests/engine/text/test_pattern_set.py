"""Sets of patterns that are tried only where the words that they need occur."""

from __future__ import annotations

import re

import pytest

from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.pattern_set import PatternSet, needs_of


@pytest.mark.parametrize(
    ("pattern", "flags", "needs"),
    [
        (r"\w+ was about to turn \w+", 0, (" was about to turn ",)),
        (r"(?P<who>\w+),? (?:who )?turned (?P<age>\w+)", 0, ("turned ",)),
        (r"\w+ (?:eyes|gaze)\b", 0, (" eyes", " gaze")),
        (r"\w+ (?:Eyes|Gaze)\b", re.IGNORECASE, (" eyes", " gaze")),
        # What may be left out is no need, and of many choices none is one.
        (r"\w+(?: birthday)? \w+", 0, ()),
        (r"\w+ (?:one|two|three|four|five|six)\b", 0, ()),
        (r"\w+ (?i:Birthday)", 0, (" birthday",)),
        # Few words are joined with what stands beside them.
        (r"\w+ (?:was|is) (?:now )?\w+", 0, (" was ", " is ")),
        (r"[Tt]he mill\b", 0, ("the mill",)),
        (r"\w+ an", 0, (" an",)),
        (r"\w+ a", 0, ()),
    ],
)
def test_needs_are_the_words_that_each_match_contains(
    pattern: str, flags: int, needs: tuple[str, ...]
) -> None:
    assert set(needs_of(re.compile(pattern, flags))) == set(needs)


def test_set_finds_what_its_patterns_find_one_by_one() -> None:
    patterns = [
        lazy_pattern(r"[\ue000-\uf8ff] was (?:only )?ten\b"),
        lazy_pattern(r"\b(?:she|he) turned ten\b", re.IGNORECASE),
        lazy_pattern(r"[\ue000-\uf8ff]'s tenth birthday\b"),
    ]
    found = PatternSet((pattern, number) for number, pattern in enumerate(patterns))

    for text in (
        "\ue000 was ten.",
        "She TURNED ten.",
        "\ue001's tenth birthday, and \ue000 was only ten.",
        "Ten.",
        "",
    ):
        one_by_one = [
            (m.span(), number) for number, pattern in enumerate(patterns) for m in pattern.finditer(text)
        ]
        assert [(match.span(), number) for match, number in found.find(text)] == one_by_one


def test_pattern_of_a_person_is_not_tried_on_a_sentence_without_one() -> None:
    found = PatternSet([(lazy_pattern(r"[\ue000-\uf8ff] sat"), "act"), (lazy_pattern(r"\w+ sat"), "any")])

    assert [item for _, item in found.find("Nobody sat.")] == ["any"]
    assert [item for _, item in found.find("\ue000 sat.")] == ["act"]
