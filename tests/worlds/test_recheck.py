"""Re-checks of canon scenes, and the work list that they leave."""

from __future__ import annotations

import uuid

import pytest

from agents.choices import FindingState, JobStatus, Verdict
from agents.common import world_context
from agents.engine.checks import report
from agents.engine.envelope import unseal
from agents.models import AgentJob, CheckedScene, IntentionalFinding, SceneFix, WorldFinding, WorldRecheck
from agents.review.creators import own_verdicts
from agents.review.verdicts import decisions
from agents.worlds import recheck, work_list
from agents.worlds.tasks import recheck_worlds
from tests.support.fake_llm import FIVE_WORDS, weak_answer
from tests.support.problems import problem_of
from universes.models import Scene
from universes.passports.entries import passport_of
from universes.services import canon
from universes.services import universes as service
from universes.services.history import canon_origins
from universes.services.rules import RuleInput

pytestmark = pytest.mark.django_db

RULE = RuleInput("No one can teleport.")


@pytest.fixture
def scenes(universe):
    texts = {
        "Dawn": "Mira Voss looked up. Her grey eyes were tired.",
        "Noon": "He teleported across the marsh.",
        "Dusk": "Rain fell on the quay.",
    }
    canon.add_element(
        universe, kind="character", name="Mira Voss", summary="A ferrywoman with grey eyes.", status="canon"
    )
    return {
        name: canon.add_scene(universe, title=name, text=text, status="canon") for name, text in texts.items()
    }


@pytest.fixture
def broken(universe, scenes):
    """The finding in "Noon"."""
    service.update_world_config(universe, rules=[RULE])
    recheck.recheck(universe.pk, budget_s=30)
    return WorldFinding.objects.get()


def states(universe):
    return {(row.scene.title, row.quote): row.now for row in work_list.findings_in(universe)}


def test_saving_rechecks_by_itself_only_if_the_universe_wants_it(universe, scenes):
    service.update_world_config(universe, rules=[RULE])
    assert recheck_worlds() == {"read": 0}

    service.update_universe(universe, recheck_on_save=True)

    assert recheck_worlds() == {"read": 3}
    assert states(universe) == {("Noon", "teleported"): "open"}


def test_recheck_reads_only_what_a_change_concerns_and_finds_what_a_full_one_does(universe, scenes):
    recheck.recheck(universe.pk, budget_s=30)
    service.update_world_config(universe, rules=[RULE])

    assert recheck.recheck(universe.pk, budget_s=30) == 1
    assert recheck.recheck(universe.pk, budget_s=30) == 0
    found = set(WorldFinding.objects.values_list("scene__title", "quote"))
    world = world_context.world_view(universe)
    assert world is not None
    full = {
        (scene.title, each.quote) for scene in scenes.values() for each in report(scene.text, world).findings
    }
    assert found == full == {("Noon", "teleported")}


def test_changed_scene_is_read_alone_and_its_finding_is_fixed(universe, scenes, broken):
    canon.revise_scene(scenes["Noon"], text="He walked across the marsh.")

    assert recheck.recheck(universe.pk, budget_s=30) == 1
    assert states(universe) == {("Noon", "teleported"): "fixed"}

    canon.revise_scene(scenes["Noon"], text="He teleported across the marsh.")
    recheck.recheck(universe.pk, budget_s=30)
    assert (states(universe), WorldFinding.objects.count()) == ({("Noon", "teleported"): "open"}, 1)


def test_finding_is_gone_with_its_rule_and_with_its_scene(universe, scenes, broken):
    service.update_world_config(universe, rules=[])
    recheck.recheck(universe.pk, budget_s=30)
    assert states(universe) == {("Noon", "teleported"): "gone"}

    # A new rule, with an id of its own, although its words are the same.
    service.update_world_config(universe, rules=[RULE])
    recheck.recheck(universe.pk, budget_s=30)
    assert [row.now for row in work_list.findings_in(universe)] == ["open", "gone"]
    canon.retire(scenes["Noon"])
    recheck.recheck(universe.pk, budget_s=30)
    assert [row.now for row in work_list.findings_in(universe)] == ["gone", "gone"]


def test_mark_makes_a_finding_intentional_everywhere_until_it_is_undone(universe, broken, creator):
    marked = work_list.mark_intentional(universe, broken.pk, by=creator, reason="A dream.")

    again = work_list.mark_intentional(universe, broken.pk, by=creator)

    assert (marked.now, again.now, IntentionalFinding.objects.get().reason) == (
        "intentional",
        "intentional",
        "A dream.",
    )
    recheck.ask_for_recheck(universe)
    CheckedScene.objects.update(is_due=True)
    recheck_worlds()
    assert states(universe) == {("Noon", "teleported"): "intentional"}

    work_list.unmark(universe, broken.pk)
    work_list.unmark(universe, broken.pk)
    assert states(universe) == {("Noon", "teleported"): "open"}


def test_two_rechecks_at_once_store_one_truth(universe, scenes, monkeypatch):
    """The second one begins while the first is reading, and both see a world that has changed meanwhile."""
    check = recheck.findings_of
    begun: list[str] = []

    def check_and_let_another_run(scene, world):
        if not begun:
            begun.append(scene.title)
            service.update_world_config(universe, rules=[RULE])
            recheck.recheck(universe.pk, budget_s=30)
        return check(scene, world)

    monkeypatch.setattr(recheck, "findings_of", check_and_let_another_run)

    assert recheck.recheck(universe.pk, budget_s=30) == 0
    assert states(universe) == {("Noon", "teleported"): "open"}
    assert recheck.recheck(universe.pk, budget_s=30) == 0
    assert WorldRecheck.objects.get().revision == 2


def test_scene_that_changes_while_it_is_read_stays_due(universe, scenes, monkeypatch):
    service.update_world_config(universe, rules=[RULE])
    check = recheck.findings_of

    def check_and_change(scene, world):
        found = check(scene, world)
        if found:
            Scene.objects.filter(pk=scene.pk).update(updated_at=scenes["Dusk"].updated_at)
            monkeypatch.setattr(recheck, "findings_of", check)
        return found

    monkeypatch.setattr(recheck, "findings_of", check_and_change)

    assert recheck.recheck(universe.pk, budget_s=30) == 4
    assert states(universe) == {("Noon", "teleported"): "open"}


def test_agent_mends_a_scene_whose_text_changes_once_it_is_accepted(
    universe, scenes, broken, creator, run, llm
):
    job = work_list.ask_for_fix(universe, broken.pk, by=creator)
    assert "“teleported” contradicts “No one can teleport”" in job.revision_note
    llm.will({"title": "Noon", "content": f"He walked across the marsh. {FIVE_WORDS * 9}"})
    done = run(job)
    assert done.status == JobStatus.COMPLETED
    assert (unseal("revision", llm.requests[-1].user) or {})["previous_output"] == {
        "title": "Noon",
        "content": "He teleported across the marsh.",
    }

    done.review_items.all().delete()
    AgentJob.objects.filter(pk=job.pk).update(outcome="trusted")
    assert Scene.objects.get(pk=broken.scene_id).text == "He teleported across the marsh."
    own_verdicts.accept(job.pk, by=creator)

    scene = Scene.objects.get(pk=broken.scene_id)
    assert scene.text.startswith("He walked")
    assert Scene.objects.count() == 3
    recheck.recheck(universe.pk, budget_s=30)
    assert states(universe)["Noon", "teleported"] == FindingState.FIXED
    assert passport_of(scene).disclosure != "human-only"
    canon_origins.undo_change(scene.universe.canon_changes.latest("at").pk, creator)
    assert Scene.objects.get(pk=scene.pk).text == "He teleported across the marsh."


def test_verdict_on_a_fix_changes_the_scene_and_its_undo_restores_it(
    universe, broken, creator, reviewer, run, llm
):
    llm.will(weak_answer)
    item = run(work_list.ask_for_fix(universe, broken.pk, by=creator)).review_items.get()

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    assert Scene.objects.get(pk=broken.scene_id).text.startswith("The salt road")
    decisions.undo(item.pk, by=reviewer)

    assert Scene.objects.get(pk=broken.scene_id).text == "He teleported across the marsh."
    assert Scene.objects.count() == 3


def test_fix_is_refused_for_what_is_closed_or_under_way(universe, broken, creator, api):
    path = f"/universes/{universe.pk}/findings/{broken.pk}"
    answer = api.post(f"{path}/fix")
    assert (answer.status_code, answer.headers["Location"]) == (
        202,
        f"/agents/jobs/{SceneFix.objects.get().job_id}",
    )
    problem_of(api.post(f"{path}/fix"), 409, "fix_under_way")

    WorldFinding.objects.update(state=FindingState.GONE)
    problem_of(api.post(f"{path}/fix"), 409, "finding_closed")
    problem_of(api.put(f"{path}/intentional", {}), 409, "finding_closed")
    problem_of(api.post(f"/universes/{universe.pk}/findings/{uuid.uuid4()}/fix"), 404, "finding_not_found")
    assert (SceneFix.objects.count(), IntentionalFinding.objects.count()) == (1, 0)


def test_api_lists_findings_by_state_and_asks_for_rechecks(universe, scenes, api, creator):
    path = f"/universes/{universe.pk}"
    service.update_world_config(universe, rules=[RULE])

    asked = api.post(f"{path}/recheck")
    assert (asked.status_code, asked.data["is_due"], asked.data["scenes_left"]) == (202, True, 3)
    recheck_worlds()
    told = api.get(f"{path}/recheck").data
    assert (told["is_due"], told["scenes_left"], told["on_save"]) == (False, 0, False)
    assert told["completed_at"] is not None

    (row,) = api.get(f"{path}/findings?state=open").data["results"]
    assert (row["title"], row["quote"], row["statement"], row["state"]) == (
        "Noon",
        "teleported",
        "No one can teleport",
        "open",
    )
    marked = api.put(f"{path}/findings/{row['id']}/intentional", {"reason": "A dream."})
    assert (marked.status_code, marked.data["state"]) == (200, "intentional")
    assert api.get(f"{path}/findings?state=open").data["results"] == []
    assert len(api.get(f"{path}/findings?state=intentional,gone").data["results"]) == 1
    assert api.delete(f"{path}/findings/{row['id']}/intentional").status_code == 204
    assert len(api.get(f"{path}/findings?state=open").data["results"]) == 1
