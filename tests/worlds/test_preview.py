"""Preview of a change to a world."""

from __future__ import annotations

import pytest

from agents.common import world_context
from agents.engine.checks import report
from agents.models import IntentionalFinding
from agents.worlds.preview import WorldChange, preview
from tests.support.problems import pointers_of, problem_of
from universes.models import CanonChange, Element, WorldRule
from universes.services import canon
from universes.services import universes as service
from universes.services.rules import RuleInput

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira(universe):
    return canon.add_element(
        universe, kind="character", name="Mira Voss", summary="A ferrywoman with grey eyes.", status="canon"
    )


@pytest.fixture
def scenes(universe, mira):
    texts = {
        "Dawn": "Mira Voss looked up. Her grey eyes were tired.",
        "Noon": "He teleported across the marsh.",
        "Dusk": "Rain fell on the quay.",
    }
    return {
        name: canon.add_scene(universe, title=name, text=text, status="canon") for name, text in texts.items()
    }


def test_changed_element_and_new_rule_name_the_scenes_that_they_break(api, universe, mira, scenes):
    steps = CanonChange.objects.count()
    body = {
        "rules": ["No one can teleport."],
        "elements": [{"id": str(mira.pk), "summary": "A ferrywoman with green eyes."}],
    }

    answer = api.post(f"/universes/{universe.pk}/preview", body)

    counted = [answer.data[name] for name in ("read", "not_concerned", "not_read")]
    assert (answer.status_code, counted) == (200, [2, 1, 0])
    found = {(row["title"], row["quote"], row["statement"]) for row in answer.data["findings"]}
    assert {title for title, _, _ in found} == {"Dawn", "Noon"}
    assert any("green eyes" in statement for _, _, statement in found)
    for row in answer.data["findings"]:
        text = scenes[row["title"]].text
        assert text[row["start"] : row["end"]] == row["quote"]
    assert (WorldRule.objects.count(), CanonChange.objects.count()) == (0, steps)
    assert Element.objects.get().summary == "A ferrywoman with grey eyes."


def test_preview_equals_the_checks_after_the_change(universe, mira, scenes):
    told = preview(
        universe,
        WorldChange(
            rules=["No one can teleport."], elements=[{"id": mira.pk, "summary": "Her eyes are green."}]
        ),
    )
    service.update_world_config(universe, rules=[RuleInput("No one can teleport.")])
    canon.revise_element(mira, summary="Her eyes are green.")

    world = world_context.world_view(universe)
    assert world is not None
    after = {
        (scene.title, finding.start, finding.quote, finding.statement)
        for scene in scenes.values()
        for finding in report(scene.text, world).findings
    }

    assert {
        (new.scene.title, new.finding.start, new.finding.quote, new.finding.statement)
        for new in told.findings
    } == after


def test_what_contradicts_already_is_not_new(universe, mira, scenes):
    service.update_world_config(universe, rules=[RuleInput("No one can teleport.")])

    assert preview(universe, WorldChange(rules=["Iron burns elves."])).findings == []


def test_scenes_without_time_are_counted(universe, mira, scenes):
    told = preview(universe, WorldChange(rules=["No one can teleport."]), budget_s=-1)

    assert (told.findings, told.read, told.not_read) == ([], 0, 3)


def test_the_dead_do_nothing_in_later_scenes(api, universe, mira, scenes):
    later = canon.add_scene(universe, title="Night", text="Mira Voss lit a lamp.", status="canon")
    body = {"deaths": [{"element_id": str(mira.pk), "scene_id": str(scenes["Noon"].pk)}]}

    answer = api.post(f"/universes/{universe.pk}/preview", body)

    found = [(row["scene_id"], row["quote"], row["statement"]) for row in answer.data["findings"]]
    assert [scene_id for scene_id, _, _ in found] == [str(later.pk)]
    assert found[0][2] == "Mira Voss died in “Noon”"
    assert answer.data["read"] == 1


def test_what_is_intentional_stays_quiet(universe, mira, scenes):
    change = WorldChange(elements=[{"id": mira.pk, "summary": "Her eyes are green."}])
    (found,) = preview(universe, change).findings
    IntentionalFinding.objects.create(
        universe=universe, finding_id=found.finding.id, source_id="", statement="", quote=""
    )

    assert preview(universe, change).findings == []


def test_retired_element_and_removed_rule_break_nothing(universe, mira, scenes):
    service.update_world_config(universe, rules=[RuleInput("No one can teleport.")])
    change = WorldChange(
        elements=[{"id": mira.pk, "retired": True}], without_rules=[WorldRule.objects.get().pk]
    )

    assert preview(universe, change).findings == []


def test_changed_age_concerns_all_scenes(universe, scenes):
    canon.add_scene(universe, title="Late", text="He took his smartphone.", status="canon")

    told = preview(universe, WorldChange(config={"tech_level": "medieval"}))

    assert [new.finding.quote for new in told.findings] == ["teleported", "smartphone"]
    assert (told.read, told.not_concerned) == (4, 0)


def test_preview_names_what_is_wrong(api, universe, mira):
    path = f"/universes/{universe.pk}/preview"

    problem_of(api.post(path, {"elements": [{"id": str(universe.pk)}]}), 404, "element_not_found")
    assert list(pointers_of(api.post(path, {"rules": [7]}))) == ["/rules/0"]
    problem_of(api.post(path, {"without_rules": [str(universe.pk)]}), 404, "rule_not_found")
    death = {"element_id": str(mira.pk), "scene_id": str(universe.pk)}
    problem_of(api.post(path, {"deaths": [death]}), 404, "scene_not_found")
    many = [{"id": str(mira.pk)}] * 51
    assert pointers_of(api.post(path, {"elements": many})) == {"/elements": "too_many"}
