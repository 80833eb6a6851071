"""Invitation links: one person each, with or without an account before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from mediaassets.accounts.sign_up import sign_up
from universes.choices import Role
from universes.errors import Conflict, Invalid, NotFound
from universes.models import InvitationLink, Membership
from universes.services.sharing import invitation_links

pytestmark = pytest.mark.django_db

PASSWORD = "lamp-oil-and-fog-7"


@pytest.fixture
def secret(universe, creator) -> str:
    return invitation_links.make_link(universe, Role.EDITOR, by=creator)[1]


def test_only_a_hash_of_the_secret_is_stored(secret):
    link = InvitationLink.objects.get()

    assert secret not in {str(value) for value in link.__dict__.values()}
    assert invitation_links.find_link(secret) == link


def test_a_link_makes_one_person_a_member(secret, universe, stranger, staff):
    membership = invitation_links.use_link(secret, by=stranger)

    assert (membership.universe, membership.role) == (universe, Role.EDITOR)
    with pytest.raises(NotFound):
        invitation_links.use_link(secret, by=staff)
    assert not Membership.objects.filter(user=staff).exists()


def test_a_member_does_not_use_a_link_up(secret, creator, stranger):
    assert invitation_links.use_link(secret, by=creator).role == Role.OWNER

    assert invitation_links.use_link(secret, by=stranger).role == Role.EDITOR


def test_an_expired_and_a_withdrawn_link_are_not_found(secret, universe, creator, stranger):
    other, other_secret = invitation_links.make_link(universe, Role.VIEWER, by=creator)
    InvitationLink.objects.exclude(pk=other.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    invitation_links.withdraw_link(universe, other.pk)

    for unusable in (secret, other_secret, "", "guessed"):
        with pytest.raises(NotFound):
            invitation_links.use_link(unusable, by=stranger)
    assert not Membership.objects.filter(user=stranger).exists()


def test_nobody_becomes_owner_by_a_link(universe, creator):
    with pytest.raises(Conflict):
        invitation_links.make_link(universe, Role.OWNER, by=creator)

    assert not InvitationLink.objects.exists()


def test_signing_up_makes_an_account_that_is_a_member_and_nothing_more(secret, universe):
    account = sign_up(secret, username="nora", password=PASSWORD, email="nora@example.org")

    assert account.check_password(PASSWORD)
    assert (account.email, account.is_staff, account.is_superuser) == ("nora@example.org", False, False)
    assert Membership.objects.get(user=account).universe == universe
    with pytest.raises(NotFound):
        sign_up(secret, username="norbert", password=PASSWORD)
    assert not User.objects.filter(username="norbert").exists()


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"username": "CARLA"}, "/username"),
        ({"username": "no ra"}, "/username"),
        ({"username": "closed-ab12"}, "/username"),
        ({"email": "nobody"}, "/email"),
        ({"password": "12345"}, "/password"),
    ],
)
def test_a_sign_up_that_is_refused_leaves_the_link(secret, creator, fields, pointer):
    with pytest.raises(Invalid) as refusal:
        sign_up(secret, **{"username": "nora", "password": PASSWORD, **fields})

    assert [error.pointer for error in refusal.value.errors] == [pointer]
    assert invitation_links.find_link(secret).used_at is None
