"""Counts of the database, compared with a plain count of the rows, over random decisions of every kind."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from agents.choices import ReviewKind, Verdict
from agents.engine.agents.second_opinion import is_opinion
from agents.engine.confidence import statistics
from agents.engine.confidence.statistics import Observation
from agents.models import ModelCall, ReviewDecision, ReviewItem
from agents.quality import metrics, reviewer_metrics
from tests.support import review_rows
from universes.services import universes as universe_service

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("seed", [1, 2, 3])]

# A Friday.
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@pytest.fixture
def decided(seed, creator, reviewer, second_reviewer, lead, universe):
    """Decisions of every kind: opinions, flags, audits, gold, undone ones, some of one moment, some without a call."""
    other = universe_service.create_universe(creator, name="High Moor")
    people, dice = [reviewer, second_reviewer, lead], random.Random(seed)
    review_rows.simulate(creator, people, [universe, other], seed=seed, count=150, now=NOW, days=100)
    for item in list(ReviewItem.objects.order_by("pk")[:40]):
        ReviewItem.objects.filter(pk=item.pk).update(opinions_wanted=2, kind=dice.choice(["doubt", "flag"]))
        for by in people[: dice.randrange(3)]:
            if not item.decisions.filter(by=by).exists():
                verdict = dice.choice(Verdict.values)
                work_s = dice.choice([None, 12.5, 99.0])
                review_rows.decide(
                    item, by, verdict, takes_effect=False, work_s=work_s, at=NOW - timedelta(days=2)
                )
    for index in range(30):
        same_moment = NOW - timedelta(hours=dice.randrange(6))
        item = review_rows.reviewed(creator, universe=dice.choice([universe, None]), is_mock=index % 3 == 0)
        undone = {"undone_at": NOW, "undone_by": lead} if dice.random() < 0.3 else {}
        verdict = dice.choice(["approved", "approved", "approved", "rejected"])
        review_rows.decide(item, dice.choice(people), verdict, at=same_moment, **undone)
    for kind, agent in (("opinion", "consistency"), ("late", "narrative")):
        for item in list(ReviewItem.objects.order_by("-pk")[:10]):
            review_rows.call(
                item.job, model=kind, prompt_name=agent, error_code="late" if kind == "late" else ""
            )
    for _ in range(5):
        review_rows.gold(
            creator, reviewer, dice.choice(["approved", "rejected"]), at=NOW - timedelta(hours=1)
        )


def in_force(days: int) -> list[ReviewDecision]:
    rows = ReviewDecision.objects.select_related("item__job", "item__universe").order_by("-at", "-id")
    since = NOW - timedelta(days=days)
    return [
        row
        for row in rows
        if row.undone_at is None and since <= row.at < NOW and row.item.kind != ReviewKind.GOLD
    ]


def median(values: list[float]) -> Any:
    return pytest.approx(float(np.median(values))) if values else None


def test_reviewers(decided, lead):
    tallies, median_of_all = reviewer_metrics._tallies(NOW)

    rows = in_force(90)
    assert median_of_all == median([row.work_s for row in rows if row.work_s is not None])
    assert {row.by_id for row in rows} <= set(tallies)
    for user_id, tally in tallies.items():
        own = [row for row in rows if row.by_id == user_id]
        assert tally.verdicts == Counter(row.verdict for row in own)
        assert tally.audits == Counter(row.verdict for row in own if row.item.kind == ReviewKind.AUDIT)
        weeks = [row.at.date() - timedelta(days=row.at.weekday()) for row in own]
        assert tally.weeks == Counter(weeks)
        accepted = (
            week for week, row in zip(weeks, own, strict=True) if row.verdict in {"approved", "edited"}
        )
        assert tally.weeks_accepted == Counter(accepted)
        assert tally.today == sum(row.at.date() == NOW.date() for row in own)
        assert tally.last_7_days == sum(row.at >= NOW - timedelta(days=7) for row in own)
        assert tally.last_30_days == sum(row.at >= NOW - timedelta(days=30) for row in own)
        assert tally.work_s_median == median([row.work_s for row in own if row.work_s is not None])
        verdicts = [row.verdict for row in own]
        others = [place for place, verdict in enumerate(verdicts) if verdict != "approved"]
        assert tally.run == (others[0] if others else len(verdicts))


@pytest.mark.parametrize("days", [7, 90])
def test_report(decided, days):
    found: Any = metrics.compute(days, NOW)

    rows = [row for row in in_force(days) if row.takes_effect]
    written: dict[Any, tuple[str, str]] = defaultdict(lambda: ("", ""))
    calls = list(ModelCall.objects.filter(job__in=[row.item.job_id for row in rows]).order_by("id"))
    for call in calls:
        if not call.error_code and not is_opinion(call.agent_type, call.prompt_name):
            written[call.job_id] = (call.model, f"{call.prompt_name} {call.prompt_version[:12]}")
    assert (found["decided"], found["mock"]) == (len(rows), sum(row.item.job.is_mock for row in rows))
    groups = {
        "by_agent": Counter((row.item.agent_type, row.verdict) for row in rows),
        "by_model": Counter((written[row.item.job_id][0], row.verdict) for row in rows),
        "by_prompt": Counter((written[row.item.job_id][1], row.verdict) for row in rows),
    }
    for part, expected in groups.items():
        counted = {
            (group["key"], verdict): round(group[verdict]["share"] * group["decided"])
            for group in found[part]["rows"]
            for verdict in Verdict.values
        }
        assert {key: count for key, count in counted.items() if count} == expected
    assert found["money"]["calls"] == len(calls)
    assert found["money"]["unknown_calls"] == sum(call.cost_usd is None for call in calls)
    assert float(found["money"]["cost_usd"]) == pytest.approx(
        float(sum(call.cost_usd or 0 for call in calls))
    )
    waits = [(row.at - row.item.opened_at).total_seconds() for row in rows]
    assert (found["time_to_decision_s"]["count"], found["time_to_decision_s"]["median"]) == (
        len(rows),
        median(waits),
    )
    works = [work_of_all(row) for row in rows if row.work_s is not None]
    assert (found["work_s"]["count"], found["work_s"]["median"]) == (len(works), median(works))
    assert found["work_s"]["p90"] == pytest.approx(float(np.quantile(works, 0.9)))
    observations = [
        Observation(row.item.confidence, row.verdict == "approved", 1 / row.item.draw_rate)
        for row in rows
        if row.item.kind != ReviewKind.FLAG
    ]
    calibration = found["calibration"]
    assert calibration["count"] == len(observations)
    assert calibration["auroc"] == pytest.approx(statistics.auroc(observations))
    assert calibration["brier"] == pytest.approx(statistics.brier(observations))
    for bin_, expected_bin in zip(calibration["bins"], statistics.reliability(observations), strict=True):
        assert bin_ == pytest.approx(expected_bin)
    audits = [row for row in rows if row.item.kind == ReviewKind.AUDIT]
    by_universe: defaultdict[str, list[tuple[bool, float, int]]] = defaultdict(list)
    for row in audits:
        defect = (row.verdict != "approved", 1 / row.item.draw_rate, 1)
        by_universe[row.item.universe.name if row.item.universe else "Without a universe"].append(defect)
    rates = {row["name"]: row["rate"] for row in found["escaped"]["by_universe"]}
    assert rates == {
        name: pytest.approx(statistics.weighted_rate(cases)) for name, cases in by_universe.items()
    }


def work_of_all(row: ReviewDecision) -> float:
    opinions = row.item.decisions.filter(undone_at=None, takes_effect=False)
    return (row.work_s or 0.0) + sum(opinion.work_s or 0.0 for opinion in opinions)
