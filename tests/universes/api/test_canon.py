from __future__ import annotations

import uuid

import pytest

from tests.universes.api.answers import pointers, problem
from universes.models import CanonChange, Element, Scene
from universes.services import canon
from universes.services import universes as service

BY_HAND = {
    "disclosure": "human-only",
    "sentence": "Written by people.",
    "basis": "recorded",
    "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation",
    "is_edited": False,
    "made_by": [],
    "reviewer_role": None,
    "reviewer": None,
    "reviewed_at": None,
}


@pytest.fixture
def elements(universe):
    return f"/universes/{universe.pk}/elements"


@pytest.fixture
def scenes(universe):
    return f"/universes/{universe.pk}/scenes"


def test_element_create_read_change_retire(api, universe, elements):
    created = api.post(
        elements,
        {"kind": "character", "name": "Mira Oakes", "summary": "A ferrywoman.", "traits": {"age": 31}},
    )

    assert (created.status_code, created["Location"]) == (201, f"{elements}/{created.data['id']}")
    assert created.data == {
        "id": created.data["id"],
        "universe_id": str(universe.pk),
        "kind": "character",
        "name": "Mira Oakes",
        "summary": "A ferrywoman.",
        "traits": {"age": 31},
        "mentions": [],
        "canon_status": "draft",
        "origin_ref": "",
        "looks_like": None,
        "passport": BY_HAND,
        "created_by": "carla",
        "created_at": created.data["created_at"],
        "updated_at": created.data["updated_at"],
    }
    assert api.get(created["Location"] + "/").data == created.data

    changed = api.patch(created["Location"], {"canon_status": "canon", "traits": {"age": 32}})
    assert (changed.status_code, changed.data["canon_status"], changed.data["traits"]) == (
        200,
        "canon",
        {"age": 32},
    )

    assert api.delete(created["Location"]).status_code == 204
    assert api.delete(created["Location"]).status_code == 204
    assert api.get(created["Location"]).data["canon_status"] == "retired"
    assert api.get(elements).data["count"] == 0
    assert api.get(f"{elements}?canon_status=retired").data["count"] == 1
    problem(api.patch(created["Location"], {"name": "Mira"}), 409, "entry_retired")
    actions = list(CanonChange.objects.order_by("at", "id").values_list("action", "user__username"))
    assert actions == [("added", "carla"), ("promoted", "carla"), ("retired", "carla")]


def test_scene_create_read_change_retire(api, universe, scenes):
    created = api.post(scenes, {"title": "Dawn", "text": "Fog over the marsh.", "canon_status": "canon"})

    assert (created.status_code, created["Location"]) == (201, f"{scenes}/{created.data['id']}")
    assert created.data == {
        "id": created.data["id"],
        "universe_id": str(universe.pk),
        "title": "Dawn",
        "kind": "narrative",
        "text": "Fog over the marsh.",
        "details": {},
        "word_count": 4,
        "story_position": created.data["story_position"],
        "mentions": [],
        "canon_status": "canon",
        "origin_ref": "",
        "passport": BY_HAND,
        "created_by": "carla",
        "created_at": created.data["created_at"],
        "updated_at": created.data["updated_at"],
    }
    assert api.patch(created["Location"], {"text": "Fog."}).data["word_count"] == 1
    problem(api.patch(created["Location"], {"canon_status": "draft"}), 409, "canon_status_final")
    assert api.delete(created["Location"]).status_code == 204
    assert api.get(scenes + "/").data["count"] == 0
    assert api.get(created["Location"]).data["canon_status"] == "retired"


def test_taken_name_is_a_conflict(api, elements):
    api.post(elements, {"kind": "item", "name": "Bell"})
    other = api.post(elements, {"kind": "item", "name": "Rope"})

    problem(api.post(elements, {"kind": "item", "name": "BELL"}), 409, "element_name_taken")
    problem(api.patch(other["Location"], {"name": "bell"}), 409, "element_name_taken")

    assert sorted(Element.objects.values_list("name", flat=True)) == ["Bell", "Rope"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("/kind", "required"), ("/name", "required")]),
        ({"kind": "spell", "name": "Fire"}, [("/kind", "invalid_choice")]),
        ({"kind": ["item"], "name": "Bell"}, [("/kind", "invalid_choice")]),
        ({"kind": "item", "name": 5}, [("/name", "invalid")]),
        ({"kind": "item", "name": "Bell", "summary": "x" * 10_001}, [("/summary", "max_length")]),
        ({"kind": "item", "name": "Bell", "traits": []}, [("/traits", "not_a_dict")]),
        ({"kind": "item", "name": "Bell", "traits": None}, [("/traits", "null")]),
        ({"kind": "item", "name": "Bell", "canon_status": "retired"}, [("/canon_status", "invalid_choice")]),
        ({"kind": "item", "name": "Bell", "origin_ref": "job"}, [("/origin_ref", "unknown_field")]),
        ({"kind": "character", "name": "Mira", "traits": {"age": "about 31"}}, [("/traits/age", "int_type")]),
        (
            {"kind": "character", "name": "Mira", "traits": {"goals": ["a", 1]}},
            [("/traits/goals/1", "string_type")],
        ),
    ],
)
def test_invalid_element_names_fields_and_stores_nothing(api, elements, body, expected):
    assert pointers(api.post(elements, body)) == expected
    assert not Element.objects.exists()
    assert not CanonChange.objects.exists()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("/title", "required"), ("/text", "required")]),
        ({"title": "Dawn", "text": 5}, [("/text", "invalid")]),
        ({"title": "Dawn", "text": "x" * 100_001}, [("/text", "max_length")]),
        ({"title": "Dawn", "text": "Fog.", "word_count": 9}, [("/word_count", "unknown_field")]),
    ],
)
def test_invalid_scene_names_fields_and_stores_nothing(api, scenes, body, expected):
    assert pointers(api.post(scenes, body)) == expected
    assert not Scene.objects.exists()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"kind": "location"}, [("/kind", "unknown_field")]),
        ({"name": ""}, [("/name", "blank")]),
        ({"traits": {"age": -1}}, [("/traits/age", "greater_than_equal")]),
        ({"canon_status": "live"}, [("/canon_status", "invalid_choice")]),
    ],
)
def test_invalid_change_names_fields_and_stores_nothing(api, universe, elements, body, expected):
    mira = canon.add_element(universe, kind="character", name="Mira")

    assert pointers(api.patch(f"{elements}/{mira.pk}", body)) == expected
    assert CanonChange.objects.count() == 1


def test_element_list_is_newest_first_and_filtered(api, universe, elements):
    canon.add_element(universe, kind="character", name="Mira", status="canon")
    canon.add_element(universe, kind="location", name="Ärmel 100%", origin_ref="job-1")
    canon.add_element(universe, kind="character", name="Ana", status="canon")
    canon.retire(canon.add_element(universe, kind="item", name="Bell"))

    def names(query=""):
        return [row["name"] for row in api.get(f"{elements}?{query}").data["results"]]

    assert names() == ["Ana", "Ärmel 100%", "Mira"]
    assert names("kind=character") == ["Ana", "Mira"]
    assert names("canon_status=draft") == ["Ärmel 100%"]
    assert names("canon_status=retired") == ["Bell"]
    assert names("search=ÄRM") == ["Ärmel 100%"]
    assert names("search=%25") == ["Ärmel 100%"]
    assert names("search=_") == []
    assert names("origin_ref=job-1") == ["Ärmel 100%"]
    assert names("kind=character&search=a&limit=1&offset=1") == ["Mira"]
    assert pointers(api.get(f"{elements}?kind=spell")) == [("?kind", "invalid")]
    assert pointers(api.get(f"{elements}?canon_status=live")) == [("?canon_status", "invalid")]
    assert set(pointers(api.get(f"{elements}?search=%00"))) == {("?search", "invalid")}


def test_scene_list_filters_by_status_and_origin(api, universe, scenes):
    canon.add_scene(universe, title="Dawn", text="Fog.", status="canon", origin_ref="job-1")
    canon.add_scene(universe, title="Dusk", text="Fog.")

    def titles(query=""):
        return [row["title"] for row in api.get(f"{scenes}?{query}").data["results"]]

    assert titles() == ["Dusk", "Dawn"]
    assert titles("canon_status=canon") == ["Dawn"]
    assert titles("origin_ref=job-1") == ["Dawn"]
    assert titles("origin_ref=job-2") == []


def test_entries_created_together_are_ordered_by_id(api, universe, scenes):
    added = [canon.add_scene(universe, title=f"Scene {number}", text="Fog.") for number in range(3)]
    Scene.objects.update(created_at=added[0].created_at)

    listed = [row["id"] for row in api.get(scenes).data["results"]]

    assert listed == [str(pk) for pk in sorted((scene.pk for scene in added), reverse=True)]


@pytest.mark.parametrize("count", [1, 30])
def test_list_takes_three_queries_besides_the_account(
    api, universe, owner, viewer, elements, scenes, count, django_assert_num_queries
):
    """The rows for one of several members, the steps of each, and the jobs behind these."""
    for number in range(count):
        bell = canon.add_element(
            universe, kind="item", name=f"Bell {number}", origin_ref=str(uuid.uuid4()), by=owner
        )
        dawn = canon.add_scene(
            universe, title=f"Scene {number}", text="Fog.", origin_ref=str(uuid.uuid4()), by=owner
        )
        canon.revise_element(bell, summary="Cast in bronze.", by=owner)
        canon.revise_scene(dawn, text="Fog, and rain.", by=owner)

    for path in (elements, scenes):
        with django_assert_num_queries(4):
            page = api.get(path).data
        assert (page["count"], len(page["results"])) == (count, count)


@pytest.mark.parametrize("query", ["", "?limit=0", "?nothing=1", "?cursor=x"])
def test_lists_of_a_foreign_universe_do_not_exist(client_of, stranger, elements, scenes, query):
    for path in (elements, scenes):
        problem(client_of(stranger).get(path + query), 404, "universe_not_found")


def test_entry_added_by_policy_has_no_author(api, universe, scenes):
    canon.add_scene(universe, title="Dawn", text="Fog.", origin_ref="job-1", status="canon")

    assert api.get(scenes).data["results"][0]["created_by"] is None


@pytest.mark.parametrize("raw", ["1", "x", str(uuid.UUID(int=7)), "%00", "a" * 3000])
def test_unknown_or_malformed_id_is_not_found(api, elements, scenes, raw):
    for path, code in ((f"{elements}/{raw}", "element_not_found"), (f"{scenes}/{raw}", "scene_not_found")):
        problem(api.get(path), 404, code)
        problem(api.patch(path, {}), 404, code)
        problem(api.delete(path), 404, code)


def test_entry_of_another_universe_is_not_found(api, owner, universe, elements):
    other = service.create_universe(owner, name="Other")
    bell = canon.add_element(other, kind="item", name="Bell")

    problem(api.get(f"{elements}/{bell.pk}"), 404, "element_not_found")
    problem(api.delete(f"{elements}/{bell.pk}"), 404, "element_not_found")
    bell.refresh_from_db()
    assert bell.canon_status == "draft"


def test_viewer_cannot_change_entries(client_of, viewer, universe, elements, scenes):
    bell = canon.add_element(universe, kind="item", name="Bell")
    dawn = canon.add_scene(universe, title="Dawn", text="Fog.")
    client = client_of(viewer)

    for path in (f"{elements}/{bell.pk}", f"{scenes}/{dawn.pk}"):
        assert client.get(path).status_code == 200
        problem(client.patch(path, {"canon_status": "canon"}), 403, "role_too_low")
        problem(client.delete(path), 403, "role_too_low")
    bell.refresh_from_db()
    dawn.refresh_from_db()
    assert (bell.canon_status, dawn.canon_status) == ("draft", "draft")
