"""Minimum quality of the deterministic checks and of the confidence; ``make eval`` prints the whole tables."""

from __future__ import annotations

from collections import Counter

import pytest

from agents.mock.client import MockClient
from evals.cases import Case, held_out_cases, tuning_cases
from evals.checkers import AgentChecker, check_by_rule, checks_version
from evals.confidence import compare, judge
from evals.kinds.scoring import score
from evals.kinds.texts import Text, held_out_texts, tuning_texts
from evals.outputs import labelled
from evals.scoring import Flag, table, tally


@pytest.mark.parametrize("cases", [tuning_cases(), held_out_cases()], ids=["tuning", "held out"])
def test_checks_are_precise_and_flag_few_decoys(cases: tuple[Case, ...]) -> None:
    result = tally(cases, check_by_rule)

    assert (result.precision() or 0.0) >= 0.98
    assert result.decoy_alarms is not None
    assert result.decoy_alarms <= 0.05
    assert result.clean_flagged / result.clean <= 0.05
    # Without flags, precision would be perfect.
    assert (result.recall() or 0.0) >= 0.767


@pytest.mark.parametrize(
    ("texts", "max_accused", "min_found"),
    [(tuning_texts(), 0.01, 0.94), (held_out_texts(), 0.03, 0.82)],
    ids=["tuning", "held out"],
)
def test_checks_accuse_few_innocent_texts_and_find_most_guilty(
    texts: tuple[Text, ...], max_accused: float, min_found: float
) -> None:
    result = score(texts).all

    assert result.accused / result.innocent <= max_accused
    assert result.found / result.guilty >= min_found


def test_confidence_beats_length_and_completeness() -> None:
    judged = judge(labelled())
    ours, plain, with_names = compare(judged)
    defects = Counter(item.output.defect for item in judged)

    assert len(judged) >= 500
    assert min(count for defect, count in defects.items() if defect) >= 10
    assert ours.auroc - plain.auroc >= 0.15
    assert ours.auroc - with_names.auroc >= 0.15
    assert ours.ece < plain.ece
    assert ours.risks[0] < plain.risks[0]


def test_mock_model_runs_through_the_agent() -> None:
    agent = AgentChecker("mock", MockClient())
    case = next(case for case in held_out_cases() if case.is_planted and case.type == "tech")

    flags = list(agent(case))

    assert [flag.source_id for flag in flags] == ["tech_level"]
    assert flags[0].start <= case.start < flags[0].end or case.start <= flags[0].start < case.end
    assert len(agent.version) == len(checks_version()) == 12
    assert agent.failures == []


CASE = Case("c", "f", "w", "tech", "planted", "tech_level", "", "A laptop lay there.", 2, 8)


@pytest.mark.parametrize(
    ("flags", "found", "alarms"),
    [
        ([], 0, 0),
        ([Flag("tech_level", 2, 8)], 1, 0),
        ([Flag("genre", 0, 19)], 1, 0),
        ([Flag("r1", 2, 8)], 0, 1),
        ([Flag("r1", 2, 8), Flag("tech_level", 2, 8)], 1, 0),
        ([Flag("tech_level", 8, 12)], 0, 1),
        ([Flag("tech_level", 2, 8), Flag("r1", 9, 12)], 1, 1),
    ],
)
def test_flag_counts_by_span_and_source(flags: list[Flag], found: int, alarms: int) -> None:
    result = tally([CASE], lambda case: flags)

    assert (result.found["tech"], result.alarms["tech"]) == (found, alarms)


def test_table_shows_a_dash_for_an_undefined_ratio() -> None:
    lines = table(tally([CASE], lambda case: []))

    assert lines[1].split() == ["all", "1", "–", "0.000", "–"]
