"""Integrity of the benchmark: enough cases, correct by construction, and a frozen held-out third."""

from __future__ import annotations

from collections import Counter

from evals.cases import HELD_OUT_FILE, all_cases, held_out_cases, tuning_cases
from evals.held_out import checksum
from evals.material import TYPES, settings

# Checksum of the frozen file. A change makes a new benchmark, whose figures cannot be compared with earlier ones.
FROZEN = "5a30ec17833d8063619dbca9fc0753b2388d238570e00f5baca81ebb735beca7"


def test_held_out_third_is_frozen() -> None:
    assert checksum(HELD_OUT_FILE) == FROZEN


def test_frozen_cases_match_the_worlds() -> None:
    assert tuple(case for case in all_cases() if case.is_held_out) == held_out_cases()


def test_there_are_enough_cases_of_every_type_and_kind() -> None:
    kinds = Counter(case.kind for case in all_cases())
    types = Counter(case.type for case in all_cases() if case.is_planted)

    assert len(settings()) >= 12
    assert sum(len(setting.passages) for setting in settings().values()) >= 60
    assert len(all_cases()) >= 400
    assert kinds["planted"] >= 400
    assert kinds["decoy"] >= 200
    assert set(types) == set(TYPES)
    assert len({case.id for case in all_cases()}) == len(all_cases())
    assert 0.3 < len(held_out_cases()) / len(all_cases()) < 0.4


def test_no_family_is_on_both_sides() -> None:
    assert not {case.family for case in tuning_cases()} & {case.family for case in held_out_cases()}


def test_planted_span_is_the_difference_from_the_clean_passage() -> None:
    clean = {
        (case.world, case.family): case.text for case in all_cases() if case.kind == "clean" and not case.type
    }

    for case in all_cases():
        words = case.text[case.start : case.end]
        assert bool(words) is case.is_planted, case.id
        if "/swap-" in case.id:
            twin = clean[case.world, case.family]
            assert twin != case.text
            assert twin.startswith(case.text[: case.start])
            assert twin.endswith(case.text[case.end :])


def test_every_case_cites_a_rule_or_fact_of_its_world() -> None:
    for case in all_cases():
        world = settings()[case.world].world
        ids = {rule.id for rule in world.rules} | {element.id for element in world.elements}
        assert not case.cites or case.cites in ids or getattr(world, case.cites), case.id


def test_no_text_contains_a_gap_or_a_swap() -> None:
    for case in all_cases():
        assert not {"{", "}", "[[", "]]", "  "} & set(case.text.split(" ")) | {
            mark for mark in ("{", "[[") if mark in case.text
        }
