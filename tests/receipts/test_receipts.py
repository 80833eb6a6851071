"""Receipts: the full history of a job, without fields hidden from undecided reviewers."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from agents.canon.placement import Entry
from agents.choices import ReviewKind, Verdict
from agents.models import AgentJob, ModelCall, RejectReason, ReviewItem
from agents.receipts import receipt as receipts
from agents.review.verdicts import decisions
from tests.support.fake_llm import weak_answer
from universes.models import CanonChange, Scene
from universes.services import canon

pytestmark = pytest.mark.django_db


def of(job, reader) -> Any:
    return receipts.receipt_of(AgentJob.objects.get(pk=job.pk), reader)


def test_receipt_traces_an_edited_scene_to_its_request(review_item, reviewer, creator, universe):
    job = review_item.job
    edited = {**job.output_data, "title": "Mended"}
    decisions.decide(review_item.pk, Verdict.EDITED, by=reviewer, edited=edited, note="A title.")

    receipt = of(job, creator)

    scene, step, call = Scene.objects.get(), CanonChange.objects.get(), ModelCall.objects.get()
    assert receipt["job"]["job_id"] == job.pk
    assert receipt["job"]["requested_by"] == "carla"
    assert receipt["job"]["universe"] == {"id": universe.pk, "name": "Low Marsh"}
    assert receipt["job"]["input_data"] == job.input_data
    assert receipt["job"]["world_hash"] == job.world_hash != ""
    assert [(row["number"], row["outcome"]) for row in receipt["attempts"]] == [(1, "completed")]
    assert receipt["models"] == [call.model]
    assert receipt["prompts"] == [{"name": "narrative", "version": call.prompt_version}]
    assert [(row.attempt, row.tokens, row.error_code) for row in receipt["calls"]] == [(1, call.tokens, "")]
    assert receipt["usage"]["tokens"] == call.tokens
    assert (receipt["withheld"], receipt["confidence"]) == (False, job.confidence_score)
    assert receipt["signals"] == job.signals
    (review,) = receipt["reviews"]
    assert (review["id"], review["kind"], review["state"]) == (review_item.pk, "doubt", "closed")
    (said,) = review["decisions"]
    assert (said["verdict"], said["by"], said["note"]) == ("edited", "rosa", "A title.")
    assert said["edit"] == {"before": job.output_data, "after": edited}
    assert said["canon_change_id"] == step.pk
    assert receipt["canon"]["entry"] == Entry("scene", str(scene.pk), "Mended", "canon")
    assert [
        (row.action, row.by, row.status_before, row.status_after, row.entry_id)
        for row in receipt["canon"]["changes"]
    ] == [("added", "rosa", None, "canon", scene.pk)]


def test_rejection_shows_its_reason_and_no_canon(review_item, reviewer, creator):
    reason = RejectReason.objects.get(code="badly_written")
    decisions.decide(review_item.pk, Verdict.REJECTED, by=reviewer, reason=reason.code)

    receipt = of(review_item.job, creator)

    (said,) = receipt["reviews"][0]["decisions"]
    assert said["reason"] == {"code": "badly_written", "name": reason.name}
    assert said["edit"] is None
    assert receipt["canon"] == {"entry": None, "changes": []}


def test_undone_decision_and_removed_entry_stay_listed(review_item, reviewer, creator):
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    gone = Scene.objects.get()
    decisions.undo(review_item.pk, by=reviewer)

    receipt = of(review_item.job, creator)

    (said,) = receipt["reviews"][0]["decisions"]
    assert (said["verdict"], said["undone_by"]) == ("approved", "rosa")
    assert (receipt["reviews"][0]["state"], receipt["reviews"][0]["kind"]) == ("open", None)
    assert receipt["canon"]["entry"] is None
    assert [
        (row.action, row.entry_id, row.name, row.status_after) for row in receipt["canon"]["changes"]
    ] == [("added", gone.pk, gone.title, "canon"), ("withdrawn", gone.pk, gone.title, None)]


def test_later_canon_changes_are_listed(review_item, reviewer, creator, editor):
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    canon.revise_scene(Scene.objects.get(), title="Later", by=editor)

    receipt = of(review_item.job, creator)

    assert [(row.action, row.by) for row in receipt["canon"]["changes"]] == [
        ("added", "rosa"),
        ("revised", "edgar"),
    ]
    assert receipt["canon"]["entry"].name == "Later"


def test_follow_up_chain_is_shown_in_both_directions(review_item, reviewer, creator, run, llm):
    jobs, item = [review_item.job], review_item
    for note in ("More rain.", "Less rain."):
        decisions.decide(item.pk, Verdict.ASKED_AGAIN, by=reviewer, note=note)
        llm.will(weak_answer)
        jobs.append(run(AgentJob.objects.get(follows=jobs[-1])))
        item = jobs[-1].review_items.get()

    chains = [
        [[row.pk for row in of(job, creator)[way]] for way in ("follows", "follow_ups")] for job in jobs
    ]

    first, then, last = (job.pk for job in jobs)
    assert chains == [[[], [then, last]], [[first], [last]], [[first, then], []]]
    assert of(jobs[2], creator)["job"]["revision_note"] == "Less rain."
    assert of(jobs[0], creator)["follow_ups"][0].revision_note == "More rain."
    assert of(jobs[0], creator)["reviews"][0]["decisions"][0]["follow_up_job_id"] == then


def test_unknown_price_makes_the_total_unknown(make_job, creator):
    job = make_job("completed")
    for cost in ("0.25", None, "0.5"):
        ModelCall.objects.create(
            job=job,
            agent_type="narrative",
            attempt=1,
            model="claude",
            prompt_name="narrative",
            prompt_version="abc",
            input_tokens=10,
            cost_usd=None if cost is None else Decimal(cost),
        )

    receipt = of(job, creator)

    assert [call.cost_usd for call in receipt["calls"]] == [Decimal("0.25"), None, Decimal("0.5")]
    assert (receipt["usage"]["unknown_calls"], receipt["usage"]["cost_usd"]) == (1, None)
    assert (receipt["models"], receipt["prompts"]) == (["claude"], [{"name": "narrative", "version": "abc"}])


def test_each_attempt_shows_its_outcome(submit, run, llm, creator):
    job = submit()
    job.events.create(kind="claimed", attempt=1)
    job.events.create(kind="rescued", attempt=1)
    job.events.create(
        kind="rescheduled", attempt=1, data={"code": "worker_lost", "message": "The worker stopped."}
    )
    job.events.create(kind="claimed", attempt=2)

    attempts = of(job, creator)["attempts"]

    assert [(row["number"], row["outcome"], row["error_code"], row["error_message"]) for row in attempts] == [
        (1, "rescheduled", "worker_lost", "The worker stopped."),
        (2, None, "", ""),
    ]
    assert attempts[0]["ended_at"] >= attempts[0]["started_at"]
    assert attempts[1]["ended_at"] is None


# --- Who must not know yet ----------------------------------------------------------------------------------


def test_batch_attempt_may_end_by_leaving_the_batch(submit, creator):
    job = submit()
    job.events.create(kind="batched", attempt=1)
    job.events.create(kind="batch_left", attempt=1, data={"code": "batch_late", "message": "No answer yet."})
    job.events.create(kind="claimed", attempt=2)
    job.events.create(
        kind="postponed", attempt=2, data={"code": "rate_limited", "message": "Its turn comes."}
    )

    attempts = of(job, creator)["attempts"]

    assert [(row["number"], row["in_batch"], row["outcome"], row["error_code"]) for row in attempts] == [
        (1, True, "batch_left", "batch_late"),
        (2, False, "postponed", "rate_limited"),
    ]


def hidden(receipt):
    fate = [receipt[name] for name in ("confidence", "signals", "reviews", "follow_ups", "canon")]
    assert [row is None for row in fate] in ([True] * 5, [False] * 5)
    assert receipt["withheld"] is (fate[0] is None)
    return receipt["withheld"]


def test_blind_item_is_hidden_from_reviewers_until_decided(
    review_item, reviewer, second_reviewer, lead, creator
):
    ReviewItem.objects.update(is_blind=True)

    assert [hidden(of(review_item.job, who)) for who in (reviewer, second_reviewer, creator, lead)] == [
        True,
        True,
        False,
        False,
    ]
    decisions.decide(review_item.pk, Verdict.APPROVED, by=second_reviewer)
    assert hidden(of(review_item.job, reviewer)) is False


def test_plain_item_hides_nothing(review_item, reviewer):
    assert hidden(of(review_item.job, reviewer)) is False


def test_undecided_reviewer_sees_no_opinions(review_item, reviewer, second_reviewer, creator):
    ReviewItem.objects.update(opinions_wanted=2)
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)

    assert hidden(of(review_item.job, second_reviewer)) is True
    own = of(review_item.job, reviewer)
    assert (hidden(own), [row["by"] for row in own["reviews"][0]["decisions"]]) == (False, ["rosa"])
    assert of(review_item.job, creator)["reviews"][0]["decisions"] == []
    decisions.decide(review_item.pk, Verdict.APPROVED, by=second_reviewer)
    closed = of(review_item.job, creator)["reviews"][0]
    assert [(row["by"], row["takes_effect"]) for row in closed["decisions"]] == [
        ("rosa", False),
        ("rudi", True),
    ]


def test_gold_hides_the_old_verdict_from_its_reviewer(review_item, reviewer, second_reviewer, lead, creator):
    decisions.decide(review_item.pk, Verdict.APPROVED, by=second_reviewer)
    planted = ReviewItem.objects.create(
        job=review_item.job,
        agent_type="narrative",
        kind=ReviewKind.GOLD,
        only_for=reviewer,
        is_blind=True,
        confidence=0.5,
        reasons=[],
        reason_codes="",
        opened_at=timezone.now() - timedelta(hours=1),
    )

    assert [hidden(of(review_item.job, who)) for who in (reviewer, second_reviewer, lead, creator)] == [
        True,
        False,
        False,
        False,
    ]
    decisions.decide(planted.pk, Verdict.APPROVED, by=reviewer)
    for who in (reviewer, lead, creator):
        receipt = of(review_item.job, who)
        assert [row["id"] for row in receipt["reviews"]] == [review_item.pk]


def test_query_count_is_bounded(review_item, reviewer, creator, django_assert_max_num_queries):
    for _ in range(3):
        decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
        decisions.undo(review_item.pk, by=reviewer)
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    job = AgentJob.objects.select_related("universe", "requested_by").get(pk=review_item.job_id)

    with django_assert_max_num_queries(18):
        reviews = receipts.receipt_of(job, creator)["reviews"]
    assert reviews is not None
    assert len(reviews[0]["decisions"]) == 4
