"""Texts whose time is measured, and the growth that is computed from it."""

from __future__ import annotations

import pytest

from agents.engine.world import WorldView
from evals import timing
from evals.timing import HOSTILE_SHAPES, crowded_world, growths, ordinary_scene


def test_growth_is_given_per_doubling() -> None:
    assert growths([1_000, 2_000, 4_000], [1.0, 2.0, 8.0]) == [2.0, 4.0]
    assert growths([12_000, 25_000], [12.0, 25.0]) == [2.0]
    assert growths([1_000, 2_000], [1.0]) == []


@pytest.mark.parametrize("name", HOSTILE_SHAPES)
def test_hostile_shape_has_the_length_asked_for(name: str) -> None:
    assert [len(HOSTILE_SHAPES[name](length)) for length in (1_500, 50_000)] == [1_500, 50_000]


def test_ordinary_scene_is_prose_of_the_length_asked_for() -> None:
    scene = ordinary_scene(3_000)

    assert len(scene) == 3_000
    assert not {"{*}", "[["} & set(scene.split())
    assert scene.count("\n\n") >= 2


def test_crowd_is_a_thousand_people_and_mira_is_dead() -> None:
    people = crowded_world().elements

    assert len({person.name for person in people}) == 1_000
    assert [person.traits["status"] for person in people if person.name == "Mira Voss"] == ["dead"]


def test_every_shape_has_a_row_with_its_growth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "best_ms", lambda text, world: len(text) ** 2 / 100)

    lines = list(timing.measure([20, 40]))

    assert lines[0].split() == ["milliseconds", "20", "40", "growth", "per", "doubling"]
    assert lines[1].split() == ["ordinary", "scene", "4.00", "16.00", "4.0"]
    assert len(lines) == 2 + 12


def test_shape_that_takes_too_long_is_not_measured_at_greater_lengths(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measured: list[int] = []

    def measure_slowly(text: str, world: WorldView) -> float:
        measured.append(len(text))
        return 10_001.0

    monkeypatch.setattr(timing, "best_ms", measure_slowly)

    lines = list(timing.measure([20, 40]))

    assert set(measured) == {20}
    assert lines[-1].split() == ["blank", "lines", "10,001.00", "–"]
