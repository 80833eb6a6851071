"""Members of a universe over the API."""

from __future__ import annotations

import pytest

from tests.universes.api.answers import pointers, problem
from universes.choices import Role
from universes.models import Membership
from universes.services import universes


def test_members_change_and_remove(api, universe, stranger):
    path = f"/universes/{universe.pk}/members"
    universes.add_member(universe, stranger, Role.VIEWER)
    member = f"{path}/{stranger.pk}"

    assert [row["username"] for row in api.get(path).data["results"]] == ["stefan", "carla"]
    problem(api.post(path, {"username": "stefan", "role": "editor"}), 409, "already_member")
    assert api.patch(member, {"role": "editor"}).data["role"] == "editor"
    assert api.delete(member + "/").status_code == 204
    problem(api.delete(member), 404, "member_not_found")
    assert Membership.objects.filter(universe=universe).count() == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"username": "stefan", "role": "owner"}, [("/role", "invalid_choice")]),
        ({"username": "stefan"}, [("/role", "required")]),
        (
            {"username": 5, "role": "viewer", "since": "today"},
            [("/username", "invalid"), ("/since", "unknown_field")],
        ),
    ],
)
def test_invalid_member_names_fields(api, universe, stranger, body, expected):
    assert pointers(api.post(f"/universes/{universe.pk}/members", body)) == expected
    assert (universe.memberships.count(), universe.invitations.count()) == (1, 0)


@pytest.mark.parametrize("raw", ["0", "x", "-1", "9" * 10, "9" * 40, "%00", "1.0"])
def test_unknown_member_id_is_not_found(api, universe, raw):
    path = f"/universes/{universe.pk}/members/{raw}"

    problem(api.patch(path, {"role": "editor"}), 404, "member_not_found")
    problem(api.delete(path), 404, "member_not_found")


def test_owner_cannot_leave_but_viewer_can(client_of, api, universe, owner, viewer, editor):
    members = f"/universes/{universe.pk}/members"

    problem(api.delete(f"{members}/{owner.pk}"), 409, "owner_is_fixed")
    problem(api.patch(f"{members}/{owner.pk}", {"role": "editor"}), 409, "owner_is_fixed")
    problem(client_of(viewer).delete(f"{members}/{editor.pk}"), 403, "role_too_low")
    assert client_of(viewer).delete(f"{members}/{viewer.pk}").status_code == 204

    roles = dict(universe.memberships.values_list("user__username", "role"))
    assert roles == {"carla": "owner", "edgar": "editor"}
