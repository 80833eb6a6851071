from __future__ import annotations

import uuid

import pytest
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from tests.universes.api.answers import pointers, problem
from universes.choices import Role
from universes.models import Universe
from universes.services import universes as service

NOBODY = uuid.UUID(int=7)


def test_universe_create_read_change_delete(api):
    created = api.post("/universes", {"name": "Low Marsh", "description": "Wet."})

    assert created.status_code == 201
    assert created["Location"] == f"/universes/{created.data['id']}"
    assert created.data == {
        "id": created.data["id"],
        "name": "Low Marsh",
        "slug": "low-marsh",
        "description": "Wet.",
        "owner": "carla",
        "role": "owner",
        "archived": False,
        "trusted_output": "draft",
        "review_within_h": None,
        "opinions_wanted": 1,
        "second_opinion": False,
        "recheck_on_save": False,
        "audit_share": None,
        "created_at": created.data["created_at"],
        "updated_at": created.data["updated_at"],
    }
    assert api.get(created["Location"]).data == created.data

    changed = api.patch(created["Location"], {"name": "High Moor", "trusted_output": "canon"})
    assert (changed.status_code, changed.data["name"], changed.data["slug"]) == (
        200,
        "High Moor",
        "low-marsh",
    )
    assert changed.data["trusted_output"] == "canon"

    assert api.delete(created["Location"]).status_code == 204
    problem(api.get(created["Location"]), 404, "universe_not_found")


def test_review_settings_can_be_set_and_reset(api):
    def settings_of(response):
        return [response.data[key] for key in ("review_within_h", "opinions_wanted", "audit_share")]

    created = api.post(
        "/universes", {"name": "Arda", "review_within_h": 48, "opinions_wanted": 2, "audit_share": 1}
    )
    path = created["Location"]

    assert (created.status_code, settings_of(created)) == (201, [48, 2, 1.0])
    assert settings_of(api.patch(path, {"opinions_wanted": 3})) == [48, 3, 1.0]
    assert settings_of(api.patch(path, {"review_within_h": None, "audit_share": 0})) == [None, 3, 0.0]
    assert settings_of(api.patch(path, {"audit_share": None})) == [None, 3, None]
    assert settings_of(api.get(path)) == [None, 3, None]


def test_second_opinion_can_be_switched_on_and_off(api):
    path = api.post("/universes", {"name": "Arda", "second_opinion": True})["Location"]

    assert api.get(path).data["second_opinion"] is True
    assert api.patch(path, {"name": "Ea"}).data["second_opinion"] is True
    assert api.patch(path, {"second_opinion": False}).data["second_opinion"] is False


def test_second_universe_of_same_name_gets_another_slug(api):
    slugs = [api.post("/universes", {"name": "Arda"}).data["slug"] for _ in range(2)]

    assert slugs == ["arda", "arda-2"]


def test_paths_work_with_and_without_trailing_slash(api, universe, owner):
    for path in ("", f"/{universe.pk}", f"/{universe.pk}/members", f"/{universe.pk}/world-config"):
        assert api.get(f"/universes{path}").status_code == 200
        assert api.get(f"/universes{path}/").status_code == 200


def test_bearer_token_is_required(universe, owner):
    client = APIClient()

    assert client.get("/universes").status_code == 401
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(owner)}")
    assert client.get("/universes").data["count"] == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("/name", "required")]),
        ({"name": ""}, [("/name", "blank")]),
        ({"name": None}, [("/name", "null")]),
        ({"name": 7}, [("/name", "invalid")]),
        ({"name": ["x"]}, [("/name", "invalid")]),
        ({"name": "x" * 201}, [("/name", "max_length")]),
        ({"name": "Arda", "trusted_output": "press"}, [("/trusted_output", "invalid_choice")]),
        ({"name": "Arda", "trusted_output": True}, [("/trusted_output", "invalid_choice")]),
        ({"name": "Arda", "slug": "mine"}, [("/slug", "unknown_field")]),
        ({"name": "Arda", "review_within_h": 0}, [("/review_within_h", "min_value")]),
        ({"name": "Arda", "review_within_h": 8761}, [("/review_within_h", "max_value")]),
        ({"name": "Arda", "review_within_h": "24"}, [("/review_within_h", "invalid")]),
        ({"name": "Arda", "opinions_wanted": 4}, [("/opinions_wanted", "max_value")]),
        ({"name": "Arda", "opinions_wanted": None}, [("/opinions_wanted", "null")]),
        ({"name": "Arda", "opinions_wanted": 2.5}, [("/opinions_wanted", "invalid")]),
        ({"name": "Arda", "audit_share": 1.01}, [("/audit_share", "max_value")]),
        ({"name": "Arda", "audit_share": -0.5}, [("/audit_share", "min_value")]),
        ({"name": "Arda", "audit_share": True}, [("/audit_share", "invalid")]),
        ({"name": "Arda", "audit_share": "0.5"}, [("/audit_share", "invalid")]),
        (
            {"name": 7, "colour": "red", "id": "x"},
            [("/name", "invalid"), ("/colour", "unknown_field"), ("/id", "unknown_field")],
        ),
        ([], [("", "invalid")]),
        ("name", [("", "invalid")]),
    ],
)
def test_invalid_body_names_fields_and_stores_nothing(api, body, expected):
    assert pointers(api.post("/universes", body, format="json")) == expected
    assert not Universe.objects.exists()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"archived": "true"}, [("/archived", "invalid")]),
        ({"archived": 1}, [("/archived", "invalid")]),
        ({"archived": None}, [("/archived", "null")]),
        ({"owner": "me"}, [("/owner", "unknown_field")]),
    ],
)
def test_invalid_change_names_fields(api, universe, body, expected):
    assert pointers(api.patch(f"/universes/{universe.pk}", body)) == expected
    universe.refresh_from_db()
    assert universe.archived is False


def test_empty_change_changes_nothing(api, universe):
    before = api.get(f"/universes/{universe.pk}").data

    assert api.patch(f"/universes/{universe.pk}", {}).data == before


def test_list_holds_own_universes_newest_first(client_of, api, owner, viewer, stranger, universe):
    newer = service.create_universe(owner, name="High Moor")
    service.create_universe(stranger, name="Elsewhere")

    listed = api.get("/universes").data

    assert (listed["count"], listed["limit"], listed["offset"]) == (2, 50, 0)
    assert [row["id"] for row in listed["results"]] == [str(newer.pk), str(universe.pk)]
    assert [row["role"] for row in client_of(viewer).get("/universes").data["results"]] == ["viewer"]


def test_universes_created_together_are_ordered_by_id(api, owner):
    universes = [service.create_universe(owner, name=f"World {number}") for number in range(3)]
    Universe.objects.update(created_at=universes[0].created_at)

    listed = [row["id"] for row in api.get("/universes").data["results"]]

    assert listed == [str(pk) for pk in sorted((universe.pk for universe in universes), reverse=True)]


def test_list_filters_and_pages(api, owner, universe):
    archived = service.archive(service.create_universe(owner, name="Old"))

    def names(query):
        return [row["name"] for row in api.get(f"/universes?{query}").data["results"]]

    assert names("archived=true") == ["Old"]
    assert names("archived=false") == ["Low Marsh"]
    assert names("limit=1&offset=1") == ["Low Marsh"]
    assert pointers(api.get("/universes?archived=maybe")) == [("?archived", "invalid")]
    assert problem(api.get("/universes?limit=201"), 400, "invalid")
    assert archived.archived


@pytest.mark.parametrize("count", [1, 30])
def test_list_query_count_does_not_grow_with_rows(api, owner, count, django_assert_max_num_queries):
    for number in range(count):
        service.create_universe(owner, name=f"World {number}")

    with django_assert_max_num_queries(3):
        assert len(api.get("/universes").data["results"]) == count


@pytest.mark.parametrize(
    "raw", ["1", "x", str(NOBODY), "0" * 32, f"{NOBODY}0", "%00", "a" * 5000, f"{{{NOBODY}}}"]
)
@pytest.mark.parametrize("below", ["", "/members", "/world-config", "/elements", "/scenes"])
def test_unknown_or_malformed_id_is_not_found(api, raw, below):
    problem(api.get(f"/universes/{raw}{below}"), 404, "universe_not_found")


def test_universe_is_not_found_for_strangers(client_of, stranger, universe):
    stranger.is_staff = True
    stranger.save()
    client = client_of(stranger)
    path = f"/universes/{universe.pk}"

    for response in (
        client.get(path),
        client.patch(path, {"name": "Mine"}),
        client.delete(path),
        client.get(f"{path}/members"),
        client.post(f"{path}/members", {"username": "stefan", "role": "editor"}),
        client.get(f"{path}/world-config"),
        client.put(f"{path}/world-config", {}),
        client.get(f"{path}/elements"),
        client.post(f"{path}/elements", {"kind": "item", "name": "Bell"}),
        client.get(f"{path}/scenes"),
        client.post(f"{path}/scenes", {"title": "Dawn", "text": "Fog."}),
    ):
        problem(response, 404, "universe_not_found")

    universe.refresh_from_db()
    assert (universe.name, universe.memberships.count()) == ("Low Marsh", 1)


def test_viewer_reads_but_cannot_write(client_of, viewer, universe):
    client = client_of(viewer)
    path = f"/universes/{universe.pk}"

    for below in ("", "/members", "/world-config", "/elements", "/scenes"):
        assert client.get(path + below).status_code == 200
    for response in (
        client.patch(path, {"name": "Mine"}),
        client.delete(path),
        client.post(f"{path}/members", {"username": "carla", "role": "editor"}),
        client.put(f"{path}/world-config", {"genre": "gothic"}),
        client.patch(f"{path}/world-config", {"genre": "gothic"}),
        client.post(f"{path}/elements", {"kind": "item", "name": "Bell"}),
        client.post(f"{path}/scenes", {"title": "Dawn", "text": "Fog."}),
    ):
        problem(response, 403, "role_too_low")

    universe.refresh_from_db()
    assert (universe.name, universe.elements.count(), universe.scenes.count()) == ("Low Marsh", 0, 0)


def test_editor_writes_world_but_not_owner_settings(client_of, editor, universe):
    client = client_of(editor)
    path = f"/universes/{universe.pk}"

    assert client.patch(path, {"description": "Wet."}).data["description"] == "Wet."
    assert client.patch(f"{path}/world-config", {"genre": "gothic"}).data["genre"] == "gothic"
    for response in (
        client.patch(path, {"archived": True}),
        client.patch(path, {"trusted_output": "canon", "description": "Dry."}),
        client.patch(path, {"review_within_h": 1}),
        client.patch(path, {"opinions_wanted": 2}),
        client.patch(path, {"audit_share": None}),
        client.patch(path, {"second_opinion": True}),
        client.delete(path),
        client.post(f"{path}/members", {"username": "carla", "role": "editor"}),
    ):
        problem(response, 403, "role_too_low")

    universe.refresh_from_db()
    assert (universe.archived, universe.trusted_output, universe.description) == (False, "draft", "Wet.")
    assert (universe.review_within_h, universe.opinions_wanted, universe.audit_share) == (None, 1, None)


def test_archived_universe_is_a_conflict_until_reopened(api, universe):
    path = f"/universes/{universe.pk}"
    assert api.patch(path, {"archived": True}).data["archived"] is True

    problem(api.patch(path, {"name": "High Moor"}), 409, "universe_archived")
    problem(api.patch(f"{path}/world-config", {"genre": "gothic"}), 409, "universe_archived")
    problem(api.post(f"{path}/elements", {"kind": "item", "name": "Bell"}), 409, "universe_archived")

    assert api.patch(path, {"archived": False, "name": "High Moor"}).data["name"] == "High Moor"


def test_other_methods_are_405_and_options_works(api, universe):
    for path in ("/universes", f"/universes/{universe.pk}/members", f"/universes/{universe.pk}/elements"):
        problem(api.put(path, {}), 405, "method_not_allowed")
        assert api.options(path).status_code == 200
    problem(api.post(f"/universes/{universe.pk}/world-config", {}), 405, "method_not_allowed")
    assert api.options(f"/universes/{universe.pk}/world-config").status_code == 200


def test_those_who_may_view_universes_read_all_of_them_and_change_none(client_of, api, owner, make_user):
    mine, others = (api.post("/universes", {"name": name}).data["id"] for name in ("Arda", "Moor"))
    reader = make_user("rosa", groups=["Reviewers"])
    service.add_member(Universe.objects.get(pk=mine), reader, Role.EDITOR)
    reader_api = client_of(reader)

    listed = reader_api.get("/universes").data["results"]

    assert [(row["name"], row["role"]) for row in listed] == [("Moor", "viewer"), ("Arda", "editor")]
    assert reader_api.get(f"/universes/{others}").data["role"] == "viewer"
    assert reader_api.get(f"/universes/{others}/elements").status_code == 200
    problem(reader_api.patch(f"/universes/{others}", {"name": "Mine"}), 403, "role_too_low")
    assert [row["name"] for row in api.get("/universes?ordering=name").data["results"]] == ["Arda", "Moor"]
