"""Admin page of the contradictions in canon."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agents.models import IntentionalFinding, SceneFix, WorldFinding
from agents.worlds import recheck
from universes.services import canon
from universes.services import universes as service
from universes.services.rules import RuleInput

pytestmark = pytest.mark.django_db


def test_admin_lists_findings_by_state_and_acts_on_them(universe, superuser_client):
    canon.add_scene(universe, title="Noon", text="He teleported.", status="canon")
    service.update_world_config(universe, rules=[RuleInput("No one can teleport.")])
    recheck.recheck(universe.pk, budget_s=30)
    row, page = WorldFinding.objects.get(), reverse("admin:agents_worldfinding_changelist")

    def act(action):
        return superuser_client.post(page, {"action": action, "_selected_action": [row.pk]}, follow=True)

    assert "teleported" in superuser_client.get(f"{page}?state=open").text
    assert "1 finding marked as intentional." in act("mark_intentional").text
    assert IntentionalFinding.objects.get().finding_id == row.finding_id
    assert "teleported" not in superuser_client.get(f"{page}?state=open").text
    detail = superuser_client.get(reverse("admin:agents_worldfinding_change", args=[row.pk])).text
    assert "Intentional" in detail
    assert "No one can teleport" in detail
    act("undo_mark")
    assert not IntentionalFinding.objects.exists()
    act("ask_for_fix")
    assert SceneFix.objects.get().job.universe == universe
