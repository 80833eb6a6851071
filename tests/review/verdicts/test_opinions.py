"""Several independent opinions on one item, with one effect."""

from __future__ import annotations

import json

import pytest

from agents.choices import Verdict
from agents.common import visibility
from agents.errors import Conflict
from agents.models import AgentJob, ReviewItem
from agents.review import claims
from agents.review.verdicts import decisions
from tests.review.verdicts.opinions import assert_undecided, edit, give_opinion, next_of, refused
from tests.support.facts import event_kinds
from universes.models import CanonChange, Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(double_review_item):
    """An item that takes two opinions."""
    return double_review_item()


# --- Agreement ----------------------------------------------------------------------------------------------


def test_universe_sets_the_number_of_opinions(double_review_item):
    assert double_review_item(3).opinions_wanted == 3


def test_second_agreeing_opinion_takes_effect(item, reviewer, second_reviewer):
    claims.claim(item.pk, reviewer)
    first = give_opinion(item, Verdict.APPROVED, reviewer)

    assert_undecided(item)
    assert (item.claimed_by, item.disputed_at) == (None, None)
    assert (first.takes_effect, first.is_lead, first.work_s is not None) == (False, False, True)

    last = give_opinion(item, Verdict.APPROVED, second_reviewer)

    assert (last.takes_effect, last.is_lead) == (True, False)
    item.refresh_from_db()
    assert (item.state, item.decision) == ("closed", last)
    scene = Scene.objects.get()
    assert (scene.canon_status, scene.created_by) == ("canon", second_reviewer)
    assert CanonChange.objects.count() == 1
    assert event_kinds(item.job)[-3:] == ["review_opinion", "review_decided", "canon_added"]


def test_third_of_three_opinions_takes_effect(double_review_item, reviewer, second_reviewer, third_reviewer):
    item = double_review_item(3)
    for by in (reviewer, second_reviewer):
        give_opinion(item, Verdict.APPROVED, by)
        assert_undecided(item)

    give_opinion(item, Verdict.APPROVED, third_reviewer)

    assert list(item.decisions.order_by("at").values_list("by__username", "takes_effect")) == [
        ("rosa", False),
        ("rudi", False),
        ("tilda", True),
    ]
    assert Scene.objects.count() == 1
    assert event_kinds(item.job).count("review_decided") == 1


def test_identical_edits_agree(item, reviewer, second_reviewer):
    edit(item, reviewer, title="High Tide")
    edit(item, second_reviewer, title="High Tide")

    item.refresh_from_db()
    assert (item.state, Scene.objects.get().title) == ("closed", "High Tide")


def test_same_verdict_with_other_reasons_agrees(item, reviewer, second_reviewer):
    give_opinion(item, Verdict.REJECTED, reviewer, reason="badly_written", note="")
    give_opinion(item, Verdict.REJECTED, second_reviewer, note="No weather.")

    item.refresh_from_db()
    assert item.state == "closed"
    assert not Scene.objects.exists()


def test_joint_ask_again_makes_one_job_with_all_notes(
    double_review_item, reviewer, second_reviewer, third_reviewer
):
    item = double_review_item(3)
    for by, note in (
        (reviewer, "More weather."),
        (second_reviewer, "Fewer people."),
        (third_reviewer, "More weather."),
    ):
        give_opinion(item, Verdict.ASKED_AGAIN, by, note=note)

    follow_up = AgentJob.objects.get(follows=item.job)
    assert follow_up.revision_note == "More weather.\n\nFewer people."
    assert list(item.decisions.filter(follow_up=follow_up).values_list("by__username", flat=True)) == [
        "tilda"
    ]


# --- Once a person ------------------------------------------------------------------------------------------


def test_second_opinion_by_the_same_reviewer_is_refused(item, reviewer, superuser):
    give_opinion(item, Verdict.APPROVED, reviewer)
    say_again = refused(item, reviewer, "opinion_given", Verdict.REJECTED)
    assert say_again == "You have given your opinion on this item. Other opinions are still missing."
    assert_undecided(item)


def test_second_opinion_by_a_superuser_is_refused(item, superuser):
    give_opinion(item, Verdict.APPROVED, superuser)

    refused(item, superuser, "opinion_given")

    assert_undecided(item)


def test_judged_item_is_neither_next_nor_claimable(item, reviewer, second_reviewer):
    give_opinion(item, Verdict.APPROVED, reviewer)

    assert next_of(reviewer) is None
    with pytest.raises(Conflict) as refusal:
        claims.claim(item.pk, reviewer)
    assert refusal.value.code == "opinion_given"
    item.refresh_from_db()
    assert item.claimed_by is None

    assert next_of(second_reviewer) == item.pk


# --- Blind to each other ------------------------------------------------------------------------------------


def test_events_do_not_reveal_opinions(double_review_item, reviewer, second_reviewer):
    item = double_review_item(3)
    claims.hand_to(item.pk, second_reviewer, by=reviewer, note="REVEALING")
    claims.skip(item.pk, second_reviewer, reason="REVEALING")
    give_opinion(item, Verdict.REJECTED, second_reviewer, note="REVEALING")
    decisions.undo(item.pk, by=second_reviewer)
    give_opinion(item, Verdict.ASKED_AGAIN, second_reviewer, note="REVEALING")

    events = list(item.job.events.order_by("id").values("kind", "data"))[-5:]

    assert events == [
        {"kind": "review_handed", "data": {"to": "rudi"}},
        {"kind": "review_skipped", "data": {}},
        {"kind": "review_opinion", "data": {}},
        {"kind": "review_undone", "data": {}},
        {"kind": "review_opinion", "data": {}},
    ]
    assert "REVEALING" not in json.dumps(events)


def test_opinions_are_shown_to_settling_leads_and_once_closed(item, reviewer, second_reviewer, lead):
    give_opinion(item, Verdict.APPROVED, reviewer)
    item.refresh_from_db()
    assert not visibility.may_see_opinions(item, second_reviewer)
    assert not visibility.may_see_opinions(item, lead)

    give_opinion(item, Verdict.REJECTED, second_reviewer)
    item.refresh_from_db()
    assert not visibility.may_see_opinions(item, reviewer)
    assert visibility.may_see_opinions(item, lead)

    give_opinion(item, Verdict.APPROVED, lead)
    item.refresh_from_db()
    assert visibility.may_see_opinions(item, reviewer)


def test_gold_takes_one_opinion(plant_gold, reviewer):
    item = plant_gold(reviewer, opinions_wanted=2)

    give_opinion(item, Verdict.APPROVED, reviewer)

    assert ReviewItem.objects.get(pk=item.pk).state == "closed"
