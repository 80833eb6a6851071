"""Outcomes of jobs: one column that each step keeps true, and the text that counts."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from agents.choices import Verdict
from agents.common.text.results import result_of
from agents.jobs import actions
from agents.models import AgentJob
from agents.review.verdicts import decisions

pytestmark = pytest.mark.django_db


def outcome_of(job):
    return AgentJob.objects.values_list("outcome", flat=True).get(pk=job.pk)


def reload(job):
    return AgentJob.objects.get(pk=job.pk)


def shown(api, job):
    """Return outcome, result and written text as the job and the list show them, which have to agree."""
    one = api.get(f"/agents/jobs/{job.pk}").json()
    (row,) = api.get("/agents/jobs?include=output,result&outcome=" + one["outcome"]).json()["results"]
    assert {name: row[name] for name in ("outcome", "result", "output_data")} == {
        name: one[name] for name in ("outcome", "result", "output_data")
    }
    return one["outcome"], one["result"], one["output_data"]


def test_each_verdict_is_an_outcome_and_the_result_follows(api, open_review, reviewer):
    item = open_review()
    output = item.job.output_data
    assert shown(api, item.job) == ("awaiting_review", None, output)

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    assert shown(api, item.job) == ("approved", output, output)

    decisions.undo(item.pk, by=reviewer)
    assert shown(api, item.job) == ("awaiting_review", None, output)

    edited = {**output, "content": "Other words."}
    after = decisions.decide(item.pk, Verdict.EDITED, by=reviewer, edited=edited).after
    assert shown(api, item.job) == ("edited", after, output)
    assert after is not None
    assert after["content"] == "Other words."

    decisions.undo(item.pk, by=reviewer)
    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")
    assert shown(api, item.job) == ("rejected", None, output)


def test_audit_gives_its_verdict_and_its_undoing_gives_trust_back(open_audit, reviewer):
    item = open_audit()
    assert (outcome_of(item.job), result_of(item.job)) == ("trusted", item.job.output_data)

    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")
    assert (outcome_of(item.job), result_of(reload(item.job))) == ("rejected", None)

    decisions.undo(item.pk, by=reviewer)
    assert outcome_of(item.job) == "trusted"


def test_asking_again_counts_nothing_until_the_follow_up(open_review, reviewer):
    item = open_review()

    decision = decisions.decide(item.pk, Verdict.ASKED_AGAIN, by=reviewer, note="Shorter.")

    assert (outcome_of(item.job), result_of(reload(item.job))) == ("asked_again", None)
    assert outcome_of(decision.follow_up) == ""


def test_opinion_and_gold_leave_the_outcome_alone(double_review_item, plant_gold, reviewer):
    item, known = double_review_item(), plant_gold(reviewer)

    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")
    decisions.decide(known.pk, Verdict.REJECTED, by=reviewer, note="No.")

    assert (outcome_of(item.job), outcome_of(known.job)) == ("awaiting_review", "trusted")


def test_failure_and_cancellation_are_outcomes_and_a_retry_ends_them(make_job, creator):
    failed, pending = make_job("failed"), make_job()
    actions.cancel_job(pending.pk, by=creator)
    assert (outcome_of(failed), outcome_of(pending)) == ("failed", "cancelled")

    actions.retry_job(failed.pk, by=creator)

    assert outcome_of(failed) == ""


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("pending", "trusted"),
        ("completed", ""),
        ("completed", "failed"),
        ("failed", "cancelled"),
        ("cancelled", "trusted"),
        ("completed", "accepted"),
    ],
)
def test_database_refuses_an_outcome_that_contradicts_the_status(make_job, status, outcome):
    job = make_job(status)

    with pytest.raises(IntegrityError), transaction.atomic():
        AgentJob.objects.filter(pk=job.pk).update(outcome=outcome)
