"""Comparison of outputs with and without new rules, and the end of their trial."""

from __future__ import annotations

import pytest
from django.utils import timezone

from agents.choices import Verdict
from agents.common.guidance import guide_of
from agents.errors import Conflict, Forbidden, NotFound
from agents.learning import effect, guides, tasks
from agents.models import AgentJob, ReviewDecision, ReviewItem
from tests.support import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide(universe, creator):
    return guides.save(universe.pk, "narrative", ["Use no em-dashes."], by=creator)


@pytest.fixture
def decided(creator, reviewer, universe, guide):
    """Store verdicts on outputs under the guide: ``decided(without=True, approved=3, rejected=2, edited=1)``."""

    def store(*, without=False, version=None, **verdicts):
        template = rows.make_job(creator, status="completed", universe=universe)
        shared = {field.attname: getattr(template, field.attname) for field in AgentJob._meta.concrete_fields}
        template.delete()
        del shared["id"]
        shared |= {"guide_version": version or guide.version, "guidance": {"without_new_rules": without}}
        for verdict, count in verdicts.items():
            jobs = AgentJob.objects.bulk_create([AgentJob(**shared) for _ in range(count)])
            items = ReviewItem.objects.bulk_create(
                ReviewItem(
                    job=job,
                    universe=universe,
                    agent_type="narrative",
                    kind="audit",
                    state="closed",
                    closed_at=timezone.now(),
                    reasons=[],
                    confidence=0.9,
                    draw_rate=1,
                )
                for job in jobs
            )
            ReviewDecision.objects.bulk_create(
                ReviewDecision(
                    item=item,
                    verdict=verdict,
                    note="No." if verdict == Verdict.REJECTED else "",
                    by=reviewer,
                    before={"content": "One two three four."},
                    after={"content": "One two three five."} if verdict == Verdict.EDITED else None,
                )
                for item in items
            )

    return store


def effect_now(universe):
    return effect.effect_of(universe.pk, "narrative")


def old_rules_of(universe):
    guide = guide_of(universe.pk, "narrative")
    assert guide is not None
    return guide.old_rules


def test_without_a_guide_there_is_nothing_to_compare(universe):
    assert (effect_now(universe).state, effect_now(universe).rules) == ("none", ())


def test_few_verdicts_are_not_enough_and_the_trial_goes_on(universe, decided, guide):
    decided(approved=29, rejected=20)
    decided(without=True, approved=29)

    shown = effect_now(universe)

    assert (shown.state, shown.p) == ("not_enough", None)
    assert shown.sentence.startswith("Not enough yet: 49 with the new rules and 29 without")
    assert tasks.learn()["trials_ended"] == 0
    assert old_rules_of(universe) == ()


def test_better_outputs_with_the_rule_end_the_trial(universe, decided, guide):
    decided(approved=54, rejected=6)
    decided(without=True, approved=15, rejected=15)

    assert tasks.learn()["trials_ended"] == 1

    guide.refresh_from_db()
    assert (guide.has_trial, guide.trial_result["state"]) == (False, "better")
    assert guide.trial_result["sentence"] == (
        "The new rules help: 90% approved unchanged with the new rules, 50% without."
    )
    assert old_rules_of(universe) is None
    assert tasks.learn()["trials_ended"] == 0


def test_harm_and_no_difference_are_told_apart(universe, decided):
    decided(approved=30, rejected=30)
    decided(without=True, approved=18, rejected=12)
    assert effect_now(universe).state == "no_difference"

    decided(rejected=60)

    assert effect_now(universe).state == "worse"


def test_shares_have_exact_intervals_and_edits_a_distance(universe, decided):
    decided(approved=8, edited=1, rejected=1)

    side = effect_now(universe).with_rules

    assert (side.verdicts, side.approved, side.accepted, side.share) == (10, 8, 9, 0.8)
    # Clopper and Pearson for 8 of 10.
    assert (side.share_low, side.share_high) == (
        pytest.approx(0.4439, abs=1e-4),
        pytest.approx(0.9748, abs=1e-4),
    )
    assert side.distance == pytest.approx(0.25 / 9)
    assert side.distance_low == 0.0


def test_verdicts_under_other_versions_and_undone_ones_do_not_count(universe, decided, reviewer):
    decided(version=7, approved=5)
    decided(approved=2)
    ReviewDecision.objects.filter(item__job__guide_version=1).update(
        undone_at=timezone.now(), undone_by=reviewer
    )

    assert effect_now(universe).with_rules.verdicts == 0


def test_owner_ends_a_trial_by_hand_and_all_jobs_read_the_rule(universe, decided, guide, creator):
    decided(approved=3)
    decided(without=True, approved=1)

    ended = effect.end_trial(universe.pk, "narrative", by=creator)

    assert not ended.has_trial
    assert ended.trial_result is not None
    assert ended.trial_result["ended_by"] == creator.username
    assert (ended.trial_result["state"], ended.trial_result["with_rules"]["verdicts"]) == ("not_enough", 3)
    assert old_rules_of(universe) is None
    with pytest.raises(Conflict) as refusal:
        effect.end_trial(universe.pk, "narrative", by=creator)
    assert refusal.value.code == "no_trial"


def test_editors_and_strangers_end_no_trial(universe, guide, editor, stranger):
    for person in (editor, stranger):
        with pytest.raises((Forbidden, NotFound)):
            effect.end_trial(universe.pk, "narrative", by=person)
    guide.refresh_from_db()

    assert guide.has_trial
