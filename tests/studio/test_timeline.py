"""The timeline in the studio: what happens in order, who is where, and the forms."""

from __future__ import annotations

import pytest

from universes.models import CanonChange, SceneMoment, StoryEvent
from universes.services import canon, timeline

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(universe):
    return f"/studio/universes/{universe.pk}/timeline"


@pytest.fixture
def world(universe):
    """Two called Mira, of whom one is a ship."""
    kinds = (("item", "Mira"), ("character", "Mira"), ("character", "Tom"), ("location", "Quay"))
    return [canon.add_element(universe, kind=kind, name=name, status="canon") for kind, name in kinds]


SENT = {"kind": "death", "title": "The flood", "key": "2,5", "label": "Second tide", "place": "quay"}


def test_event_is_added_by_names_changed_moved_and_deleted(signed_in, creator, path, world):
    client = signed_in(creator)

    added = client.post(f"{path}/new", {**SENT, "participants": "mira\n\nTom", "once": "a"})
    client.post(f"{path}/new", {**SENT, "participants": "mira\n\nTom", "once": "a"})

    event = StoryEvent.objects.get()
    assert added["Location"] == f"{path}#event-{event.pk}"
    assert event.place is not None
    assert (event.kind, event.key, event.place.name) == ("death", 2.5, "Quay")
    assert [(who.kind, who.name) for who in event.participants.order_by("name")] == [
        ("character", "Mira"),
        ("character", "Tom"),
    ]
    form = client.get(f"{path}/{event.pk}").content.decode()
    assert 'value="2.5"' in form
    assert "Mira\nTom</textarea>" in form
    seen = event.updated_at.isoformat()
    moved = {**SENT, "key": "-3", "label": "Before", "participants": "Tom", "seen": seen}
    assert client.post(f"{path}/{event.pk}", moved).status_code == 302
    event.refresh_from_db()
    assert (event.key, event.label, event.participants.get().name) == (-3, "Before", "Tom")
    assert client.post(f"{path}/{event.pk}", moved).status_code == 412
    client.post(f"{path}/{event.pk}", {"act": "delete"})
    assert not StoryEvent.objects.exists()
    steps = CanonChange.objects.filter(target_kind="event").order_by("at")
    assert [(step.action, step.user) for step in steps] == [
        ("added", creator),
        ("revised", creator),
        ("retired", creator),
    ]


def test_form_names_each_field_that_is_wrong_and_keeps_what_was_typed(signed_in, creator, path, world):
    wrong = {
        "kind": "death",
        "title": " ",
        "key": "soon",
        "label": "",
        "place": "Mars",
        "participants": "Nora",
    }

    answer = signed_in(creator).post(f"{path}/new", wrong)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert page.count('class="error"') == 5
    assert "Not found in this universe: Nora." in page
    assert 'value="soon"' in page
    assert not StoryEvent.objects.exists()


def test_events_and_scenes_stand_in_order_and_tell_who_is_where(
    signed_in, creator, viewer, universe, path, world
):
    _, mira, tom, quay = world
    first = {
        "title": "Landing",
        "key": 1,
        "label": "First tide",
        "place": quay.pk,
        "participants": [mira.pk, tom.pk],
    }
    timeline.add_event(universe, first)
    timeline.add_event(
        universe,
        {"kind": "death", "title": "Flood", "key": 3, "label": "Third tide", "participants": [tom.pk]},
    )
    scenes = {
        name: canon.add_scene(universe, title=name, text="Fog.", status="canon") for name in ("Dawn", "Dusk")
    }
    client = signed_in(creator)
    client.post(f"{path}/scene", {"scene": scenes["Dawn"].pk, "key": "2", "label": "Second tide"})

    page = client.get(f"{path}?at=2").content.decode()

    assert page.index('<strong dir="auto">Landing') < page.index(">Dawn<") < page.index("Flood")
    assert page.count("since First tide") == 2
    assert "Dead" not in page
    assert "Dead" in client.get(f"{path}?at=3").content.decode()
    assert "is no number" in client.get(f"{path}?at=soon").content.decode()
    assert f'value="{scenes["Dusk"].pk}"' in page
    assert f'value="{scenes["Dawn"].pk}"' not in page
    assert "Add an event" not in signed_in(viewer).get(path).content.decode()
    client.post(f"{path}/scene", {"scene": scenes["Dawn"].pk, "key": "x", "label": "?"})
    assert SceneMoment.objects.get().label == "Second tide"
    client.post(f"{path}/scene", {"scene": scenes["Dawn"].pk, "act": "unplace"})
    assert not SceneMoment.objects.exists()


def test_empty_timeline_says_what_it_is_for(signed_in, creator, path):
    assert "The timeline is empty" in signed_in(creator).get(path).content.decode()


def test_second_page_goes_on_where_the_first_ends(signed_in, creator, path, universe):
    for number in range(61):
        timeline.add_event(universe, {"title": f"Tide {number}", "key": number, "label": "Then"})
    client = signed_in(creator)

    pages = [client.get(path, {"p": number}).content.decode() for number in (1, 2)]

    assert [page.count("<strong dir") for page in pages] == [60, 1]
    assert "Tide 60" in pages[1]
    assert 'rel="prev"' in pages[1]
