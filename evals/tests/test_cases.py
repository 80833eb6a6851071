"""The benchmark itself: enough cases, true by how they are made, and a third that nobody can tune on unseen."""

from __future__ import annotations

import hashlib
from collections import Counter

from evals.cases import HELD_OUT, built, held_out, tuned
from evals.material import TYPES, settings

# Of the frozen file. A change of it is a new benchmark, and its figures cannot be compared with those before.
FROZEN = "5a30ec17833d8063619dbca9fc0753b2388d238570e00f5baca81ebb735beca7"


def test_held_out_third_is_frozen() -> None:
    assert hashlib.sha256(HELD_OUT.read_bytes()).hexdigest() == FROZEN


def test_frozen_cases_are_what_the_worlds_still_make() -> None:
    assert tuple(case for case in built() if case.is_held_out) == held_out()


def test_there_are_enough_cases_of_every_type_and_kind() -> None:
    kinds = Counter(case.kind for case in built())
    types = Counter(case.type for case in built() if case.is_planted)

    assert len(settings()) >= 12
    assert sum(len(setting.passages) for setting in settings().values()) >= 60
    assert len(built()) >= 400
    assert kinds["planted"] >= 400
    assert kinds["decoy"] >= 200
    assert set(types) == set(TYPES)
    assert len({case.id for case in built()}) == len(built())
    assert 0.3 < len(held_out()) / len(built()) < 0.4


def test_no_family_is_on_both_sides() -> None:
    assert not {case.family for case in tuned()} & {case.family for case in held_out()}


def test_planted_words_stand_where_the_case_says_and_in_no_clean_passage() -> None:
    clean = {
        (case.world, case.family): case.text for case in built() if case.kind == "clean" and not case.type
    }

    for case in built():
        words = case.text[case.start : case.end]
        assert bool(words) is case.is_planted, case.id
        if "/swap-" in case.id:
            twin = clean[case.world, case.family]
            assert twin != case.text
            assert twin.startswith(case.text[: case.start])
            assert twin.endswith(case.text[case.end :])


def test_every_case_cites_what_its_world_states() -> None:
    for case in built():
        world = settings()[case.world].world
        ids = {rule.id for rule in world.rules} | {element.id for element in world.elements}
        assert not case.cites or case.cites in ids or getattr(world, case.cites), case.id


def test_no_gap_is_left_in_any_text() -> None:
    for case in built():
        assert not {"{", "}", "[[", "]]", "  "} & set(case.text.split(" ")) | {
            mark for mark in ("{", "[[") if mark in case.text
        }
