"""Style guides: versions, who may change them, their way into the prompt, and the share without a new rule."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.common import guidance
from agents.common.database import versions
from agents.engine.envelope import unseal
from agents.errors import Conflict, Forbidden, Invalid, NotFound
from agents.learning import guides
from agents.models import StyleGuide
from agents.notify import preferences
from agents.providers import run_settings
from universes.choices import Role
from universes.services import universes

pytestmark = pytest.mark.django_db

DASHES, SECOND = "Use no em-dashes.", "Address the reader as “you”."


@pytest.fixture
def editor(make_user, universe):
    editor = make_user("edda")
    universes.add_member(universe, editor, Role.EDITOR)
    return editor


@pytest.fixture
def drawn(monkeypatch):
    """Set whether jobs are drawn to go without the rules on trial."""

    def draw(to: bool) -> None:
        monkeypatch.setattr(guidance, "_is_drawn", lambda job_id, version: to)

    draw(False)
    return draw


def texts(universe, agent_type="narrative"):
    return list(guides.current(universe.pk, agent_type).texts)


def test_each_change_is_a_version_and_rules_keep_their_ids(universe, creator):
    first = guides.save(universe.pk, "narrative", [DASHES], by=creator)
    second = guides.save(universe.pk, "narrative", [SECOND, DASHES], by=creator)

    assert (first.version, second.version) == (1, 2)
    assert second.rules[1]["id"] == first.rules[0]["id"]
    assert second.on_trial == [second.rules[0]["id"]]
    assert texts(universe) == [SECOND, DASHES]
    assert texts(universe, "spatial") == []


def test_saving_the_same_rules_makes_no_version(universe, creator):
    guides.save(universe.pk, "narrative", [DASHES], by=creator)

    assert guides.save(universe.pk, "narrative", [f"  {DASHES} "], by=creator).version == 1
    assert StyleGuide.objects.count() == 1


def test_undo_restores_the_version_before_without_a_trial(universe, creator):
    guides.save(universe.pk, "narrative", [DASHES], by=creator)
    guides.save(universe.pk, "narrative", [DASHES, SECOND], by=creator)

    undone = guides.restore(universe.pk, "narrative", by=creator)

    assert (undone.version, undone.cause, list(undone.texts)) == (3, "restored", [DASHES])
    assert not undone.has_trial
    assert list(guides.restore(universe.pk, "narrative", by=creator, version=0).texts) == []
    with pytest.raises(NotFound):
        guides.restore(universe.pk, "narrative", by=creator, version=9)


def test_only_owners_and_leads_change_a_guide(universe, editor, stranger, lead, creator):
    with pytest.raises(Forbidden):
        guides.save(universe.pk, "narrative", [DASHES], by=editor)
    with pytest.raises(NotFound):
        guides.save(universe.pk, "narrative", [DASHES], by=stranger)
    assert not StyleGuide.objects.exists()

    guides.save(universe.pk, "narrative", [DASHES], by=lead)

    universes.update_universe(universe, archived=True)
    with pytest.raises(Conflict):
        guides.save(universe.pk, "narrative", [], by=creator)
    assert texts(universe) == [DASHES]


@pytest.mark.parametrize(
    ("rules", "pointer", "code"),
    [
        (["  "], "/rules/0", "blank"),
        ([DASHES, DASHES], "/rules/1", "duplicate"),
        (["x" * 301], "/rules/0", "max_length"),
        ([f"Rule {number}." for number in range(41)], "/rules", "max_length"),
    ],
)
def test_wrong_rules_are_refused_by_pointer(universe, creator, rules, pointer, code):
    with pytest.raises(Invalid) as refusal:
        guides.save(universe.pk, "narrative", rules, by=creator)

    assert [(error.pointer, error.code) for error in refusal.value.errors] == [(pointer, code)]
    assert not StyleGuide.objects.exists()


def test_rules_go_into_the_cached_part_of_the_prompt_and_the_job_keeps_the_version(
    submit, run, llm, universe, creator, drawn
):
    preferences.save_preferences(creator, {"tone": "florid"}, replace=True)
    guides.save(universe.pk, "narrative", [DASHES, SECOND], by=creator)

    job = run(submit(universe=universe))
    other = run(submit(universe=universe, prompt="Another scene."))

    assert unseal("style_guide", llm.requests[0].system) == [DASHES, SECOND]
    assert llm.requests[0].system == llm.requests[1].system
    assert unseal("style_guide", llm.requests[0].user) is None
    assert (job.guide_version, other.guide_version) == (1, 1)
    assert job.guidance["tone"] == "florid"
    assert job.guidance["prompt_version"] == llm.requests[0].prompt_version


def test_job_of_another_agent_or_universe_reads_no_guide(submit, run, llm, universe, creator, drawn):
    guides.save(universe.pk, "narrative", [DASHES], by=creator)

    job = run(submit("spatial", universe=universe))
    own = run(submit())

    assert unseal("style_guide", llm.requests[0].system) is None
    assert (job.guide_version, own.guide_version) == (0, 0)


def test_drawn_jobs_go_without_the_new_rule_until_the_trial_ends(submit, run, llm, universe, creator, drawn):
    guides.save(universe.pk, "narrative", [DASHES], by=creator)
    guide = guides.save(universe.pk, "narrative", [DASHES, SECOND], by=creator)
    drawn(True)

    job = run(submit(universe=universe))
    StyleGuide.objects.filter(pk=guide.pk).update(trial_ended_at=guide.at)
    later = run(submit(universe=universe))

    assert unseal("style_guide", llm.requests[0].system) == [DASHES]
    assert (job.guide_version, job.guidance["without_new_rules"]) == (2, True)
    assert unseal("style_guide", llm.requests[1].system) == [DASHES, SECOND]
    assert later.guidance["without_new_rules"] is False


def test_a_fifth_is_drawn_and_stays_so():
    drawn = [guidance._is_drawn(uuid.UUID(int=number), 3) for number in range(2000)]

    assert 340 < sum(drawn) < 460
    assert drawn == [guidance._is_drawn(uuid.UUID(int=number), 3) for number in range(2000)]
    assert drawn != [guidance._is_drawn(uuid.UUID(int=number), 4) for number in range(2000)]


def test_guides_cost_a_run_no_query(make_job, universe, creator):
    job = make_job(universe=universe)
    guides.save(universe.pk, "narrative", [DASHES], by=creator)
    with versions.pinned(versions.read()):
        run_settings.run_settings(job)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            run_settings.run_settings(job, marks=False)

    assert len(queries) == 0
