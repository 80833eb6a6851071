"""Tokens end with a logout, a new password and a deactivation, at once and for good."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from mediaassets.web import sign_in as sign_in_limits
from tests.support.problems import problem_of

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def _own_counters(monkeypatch, broker):
    monkeypatch.setattr(sign_in_limits, "counters", sign_in_limits.Counters())


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("carla", password=PASSWORD)


def post(path, body=None, token=""):
    client = APIClient(raise_request_exception=False)
    if token:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client.post(path, body)


def sign_in(password=PASSWORD):
    response = post("/auth/token", {"username": "carla", "password": password})
    assert response.status_code == 200, response.content
    return response.json()


def answers_to(tokens):
    """Return the statuses of a request, a refresh, and two verifications with these tokens."""
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
    return [
        client.get("/agents/jobs").status_code,
        post("/auth/token/verify", {"token": tokens["access"]}).status_code,
        post("/auth/token/verify", {"token": tokens["refresh"]}).status_code,
        post("/auth/token/refresh", {"refresh": tokens["refresh"]}).status_code,
    ]


def test_tokens_of_a_sign_in_are_live(user):
    assert answers_to(sign_in()) == [200, 200, 200, 200]


@pytest.mark.parametrize("slash", ["", "/"])
def test_logout_ends_all_tokens_of_the_account(user, slash):
    here, elsewhere = sign_in(), sign_in()

    response = post(f"/auth/logout{slash}", token=here["access"])

    assert (response.status_code, response.content) == (204, b"")
    assert answers_to(here) == answers_to(elsewhere) == [401, 401, 401, 401]
    assert answers_to(sign_in()) == [200, 200, 200, 200]


def test_logout_leaves_others_signed_in(user):
    stranger = User.objects.create_user("stefan", password=PASSWORD)
    theirs = post("/auth/token", {"username": stranger.username, "password": PASSWORD}).json()

    post("/auth/logout", token=sign_in()["access"])

    assert answers_to(theirs) == [200, 200, 200, 200]


def test_ended_token_is_told_from_an_unreadable_one(user):
    tokens = sign_in()
    post("/auth/logout", token=tokens["access"])

    body = problem_of(post("/auth/logout", token=tokens["access"]), 401, "token_not_valid")

    assert "ended" in body["detail"]


def test_rotated_token_belongs_to_its_sign_in(user):
    rotated = post("/auth/token/refresh", {"refresh": sign_in()["refresh"]}).json()
    post("/auth/logout", token=rotated["access"])

    assert answers_to(rotated) == [401, 401, 401, 401]


def by_person(user, client):
    body = {"password": PASSWORD, "new_password": "another fine one"}
    assert post("/auth/password", body, sign_in()["access"]).status_code == 204


def by_form(user, client):
    body = {"password1": "another fine one", "password2": "another fine one", "usable_password": "true"}
    assert client.post(f"/admin/auth/user/{user.pk}/password/", body).status_code == 302


def by_model(user, client):
    user.set_password("another fine one")
    user.save()


def by_statement(user, client):
    other = User(username="x")
    other.set_password("another fine one")
    User.objects.filter(pk=user.pk).update(password=other.password)


@pytest.mark.parametrize("change", [by_person, by_form, by_model, by_statement])
def test_new_password_ends_all_tokens(user, client, superuser, change):
    tokens = sign_in()
    client.force_login(superuser)

    change(user, client)

    assert answers_to(tokens) == [401, 401, 401, 401]
    assert answers_to(sign_in("another fine one")) == [200, 200, 200, 200]


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_active": False, "first_name": "C"}])
def test_tokens_from_before_a_deactivation_never_come_back(user, change):
    tokens = sign_in()
    for name, value in change.items():
        setattr(user, name, value)
    user.save()
    inactive = answers_to(tokens)
    User.objects.filter(pk=user.pk).update(is_active=True)

    assert inactive == answers_to(tokens) == [401, 401, 401, 401]


def test_other_changes_of_an_account_leave_its_tokens(user):
    tokens = sign_in()

    user.first_name, user.is_staff = "Carla", True
    user.save()

    assert answers_to(tokens) == [200, 200, 200, 200]


def test_token_of_a_deleted_account_does_not_verify(user):
    tokens = sign_in()

    user.delete()

    assert answers_to(tokens) == [401, 401, 401, 401]


def test_sign_in_that_a_new_password_overtakes_gets_no_tokens(user, monkeypatch):
    """A password takes a while to hash; it may be changed within that time."""

    def slow_authenticate(*args, **kwargs):
        found = authenticate(*args, **kwargs)
        by_model(User.objects.get(pk=user.pk), None)
        return found

    monkeypatch.setattr("rest_framework_simplejwt.serializers.authenticate", slow_authenticate)

    problem_of(post("/auth/token", {"username": "carla", "password": PASSWORD}), 401, "no_active_account")
