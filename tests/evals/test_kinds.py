"""Integrity of the texts by kind, and their scoring; the figures themselves are not judged here."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from agents.engine.checks.finding import Finding, Strength
from evals.held_out import checksum
from evals.kinds.freeze import remove_entries
from evals.kinds.scoring import Score, check_by_rule, misses, score, table
from evals.kinds.texts import HELD_OUT_FILE, Text, held_out_texts, tuning_texts, worlds, worlds_as_json

# Checksum of the frozen texts and of the worlds that they are judged by. A change makes a new benchmark.
FROZEN = "8acf66c46db8fc62039795f6fe94a6141980d324a9fbacc3ce193bbc7ede7c34"
LANGUAGES_WITH_LISTS = {
    "Chinese",
    "Dutch",
    "French",
    "German",
    "Italian",
    "Japanese",
    "Korean",
    "Polish",
    "Portuguese",
    "Russian",
    "Spanish",
}
ALL_TEXTS = (*tuning_texts(), *held_out_texts())


def test_held_out_third_is_frozen() -> None:
    assert checksum(HELD_OUT_FILE, worlds_as_json()) == FROZEN


def test_every_text_is_on_the_side_of_its_hash() -> None:
    assert not [text.id for text in tuning_texts() if text.is_held_out]
    assert not [text.id for text in held_out_texts() if not text.is_held_out]
    assert 0.2 < len(held_out_texts()) / len(ALL_TEXTS) < 0.4
    assert len({text.text for text in ALL_TEXTS}) == len(ALL_TEXTS)


def test_there_are_enough_texts_of_every_kind_and_language() -> None:
    counts = Counter((text.kind, text.is_guilty) for text in ALL_TEXTS)
    languages = Counter((text.language, text.is_guilty) for text in ALL_TEXTS)

    kinds = {text.kind for text in ALL_TEXTS}
    assert len(kinds) == 11
    assert min(counts[kind, False] for kind in kinds) >= 30
    assert min(counts[kind, True] for kind in kinds) >= 15
    assert (
        min(
            languages[language, is_guilty] for language in LANGUAGES_WITH_LISTS for is_guilty in (False, True)
        )
        >= 5
    )


def test_every_guilty_text_cites_a_source_of_its_world_with_words_of_its_own() -> None:
    for text in ALL_TEXTS:
        world = worlds()[text.world]
        ids = {rule.id for rule in world.rules} | {element.id for element in world.elements}
        assert bool(text.cites) is bool(text.quote), text.id
        assert not text.cites or text.cites in ids or getattr(world, text.cites), text.id
        assert not text.quote or text.text.count(text.quote) == 1, text.id


def test_reasons_say_more_than_the_statement() -> None:
    found = [finding for text in tuning_texts()[::8] for finding in check_by_rule(text)]

    assert len(found) > 100
    assert not [finding.why for finding in found if finding.why.endswith(f": {finding.statement}.")]
    assert not [finding.why for finding in found if not finding.why[0].isupper() and finding.why[0] != "“"]


def test_every_world_has_a_key_of_its_own() -> None:
    assert len(worlds()) == sum(len(written) for written in json.loads(worlds_as_json()))


def test_removing_an_entry_keeps_comments_and_neighbours() -> None:
    one, two, three = (f'[[innocent]]\ntext = "{word}"\n' for word in ("one", "two", "three"))

    content = f"# A\n\n{one}\n# B\n{two}\n{three}"

    assert remove_entries(content, {"two"}) == f"# A\n\n{one}\n# B\n{three}"
    assert remove_entries(content, {"three", "four"}) == f"# A\n\n{one}\n# B\n{two}\n"


INNOCENT = Text("k", "ravensey", "English", "A lamp stood there.", "", "")
GUILTY = Text("k", "ravensey", "German", "Ein Handy lag da, kein Buch.", "tech_level", "Ein Handy")


def _finding(source_id: str, start: int, strength: Strength = "proven") -> Finding:
    return Finding("rule", source_id, "a statement", "word", start, "Because.", strength=strength)


@pytest.mark.parametrize(
    ("findings", "accused", "hinted"),
    [
        ([], 0, 0),
        ([_finding("x", 2)], 1, 0),
        ([_finding("x", 2, "likely")], 1, 0),
        ([_finding("x", 2, "hint")], 0, 1),
        ([_finding("x", 2, "hint"), _finding("y", 7), _finding("z", 7)], 1, 0),
    ],
)
def test_innocent_text_is_accused_once_and_never_by_a_hint(
    findings: list[Finding], accused: int, hinted: int
) -> None:
    result = score([INNOCENT], lambda text: findings).all

    assert result == Score(innocent=1, accused=accused, hinted=hinted)


@pytest.mark.parametrize(
    ("findings", "found", "hinted_at", "astray"),
    [
        ([], 0, 0, 0),
        ([_finding("tech_level", 4)], 1, 0, 0),
        ([_finding("genre", 4, "likely")], 1, 0, 0),
        ([_finding("tech_level", 4, "hint")], 0, 1, 0),
        ([_finding("tech_level", 4), _finding("tech_level", 23)], 1, 0, 0),
        ([_finding("tech_level", 4), _finding("x", 4)], 1, 0, 0),
        ([_finding("tech_level", 4), _finding("x", 23)], 1, 0, 1),
        ([_finding("x", 4)], 0, 0, 1),
        ([_finding("tech_level", 9)], 0, 0, 1),
        ([_finding("x", 4, "hint")], 0, 0, 0),
    ],
)
def test_guilty_text_is_found_by_the_right_words_and_source(
    findings: list[Finding], found: int, hinted_at: int, astray: int
) -> None:
    result = score([GUILTY], lambda text: findings).all

    assert result == Score(guilty=1, found=found, hinted_at=hinted_at, astray=astray)


def test_table_has_a_row_for_each_kind_and_language() -> None:
    lines = table(score([INNOCENT, GUILTY], lambda text: [_finding("tech_level", 4)]))

    assert [line.split()[:1] for line in lines[1:]] == [["all"], ["k"], [], ["English"], ["German"]]
    assert lines[1].split() == ["all", "1", "1", "100.0%", "0", "1", "1", "100.0%", "0", "0", "50.0%"]
    assert lines[5].split()[1:] == ["0", "0", "–", "0", "1", "1", "100.0%", "0", "0", "100.0%"]


def test_misses_are_the_accused_and_the_not_found_of_the_tuning_set() -> None:
    innocent = next(text for text in tuning_texts() if not text.is_guilty)
    guilty = next(text for text in tuning_texts() if text.is_guilty)

    listed = list(misses([innocent, guilty], lambda text: []))
    accused = list(misses([innocent], lambda text: [_finding("x", 0)]))

    assert [line.split(" ")[0] for line in listed] == [guilty.id]
    assert innocent.text in accused[0]
    assert "proven: “word” contradicts “a statement” (x)." in accused[0]


def test_misses_refuse_a_held_out_text() -> None:
    with pytest.raises(ValueError, match="is held out"):
        list(misses(held_out_texts()[:1], lambda text: []))
