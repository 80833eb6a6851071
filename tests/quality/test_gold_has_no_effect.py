"""A decision on a gold item is a record without effect."""

from __future__ import annotations

import pytest

from agents.choices import Verdict
from agents.errors import NotFound
from agents.models import AgentJob, Notification, ReviewDecision, ReviewItem
from agents.review import claims, comments, items
from agents.review.verdicts import bulk, decisions
from tests.support.fake_llm import FIVE_WORDS
from universes.models import CanonChange, Scene

pytestmark = pytest.mark.django_db

OUTPUT = {
    "type": "narrative",
    "title": "Low Tide",
    "content": FIVE_WORDS.strip(),
    "word_count": 5,
    "model": "claude-haiku-5-5",
    "tokens_used": 1200,
}


@pytest.fixture
def item(plant_gold, reviewer, universe):
    """A gold item of a scene that could enter a universe."""
    planted = plant_gold(reviewer)
    AgentJob.objects.filter(pk=planted.job_id).update(universe=universe, output_data=OUTPUT)
    return ReviewItem.objects.get(pk=planted.pk)


def job_of(item):
    return AgentJob.objects.values().get(pk=item.job_id)


@pytest.mark.parametrize(
    ("verdict", "options"),
    [
        (Verdict.APPROVED, {}),
        (Verdict.EDITED, {"edited": {**OUTPUT, "title": "High Tide"}}),
        (Verdict.REJECTED, {"note": "No."}),
        (Verdict.ASKED_AGAIN, {"note": "More."}),
    ],
)
def test_verdict_and_undo_change_neither_job_nor_universe(item, reviewer, verdict, options):
    before = job_of(item)

    decision = decisions.decide(item.pk, verdict, by=reviewer, **options)

    item.refresh_from_db()
    assert (item.state, decision.takes_effect, decision.follow_up) == ("closed", True, None)
    assert job_of(item) == before
    assert (Scene.objects.count(), CanonChange.objects.count(), AgentJob.objects.count()) == (0, 0, 1)
    assert not item.job.events.exists()

    decisions.undo(item.pk, by=reviewer)

    item.refresh_from_db()
    assert (item.state, item.claimed_by) == ("open", reviewer)
    assert job_of(item) == before
    assert not item.job.events.exists()


def test_skip_and_comment_record_no_job_events(item, reviewer):
    claims.skip(item.pk, reviewer, reason="Later.")
    comments.add_comment(item.pk, "Hm.", by=reviewer)

    assert not item.job.events.exists()
    assert item.skips.get().reason == "Later."
    assert [comment.text for comment in comments.comments_for(item, reviewer)] == ["Hm."]


def test_handed_over_gold_disappears_without_a_trace(item, reviewer, second_reviewer):
    handed = claims.hand_to(item.pk, second_reviewer, by=reviewer, note="Yours?")

    assert (handed.pk, handed.assigned_to, handed.claimed_by) == (item.pk, second_reviewer, None)
    assert not ReviewItem.objects.filter(pk=item.pk).exists()
    assert not Notification.objects.exists()
    assert not item.job.events.exists()


@pytest.mark.parametrize(
    "call",
    [
        lambda item, by: decisions.decide(item.pk, Verdict.APPROVED, by=by),
        lambda item, by: decisions.undo(item.pk, by=by),
        lambda item, by: claims.claim(item.pk, by),
        lambda item, by: claims.renew(item.pk, by),
        lambda item, by: claims.skip(item.pk, by),
        lambda item, by: claims.hand_to(item.pk, by, by=by),
        lambda item, by: claims.break_claim(item.pk, by),
        lambda item, by: items.find_item(item.pk, by),
        lambda item, by: comments.add_comment(item.pk, "Hm.", by=by),
    ],
    ids=["decide", "undo", "claim", "renew", "skip", "hand", "break", "find", "comment"],
)
def test_foreign_gold_is_not_found_even_by_superusers(item, superuser, call):
    with pytest.raises(NotFound) as refusal:
        call(item, superuser)

    assert refusal.value.code == "review_item_not_found"
    item.refresh_from_db()
    assert (item.state, item.claimed_by) == ("open", None)
    assert not ReviewDecision.objects.exists()


def test_next_gives_gold_to_its_reviewer_alone(item, reviewer, superuser):
    assert claims.claim_next(superuser) is None
    assert claims.claim_next(reviewer) == item


def test_bulk_skips_gold(item, reviewer, superuser):
    (theirs,) = bulk.plan([item.pk], by=superuser).left_out
    (own,) = bulk.plan([item.pk], by=reviewer).left_out

    assert theirs.why == "There is no such item."
    assert own.why == "Blind items are decided one by one."
