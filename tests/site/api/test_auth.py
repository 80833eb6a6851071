"""Sign-in: tokens, their rotation, refused tokens and accounts."""

from __future__ import annotations

import base64
import json
import threading
from collections import Counter
from datetime import timedelta

import jwt
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from rest_framework.settings import api_settings
from rest_framework.test import APIClient
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from mediaassets.web import sign_in as sign_in_limits
from tests.support.problems import pointers_of, problem_of

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def _own_counters(monkeypatch, broker, settings):
    # Longer than any test, which would otherwise begin in one minute and end in the next.
    settings.SIGN_IN_RATE = "30/hour"
    monkeypatch.setattr(sign_in_limits, "counters", sign_in_limits.Counters())


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("carla", password=PASSWORD)


@pytest.fixture
def client() -> APIClient:
    return APIClient(raise_request_exception=False)


def sign_in(client, **changes):
    return client.post("/auth/token", {"username": "carla", "password": PASSWORD, **changes})


def preferences_with(token: object):
    client = APIClient(raise_request_exception=False)
    return client.get("/users/me/preferences", headers={"authorization": f"Bearer {token}"})


@pytest.mark.parametrize("slash", ["", "/"])
def test_sign_in_returns_two_working_tokens(client, user, slash):
    response = client.post(f"/auth/token{slash}", {"username": "carla", "password": PASSWORD})

    assert response.status_code == 200
    assert set(response.json()) == {"access", "refresh"}
    assert preferences_with(response.json()["access"]).status_code == 200
    user.refresh_from_db()
    assert user.last_login is not None


@pytest.mark.parametrize("changes", [{"password": "wrong"}, {"username": "nobody"}])
def test_unknown_name_and_wrong_password_get_the_same_answer(client, user, changes):
    response = sign_in(client, **changes)

    body = problem_of(response, 401, "no_active_account")
    assert body["detail"] == "There is no active account with this name and password."
    assert not OutstandingToken.objects.exists()


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"/username", "/password"}),
        ({"username": "carla"}, {"/password"}),
        ({"username": ["carla"], "password": {}}, {"/username", "/password"}),
        ({"username": "carla", "password": None}, {"/password"}),
        ([], {""}),
        ({"username": "car\x00la", "password": "x"}, {"/username"}),
    ],
)
def test_invalid_sign_in_names_the_field(client, user, body, pointers):
    assert set(pointers_of(client.post("/auth/token", body))) == pointers


def test_inactive_account_cannot_sign_in(client, user):
    User.objects.update(is_active=False)

    problem_of(sign_in(client), 401, "no_active_account")


def test_forwarded_address_does_not_evade_the_sign_in_throttle(client, user):
    answers = [
        client.post(
            "/auth/token",
            {"username": "carla", "password": "wrong"},
            headers={"x-forwarded-for": f"10.0.0.{number}"},
        )
        for number in range(31)
    ]

    assert [answer.status_code for answer in answers] == [401] * 30 + [429]
    problem_of(answers[-1], 429, "throttled")
    assert 1 <= int(answers[-1]["Retry-After"]) <= 3601
    problem_of(sign_in(client), 429, "throttled")


def test_trusted_proxy_decides_the_throttled_address(user, monkeypatch):
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 1)

    def guess(claimed: str, seen_by_proxy: str) -> int:
        return (
            APIClient()
            .post(
                "/auth/token",
                {"username": "carla", "password": "wrong"},
                headers={"x-forwarded-for": f"{claimed}, {seen_by_proxy}"},
            )
            .status_code
        )

    answers = [guess(f"10.0.0.{number}", "203.0.113.5") for number in range(31)]

    assert answers == [401] * 30 + [429]
    assert guess("10.0.0.1", "203.0.113.6") == 401


def test_other_requests_are_not_throttled(client, user):
    token = AccessToken.for_user(user)

    assert {preferences_with(token).status_code for _ in range(40)} == {200}


# --- Rotation


@pytest.mark.parametrize("slash", ["", "/"])
def test_refresh_token_works_once(client, user, slash):
    first = sign_in(client).json()["refresh"]

    rotated = client.post(f"/auth/token/refresh{slash}", {"refresh": first})
    again = client.post(f"/auth/token/refresh{slash}", {"refresh": first})
    onward = client.post(f"/auth/token/refresh{slash}", {"refresh": rotated.json()["refresh"]})

    assert rotated.status_code == 200
    assert set(rotated.json()) == {"access", "refresh"}
    assert preferences_with(rotated.json()["access"]).status_code == 200
    problem_of(again, 401, "token_not_valid")
    assert onward.status_code == 200
    assert BlacklistedToken.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_of_twenty_concurrent_refreshes_succeeds(user):
    token, answers = str(RefreshToken.for_user(user)), []
    start = threading.Barrier(20)

    def refresh() -> None:
        client = APIClient(raise_request_exception=False)
        start.wait(30)
        answers.append(client.post("/auth/token/refresh", {"refresh": token}).status_code)
        connection.close()

    threads = [threading.Thread(target=refresh) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert Counter(answers) == {200: 1, 401: 19}
    assert BlacklistedToken.objects.count() == 1


def test_access_token_cannot_refresh(client, user):
    problem_of(
        client.post("/auth/token/refresh", {"refresh": str(AccessToken.for_user(user))}),
        401,
        "token_not_valid",
    )


def test_refresh_token_does_not_authenticate(user):
    problem_of(preferences_with(RefreshToken.for_user(user)), 401, "token_not_valid")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "x" * 10_000])
def test_malformed_refresh_token_is_refused(client, token):
    response = client.post("/auth/token/refresh", {"refresh": token})

    assert response.status_code == (400 if token == "" else 401)
    assert response["Content-Type"] == "application/problem+json"


# --- Verify


@pytest.mark.parametrize("slash", ["", "/"])
def test_verify_accepts_valid_and_refuses_used_tokens(client, user, slash):
    tokens = sign_in(client).json()
    client.post("/auth/token/refresh", {"refresh": tokens["refresh"]})

    good = client.post(f"/auth/token/verify{slash}", {"token": tokens["access"]})
    used = client.post(f"/auth/token/verify{slash}", {"token": tokens["refresh"]})

    assert (good.status_code, good.json()) == (200, {})
    assert used.status_code in {400, 401}
    assert used["Content-Type"] == "application/problem+json"


# --- Refused tokens and accounts


def test_deleted_account_is_refused(client, user):
    access, refresh = AccessToken.for_user(user), RefreshToken.for_user(user)
    user.delete()

    problem_of(preferences_with(access), 401, "user_not_found")
    problem_of(client.post("/auth/token/refresh", {"refresh": str(refresh)}), 401, "token_not_valid")


def test_inactive_account_is_refused(client, user):
    access, refresh = AccessToken.for_user(user), RefreshToken.for_user(user)
    User.objects.update(is_active=False)

    problem_of(preferences_with(access), 401, "user_inactive")
    problem_of(client.post("/auth/token/refresh", {"refresh": str(refresh)}), 401, "no_active_account")
    assert not BlacklistedToken.objects.exists()


def test_expired_token_is_refused(user):
    token = AccessToken.for_user(user)
    token.set_exp(lifetime=-timedelta(seconds=1))

    problem_of(preferences_with(token), 401, "token_not_valid")


def test_token_signed_with_another_key_is_refused(user):
    claims = AccessToken.for_user(user).payload
    keys = ["another key of more than thirty-two bytes", settings.SECRET_KEY]

    forged = [jwt.encode(claims, key, algorithm="HS256") for key in keys]

    assert (
        preferences_with(jwt.encode(claims, settings.JWT_SIGNING_KEY, algorithm="HS256")).status_code == 200
    )
    for token in forged:
        problem_of(preferences_with(token), 401, "token_not_valid")


@pytest.mark.parametrize(
    "odd",
    [
        {"user_id": "abc"},
        {"user_id": "1\x00"},
        {"user_id": 10**30},
        {"user_id": -1},
        {"user_id": [1]},
        {"user_id": {}},
        {"user_id": True},
        {"user_id": 1.5},
        {"exp": 10**30},
        {"exp": 1e300},
        {"exp": "abc"},
        {"exp": [1]},
        {"exp": None},
        {"jti": "\x00"},
        {"jti": "\ud800"},
        {"jti": "x" * 10_000},
        {"jti": [1]},
        {"iat": "abc"},
        {"iat": 1e300},
        {"token_type": [1]},
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", [AccessToken, RefreshToken])
def test_odd_claims_under_a_valid_signature_are_refused(client, user, kind, odd):
    claims = {**kind.for_user(user).payload, **odd}
    token = jwt.encode(claims, settings.JWT_SIGNING_KEY, algorithm="HS256")

    answers = [
        preferences_with(token),
        client.post("/auth/token/refresh", {"refresh": token}),
        client.post("/auth/token/verify", {"token": token}),
    ]

    # Verifying does not look at the kind of token, nor does anything look at when it was issued.
    allowed = {200, 401} if set(odd) <= {"iat", "token_type"} else {401}
    assert {answer.status_code for answer in answers} <= allowed
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["none", "None", "NONE", "HS512"])
def test_token_with_another_algorithm_is_refused(user, name):
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    claims = part(AccessToken.for_user(user).payload)
    unsigned = f"{part({'alg': name, 'typ': 'JWT'})}.{claims}."

    problem_of(preferences_with(unsigned), 401, "token_not_valid")
    problem_of(preferences_with(unsigned + "AAAA"), 401, "token_not_valid")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Bearer", "bad_authorization_header"),
        ("Bearer a b", "bad_authorization_header"),
        ("Bearer x", "token_not_valid"),
        ("Bearer \xff", "token_not_valid"),
        ("Basic Y2FybGE6eA==", "not_authenticated"),
        ("", "not_authenticated"),
    ],
)
def test_malformed_authorization_header_is_refused(client, header, code):
    response = client.get("/agents/jobs", headers={"authorization": header})

    problem_of(response, 401, code)


def test_admin_session_does_not_authenticate_to_the_api(client, user):
    client.login(username="carla", password=PASSWORD)

    problem_of(client.get("/agents/jobs"), 401, "not_authenticated")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_scheme_may_be_written_in_any_case(user, scheme):
    token = AccessToken.for_user(user)

    response = APIClient().get("/agents/jobs", headers={"Authorization": f"{scheme} {token}"})

    assert response.status_code == 200
