"""Preview of a change to a world."""

from __future__ import annotations

import pytest

from agents.common import world_context
from agents.engine.checks import report
from agents.worlds.preview import preview
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

    assert (answer.status_code, answer.data["read"], answer.data["not_read"]) == (200, 3, 0)
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
        universe, rules=["No one can teleport."], elements=[{"id": mira.pk, "summary": "Her eyes are green."}]
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

    assert preview(universe, rules=["Iron burns elves."]).findings == []


def test_scenes_without_time_are_counted(universe, mira, scenes):
    told = preview(universe, rules=["No one can teleport."], budget_s=-1)

    assert (told.findings, told.read, told.not_read) == ([], 0, 3)


def test_preview_names_what_is_wrong(api, universe, mira):
    path = f"/universes/{universe.pk}/preview"

    problem_of(api.post(path, {"elements": [{"id": str(universe.pk)}]}), 404, "element_not_found")
    assert list(pointers_of(api.post(path, {"rules": [7]}))) == ["/rules/0"]
    many = [{"id": str(mira.pk)}] * 51
    assert pointers_of(api.post(path, {"elements": many})) == {"/elements": "too_many"}
