"""The history of a universe over the API, and the way back from one step."""

from __future__ import annotations

import pytest

from tests.support.problems import problem_of
from universes.models import CanonChange, Element, Relation
from universes.services import canon, relations

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(universe):
    return f"/universes/{universe.pk}/changes"


def revert(api, path, **target):
    last = CanonChange.objects.filter(**target).order_by("-at", "-id")[0]
    return api.post(f"{path}/{last.pk}/revert")


def test_steps_are_listed_with_their_content_on_request(api, path, bell, dawn, owner):
    canon.revise_element(bell, summary="It rings.", by=owner)

    rows = api.get(path).data["results"]
    assert [(row["target_kind"], row["name"], row["action"], row["by"]) for row in rows] == [
        ("element", "Bell", "revised", "carla"),
        ("scene", "Dawn", "added", "carla"),
        ("element", "Bell", "added", "carla"),
    ]
    assert "before" not in rows[0]
    row = api.get(f"{path}?target_id={bell.pk}&action=revised&include=content").data["results"][0]
    assert (row["before"]["summary"], row["after"]["summary"]) == ("", "It rings.")


def test_edit_is_reverted_as_a_step_of_its_own(api, path, bell, owner):
    canon.revise_element(bell, summary="It rings.", by=owner)

    answer = revert(api, path, target_id=bell.pk)

    assert (answer.status_code, answer.data["action"]) == (200, "withdrawn")
    bell.refresh_from_db()
    assert bell.summary == ""
    first = CanonChange.objects.get(target_id=bell.pk, action="added")
    problem_of(api.post(f"{path}/{first.pk}/revert"), 409, "canon_moved_on")


def test_retired_entry_comes_back(api, path, dawn, owner):
    canon.retire(dawn, by=owner)

    revert(api, path, target_id=dawn.pk)

    dawn.refresh_from_db()
    assert dawn.canon_status == "draft"


def test_removed_relation_comes_back_with_its_id(api, path, universe, bell, owner):
    rope = canon.add_element(universe, kind="item", name="Rope", by=owner)
    made = relations.add_relation(
        universe, kind="tied to", from_element=bell.pk, to_element=rope.pk, by=owner
    )
    relations.change_relation(universe, made.pk, note="By a knot.", by=owner)
    relations.remove_relation(universe, made.pk, by=owner)

    assert revert(api, path, target_id=made.pk).status_code == 200
    assert Relation.objects.get().pk == made.pk
    assert Relation.objects.get().note == "By a knot."
    # The last step is the undoing itself; undoing that removes the relation again.
    assert revert(api, path, target_id=made.pk).status_code == 200
    assert Relation.objects.count() == 0


def test_element_of_which_a_relation_speaks_stays(api, path, universe, bell, owner):
    rope = canon.add_element(universe, kind="item", name="Rope", by=owner)
    relations.add_relation(universe, kind="tied to", from_element=rope.pk, to_element=bell.pk, by=owner)

    refused = problem_of(revert(api, path, target_id=rope.pk), 409, "canon_moved_on")

    assert "Rope is tied to Bell" in refused["detail"]
    assert (Element.objects.count(), Relation.objects.count()) == (2, 1)


def test_change_of_another_universe_is_not_found(stranger_api, api, path, bell, stranger):
    from tests.support.rows import make_universe

    foreign = canon.add_element(make_universe(stranger, slug="far"), kind="item", name="Far", by=stranger)

    problem_of(revert(api, path, target_id=foreign.pk), 404, "change_not_found")
    problem_of(revert(stranger_api, path, target_id=bell.pk), 404, "universe_not_found")
