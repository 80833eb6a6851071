"""Transfer of a universe, over the API and in the admin."""

from __future__ import annotations

import pytest

from tests.universes.api.answers import problem
from universes.choices import Role
from universes.errors import Conflict
from universes.models import Universe
from universes.services import universes
from universes.services.sharing import ownership

pytestmark = pytest.mark.django_db


def roles(universe):
    return dict(universe.memberships.order_by("user__username").values_list("user__username", "role"))


def test_owner_makes_a_member_the_owner(api, universe, owner, viewer):
    response = api.post(f"/universes/{universe.pk}/owner", {"user_id": viewer.pk})

    assert (response.status_code, response.json()["role"], response.json()["owner"]) == (
        200,
        "editor",
        "vera",
    )
    assert roles(universe) == {"carla": "editor", "vera": "owner"}
    assert Universe.objects.get().owner == viewer
    problem(api.post(f"/universes/{universe.pk}/owner", {"user_id": owner.pk}), 403, "role_too_low")


def test_only_members_become_owners(api, universe, stranger):
    problem(api.post(f"/universes/{universe.pk}/owner", {"user_id": stranger.pk}), 404, "member_not_found")
    assert roles(universe) == {"carla": "owner"}


@pytest.mark.parametrize("body", [{}, {"user_id": "5"}, {"user_id": 0}, {"user_id": 10**30}])
def test_invalid_owner_is_refused(api, universe, body):
    assert api.post(f"/universes/{universe.pk}/owner", body).status_code == 400


def test_stale_transfer_is_refused(api, universe, viewer):
    response = api.post(
        f"/universes/{universe.pk}/owner", {"user_id": viewer.pk}, headers={"If-Match": '"old"'}
    )

    assert response.status_code == 412
    assert roles(universe) == {"carla": "owner", "vera": "viewer"}


def test_slug_changes_only_if_the_new_owner_has_it(universe, viewer, editor):
    universes.create_universe(viewer, name="Low Marsh")

    assert ownership.transfer_universe(universe, editor).slug == "low-marsh"
    assert ownership.transfer_universe(universe, viewer).slug == "low-marsh-2"
    assert roles(universe) == {"carla": "editor", "edgar": "editor", "vera": "owner"}


def test_archived_universe_can_be_transferred(universe, viewer):
    universes.archive(universe)

    assert ownership.transfer_universe(universe, viewer).owner == viewer


def test_inactive_account_becomes_no_owner(universe, viewer):
    viewer.is_active = False
    viewer.save()

    with pytest.raises(Conflict) as refusal:
        ownership.transfer_universe(universe, viewer)
    assert refusal.value.code == "owner_inactive"


def test_transfer_to_the_owner_changes_nothing(universe, owner):
    before = Universe.objects.get().updated_at

    assert ownership.transfer_universe(universe, owner).owner == owner
    assert Universe.objects.get().updated_at == before


def test_administrator_changes_the_owner(admin, universe, owner, stranger):
    url = f"/admin/universes/universe/{universe.pk}/change/"
    form = admin.get(url).context["adminform"].form
    body = {name: form.initial.get(name) or "" for name in form.fields} | {"owner": stranger.pk}
    formsets = {
        f"{formset.formset.prefix}-{name}": value
        for formset in admin.get(url).context["inline_admin_formsets"]
        for name, value in (
            ("TOTAL_FORMS", formset.formset.initial_form_count()),
            ("INITIAL_FORMS", formset.formset.initial_form_count()),
        )
    }
    config = {"world_config-0-id": universe.world_config.pk, "world_config-0-universe": universe.pk}

    response = admin.post(url, {**body, **formsets, **config})

    assert response.status_code == 302, response.context["errors"]
    assert roles(universe) == {"carla": Role.EDITOR, "stefan": Role.OWNER}
