"""Invitation links over HTTP: made, listed, withdrawn, and used on the page that they lead to."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.support.problems import pointers_of, problem_of
from universes import limits
from universes.models import InvitationLink, Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(universe) -> str:
    return f"/universes/{universe.pk}/invitation-links"


def test_link_is_made_listed_and_shown_once(api, universe, path):
    made = api.post(path, {"role": "viewer", "days": 3})

    shown = made.json()
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    assert (shown["role"], shown["made_by"]) == ("viewer", "carla")
    assert "/studio/join" in shown["address"]
    (listed,) = api.get(path).json()["results"]
    assert listed == {key: value for key, value in shown.items() if key != "address"}


def test_invited_person_joins_at_the_address(api, universe, path, stranger, signed_in):
    parts = urlsplit(api.post(path, {"role": "editor"}).json()["address"])

    assert signed_in(stranger).post(f"{parts.path}?{parts.query}").status_code == 302

    assert Membership.objects.get(universe=universe, user=stranger).role == "editor"
    assert api.get(path).json()["results"] == []


def test_withdrawn_link_leads_nowhere(api, path):
    made = api.post(path, {"role": "viewer"}).json()

    assert api.delete(f"{path}/{made['id']}").status_code == 204

    parts = urlsplit(made["address"])
    assert Client().get(f"{parts.path}?{parts.query}").status_code == 404
    problem_of(api.delete(f"{path}/{made['id']}"), 404, "invitation_link_not_found")


def test_repetition_makes_no_second_link_and_shows_nothing(api, path):
    headers = {"Idempotency-Key": "a-key"}
    first = api.post(path, {"role": "viewer"}, headers=headers)

    problem_of(api.post(path, {"role": "viewer"}, headers=headers), 409, "shown_once")

    assert (first.status_code, InvitationLink.objects.count()) == (201, 1)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/role"),
        ({"role": "owner"}, "/role"),
        ({"role": "viewer", "days": 0}, "/days"),
        ({"role": "viewer", "days": limits.INVITATION_LINK_DAYS + 1}, "/days"),
        ({"role": "viewer", "days": "3"}, "/days"),
    ],
)
def test_unusable_link_is_refused(api, path, body, pointer):
    assert list(pointers_of(api.post(path, body))) == [pointer]
    assert not InvitationLink.objects.exists()


def test_a_universe_has_a_limited_number_of_links(api, path, monkeypatch):
    monkeypatch.setattr(limits, "INVITATIONS", 1)
    api.post(path, {"role": "viewer"})

    problem_of(api.post(path, {"role": "viewer"}), 409, "too_many_invitations")

    assert InvitationLink.objects.count() == 1
