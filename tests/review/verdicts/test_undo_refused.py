"""Refused undos: the decision and its effect stay."""

from __future__ import annotations

import pytest

from agents.choices import Verdict
from agents.errors import Forbidden, NotFound, ReviewClaimed
from agents.review import claims
from agents.review.verdicts import decisions
from tests.review.verdicts.undoing import age, assert_open_and_held_by, assert_stands, refused
from tests.support.facts import canon_steps, event_kinds
from universes.models import Element, Scene
from universes.services import canon as universe_canon
from universes.services import universes

pytestmark = pytest.mark.django_db


def test_undo_is_possible_for_ten_minutes(review_item, reviewer, settings):
    decision = decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    age(decision, settings.REVIEW_UNDO_S + 5)

    assert refused(review_item, reviewer, "undo_too_late") == "A verdict can be undone for 10 minutes."
    assert_stands(decision)
    assert Scene.objects.get().canon_status == "canon"

    age(decision, settings.REVIEW_UNDO_S - 5)
    decisions.undo(review_item.pk, by=reviewer)
    assert not Scene.objects.exists()


@pytest.mark.parametrize(
    ("undo_s", "words"),
    [
        (0, "Verdicts cannot be undone here."),
        (1, "A verdict can be undone for 1 second."),
        (90, "A verdict can be undone for 90 seconds."),
        (60, "A verdict can be undone for 1 minute."),
    ],
)
def test_refusal_states_the_time_limit(review_item, reviewer, settings, undo_s, words):
    settings.REVIEW_UNDO_S = undo_s
    age(decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer), undo_s + 5)

    assert refused(review_item, reviewer, "undo_too_late") == words


def test_verdict_of_another_is_not_undone(review_item, reviewer, second_reviewer, superuser):
    decision = decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)

    for other in (second_reviewer, superuser):
        refused(review_item, other, "nothing_to_undo")

    assert_stands(decision)
    assert Scene.objects.count() == 1


def test_former_reviewer_cannot_undo(review_item, reviewer):
    decision = decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    reviewer.is_active = False

    with pytest.raises(Forbidden):
        decisions.undo(review_item.pk, by=reviewer)

    assert_stands(decision)


def test_verdict_is_undone_once(review_item, reviewer):
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    decisions.undo(review_item.pk, by=reviewer)

    refused(review_item, reviewer, "nothing_to_undo")

    assert_open_and_held_by(review_item, reviewer)
    assert event_kinds(review_item.job).count("review_undone") == 1


def test_undecided_item_has_nothing_to_undo(review_item, reviewer):
    refused(review_item, reviewer, "nothing_to_undo")

    assert event_kinds(review_item.job)[-1] == "review_opened"


def test_later_decision_of_another_stands(review_item, reviewer, second_reviewer):
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    decisions.undo(review_item.pk, by=reviewer)
    claims.release(review_item.pk, reviewer)
    decision = decisions.decide(review_item.pk, Verdict.REJECTED, by=second_reviewer, note="No.")

    refused(review_item, reviewer, "nothing_to_undo")

    decision.refresh_from_db()
    review_item.refresh_from_db()
    assert (decision.undone_at, review_item.state, review_item.decision) == (None, "closed", decision)


def test_scene_revised_by_a_person_is_kept(review_item, reviewer, editor):
    decision = decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    universe_canon.revise_scene(Scene.objects.get(), title="Spring Tide", by=editor)

    message = refused(review_item, reviewer, "canon_moved_on")

    assert message == "edgar has changed “Spring Tide” in the universe since."
    assert_stands(decision)
    assert (Scene.objects.get().title, Scene.objects.get().canon_status) == ("Spring Tide", "canon")
    review_item.job.refresh_from_db()
    assert review_item.job.human_review_required is False
    assert canon_steps(review_item.job) == [("added", "rosa"), ("revised", "edgar")]


def test_removed_scene_is_not_removed_twice(review_item, reviewer):
    decision = decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    Scene.objects.all().delete()

    refused(review_item, reviewer, "canon_moved_on")

    assert_stands(decision)


def test_completed_follow_up_prevents_undo(review_item, reviewer, run):
    decision = decisions.decide(review_item.pk, Verdict.ASKED_AGAIN, by=reviewer, note="More weather.")
    assert decision.follow_up is not None
    assert run(decision.follow_up).status == "completed"

    refused(review_item, reviewer, "follow_up_done")

    assert_stands(decision)
    decision.follow_up.refresh_from_db()
    assert decision.follow_up.status == "completed"


def test_archived_universe_prevents_undo(review_item, reviewer, universe):
    decision = decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    universes.archive(universe)

    refused(review_item, reviewer, "universe_archived")

    assert_stands(decision)
    assert Scene.objects.count() == 1


def test_name_taken_meanwhile_prevents_undo(open_audit, reviewer, universe, editor):
    item = open_audit("spatial")
    decision = decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")
    universe_canon.add_element(universe, kind="location", name="HARROW causeway", by=editor)

    refused(item, reviewer, "element_name_taken")

    assert_stands(decision)
    assert set(Element.objects.values_list("name", "canon_status")) == {
        ("Harrow Causeway", "retired"),
        ("HARROW causeway", "draft"),
    }


def test_deleted_universe_allows_undo(review_item, reviewer, universe):
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    universe.delete()

    decisions.undo(review_item.pk, by=reviewer)

    assert_open_and_held_by(review_item, reviewer)


def test_item_that_does_not_exist_is_not_found(reviewer, second_reviewer, plant_gold):
    item = plant_gold(second_reviewer)
    decisions.decide(item.pk, Verdict.APPROVED, by=second_reviewer)

    with pytest.raises(NotFound):
        decisions.undo(item.pk, by=reviewer)


def test_opinion_is_not_undone_while_another_reads_the_item(open_review, universe, reviewer, second_reviewer):
    universes.update_universe(universe, opinions_wanted=2)
    item = open_review()
    decision = decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    claims.claim(item.pk, second_reviewer)

    with pytest.raises(ReviewClaimed, match=r"^rudi is reading this item now\.$"):
        decisions.undo(item.pk, by=reviewer)

    decision.refresh_from_db()
    assert decision.undone_at is None
