"""The world beside the output, on the page of a review item."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.common import world_context
from tests.support import rows
from universes.models import Element, Scene
from universes.services import timeline
from universes.services import universes as universe_service

pytestmark = pytest.mark.django_db


def test_world_of_the_request_is_shown_beside_the_universe(see, creator):
    asked = {"prompt": "A heist.", "world_config": {"genre": "noir", "rules": ["No cars."]}}

    page = see(rows.item_of(rows.finished_job(creator, None, input_data=asked)))

    assert "From the request" in page
    assert "noir" in page
    assert "No cars." in page
    assert "The job has no universe to add it to." in page


def test_partial_name_match_is_not_listed(see, creator, low_marches):
    for name in ("Pier 1", "Pier 12"):
        Element.objects.create(
            universe=low_marches,
            kind="location",
            name=name,
            summary=f"All about {name}.",
            canon_status="canon",
        )

    page = see(
        rows.item_of(rows.finished_job(creator, low_marches, input_data={"prompt": "Meet at Pier 12."}))
    )

    assert "All about Pier 12." in page
    assert "All about Pier 1." not in page


def test_event_of_the_timeline_is_shown_with_its_year(see, creator, low_marches):
    timeline.add_event(low_marches, {"title": "The Long Flood", "key": 880, "label": "Spring of 880"})

    asked = {"prompt": "Before the Long Flood."}
    page = see(rows.item_of(rows.finished_job(creator, low_marches, input_data=asked)))

    assert "Year: 880" in page
    assert f"{reverse('admin:universes_storyevent_changelist')}?universe__id__exact={low_marches.pk}" in page
    assert 'id="source-timeline:-The-Long-Flood"' in page


NEW_RULES = "The rules of this world have changed since this was written."
NEW_CANON = "People or places were added or changed since this was written."


def test_changed_rules_are_pointed_out(see, creator, low_marches):
    item = rows.item_of(rows.finished_job(creator, low_marches, world_hash="0" * 64))
    universe_service.update_world_config(low_marches, tone="grim")

    page = see(item)

    assert NEW_RULES in page
    assert NEW_CANON not in page


def test_grown_world_is_not_a_warning(see, creator, low_marches):
    started = timezone.now() + timedelta(minutes=1)
    item = rows.item_of(rows.finished_job(creator, low_marches, world_hash="0" * 64, started_at=started))

    page = see(item)

    assert NEW_CANON in page
    assert NEW_RULES not in page


def test_unchanged_world_has_no_notice(see, creator, low_marches):
    world = world_context.world_view(low_marches)
    assert world is not None

    page = see(rows.item_of(rows.finished_job(creator, low_marches, world_hash=world.hash)))

    assert "since this was written" not in page


def test_item_links_to_its_universe_and_after_approval_to_canon(
    reviewer_client, decide, ferry_item, page_of, low_marches
):
    universe_url = reverse("admin:universes_universe_change", args=[low_marches.pk])
    assert f'href="{universe_url}"' in reviewer_client.get(page_of(ferry_item)).content.decode()

    decide(reviewer_client, ferry_item, "approved")

    scene = Scene.objects.get()
    page = reviewer_client.get(page_of(ferry_item)).content.decode()
    link = reverse("admin:universes_scene_change", args=[scene.pk])
    assert f'<p>Now in canon: <a href="{link}">' in page
    back = reviewer_client.get(universe_url).content.decode()
    for address in ("agents_reviewitem", "agents_agentjob", "universes_scene"):
        assert f'href="{reverse(f"admin:{address}_changelist")}?' in back


def test_elements_that_the_text_names_lead_to_their_pages(see, creator, low_marches):
    mira = Element.objects.get(universe=low_marches, name="Mira")
    item = rows.item_of(rows.finished_job(creator, low_marches))

    address = reverse("admin:universes_element_change", args=[mira.pk])
    assert f'<a href="{address}"><bdi>Mira (character)</bdi></a>' in see(item)
