"""Feedback of a requester on their own output, beside the verdicts of reviewers."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from agents.choices import FeedbackRating, JobOutcome, Verdict
from agents.jobs import acceptance
from agents.learning import verdicts
from agents.models import AgentJob, JobFeedback, ReviewDecision
from agents.review.creators import own_verdicts
from agents.review.verdicts import decisions
from tests.support import rows
from tests.support.problems import pointers_of, problem_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewed(creator, universe):
    return rows.make_review(creator, universe=universe).job


def test_feedback_is_shown_on_the_job_and_decides_nothing(client_of, creator, reviewed):
    api = client_of(creator)
    edited = {**rows.NARRATIVE, "title": "Low Water"}

    given = api.post(
        f"/agents/jobs/{reviewed.pk}/feedback",
        {"rating": "rejected", "reason": "badly_written", "note": "Dull.", "output": edited},
    )

    assert given.status_code == 200
    shown = api.get(f"/agents/jobs/{reviewed.pk}").json()
    assert shown["feedback"] == given.json()
    assert (shown["feedback"]["rating"], shown["feedback"]["reason"]) == ("rejected", "badly_written")
    assert shown["feedback"]["edited_output"]["title"] == "Low Water"
    assert (shown["outcome"], shown["review"]["state"]) == ("awaiting_review", "open")
    assert not ReviewDecision.objects.exists()


def test_the_last_word_counts(creator, reviewed):
    own_verdicts.rate(reviewed.pk, by=creator, rating=FeedbackRating.REJECTED, note="Dull.")
    own_verdicts.rate(reviewed.pk, by=creator, rating=FeedbackRating.ACCEPTED)

    [feedback] = JobFeedback.objects.all()
    assert (feedback.rating, feedback.reason, feedback.note) == ("accepted", None, "")


def test_feedback_is_possible_after_the_verdict(creator, reviewed, reviewer):
    decisions.decide(reviewed.review_items.get().pk, Verdict.REJECTED, by=reviewer, note="No.")

    own_verdicts.rate(reviewed.pk, by=creator, rating=FeedbackRating.ACCEPTED)

    reviewed.refresh_from_db()
    assert (reviewed.outcome, JobFeedback.objects.get().rating) == (JobOutcome.REJECTED, "accepted")


def test_accepting_and_discarding_are_feedback_too(creator):
    kept, refused = (rows.make_job(creator, status="completed") for _ in range(2))

    own_verdicts.accept(kept.pk, by=creator, edited={**rows.NARRATIVE, "title": "Low Water"})
    own_verdicts.discard(refused.pk, by=creator, reason="Dull.")

    edited = kept.feedback.get().edited_output or {}
    assert edited["title"] == "Low Water"
    assert (refused.feedback.get().rating, refused.feedback.get().note) == ("rejected", "Dull.")


def test_choosing_a_variant_is_feedback_from_which_no_rule_is_learned(creator, universe):
    variants_id = uuid.uuid4()
    chosen, other = (
        rows.make_job(creator, universe=universe, status="completed", variants_id=variants_id)
        for _ in range(2)
    )

    own_verdicts.choose(chosen.pk, by=creator)

    assert set(JobFeedback.objects.values_list("job", "rating", "reason__code")) == {
        (chosen.pk, "accepted", None),
        (other.pk, "rejected", "another_was_better"),
    }
    assert verdicts.sources_of(universe.pk, "narrative", timezone.now()) == []
    assert acceptance.acceptance(creator) == []


def test_acceptance_counts_the_newest_feedback(creator, monkeypatch):
    monkeypatch.setattr(acceptance, "MAX_COUNTED", 2)
    for rating in (FeedbackRating.REJECTED, FeedbackRating.ACCEPTED, FeedbackRating.ACCEPTED):
        job = rows.make_job(creator, status="completed")
        own_verdicts.rate(job.pk, by=creator, rating=rating, note="Dull.")

    (row,) = acceptance.acceptance(creator)

    assert row["feedback"] == {"accepted": 2, "rejected": 0}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/rating"),
        ({"rating": "fine"}, "/rating"),
        ({"rating": "rejected", "reason": "ugly"}, "/reason"),
        ({"rating": "accepted", "reason": "badly_written"}, "/reason"),
        ({"rating": "accepted", "stars": 5}, "/stars"),
        ({"rating": "accepted", "output": {"title": 7}}, "/output/title"),
    ],
)
def test_wrong_feedback_is_refused_by_pointer(client_of, creator, reviewed, body, pointer):
    refused = client_of(creator).post(f"/agents/jobs/{reviewed.pk}/feedback", body)

    assert pointer in pointers_of(refused)
    assert not JobFeedback.objects.exists()


def test_a_rejection_says_why(client_of, creator, reviewed):
    refused = client_of(creator).post(f"/agents/jobs/{reviewed.pk}/feedback", {"rating": "rejected"})

    problem_of(refused, 400, "reason_required")
    assert not JobFeedback.objects.exists()


def test_unfinished_and_foreign_jobs_take_no_feedback(client_of, creator, watcher, reviewed):
    pending = rows.make_job(creator)

    problem_of(
        client_of(creator).post(f"/agents/jobs/{pending.pk}/feedback", {"rating": "accepted"}),
        409,
        "job_not_completed",
    )
    problem_of(
        client_of(watcher).post(f"/agents/jobs/{reviewed.pk}/feedback", {"rating": "accepted"}),
        403,
        "forbidden",
    )
    assert not JobFeedback.objects.exists()


def test_feedback_is_hidden_from_a_reviewer_who_is_to_judge(client_of, creator, reviewed, reviewer):
    AgentJob.objects.filter(pk=reviewed.pk).update(outcome="awaiting_review")
    reviewed.review_items.update(is_blind=True)
    own_verdicts.rate(reviewed.pk, by=creator, rating=FeedbackRating.REJECTED, note="Dull.")

    shown = client_of(reviewer).get(f"/agents/jobs/{reviewed.pk}").json()

    assert (shown["withheld"], shown["feedback"]) == (True, None)


def test_preferences_page_shows_what_was_taken(signed_in, creator, reviewed, reviewer):
    decisions.decide(reviewed.review_items.get().pk, Verdict.APPROVED, by=reviewer)
    own_verdicts.rate(reviewed.pk, by=creator, rating=FeedbackRating.REJECTED, note="Dull.")

    shown = signed_in(creator).get("/studio/me/preferences").content.decode()

    assert "How your texts were received" in shown
    assert "100%" in shown
