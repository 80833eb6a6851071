"""The order of scenes."""

from __future__ import annotations

import uuid

import pytest

from tests.support.problems import pointers_of
from universes.errors import Invalid
from universes.models import Scene
from universes.services import canon, scene_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def scenes(universe, creator):
    return [canon.add_scene(universe, title=name, text="Text.", by=creator) for name in "ABCD"]


def order_in(universe):
    return "".join(Scene.objects.filter(universe=universe).in_story_order().values_list("title", flat=True))


def test_new_scenes_come_last(universe, scenes):
    assert order_in(universe) == "ABCD"


@pytest.mark.parametrize(
    ("moved", "after", "order"), [(3, None, "DABC"), (3, 0, "ADBC"), (0, 3, "BCDA"), (1, 2, "ACBD")]
)
def test_a_scene_is_put_behind_another(universe, scenes, moved, after, order):
    scene_order.move(scenes[moved], after=None if after is None else scenes[after].pk)

    assert order_in(universe) == order


def test_moving_by_one_skips_retired_scenes_and_ends_at_the_ends(universe, scenes, creator):
    canon.retire(scenes[1], by=creator)

    scene_order.move_by_one(scenes[2], later=False)
    assert order_in(universe).replace("B", "") == "CAD"
    scene_order.move_by_one(Scene.objects.get(title="C"), later=False)
    assert order_in(universe).replace("B", "") == "CAD"
    scene_order.move_by_one(Scene.objects.get(title="C"), later=True)
    assert order_in(universe).replace("B", "") == "ACD"
    scene_order.move_by_one(Scene.objects.get(title="D"), later=True)
    assert order_in(universe).replace("B", "") == "ACD"


@pytest.mark.parametrize(("place", "order"), [(1, "DAC"), (2, "ADC"), (3, "ACD"), (99, "ACD"), (0, "DAC")])
def test_a_scene_is_moved_to_a_place_among_the_living(universe, scenes, creator, place, order):
    canon.retire(scenes[1], by=creator)

    scene_order.move_to(scenes[3], place=place)

    assert order_in(universe).replace("B", "") == order


def test_numbers_that_run_out_are_given_anew(universe, scenes):
    Scene.objects.filter(universe=universe).update(story_position=1.0)
    ids = sorted(scenes, key=lambda scene: scene.pk)

    scene_order.move(ids[3], after=ids[0].pk)

    found = list(Scene.objects.filter(universe=universe).in_story_order())
    assert found == [ids[0], ids[3], ids[1], ids[2]]
    assert [scene.story_position for scene in found] == [0.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize("after", ["unknown", "itself"])
def test_a_scene_cannot_be_put_behind_one_that_is_not_there(universe, scenes, after):
    with pytest.raises(Invalid):
        scene_order.move(scenes[0], after=scenes[0].pk if after == "itself" else uuid.uuid4())

    assert order_in(universe) == "ABCD"


def test_api_moves_a_scene_that_is_as_it_was_seen(api, universe, scenes):
    path = f"/universes/{universe.pk}/scenes/{scenes[3].pk}"
    seen = api.get(path)

    moved = api.patch(path, {"after": str(scenes[0].pk)}, headers={"If-Match": seen["ETag"]})

    assert moved.status_code == 200
    assert order_in(universe) == "ADBC"
    assert moved["ETag"] != seen["ETag"]
    again = api.patch(path, {"after": None}, headers={"If-Match": seen["ETag"]})
    assert again.status_code == 412
    assert order_in(universe) == "ADBC"
    assert api.patch(path, {"after": None, "title": "D"}).status_code == 200
    assert order_in(universe) == "DABC"


def test_api_neither_moves_nor_changes_for_an_unknown_place(api, universe, scenes):
    path = f"/universes/{universe.pk}/scenes/{scenes[3].pk}"

    answer = api.patch(path, {"after": str(uuid.uuid4()), "title": "E"})

    assert list(pointers_of(answer)) == ["/after"]
    assert order_in(universe) == "ABCD"
