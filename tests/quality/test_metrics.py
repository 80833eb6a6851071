"""Metrics over simulated decisions, compared with numpy, scipy and scikit-learn."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from scipy import stats as scipy_stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, roc_auc_score

from agents.choices import ReviewKind, Verdict
from agents.engine.confidence import statistics
from agents.models import ReviewDecision
from agents.quality import metrics
from tests.support import review_rows
from universes.services import universes as universe_service

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@pytest.fixture
def simulated(creator, reviewer, staff, universe):
    other = universe_service.create_universe(creator, name="High Moor")
    return review_rows.simulate(
        creator, [reviewer, staff], [universe, other], seed=7, count=300, now=NOW, days=30
    )


def compute(days: int, now: datetime | None = None) -> Any:
    return metrics.compute(days, now)


def wilson(hits: int, count: int) -> tuple[float, float, float]:
    interval = scipy_stats.binomtest(hits, count).proportion_ci(0.95, method="wilson")
    return hits / count, interval.low, interval.high


def as_numbers(rate) -> tuple[float, float, float]:
    return rate["share"], rate["low"], rate["high"]


def test_calibration_matches_the_reference(simulated):
    found = compute(30, NOW)["calibration"]

    confidence = np.array([decision.confidence for decision in simulated])
    right = np.array([decision.is_right for decision in simulated])
    weight = np.array([decision.weight for decision in simulated])
    assert (found["count"], found["speaks_for"]) == (300, pytest.approx(weight.sum()))
    assert found["brier"] == pytest.approx(brier_score_loss(right, confidence, sample_weight=weight))
    assert found["auroc"] == pytest.approx(roc_auc_score(right, confidence, sample_weight=weight))
    inside = np.digitize(confidence, np.linspace(0, 1, 11)[1:-1])
    expected = 0.0
    for index, bin_ in enumerate(found["bins"]):
        here = inside == index
        assert bin_["count"] == here.sum()
        if not bin_["count"]:
            continue
        share = np.average(right[here], weights=weight[here])
        mean = np.average(confidence[here], weights=weight[here])
        assert (bin_["right"], bin_["mean_confidence"]) == (pytest.approx(share), pytest.approx(mean))
        effective = weight[here].sum() ** 2 / (weight[here] ** 2).sum()
        assert (bin_["right_low"], bin_["right_high"]) == pytest.approx(statistics.wilson(share, effective))
        expected += weight[here].sum() / weight.sum() * abs(share - mean)
    assert found["ece"] == pytest.approx(expected)


def test_unweighted_bins_match_scikit_learn(creator, reviewer, universe):
    for index in range(120):
        item = review_rows.reviewed(creator, universe=universe, confidence=(index * 37 % 120 + 0.5) / 120)
        verdict = "approved" if (index * 7) % 10 < 6 else "rejected"
        review_rows.decide(item, reviewer, verdict, at=NOW - timedelta(hours=index + 1))
    decided = ReviewDecision.objects.all().values_list("item__confidence", "verdict")
    right, confidence = zip(*[(v == "approved", c) for c, v in decided], strict=True)
    expected_right, expected_confidence = calibration_curve(right, confidence, n_bins=10)

    bins = compute(30, NOW)["calibration"]["bins"]

    assert [row["right"] for row in bins] == pytest.approx(list(expected_right))
    assert [row["mean_confidence"] for row in bins] == pytest.approx(list(expected_confidence))


def test_rates_and_intervals_match_scipy(simulated):
    found = compute(30, NOW)

    counted = Counter(decision.verdict for decision in simulated)
    for verdict in Verdict.values:
        assert as_numbers(found["verdicts"][verdict]) == pytest.approx(wilson(counted[verdict], 300))
    for part, key in (("by_agent", "agent_type"), ("by_model", "model")):
        rows = {row["key"]: row for row in found[part]["rows"]}
        assert set(rows) == {getattr(decision, key) for decision in simulated}
        assert found[part]["left_out"] == 0
        for name, row in rows.items():
            group = [decision for decision in simulated if getattr(decision, key) == name]
            assert row["decided"] == len(group)
            for verdict in Verdict.values:
                hits = sum(decision.verdict == verdict for decision in group)
                assert as_numbers(row[verdict]) == pytest.approx(wilson(hits, len(group)))


def test_prompt_versions_are_grouped_by_model_and_name(simulated):
    rows = compute(30, NOW)["by_prompt"]["rows"]

    counted = Counter(f"{decision.agent_type} {decision.model:0<12.12}" for decision in simulated)
    assert {row["key"]: row["decided"] for row in rows} == counted
    assert [row["decided"] for row in rows] == sorted(counted.values(), reverse=True)


def test_escaped_defects_come_from_audits(simulated):
    found = compute(30, NOW)["escaped"]

    audits = [decision for decision in simulated if decision.is_audit]
    groups = {
        "overall": {"": audits},
        "by_agent": {
            kind: [decision for decision in audits if decision.agent_type == kind]
            for kind in {o.agent_type for o in audits}
        },
        "by_universe": {
            name: [decision for decision in audits if decision.universe == name]
            for name in {o.universe for o in audits}
        },
    }
    by_key = {
        "overall": {"": found["overall"]},
        "by_agent": {row["key"]: row["rate"] for row in found["by_agent"]},
        "by_universe": {row["name"]: row["rate"] for row in found["by_universe"]},
    }
    for part, expected in groups.items():
        assert set(by_key[part]) == set(expected)
        for name, group in expected.items():
            weights = np.array([decision.weight for decision in group])
            share = np.average([not decision.is_right for decision in group], weights=weights)
            low, high = statistics.wilson(share, weights.sum() ** 2 / (weights**2).sum())
            assert as_numbers(by_key[part][name]) == pytest.approx((share, low, high))
            assert by_key[part][name]["count"] == len(group)


def test_escaped_defects_interval_matches_scipy(creator, reviewer):
    for index in range(40):
        item = review_rows.reviewed(creator, kind=ReviewKind.AUDIT, draw_rate=0.05, confidence=0.9)
        review_rows.decide(item, reviewer, "edited" if index < 3 else "approved", at=NOW - timedelta(hours=1))

    found = compute(7, NOW)["escaped"]["overall"]

    assert as_numbers(found) == pytest.approx(wilson(3, 40))


def test_times_match_numpy(simulated):
    found = compute(30, NOW)

    waits = [decision.wait_s for decision in simulated]
    works = [decision.work_s for decision in simulated if decision.work_s is not None]
    for part, values in (("time_to_decision_s", waits), ("work_s", works)):
        assert found[part] == {
            "count": len(values),
            "median": pytest.approx(np.median(values), rel=1e-6),
            "p90": pytest.approx(np.quantile(values, 0.9), rel=1e-6),
        }


def test_cost_covers_all_calls_and_counts_unknown_ones(simulated):
    found = compute(30, NOW)["money"]

    costs = [cost for decision in simulated for cost in decision.costs]
    known = sum((cost for cost in costs if cost is not None), Decimal(0))
    accepted = sum(decision.verdict in {"approved", "edited"} for decision in simulated)
    assert (found["calls"], found["unknown_calls"]) == (len(costs), costs.count(None))
    assert costs.count(None) > 0
    assert Decimal(found["cost_usd"]) == known
    assert Decimal(found["per_accepted_usd"]) == (known / accepted).quantize(Decimal("1e-12"))
    assert found["accepted"] == accepted


def test_cost_is_none_without_prices(creator, reviewer):
    item = review_rows.reviewed(creator)
    review_rows.call(item.job, cost=None)
    review_rows.decide(item, reviewer)

    assert compute(7)["money"] == {
        "accepted": 1,
        "calls": 1,
        "unknown_calls": 1,
        "cost_usd": None,
        "per_accepted_usd": None,
    }


def test_weeks_begin_on_monday_and_include_empty_ones(simulated):
    found = compute(7, NOW)["per_week"]

    assert [row["week"] for row in found][-3:] == ["2026-11-02", "2026-11-09", "2026-11-16"]
    assert len(found) == 12
    for row in found:
        start = datetime.fromisoformat(row["week"]).replace(tzinfo=UTC)
        inside = [decision for decision in simulated if start <= decision.at < start + timedelta(weeks=1)]
        accepted = sum(decision.verdict in {"approved", "edited"} for decision in inside)
        assert (row["decided"], row["accepted"]) == (len(inside), accepted)
    assert found[0]["decided"] == 0


def test_only_the_period_is_counted(simulated):
    found = compute(7, NOW)

    inside = [decision for decision in simulated if decision.at >= NOW - timedelta(days=7)]
    assert 0 < len(inside) < 300
    assert found["decided"] == found["calibration"]["count"] == len(inside)
    assert found["money"]["calls"] == sum(len(decision.costs) for decision in inside)


def test_gold_opinions_and_undone_verdicts_do_not_count(creator, reviewer, staff):
    now = timezone.now()
    counts = review_rows.reviewed(creator)
    review_rows.decide(counts, reviewer, "rejected")
    review_rows.gold(creator, reviewer, "approved")
    undone = review_rows.reviewed(creator)
    review_rows.decide(undone, reviewer, undone_at=now, undone_by=reviewer)
    opinion = review_rows.reviewed(creator, opinions_wanted=2)
    review_rows.decide(opinion, staff, takes_effect=False)

    found = compute(7)

    assert found["decided"] == 1
    assert found["verdicts"]["rejected"]["share"] == 1.0
    assert found["calibration"]["count"] == 1
    assert sum(row["decided"] for row in found["per_week"]) == 1


def test_edit_is_not_a_correct_output(creator, reviewer):
    review_rows.decide(review_rows.reviewed(creator, confidence=0.9), reviewer, "edited")

    found = compute(7)["calibration"]

    assert found["bins"][9]["right"] == 0.0
    assert found["brier"] == pytest.approx(0.81)


def test_work_time_sums_all_opinions(creator, reviewer, staff):
    item = review_rows.reviewed(creator, opinions_wanted=2)
    review_rows.decide(item, staff, takes_effect=False, work_s=30.0)
    review_rows.decide(item, reviewer, work_s=12.5)

    assert compute(7)["work_s"] == {"count": 1, "median": 42.5, "p90": 42.5}


def test_mock_answers_are_counted(creator, reviewer):
    for is_mock in (True, True, False):
        review_rows.decide(review_rows.reviewed(creator, is_mock=is_mock), reviewer)

    assert (compute(7)["mock"], compute(7)["decided"]) == (2, 3)


def test_model_is_that_of_the_used_answer(creator, reviewer):
    item = review_rows.reviewed(creator)
    review_rows.call(item.job, model="first", error_code="invalid_output")
    review_rows.call(item.job, model="second")
    review_rows.call(item.job, model="third", error_code="late")
    review_rows.call(item.job, model="editor", prompt_name="consistency")
    review_rows.decide(item, reviewer)
    review_rows.decide(review_rows.reviewed(creator), reviewer)

    rows = compute(7)["by_model"]["rows"]

    assert [(row["key"], row["name"], row["decided"]) for row in rows] == [
        ("", "No call is on record", 1),
        ("second", "second", 1),
    ]


def test_largest_groups_are_shown_and_the_rest_counted(creator, reviewer):
    for index in range(22):
        for _ in range(2 if index == 21 else 1):
            item = review_rows.reviewed(creator)
            review_rows.call(item.job, model=f"model-{index:02}")
            review_rows.decide(item, reviewer)

    found = compute(7)["by_model"]

    assert (len(found["rows"]), found["left_out"]) == (20, 2)
    assert found["rows"][0]["key"] == "model-21"


def test_metrics_without_decisions(db):
    found = compute(30, NOW)

    assert (found["decided"], found["mock"]) == (0, 0)
    assert found["verdicts"] == dict.fromkeys(Verdict.values)
    assert found["by_agent"] == {"rows": [], "left_out": 0}
    assert {found["calibration"][name] for name in ("ece", "brier", "auroc")} == {None}
    assert found["escaped"]["overall"] is None
    assert found["time_to_decision_s"] == found["work_s"] == {"count": 0, "median": None, "p90": None}
    assert (found["money"]["cost_usd"], found["money"]["per_accepted_usd"]) == (None, None)
    assert [row["decided"] for row in found["per_week"]] == [0] * 12


def test_query_count_does_not_grow_with_decisions(
    simulated, creator, reviewer, universe, django_assert_num_queries
):
    with django_assert_num_queries(11):
        compute(30, NOW)
    review_rows.simulate(creator, [reviewer], [universe], seed=8, count=50, now=NOW)
    with django_assert_num_queries(11):
        compute(30, NOW)
