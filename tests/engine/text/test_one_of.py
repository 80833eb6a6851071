"""Tests of patterns for one of many words."""

from __future__ import annotations

import re

import pytest

from agents.engine.text.vocabulary import COLOURS, KIN, ROLES
from agents.engine.text.word_forms import one_of


@pytest.mark.parametrize(
    "words", [ROLES, list(KIN), list(COLOURS), ["a"], ["a", "ab", "abc"], ["x-y", "x.y", "z"]]
)
def test_pattern_of_words_matches_these_words_alone(words: list[str]) -> None:
    pattern = re.compile(one_of(words))

    assert all(pattern.fullmatch(word) for word in words)
    assert not any(
        pattern.fullmatch(other) for word in words for other in (word[:-1], f"{word}q") if other not in words
    )


def test_longest_word_is_matched() -> None:
    found = re.match(one_of(["prince", "priest", "princess", "priestess"]), "princesses")

    assert found is not None
    assert found.group() == "princess"
