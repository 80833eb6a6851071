"""Reviewer metrics, compared with counts by hand and with scipy over simulated verdicts."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from scipy import stats as scipy_stats

from agents.choices import ReviewKind, Verdict
from agents.errors import Forbidden, NotFound
from agents.models import ReviewDecision
from agents.quality import reviewer_metrics
from tests.support import review_rows

pytestmark = pytest.mark.django_db

# A Friday.
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@pytest.fixture
def approve(creator):
    """Create verdicts of one reviewer, one per hour back from the given moment."""

    def give(by, count, verdict="approved", *, before=NOW, **fields):
        for index in range(count):
            item = review_rows.reviewed(creator, **fields)
            review_rows.decide(item, by, verdict, at=before - timedelta(hours=index + 1))

    return give


def row_of(viewer, user, now=NOW):
    rows = {row["user_id"]: row for row in reviewer_metrics.table(viewer, now)["reviewers"]}
    return rows[user.pk]


def flag_of(viewer, user):
    return row_of(viewer, user)["approves_everything"]


def wilson(hits, count):
    interval = scipy_stats.binomtest(hits, count).proportion_ci(0.95, method="wilson")
    return pytest.approx(
        {"share": hits / count, "count": count, "low": interval.low, "high": interval.high}, abs=1e-12
    )


def test_metrics_match_a_count_by_hand(creator, reviewer, second_reviewer, lead, universe):
    review_rows.simulate(
        creator, [reviewer, second_reviewer], [universe], seed=11, count=400, now=NOW, days=100
    )
    since = NOW - timedelta(days=90)
    mine = [
        decision
        for decision in ReviewDecision.objects.filter(by=reviewer).select_related("item")
        if decision.at >= since
    ]

    found = reviewer_metrics.of_reviewer(lead, reviewer.pk, NOW)

    own: Any = found["reviewer"]
    verdicts = Counter(decision.verdict for decision in mine)
    assert own["decided"] == len(mine)
    assert own["today"] == sum(decision.at.date() == NOW.date() for decision in mine)
    assert own["last_7_days"] == sum(decision.at >= NOW - timedelta(days=7) for decision in mine)
    assert own["last_30_days"] == sum(decision.at >= NOW - timedelta(days=30) for decision in mine)
    for verdict in Verdict.values:
        assert own["verdicts"][verdict] == wilson(verdicts[verdict], len(mine))
    works = [decision.work_s for decision in mine if decision.work_s is not None]
    assert own["work_s_median"] == pytest.approx(np.median(works), rel=1e-12)
    audits = [decision for decision in mine if decision.item.kind == ReviewKind.AUDIT]
    assert own["audits_approved"] == wilson(
        sum(decision.verdict == "approved" for decision in audits), len(audits)
    )
    for row in found["per_week"]:
        start = datetime.fromisoformat(row["week"]).replace(tzinfo=UTC)
        inside = [decision for decision in mine if start <= decision.at < start + timedelta(weeks=1)]
        accepted = sum(decision.verdict in {"approved", "edited"} for decision in inside)
        assert (row["decided"], row["accepted"]) == (len(inside), accepted)
    everybody = ReviewDecision.objects.filter(at__gte=since).count()
    assert found["everybody"]["decided"] == everybody > len(mine)


def test_opinions_count_but_gold_and_undone_verdicts_do_not(creator, reviewer, lead):
    opinion = review_rows.reviewed(creator, opinions_wanted=2)
    review_rows.decide(opinion, reviewer, "rejected", takes_effect=False, at=NOW - timedelta(hours=1))
    undone = {"undone_at": NOW, "undone_by": reviewer}
    review_rows.decide(review_rows.reviewed(creator), reviewer, at=NOW - timedelta(hours=1), **undone)
    review_rows.gold(creator, reviewer, "approved", at=NOW - timedelta(hours=1))

    found = row_of(lead, reviewer)

    assert (found["decided"], found["verdicts"]["rejected"]["count"]) == (1, 1)
    assert found["agrees_with_outcome"] is None


def test_agreement_with_the_outcome_and_with_leads(creator, reviewer, second_reviewer, lead):
    said = [
        # one opinion, the other, and the lead's verdict if they differ
        ("approved", "approved", None),
        ("rejected", "rejected", None),
        ("approved", "rejected", "approved"),
        ("approved", "rejected", "rejected"),
        ("edited", "rejected", "approved"),
    ]
    for mine_said, hers_said, settled in said:
        item = review_rows.reviewed(creator, opinions_wanted=2)
        at = NOW - timedelta(hours=1)
        review_rows.decide(item, reviewer, mine_said, takes_effect=False, at=at)
        review_rows.decide(item, second_reviewer, hers_said, takes_effect=settled is None, at=at)
        if settled:
            review_rows.decide(item, lead, settled, is_lead=True, at=at)
    # This item had one opinion.
    review_rows.decide(review_rows.reviewed(creator), reviewer, at=NOW - timedelta(hours=2))

    mine, hers, leads = row_of(lead, reviewer), row_of(lead, second_reviewer), row_of(lead, lead)

    assert mine["agrees_with_outcome"] == wilson(3, 5)
    assert mine["agrees_with_lead"] == wilson(1, 3)
    assert hers["agrees_with_outcome"] == wilson(3, 5)
    assert hers["agrees_with_lead"] == wilson(1, 3)
    assert (leads["agrees_with_outcome"], leads["agrees_with_lead"]) == (None, None)


@pytest.mark.parametrize(
    ("verdict", "answer", "right"),
    [
        ("approved", "accept", 1),
        ("edited", "accept", 1),
        ("rejected", "accept", 0),
        ("approved", "refuse", 0),
        ("edited", "refuse", 0),
        ("rejected", "refuse", 1),
        ("asked_again", "refuse", 1),
    ],
)
def test_gold_results(creator, reviewer, lead, verdict, answer, right):
    review_rows.gold(creator, reviewer, verdict, answer)

    found = reviewer_metrics.of_reviewer(lead, reviewer.pk)

    assert found["reviewer"]["gold_right"] == wilson(right, 1)
    assert [(row["verdict"], row["answer"]) for row in found["gold_wrong"]] == [(verdict, answer)] * (
        1 - right
    )


def test_missed_gold_is_shown_to_leads_only(creator, reviewer):
    review_rows.gold(creator, reviewer, "approved")

    found: Any = reviewer_metrics.of_reviewer(reviewer, reviewer.pk)

    assert found["reviewer"]["gold_right"]["count"] == 1
    assert found["gold_wrong"] == []


def test_twenty_approvals_and_a_missed_gold_item_are_flagged(creator, reviewer, lead, approve):
    approve(reviewer, 20)
    assert flag_of(lead, reviewer) == ""

    review_rows.gold(creator, reviewer, "approved")

    assert flag_of(lead, reviewer) == (
        "The last 20 verdicts approved the output unchanged, including one gold item that should have been rejected."
    )


@pytest.mark.parametrize(("verdict", "answer"), [("edited", "refuse"), ("rejected", "accept")])
def test_other_mistakes_with_gold_do_not_flag(creator, reviewer, lead, approve, verdict, answer):
    approve(reviewer, 20)
    review_rows.gold(creator, reviewer, verdict, answer)

    assert flag_of(lead, reviewer) == ""


def test_nineteen_approvals_do_not_flag(creator, reviewer, lead, approve):
    approve(reviewer, 19)
    review_rows.gold(creator, reviewer, "approved")

    assert flag_of(lead, reviewer) == ""


@pytest.mark.parametrize("verdict", ["edited", "rejected", "asked_again"])
def test_one_other_verdict_among_the_last_twenty_clears_the_flag(creator, reviewer, lead, approve, verdict):
    approve(reviewer, 30)
    review_rows.gold(creator, reviewer, "approved")
    assert flag_of(lead, reviewer) != ""

    review_rows.decide(
        review_rows.reviewed(creator), reviewer, verdict, at=NOW - timedelta(hours=10, minutes=1)
    )

    assert flag_of(lead, reviewer) == ""


# 0.79**20 is 0.0090, 0.80**20 is 0.0115; 0.80**21 is 0.0092.
@pytest.mark.parametrize(
    ("others_approve", "run", "is_flagged"),
    [(79, 20, True), (80, 20, False), (80, 21, True), (100, 40, False)],
)
def test_unusually_long_run_of_approvals_is_flagged(
    reviewer, second_reviewer, lead, approve, others_approve, run, is_flagged
):
    assert bool(scipy_stats.binom.sf(run - 1, run, others_approve / 100) < 0.01) is is_flagged
    approve(reviewer, run)
    approve(second_reviewer, others_approve, before=NOW - timedelta(hours=1))
    approve(second_reviewer, 100 - others_approve, "rejected")

    found = flag_of(lead, reviewer)

    said = (
        f"The last {run} verdicts approved the output unchanged; others approve {others_approve}%, at which "
        "a run of that length is less likely than 1 in 100."
    )
    assert found == (said if is_flagged else "")
    assert flag_of(lead, second_reviewer) == ""


def test_lone_reviewer_is_measured_by_gold_only(reviewer, lead, approve):
    approve(reviewer, 60)

    assert flag_of(lead, reviewer) == ""


def test_lead_sees_all_and_reviewer_only_themselves(reviewer, second_reviewer, lead, approve):
    approve(reviewer, 2)
    approve(second_reviewer, 1)

    def names(viewer):
        return [row["username"] for row in reviewer_metrics.table(viewer, NOW)["reviewers"]]

    assert names(lead) == ["lena", "rosa", "rudi"]
    assert names(second_reviewer) == ["rudi"]
    # The totals of all reviewers are shown to each of them.
    assert reviewer_metrics.table(second_reviewer, NOW)["everybody"]["decided"] == 3


def test_only_the_reviewer_and_leads_may_look(reviewer, second_reviewer, lead, creator, staff):
    for viewer, user in ((second_reviewer, reviewer), (creator, creator), (staff, reviewer)):
        with pytest.raises(Forbidden):
            reviewer_metrics.of_reviewer(viewer, user.pk, NOW)
    with pytest.raises(Forbidden):
        reviewer_metrics.table(staff, NOW)

    for viewer in (reviewer, lead):
        found = reviewer_metrics.of_reviewer(viewer, reviewer.pk, NOW)
        assert found["reviewer"]["username"] == "rosa"


def test_non_reviewer_has_no_metrics(lead, creator):
    for user_id in (creator.pk, 10**6):
        with pytest.raises(NotFound):
            reviewer_metrics.of_reviewer(lead, user_id, NOW)


def test_former_reviewer_is_still_listed(reviewer, lead, approve):
    approve(reviewer, 3)
    reviewer.groups.clear()

    assert row_of(lead, reviewer)["decided"] == 3


def test_metrics_without_verdicts(reviewer, lead):
    found = row_of(lead, reviewer)

    assert (found["decided"], found["today"], found["work_s_median"]) == (0, 0, None)
    assert found["verdicts"] == dict.fromkeys(Verdict.values)
    assert (found["audits_approved"], found["gold_right"], found["approves_everything"]) == (None, None, "")


def test_query_count_does_not_grow_with_decisions(
    creator, reviewer, second_reviewer, lead, universe, django_assert_max_num_queries
):
    now = timezone.now()
    for count in (10, 200):
        review_rows.simulate(
            creator, [reviewer, second_reviewer, lead], [universe], seed=count, count=count, now=now
        )
        lead.refresh_from_db()
        # Queries: the viewer's permissions, users, verdicts, two of medians, runs, opinions and gold.
        with django_assert_max_num_queries(9):
            reviewer_metrics.table(lead, now)
