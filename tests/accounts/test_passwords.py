"""Passwords that are too long are refused before they are hashed, by every door."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from mediaassets.accounts.passwords import links
from mediaassets.web import sign_in as sign_in_limits
from tests.support.problems import pointers_of

pytestmark = pytest.mark.django_db

LONGEST = "pass word" * 113 + "1234567"
TOO_LONG = LONGEST + "8"


@pytest.fixture(autouse=True)
def _own_counters(monkeypatch, broker):
    monkeypatch.setattr(sign_in_limits, "counters", sign_in_limits.Counters())


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("carla", password=LONGEST, is_staff=True)


@pytest.fixture
def hashed(user, monkeypatch):
    """Lengths of the passwords that are hashed."""
    lengths: list[int] = []
    encode = PBKDF2PasswordHasher.encode

    def watched(self, password, *args, **kwargs):
        lengths.append(len(password))
        return encode(self, password, *args, **kwargs)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", watched)
    return lengths


def test_lengths():
    assert (len(LONGEST), len(TOO_LONG)) == (1024, 1025)


def test_longest_password_signs_in(user, hashed):
    body = {"username": "carla", "password": LONGEST}

    assert APIClient().post("/auth/token", body).status_code == 200
    assert hashed == [1024]


@pytest.mark.parametrize("name", ["carla", "nobody"])
def test_sign_in_by_the_api_does_not_hash_it(hashed, name):
    response = APIClient().post("/auth/token", {"username": name, "password": TOO_LONG})

    assert (response.status_code, hashed) == (401, [])


@pytest.mark.parametrize("name", ["carla", "nobody"])
def test_sign_in_at_the_admin_does_not_hash_it(client, hashed, name):
    response = client.post("/admin/login/", {"username": name, "password": TOO_LONG})

    assert (response.status_code, hashed) == (200, [])


@pytest.mark.parametrize("name", ["carla", "nobody"])
def test_sign_in_without_a_request_does_not_hash_it(client, hashed, name):
    assert not client.login(username=name, password=TOO_LONG)
    assert hashed == []


@pytest.mark.parametrize("field", ["old_password", "new_password1"])
def test_own_password_page_does_not_hash_it(client, user, hashed, field):
    client.force_login(user)
    new = TOO_LONG if field == "new_password1" else "another fine one"
    old = TOO_LONG if field == "old_password" else LONGEST

    page = client.post(
        "/admin/password_change/", {"old_password": old, "new_password1": new, "new_password2": new}
    )

    assert page.status_code == 200
    assert 1025 not in hashed
    assert page.context["form"].errors
    assert check_password(LONGEST, User.objects.get(pk=user.pk).password)


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        ("wrong", "another fine one", {"/password": "wrong_password"}),
        (TOO_LONG, "another fine one", {"/password": "wrong_password"}),
        (LONGEST, TOO_LONG, {"/new_password": "max_length"}),
        (LONGEST, "short", {"/new_password": "weak_password"}),
        (LONGEST, "carla123", {"/new_password": "weak_password"}),
    ],
)
def test_new_password_over_the_api_is_refused(user, client_of, hashed, old, new, refused):
    response = client_of(user).post("/auth/password", {"password": old, "new_password": new})

    assert pointers_of(response) == refused
    assert 1025 not in hashed
    assert check_password(LONGEST, User.objects.get(pk=user.pk).password)


def test_administrator_cannot_set_it(client, user, superuser, hashed):
    client.force_login(superuser)

    body = {"password1": TOO_LONG, "password2": TOO_LONG, "usable_password": "true"}
    page = client.post(f"/admin/auth/user/{user.pk}/password/", body)

    assert b"at most 1,024 characters" in page.content
    assert hashed == []


def test_it_cannot_be_chosen_with_a_link(client, user, hashed, settings):
    link = links.link_for(user).removeprefix(settings.SITE_URL)
    form = client.get(link, follow=True)

    body = {"new_password1": TOO_LONG, "new_password2": TOO_LONG}
    page = client.post(form.redirect_chain[-1][0], body)

    assert b"at most 1,024 characters" in page.content
    assert hashed == []


def test_command_line_cannot_set_it(user, hashed, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda *args, **kwargs: TOO_LONG)

    with pytest.raises(CommandError):
        call_command("changepassword", "carla")
    assert hashed == []


def test_code_cannot_hash_it(hashed):
    with pytest.raises(ValueError, match="1,024"):
        make_password(TOO_LONG)
    assert hashed == []
