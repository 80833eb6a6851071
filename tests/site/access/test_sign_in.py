"""Limits on guessing passwords, at the admin and over the API."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse
from rest_framework.settings import api_settings
from rest_framework.test import APIClient

from mediaassets.web import sign_in
from tests.support.problems import problem_of

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"
LOGIN = reverse("admin:login")


@pytest.fixture(autouse=True)
def counters(monkeypatch) -> sign_in.Counters:
    own = sign_in.Counters()
    monkeypatch.setattr(sign_in, "counters", own)
    return own


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("rosa", password=PASSWORD, is_staff=True)


def guess(password: str = "wrong", username: str = "rosa", address: str = "198.51.100.7"):
    return APIClient().post("/auth/token", {"username": username, "password": password}, REMOTE_ADDR=address)


def guess_at_admin(password: str = "wrong", username: str = "rosa", address: str = "198.51.100.7"):
    return Client().post(LOGIN, {"username": username, "password": password}, REMOTE_ADDR=address)


def test_admin_and_api_count_together_by_address(user, broker, settings):
    settings.SIGN_IN_RATE = "4/hour"
    for _ in range(2):
        assert guess().status_code == 401
        assert b"correct username" in guess_at_admin().content

    refused = guess(PASSWORD)
    quota = problem_of(refused, 429, "throttled")["quota"]
    left_s = quota["resets_in_s"]
    assert quota == {
        "name": "sign-in-by-address",
        "limit": 4,
        "window_s": 3600,
        "remaining": 0,
        "resets_in_s": left_s,
    }
    assert refused["Retry-After"] == str(left_s)
    assert refused["RateLimit-Policy"] == '"sign-in-by-address";q=4;w=3600'
    assert refused["RateLimit"] == f'"sign-in-by-address";r=0;t={left_s}'
    assert f"in {left_s} seconds" in refused.json()["detail"]
    page = guess_at_admin(PASSWORD)

    assert b"Too many attempts" in page.content
    assert "_auth_user_id" not in page.client.session
    assert guess(PASSWORD, address="198.51.100.8").status_code == 200


@pytest.mark.parametrize("username", ["rosa", "ROSA", "nobody"])
def test_failures_count_by_account_from_all_addresses(user, broker, settings, username):
    settings.SIGN_IN_ACCOUNT_RATE = "3/hour"
    for number in range(3):
        assert guess(username=username, address=f"198.51.100.{number}").status_code == 401

    answers = [guess(password, username, "203.0.113.9") for password in ("wrong", PASSWORD)]

    assert [answer.status_code for answer in answers] == [429, 429]
    assert 1 <= int(answers[0]["Retry-After"]) <= 3601


def test_successes_do_not_count_against_an_account(user, broker, settings):
    settings.SIGN_IN_ACCOUNT_RATE = "2/hour"

    assert {guess(PASSWORD, address=f"198.51.100.{number}").status_code for number in range(5)} == {200}


def test_processes_share_their_counts(user, broker, settings, monkeypatch):
    settings.SIGN_IN_RATE = "2/hour"
    guess()
    guess()

    # Another process has counters of its own.
    monkeypatch.setattr(sign_in, "counters", sign_in.Counters())

    assert guess().status_code == 429


def test_limit_holds_in_each_process_while_redis_is_away(user, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.SIGN_IN_RATE = "2/hour"

    assert [guess().status_code for _ in range(3)] == [401, 401, 429]


@pytest.mark.parametrize("username", ["rosa", "nobody"])
def test_long_password_is_refused_before_it_is_hashed(user, broker, monkeypatch, username):
    hashed: list[int] = []
    encode = PBKDF2PasswordHasher.encode

    def watched(self: PBKDF2PasswordHasher, password: str, *rest: Any) -> str:
        hashed.append(len(password))
        return encode(self, password, *rest)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", watched)

    assert guess("x" * 1025, username).status_code == 401
    assert hashed == []
    assert guess("x" * 1024, username).status_code == 401
    assert hashed == [1024]


def test_failed_sign_in_is_logged_without_a_mistyped_password(user, broker, caplog):
    caplog.set_level(logging.WARNING)

    guess()
    guess(username="my secret typed into the wrong field")

    events = [record.msg for record in caplog.records if "sign_in_failed" in str(record.msg)]
    assert [event["account"] for event in events] == ["rosa", None]
    assert {event["address"] for event in events} == {"198.51.100.7"}


@pytest.mark.parametrize(
    ("proxies", "claimed", "address"),
    [
        (0, "203.0.113.5", "198.51.100.7"),
        (1, "1.1.1.1, 203.0.113.5", "203.0.113.5"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "not an address", "not an address"),
    ],
)
def test_only_a_trusted_proxy_names_the_address(monkeypatch, proxies, claimed, address):
    monkeypatch.setattr(api_settings, "NUM_PROXIES", proxies)
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR=claimed)

    assert sign_in.address_of(request) == address


def test_signed_in_person_without_a_role_is_told_so_and_led_to_the_studio():
    client = Client()
    client.force_login(User.objects.create_user("carla", password=PASSWORD))

    page = client.get(reverse("admin:index"), follow=True).content.decode()

    assert "You are signed in as carla, who has no role that opens this page." in page
    assert f'href="{reverse("studio:home")}"' in page
    assert "authenticated as" not in page
