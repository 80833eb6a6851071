"""The work list in the studio, and the preview of a change."""

from __future__ import annotations

import pytest

from agents.models import AgentJob, IntentionalFinding, WorldFinding, WorldRecheck
from agents.worlds import recheck
from universes.models import Element, WorldRule
from universes.services import canon
from universes.services import universes as service
from universes.services.rules import RuleInput

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(universe):
    return f"/studio/universes/{universe.pk}/findings"


@pytest.fixture
def mira(universe):
    return canon.add_element(
        universe, kind="character", name="Mira Voss", summary="A ferrywoman with grey eyes.", status="canon"
    )


@pytest.fixture
def noon(universe, mira):
    text = "He teleported across the marsh. Mira Voss looked up. Her grey eyes were tired."
    return canon.add_scene(universe, title="Noon", text=text, status="canon")


@pytest.fixture
def broken(universe, noon):
    service.update_world_config(universe, rules=[RuleInput("No one can teleport.")])
    recheck.recheck(universe.pk, budget_s=30)
    return WorldFinding.objects.get()


def test_finding_stands_with_its_proof_and_its_source(signed_in, viewer, path, universe, broken):
    page = signed_in(viewer).get(path).content.decode()

    assert "teleported" in page
    rule = WorldRule.objects.get()
    assert (
        f'against “No one can teleport” (<a href="/studio/universes/{universe.pk}/world#source-{rule.pk}">'
        in page
    )
    assert "Have an agent fix it" not in page
    universe_page = signed_in(viewer).get(f"/studio/universes/{universe.pk}").content.decode()
    assert "1 contradiction in canon" in universe_page


def test_finding_is_marked_as_intentional_and_the_mark_is_undone(signed_in, creator, path, broken):
    client = signed_in(creator)

    client.post(f"{path}/{broken.pk}", {"act": "intentional", "reason": "A lie."})

    assert IntentionalFinding.objects.get().reason == "A lie."
    assert "teleported" not in client.get(path).content.decode()
    page = client.get(f"{path}?state=intentional").content.decode()
    assert "Intentional: A lie." in page
    client.post(f"{path}/{broken.pk}", {"act": "unmark"})
    assert not IntentionalFinding.objects.exists()
    assert "teleported" in client.get(path).content.decode()
    assert "teleported" not in client.get(f"{path}?strength=hint").content.decode()
    assert "teleported" in client.get(f"{path}?state=all&strength={broken.strength}").content.decode()


def test_agent_is_asked_to_mend_it_once(signed_in, creator, path, broken):
    client = signed_in(creator)

    asked = client.post(f"{path}/{broken.pk}", {"act": "fix"})
    client.post(f"{path}/{broken.pk}", {"act": "fix"})

    job = AgentJob.objects.get()
    assert asked["Location"] == f"/studio/jobs/{job.pk}"
    page = client.get(path).content.decode()
    assert "An agent is fixing it" in page
    assert "Have an agent fix it" not in page


def test_scenes_are_checked_again_on_request_and_an_empty_list_says_so(signed_in, creator, path, universe):
    client = signed_in(creator)
    assert "Nothing found yet" in client.get(path).content.decode()

    client.post(path)

    assert WorldRecheck.objects.get().is_wanted
    recheck.recheck(universe.pk, budget_s=30)
    assert "Nothing contradicts the world" in client.get(path).content.decode()


def test_form_of_the_world_tells_what_a_rule_would_break_and_saves_nothing(
    signed_in, creator, universe, noon
):
    service.update_world_config(universe, rules=[RuleInput("Iron burns elves.")])
    kept = WorldRule.objects.get()
    client, path = signed_in(creator), f"/studio/universes/{universe.pk}/world"
    form = {"name": universe.name, "rule": [kept.text, "No one can teleport."], "rule_id": [str(kept.pk), ""]}

    page = client.post(path, {**form, "step": "preview"}).content.decode()

    assert "1 contradiction in 1 scene." in page
    assert "(the new rule)" in page
    assert 'value="No one can teleport."' in page
    assert list(WorldRule.objects.all()) == [kept]
    harmless = {**form, "rule": [kept.text], "rule_id": [str(kept.pk)], "step": "preview"}
    assert "Nothing in canon would contradict it." in client.post(path, harmless).content.decode()


def test_form_of_an_element_tells_what_a_change_would_break(signed_in, creator, universe, mira, noon):
    client, path = signed_in(creator), f"/studio/universes/{universe.pk}/elements/{mira.pk}"
    form = {"name": mira.name, "summary": "A ferrywoman with blue eyes.", "act": "preview"}

    page = client.post(path, form).content.decode()

    assert "1 contradiction in 1 scene." in page
    assert f'<a href="{path}">Mira Voss</a>' in page
    assert Element.objects.get(pk=mira.pk).summary == mira.summary
    retiring = client.post(path, {"act": "preview-retiring"}).content.decode()
    assert "Nothing in canon would contradict it." in retiring
    wrong = client.post(path, {**form, "trait": ["goals"], "value": ["x" * 6000]})
    assert wrong.status_code == 400
    assert "It cannot be saved like this" in wrong.content.decode()
    draft = canon.add_element(universe, kind="item", name="Oar")
    address = f"/studio/universes/{universe.pk}/elements/{draft.pk}"
    told = client.post(address, {"name": "Oar", "summary": "", "act": "preview"}).content.decode()
    assert "cannot break anything" in told
