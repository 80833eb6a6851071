from __future__ import annotations

import math

import pytest
from django.db import models
from django.db.models import ProtectedError

from universes.choices import Role
from universes.errors import Conflict, Forbidden, Invalid, NotFound
from universes.models import CanonChange, Element, Membership, Universe, WorldConfig
from universes.services import access, canon
from universes.services import universes as service


def test_create_adds_owner_membership_and_empty_world(owner):
    universe = service.create_universe(owner, name="  The   Low Marsh ", description=" Wet. ")

    assert (universe.name, universe.slug, universe.description) == ("The Low Marsh", "the-low-marsh", "Wet.")
    assert (universe.archived, universe.trusted_output) == (False, "draft")
    assert list(universe.memberships.values_list("user_id", "role")) == [(owner.pk, "owner")]
    assert universe.world_config.genre == ""


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("Arda", ["arda", "arda-2", "arda-3"]),
        ("Ардa", ["ардa", "ардa-2", "ардa-3"]),
        ("!!!", ["universe", "universe-2", "universe-3"]),
        ("x" * 200, ["x" * 74, "x" * 74 + "-2", "x" * 74 + "-3"]),
    ],
)
def test_repeated_name_gets_a_numbered_slug(owner, name, slugs):
    assert [service.create_universe(owner, name=name).slug for _ in range(3)] == slugs


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"name": " "}, "/name", "blank"),
        ({"name": "x" * 201}, "/name", "max_length"),
        ({"name": "a\x00b"}, "/name", "invalid_text"),
        ({"name": "Arda", "description": "x" * 10_001}, "/description", "max_length"),
        ({"name": "Arda", "review_within_h": 0}, "/review_within_h", "out_of_range"),
        ({"name": "Arda", "review_within_h": 8761}, "/review_within_h", "out_of_range"),
        ({"name": "Arda", "opinions_wanted": 0}, "/opinions_wanted", "out_of_range"),
        ({"name": "Arda", "opinions_wanted": 4}, "/opinions_wanted", "out_of_range"),
        ({"name": "Arda", "audit_share": -0.01}, "/audit_share", "out_of_range"),
        ({"name": "Arda", "audit_share": math.nan}, "/audit_share", "out_of_range"),
    ],
)
def test_invalid_universe_names_its_field(owner, fields, pointer, code):
    with pytest.raises(Invalid) as caught:
        service.create_universe(owner, **fields)

    assert [(error.pointer, error.code) for error in caught.value.errors] == [(pointer, code)]
    assert not Universe.objects.exists()


def test_review_settings_change_singly_and_none_resets(universe):
    def change(**fields):
        service.update_universe(universe, **fields)
        universe.refresh_from_db()
        return universe.review_within_h, universe.opinions_wanted, universe.audit_share

    assert change(review_within_h=8760, opinions_wanted=3, audit_share=1) == (8760, 3, 1)
    assert change(name="High Moor") == (8760, 3, 1)
    assert change(review_within_h=None) == (None, 3, 1)
    assert change(audit_share=None, opinions_wanted=1) == (None, 1, None)
    with pytest.raises(Invalid) as caught:
        change(audit_share=1.5)
    assert [error.pointer for error in caught.value.errors] == ["/audit_share"]
    universe.refresh_from_db()
    assert universe.audit_share is None


def test_rename_keeps_the_slug(universe):
    service.update_universe(universe, name="High Moor")

    universe.refresh_from_db()
    assert (universe.name, universe.slug) == ("High Moor", "low-marsh")


def test_archived_universe_refuses_changes_until_reopened(universe, owner, stranger):
    scene = canon.add_scene(universe, title="Dawn", text="Fog.", by=owner)
    service.archive(universe)

    for write in (
        lambda: service.update_universe(universe, name="High Moor"),
        lambda: service.update_universe(universe, name="High Moor", archived=True),
        lambda: service.update_world_config(universe, genre="gothic"),
        lambda: service.add_member(universe, stranger, Role.VIEWER),
        lambda: canon.add_scene(universe, title="Dusk", text="Rain."),
        lambda: canon.add_element(universe, kind="item", name="Bell"),
        lambda: canon.revise_scene(scene, title="Noon"),
        lambda: canon.set_status(scene, "canon"),
        lambda: canon.retire(scene),
    ):
        with pytest.raises(Conflict) as caught:
            write()
        assert caught.value.code == "universe_archived"

    scene.refresh_from_db()
    assert (scene.title, scene.canon_status) == ("Dawn", "draft")
    assert (universe.scenes.count(), universe.elements.count(), universe.memberships.count()) == (1, 0, 1)
    assert WorldConfig.objects.get(universe=universe).genre == ""

    assert service.update_universe(universe, name="High Moor", archived=False).name == "High Moor"


def test_archive_is_idempotent(universe):
    first = service.archive(universe)

    assert service.archive(universe).updated_at == first.updated_at


def test_delete_removes_all_content(universe, owner):
    canon.add_scene(universe, title="Dawn", text="Fog.", by=owner)
    canon.add_element(universe, kind="item", name="Bell", by=owner)

    service.delete_universe(universe)

    assert not Universe.objects.exists()
    assert not Element.objects.exists()
    assert not CanonChange.objects.exists()
    assert not Membership.objects.exists()


def test_delete_names_the_protecting_rows(universe, monkeypatch):
    protecting = Membership.objects.get(universe=universe)

    def refuse(self, *args, **kwargs):
        raise ProtectedError("in use", {protecting})

    monkeypatch.setattr(models.Model, "delete", refuse)

    with pytest.raises(Conflict) as caught:
        service.delete_universe(universe)

    assert caught.value.code == "universe_in_use"
    assert caught.value.message == "“Low Marsh” cannot be deleted: it is used by 1 members."
    assert Universe.objects.filter(pk=universe.pk).exists()


def test_duplicate_member_is_a_conflict(universe, viewer):
    with pytest.raises(Conflict) as caught:
        service.add_member(universe, viewer, Role.EDITOR)

    assert caught.value.code == "already_member"
    assert universe.memberships.get(user=viewer).role == "viewer"


def test_owner_role_is_fixed(universe, owner, viewer):
    for change in (
        lambda: service.change_role(universe, owner.pk, Role.EDITOR),
        lambda: service.change_role(universe, viewer.pk, Role.OWNER),
        lambda: service.remove_member(universe, owner.pk),
    ):
        with pytest.raises(Conflict) as caught:
            change()
        assert caught.value.code == "owner_is_fixed"

    roles = dict(universe.memberships.values_list("user__username", "role"))
    assert roles == {"carla": "owner", "vera": "viewer"}


def test_roles_change_and_members_are_removed(universe, viewer):
    assert service.change_role(universe, viewer.pk, Role.EDITOR).role == "editor"

    service.remove_member(universe, viewer.pk)

    with pytest.raises(NotFound) as caught:
        service.remove_member(universe, viewer.pk)
    assert caught.value.code == "member_not_found"


def test_access_follows_role(universe, owner, editor, viewer, stranger):
    opened = {
        (person.username, role.value)
        for person in (owner, editor, viewer)
        for role in Role
        if has_role(person, universe, role)
    }

    assert opened == {
        ("carla", "owner"),
        ("carla", "editor"),
        ("carla", "viewer"),
        ("edgar", "editor"),
        ("edgar", "viewer"),
        ("vera", "viewer"),
    }
    with pytest.raises(NotFound):
        access.find_universe(stranger, universe.pk)


def has_role(person, universe, role):
    try:
        access.find_universe(person, universe.pk, at_least=role)
    except Forbidden:
        return False
    return True


def test_universes_are_visible_to_members_only(universe, owner, editor, viewer, stranger):
    stranger.is_staff = stranger.is_superuser = True
    stranger.save()

    counts = [Universe.objects.visible_to(user).count() for user in (owner, editor, viewer, stranger)]

    assert counts == [1, 1, 1, 0]
