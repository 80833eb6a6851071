"""The timeline in the admin, and the texts that name an element."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests.universes.admin_pages import errors_in, list_of, page_of
from universes.models import CanonChange, SceneMoment, StoryEvent
from universes.services import canon, timeline
from universes.services import universes as service

pytestmark = pytest.mark.django_db


@pytest.fixture
def tom(universe):
    return canon.add_element(universe, kind="character", name="Tom Voss", status="canon")


@pytest.fixture
def body(universe, tom):
    return {
        "universe": str(universe.pk),
        "kind": "death",
        "title": "The flood",
        "key": "5",
        "label": "Fifth tide",
        "participants": [str(tom.pk)],
    }


def test_event_is_added_changed_and_deleted_with_its_steps(superuser_client, universe, tom, body):
    superuser_client.post(reverse("admin:universes_storyevent_add"), body)
    event = StoryEvent.objects.get()
    superuser_client.post(page_of(event), {**body, "title": "The great flood", "participants": []})
    event.refresh_from_db()
    assert (event.title, event.participants.count()) == ("The great flood", 0)
    listed = superuser_client.get(f"{list_of(StoryEvent)}?universe__id__exact={universe.pk}")
    assert "The great flood" in listed.text
    superuser_client.post(
        list_of(StoryEvent), {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"}
    )

    assert not StoryEvent.objects.exists()
    steps = CanonChange.objects.filter(target_kind="event").order_by("at")
    assert [step.action for step in steps] == ["added", "revised", "retired"]
    page = superuser_client.get(reverse("admin:universes_canonchange_change", args=[steps[1].pk])).text
    assert "<ins>great </ins>" in page.replace("</ins> ", " </ins>")
    superuser_client.post(
        list_of(CanonChange), {"action": "revert", "_selected_action": [steps[2].pk]}, follow=True
    )
    assert StoryEvent.objects.get().title == "The great flood"


def test_wrong_elements_and_archived_universes_are_refused(superuser_client, creator, universe, body, tom):
    other = service.create_universe(creator, name="Other")
    far = canon.add_element(other, kind="location", name="Far")
    canon.retire(tom, by=creator)

    answer = superuser_client.post(reverse("admin:universes_storyevent_add"), {**body, "place": str(far.pk)})

    assert errors_in(answer) == ["“Far” is in another universe.", "“Tom Voss” is retired."]
    service.update_universe(universe, archived=True)
    answer = superuser_client.post(reverse("admin:universes_storyevent_add"), {**body, "participants": []})
    assert "archived" in str(errors_in(answer))
    assert not StoryEvent.objects.exists()


def test_staff_without_a_permission_on_elements_see_no_timeline(client, staff, universe, body):
    timeline.add_event(universe, {"title": "Fair", "key": 1, "label": "One"})
    client.force_login(staff)
    assert client.get(list_of(StoryEvent)).status_code == 403

    staff.user_permissions.add(Permission.objects.get(codename="view_element"))

    assert "Fair" in client.get(list_of(StoryEvent)).text
    assert client.post(reverse("admin:universes_storyevent_add"), body).status_code == 403


def test_moment_is_set_and_taken_off_on_the_page_of_a_scene(superuser_client, universe):
    scene = canon.add_scene(universe, title="Dawn", text="Fog.", status="canon")
    fields = {"title": "Dawn", "text": "Fog.", "mentions": "[]", "moment-TOTAL_FORMS": "1"}
    moment = {"moment-0-key": "3", "moment-0-label": "Third  tide", "moment-0-scene": str(scene.pk)}

    superuser_client.post(page_of(scene), {**fields, "moment-INITIAL_FORMS": "0", **moment})

    assert SceneMoment.objects.get().label == "Third tide"
    superuser_client.post(
        page_of(scene), {**fields, "moment-INITIAL_FORMS": "1", **moment, "moment-0-DELETE": "on"}
    )
    assert not SceneMoment.objects.exists()
    steps = CanonChange.objects.filter(target_kind="moment").order_by("at")
    assert [step.action for step in steps] == ["added", "retired"]


def test_page_of_an_element_lists_the_texts_that_name_it(superuser_client, universe, tom):
    assert "No text names it." in superuser_client.get(page_of(tom)).text
    scene = canon.add_scene(universe, title="Dawn", text="Fog, and Tom Voss.", status="canon")

    page = superuser_client.get(page_of(tom)).text

    assert f'href="{page_of(scene)}"' in page
    assert "Fog, and Tom Voss." in page
