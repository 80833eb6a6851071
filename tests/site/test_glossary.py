"""The glossary holds: names in the code avoid the words of its "not" column."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("agents", "universes", "mediaassets", "studio", "dev", "evals")


def avoided_words() -> dict[str, str]:
    """Map each avoided word to the word that the glossary offers; parenthesised entries are not checked."""
    words = {}
    for line in (ROOT / "docs/glossary.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 3 or cells[0] in {"word", "---"}:
            continue
        for avoided in re.sub(r"\([^)]*\)", "", cells[2]).split(","):
            if avoided.strip():
                words[avoided.strip()] = cells[0]
    return words


def names_in(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
    return names


@functools.cache
def in_snake_case(name: str) -> str:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return f"_{snake.strip('_')}_"


def contains(name: str, word: str) -> bool:
    """Return whether ``word`` is a run of whole parts of a snake_case or CamelCase name."""
    return f"_{word}_" in in_snake_case(name)


@pytest.mark.parametrize(
    ("name", "word", "expected"),
    [
        ("ring_for_turns", "ring", True),
        ("string", "ring", False),
        ("CacheLeader", "leader", True),
        ("hold_universe", "hold_universe", True),
        ("threshold_universe", "hold_universe", False),
    ],
)
def test_a_word_is_found_as_a_whole_part_of_a_name(name, word, expected):
    assert contains(name, word) is expected


def test_glossary_has_no_word_that_it_also_avoids():
    words = avoided_words()

    assert len(words) > 10
    assert not set(words) & set(words.values())


def test_code_uses_the_words_of_the_glossary():
    words = avoided_words()
    offences = []
    for path in (file for top in PRODUCT for file in sorted((ROOT / top).rglob("*.py"))):
        if "migrations" in path.parts or "tests" in path.parts:
            continue
        for name in sorted({path.stem, *names_in(path.read_text())}):
            offences += [
                f"{path.relative_to(ROOT)}: {name} (say {words[word]})"
                for word in words
                if contains(name, word)
            ]

    assert offences == []
