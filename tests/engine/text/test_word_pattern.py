"""Patterns that are tried only where they can match."""

from __future__ import annotations

import re

import pytest

from agents.engine.checks.world import shown_magic, tone, words
from agents.engine.text.reading import Reading
from agents.engine.text.word_pattern import WordPattern

PATTERNS = (
    r"(?<![\w-])(?:e-?mails?|gps|tv|x-rays?|(?<!the )drones?(?! of))(?![\w-])",
    r"\bsw(?:ims?|am|um|imming)\b",
    r"(?:god)?damn(?:ed)?\b",
    r"\b(?:motor ?cars?|felt[- ]tips?|wi-?fi)\b",
    r"\bre\w+ed\b",
    r"(?:the )?Old Mill\b",
    r"\b(?:a|an|one) (?:cat|dog)\b",
    r"[aou]x\b",
    r"\w+ing\b",
    r"“no”",
    r"\b(?:one dog\b|one (?:dog|cat)s?|(?:the )?old mill|two \w+)\b(?!,)",
    r"\b(?:\d+|some) (?:owls?|cars)\b",
)
TEXTS = (
    "An email came. The e-mails stopped; his GPS, a TV, an X-ray and a drone.",
    "She swam on. He swims. Goddamned fish! Damn, they were swimming.",
    "A motorcar and two motor cars. Wifi, wi-fi, felt-tips, a felt tip.",
    "He returned. Old Mill stood there, the old mill. One dog, a cat.",
    "An ox and an axe. Singing helps. “No” was all.",
    "One dogs, one dog. One dog, one cat; the old mill and two 1st cars. 12 owls saw 3 cars, some owls none.",
    "",
)
# The patterns that are made from the facts of a world are left out.
OF_CHECKS = (
    words.MADE_WORDS,
    *(made for _, made in words._MADE),
    *(tone._KILLS, tone._MAIMS, tone._WOUND, tone._GORE, tone._BARE, tone._PROFANE, tone._SLANG),
    shown_magic._SHOWN,
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_finds_what_a_search_of_the_whole_text_finds(pattern: str) -> None:
    found = 0
    for text in TEXTS:
        whole = [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
        assert [match.span() for match in WordPattern.of(pattern).find(Reading(text))] == whole
        found += len(whole)
    assert found, "the texts do not try this pattern"


@pytest.mark.parametrize(
    ("pattern", "words", "stems"),
    [
        (r"\b(?:tv|gps)\b", {"tv", "gps"}, set()),
        (r"wi-?fi", {"wi"}, {"wifi"}),
        (r"sw[ai]m", set(), {"swam", "swim"}),
        (r"re\w+", set(), {"re"}),
        (r"(?:god)?damn", set(), {"godd", "damn"}),
        (r"the (?:mill|ford)", {"the"}, set()),
        (r"\d+ owls", set(), set("0123456789")),
        (r"\w+ing", set(), set()),
        (r"(?:a )?\w+", set(), set()),
    ],
)
def test_reads_the_first_words_of_a_pattern(pattern: str, words: set[str], stems: set[str]) -> None:
    read = WordPattern.of(pattern)
    assert (set(read.words), set(read.stems)) == (words, stems)


def test_passes_over_sentences_without_the_words() -> None:
    reading = Reading("He walked home. She swam.")
    assert WordPattern.of(r"\bswam\b").first_words(reading) == frozenset({"swam"})
    assert WordPattern.of(r"\bran\b").first_words(reading) == frozenset()
    assert WordPattern.of(r"\w+").first_words(reading) is None


def test_finds_only_in_sentences_with_the_words_near() -> None:
    reading = Reading("The old owl sat. An owl flew by. Owls flew south.")
    found = WordPattern.of(r"\bowls?\b").find(reading, frozenset(("flew", "swam")), frozenset(("by", "old")))
    assert [match.span() for match in found] == [(20, 23)]


@pytest.mark.parametrize("pattern", OF_CHECKS)
def test_patterns_of_the_checks_begin_with_known_words(pattern: WordPattern) -> None:
    """Any other is tried at each place of a text, which takes hundreds of times as long."""
    assert pattern.words or pattern.stems
