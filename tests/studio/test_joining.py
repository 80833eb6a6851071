"""Invitation links in the studio: made by owners, used by people without an account."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from universes.choices import Role
from universes.models import InvitationLink, Membership, Universe

pytestmark = pytest.mark.django_db


def test_an_owner_makes_a_link_with_which_a_new_person_joins(signed_in, creator, universe):
    page = signed_in(creator).post(
        f"/studio/universes/{universe.pk}/members", {"act": "link", "role": "editor", "days": "3"}
    )
    (address,) = re.findall(r"/studio/join\?link=[\w-]+", page.content.decode())
    newcomer = Client()

    assert universe.name in newcomer.get(address).content.decode()
    response = newcomer.post(address, {"username": "nora", "password": "lamp-oil-and-fog-7"})

    assert response["Location"] == f"/studio/universes/{universe.pk}"
    assert newcomer.get(response["Location"]).status_code == 200
    assert Membership.objects.get(user__username="nora").role == Role.EDITOR
    assert Client().get(address).status_code == 404


def test_a_bad_password_is_said_beside_its_field(signed_in, creator, universe):
    page = signed_in(creator).post(
        f"/studio/universes/{universe.pk}/members", {"act": "link", "role": "viewer", "days": "3"}
    )
    (address,) = re.findall(r"/studio/join\?link=[\w-]+", page.content.decode())

    response = Client().post(address, {"username": "nora", "password": "nora"})

    assert response.status_code == 400
    assert "too short" in response.content.decode()
    assert not User.objects.filter(username="nora").exists()


def test_only_owners_make_links(signed_in, editor, universe):
    response = signed_in(editor).post(
        f"/studio/universes/{universe.pk}/members", {"act": "link", "role": "editor", "days": "3"}
    )

    assert response.status_code == 403
    assert not InvitationLink.objects.exists()


def test_owner_hands_over_archives_and_deletes_a_universe(signed_in, creator, editor, universe):
    path = f"/studio/universes/{universe.pk}/members"
    client = signed_in(creator)

    client.post(path, {"act": "archive"})
    universe.refresh_from_db()
    assert universe.archived
    client.post(path, {"act": "unarchive"})
    client.post(path, {"act": "delete", "name": "Another"})
    universe.refresh_from_db()
    assert not universe.archived
    client.post(path, {"act": "own", "member": editor.pk})
    universe.refresh_from_db()
    assert universe.owner == editor
    assert client.post(path, {"act": "delete", "name": universe.name}).status_code == 403
    assert Universe.objects.filter(pk=universe.pk).exists()

    deleted = signed_in(editor).post(path, {"act": "delete", "name": universe.name})

    assert deleted["Location"] == "/studio/"
    assert not Universe.objects.filter(pk=universe.pk).exists()
