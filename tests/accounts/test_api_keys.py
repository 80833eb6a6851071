"""API keys over the API and in the admin: make, use, expire, revoke."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from mediaassets.accounts.keys import api_keys
from mediaassets.accounts.models import ApiKey
from mediaassets.idempotency.models import IdempotentRequest
from tests.support.problems import pointers_of, problem_of

pytestmark = pytest.mark.django_db

PATH = "/auth/api-keys"
BODY = {"name": "Nightly import", "scopes": ["submit", "read"]}


def with_key(text):
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


@pytest.fixture
def key(api):
    return api.post(PATH, BODY).json()


def test_key_is_shown_once_and_stored_as_a_hash(api, creator):
    made = api.post(PATH, BODY)

    assert made.status_code == 201
    assert re.fullmatch(r"umam_[0-9a-f]{16}_[0-9a-f]{64}", made.json()["key"])
    assert (made["Location"], made["Cache-Control"]) == (f"{PATH}/{made.json()['id']}", "no-store")
    row = ApiKey.objects.get()
    secret = made.json()["key"].rpartition("_")[2]
    assert secret not in "".join(str(value) for value in vars(row).values())
    listed = api.get(PATH).json()["results"]
    assert listed == [{name: value for name, value in made.json().items() if name != "key"}]
    assert listed[0]["scopes"] == ["read", "submit"]
    assert (row.user, row.name) == (creator, "Nightly import")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_key_acts_for_its_account(key, universe, scheme, slash):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"{scheme} {key['key']}")

    assert [row["name"] for row in client.get(f"/universes{slash}").json()["results"]] == ["Low Marsh"]
    job = client.post("/agents/jobs", {"agent_type": "narrative", "input_data": {"prompt": "A storm."}})
    assert job.status_code == 202


def test_key_has_the_permissions_of_its_account_in_one_query(client_of, reviewer, stranger):
    keys = [
        with_key(client_of(person).post(PATH, {"name": "K", "scopes": ["read"]}).json()["key"])
        for person in (reviewer, stranger)
    ]

    assert [client.get("/agents/reviews").status_code for client in keys] == [200, 403]
    with CaptureQueriesContext(connection) as queries:
        assert keys[0].get("/agents/reviews").status_code == 200
    assert sum("account_api_keys" in query["sql"] for query in queries) == 1
    assert not any("auth_permission" in query["sql"] for query in queries.captured_queries[1:])


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: text.upper(),
        lambda text: "umam_" + "0" * 16 + text[21:],
        lambda text: "umam_",
        lambda text: "umam_\xff",
    ],
)
def test_other_texts_are_not_valid(key, change):
    assert with_key(key["key"]).get("/agents/jobs").status_code == 200

    response = with_key(change(key["key"])).get("/agents/jobs")

    assert response.status_code == 401
    assert response.json()["code"] in {"api_key_not_valid", "token_not_valid"}


def test_revoked_key_is_refused_at_once(api, key):
    assert api.delete(f"{PATH}/{key['id']}").status_code == 204

    problem_of(with_key(key["key"]).get("/agents/jobs"), 401, "api_key_not_valid")
    revoked_at = api.get(PATH).json()["results"][0]["revoked_at"]
    assert revoked_at
    assert api.delete(f"{PATH}/{key['id']}/").status_code == 204
    assert api.get(PATH).json()["results"][0]["revoked_at"] == revoked_at


@pytest.mark.parametrize("key_id", ["x", "0" * 16, "%00"])
def test_unknown_key_is_not_found(api, key, key_id):
    problem_of(api.delete(f"{PATH}/{key_id}"), 404, "api_key_not_found")


def test_key_of_another_account_is_not_found(stranger_api, key):
    problem_of(stranger_api.delete(f"{PATH}/{key['id']}"), 404, "api_key_not_found")
    assert with_key(key["key"]).get("/agents/jobs").status_code == 200
    assert stranger_api.get(PATH).json()["results"] == []


def test_expired_key_is_refused(api):
    later = timezone.now() + timedelta(hours=1)
    key = api.post(PATH, {**BODY, "expires_at": later.isoformat()}).json()
    assert with_key(key["key"]).get("/agents/jobs").status_code == 200

    ApiKey.objects.update(expires_at=timezone.now())

    problem_of(with_key(key["key"]).get("/agents/jobs"), 401, "api_key_not_valid")


def test_key_of_an_inactive_account_is_refused(key, creator):
    User.objects.filter(pk=creator.pk).update(is_active=False)

    problem_of(with_key(key["key"]).get("/agents/jobs"), 401, "api_key_not_valid")


def test_logout_leaves_keys(api, key):
    assert api.post("/auth/logout").status_code == 204

    assert with_key(key["key"]).get("/agents/jobs").status_code == 200


def test_use_is_noted_once_a_minute(key):
    def last_used():
        return ApiKey.objects.get().last_used_at

    assert last_used() is None
    with_key(key["key"]).get("/agents/jobs")
    first = last_used()
    with CaptureQueriesContext(connection) as queries:
        with_key(key["key"]).get("/agents/jobs")
    assert last_used() == first
    assert not any(query["sql"].startswith("UPDATE") for query in queries)

    old = timezone.now() - timedelta(seconds=61)
    ApiKey.objects.update(last_used_at=old)
    with_key(key["key"]).get("/agents/jobs")

    assert last_used() > first - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"name": "\u200b"}, {"/name"}),
        ({"name": "x" * 101}, {"/name"}),
        ({"scopes": []}, {"/scopes"}),
        ({"scopes": ["admin"]}, {"/scopes/0"}),
        ({"scopes": "read"}, {"/scopes"}),
        ({"expires_at": "2020-01-01T00:00:00Z"}, {"/expires_at"}),
        ({"expires_at": "soon"}, {"/expires_at"}),
        ({"user": 1}, {"/user"}),
    ],
)
def test_invalid_key_names_the_field(api, changes, pointers):
    assert set(pointers_of(api.post(PATH, {**BODY, **changes}))) == pointers
    assert not ApiKey.objects.exists()


def test_account_has_at_most_fifty_usable_keys(api, creator, monkeypatch):
    monkeypatch.setattr(api_keys, "MAX_KEYS", 2)
    first, _ = (api.post(PATH, BODY).json() for _ in range(2))

    problem_of(api.post(PATH, BODY), 409, "too_many_api_keys")
    api.delete(f"{PATH}/{first['id']}")
    assert api.post(PATH, BODY).status_code == 201


def test_repetition_makes_no_second_key_and_finds_no_secret(api):
    def send():
        return api.post(PATH, BODY, headers={"Idempotency-Key": "k-1"})

    first, again = send(), send()

    assert first.status_code == 201
    assert problem_of(again, 409, "shown_once")["detail"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert ApiKey.objects.count() == 1
    stored = IdempotentRequest.objects.get()
    assert first.json()["key"].rpartition("_")[2].encode() not in bytes(stored.body)
    assert "umam_" not in str(stored.headers)


def test_refused_key_may_be_sent_again(api):
    def send(name):
        return api.post(PATH, {**BODY, "name": name}, headers={"Idempotency-Key": "k-1"}).status_code

    assert [send(""), send("CI")] == [400, 201]


# --- Admin


def test_administrator_revokes_but_does_not_make_keys(client, superuser, key):
    client.force_login(superuser)
    url = "/admin/accounts/apikey/"

    page = client.get(url)
    assert b"Nightly import" in page.content
    assert client.get(f"{url}{key['id']}/change/").status_code == 200
    assert client.get(f"{url}add/").status_code == 403
    assert client.post(f"{url}{key['id']}/delete/", {"post": "yes"}).status_code == 403
    assert ApiKey.objects.get().secret_hash.encode() not in page.content
    client.post(url, {"action": "revoke", "_selected_action": [key["id"]]})

    problem_of(with_key(key["key"]).get("/agents/jobs"), 401, "api_key_not_valid")


def test_viewer_of_keys_cannot_revoke_them(client, make_user, key):
    client.force_login(make_user("ada", is_staff=True, permissions=["accounts.view_apikey"]))

    client.post("/admin/accounts/apikey/", {"action": "revoke", "_selected_action": [key["id"]]})

    assert ApiKey.objects.get().revoked_at is None


@pytest.mark.parametrize("lookup", ["secret_hash__startswith", "user__password__startswith"])
def test_hash_cannot_be_guessed_by_filters(client, superuser, key, lookup):
    client.force_login(superuser)

    assert client.get(f"/admin/accounts/apikey/?{lookup}=a").status_code == 400
