"""Closing an account: by its person over the API, and by an administrator."""

from __future__ import annotations

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import serializers
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from agents.choices import Verdict
from agents.models import (
    AgentJob,
    AgentJobEvent,
    GenerationSchedule,
    Notification,
    ReviewDecision,
    ReviewItem,
)
from agents.notify import preferences
from agents.review import claims, comments
from agents.review.verdicts import decisions
from mediaassets.accounts.keys import api_keys
from mediaassets.accounts.own import closing, personal_data
from mediaassets.web import sign_in as sign_in_limits
from tests.support import rows
from tests.support.problems import pointers_of
from universes.choices import Role
from universes.models import Membership, Universe
from universes.services import canon, universes
from universes.services.sharing import invitations

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"
LIST = "/admin/auth/user/"


@pytest.fixture(autouse=True)
def _own_counters(monkeypatch, broker):
    monkeypatch.setattr(sign_in_limits, "counters", sign_in_limits.Counters())


@pytest.fixture
def leaver(make_user, universe, creator, second_reviewer):
    """A reviewer with something of every kind."""
    person = make_user("lea", is_staff=True, groups=["Reviewers"], email="lea@example.com")
    person.first_name, person.last_name = "Lea", "Marsh"
    person.set_password(PASSWORD)
    person.save()
    universes.add_member(universe, person, Role.EDITOR)
    rows.make_job(person, universe=universe, status="completed")
    rows.make_schedule(person, universe)
    rows.make_schedule(
        creator, universe, enabled=False, next_run_at=None, disabled_reason="Switched off by lea."
    )
    preferences.save_preferences(person, {"tone": "wry"}, replace=True)
    decided, handed, broken, claimed = (rows.make_review(creator, universe=universe) for _ in range(4))
    decisions.decide(decided.pk, Verdict.REJECTED, by=person, note="Too thin.")
    comments.add_comment(handed.pk, "Look again.", by=person)
    claims.hand_to(handed.pk, person, by=second_reviewer)
    claims.claim(broken.pk, person)
    claims.break_claim(broken.pk, User.objects.create(username="boss", is_superuser=True))
    claims.claim(claimed.pk, person)
    return person


@pytest.fixture
def tokens(leaver):
    return APIClient().post("/auth/token", {"username": "lea", "password": PASSWORD}).json()


@pytest.fixture
def own(tokens):
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
    return client


def close(client, password=PASSWORD, **options):
    return client.post("/auth/close", {"password": password}, **options)


def test_nothing_personal_is_left(own, leaver):
    api_keys.make_key(leaver, name="Lea's laptop", scopes=["read"])
    Client().force_login(leaver)

    assert close(own).status_code == 204

    account = User.objects.get(pk=leaver.pk)
    assert account.username.startswith("closed-")
    assert (account.first_name, account.last_name, account.email) == ("", "", "")
    assert (account.is_active, account.is_staff, account.is_superuser) == (False, False, False)
    assert not account.has_usable_password()
    assert (account.last_login, account.groups.count()) == (None, 0)
    everything = [
        instance
        for relation in User._meta.related_objects
        for instance in relation.related_model._default_manager.filter(**{relation.field.name: account})
    ]
    texts = [*AgentJobEvent.objects.all(), *GenerationSchedule.objects.all()]
    left = serializers.serialize("json", [account, *everything, *texts]).lower()
    assert not [word for word in ("lea@", '"lea"', "by lea", 'marsh"', "laptop", "wry") if word in left]


def test_all_access_ends(own, tokens, leaver, client):
    key = api_keys.make_key(leaver, name="K", scopes=["read"])[1]
    client.force_login(leaver)
    assert client.get("/admin/").status_code == 200

    close(own)

    assert own.get("/agents/jobs").status_code == 401
    assert APIClient().post("/auth/token/refresh", {"refresh": tokens["refresh"]}).status_code == 401
    assert APIClient().post("/auth/token", {"username": "lea", "password": PASSWORD}).status_code == 401
    assert APIClient().get("/agents/jobs", headers={"authorization": f"Bearer {key}"}).status_code == 401
    assert client.get("/admin/").status_code == 302


def test_work_stops_and_is_free_for_others(own, leaver, second_reviewer):
    close(own)

    schedule = GenerationSchedule.objects.get(owner=leaver)
    assert (schedule.enabled, schedule.next_run_at) == (False, None)
    assert "closed" in schedule.disabled_reason
    assert not ReviewItem.objects.filter(claimed_by=leaver).exists()
    assert not ReviewItem.objects.filter(assigned_to=leaver).exists()
    assert not Membership.objects.filter(user=leaver).exists()
    assert not Notification.objects.filter(to=leaver).exists()
    waiting = ReviewItem.objects.open()
    assert waiting.offered_to(second_reviewer, timezone.now()).count() == waiting.count() == 3


def test_records_stay_under_the_pseudonym(own, leaver, client, superuser):
    close(own)

    name = User.objects.get(pk=leaver.pk).username
    assert AgentJob.objects.get(requested_by=leaver).output_data
    decision = ReviewDecision.objects.get(by=leaver)
    assert (decision.verdict, decision.note, str(decision)) == (
        "rejected",
        "Too thin.",
        f"Rejected by {name}",
    )
    handed = AgentJobEvent.objects.get(kind="review_handed")
    broken = AgentJobEvent.objects.get(kind="review_claim_broken")
    assert (handed.data["to"], broken.data["holder"]) == (name, name)
    client.force_login(superuser)
    assert name in client.get("/admin/agents/reviewdecision/").content.decode()


@pytest.mark.parametrize(
    ("body", "pointers"),
    [({"password": "wrong"}, {"/password"}), ({}, {"/password"}), ({"password": PASSWORD, "x": 1}, {"/x"})],
)
def test_closing_takes_the_password(own, leaver, body, pointers):
    assert set(pointers_of(own.post("/auth/close", body))) == pointers
    leaver.refresh_from_db()
    assert (leaver.username, leaver.is_active) == ("lea", True)


def test_guesses_of_the_password_are_limited(own, settings):
    settings.SIGN_IN_ACCOUNT_RATE = "3/hour"

    assert [close(own, "wrong").status_code for _ in range(5)] == [400, 400, 400, 429, 429]


def test_closing_takes_an_idempotency_key(own, leaver):
    assert close(own, headers={"Idempotency-Key": "k"}).status_code == 204
    assert not User.objects.get(pk=leaver.pk).is_active


def test_owner_is_told_what_to_do(own, leaver, editor, client_of):
    ids = [universes.create_universe(leaver, name=name).pk for name in ("Tarn", "Fell")]

    refused = close(own)

    body = refused.json()
    assert (refused.status_code, body["code"]) == (409, "owns_universes")
    assert "Fell, Tarn" in body["detail"]
    assert body["universes"] == [{"id": str(ids[1]), "name": "Fell"}, {"id": str(ids[0]), "name": "Tarn"}]
    leaver.refresh_from_db()
    assert leaver.username == "lea"
    universes.add_member(Universe.objects.get(pk=ids[0]), editor, Role.VIEWER)
    assert own.post(f"/universes/{ids[0]}/owner", {"user_id": editor.pk}).status_code == 200
    assert own.delete(f"/universes/{ids[1]}").status_code == 204
    assert close(own).status_code == 204
    assert client_of(editor).get(f"/universes/{ids[0]}").json()["role"] == "owner"


# --- Administrators


def test_administrator_closes_an_account_after_confirmation(client, superuser, leaver):
    client.force_login(superuser)
    page = client.get(f"{LIST}{leaver.pk}/change/").content.decode()
    assert f"{LIST}{leaver.pk}/close/" in page
    assert "deletelink" not in page
    form = {"action": "close_accounts", "_selected_action": [leaver.pk]}

    asked = client.post(LIST, form)
    assert "Close for good" in asked.content.decode()
    assert User.objects.filter(username="lea").exists()
    done = client.post(LIST, {**form, "confirmed": "yes"}, follow=True)

    name = User.objects.get(pk=leaver.pk).username
    assert f"lea was closed and is now {name}" in done.content.decode()
    assert LogEntry.objects.get(object_id=str(leaver.pk)).object_repr == name


def test_administrator_cannot_delete_an_account(client, superuser, leaver):
    client.force_login(superuser)

    assert client.post(f"{LIST}{leaver.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [leaver.pk], "post": "yes"})

    assert User.objects.filter(username="lea").exists()


def test_refusal_is_shown_to_the_administrator(client, superuser, creator, universe):
    client.force_login(superuser)
    form = {"action": "close_accounts", "confirmed": "yes", "_selected_action": [creator.pk, superuser.pk]}

    page = client.post(LIST, form, follow=True).content.decode()

    assert "carla owns Low Marsh" in page
    assert "only superuser" in page
    assert User.objects.filter(is_active=True, username__in=["carla", "root"]).count() == 2


def test_staff_need_the_permission_and_never_close_superusers(client, make_user, superuser, leaver):
    viewer = make_user("ada", is_staff=True, permissions=["auth.view_user"])
    closer = make_user("cleo", is_staff=True, permissions=["auth.view_user", "auth.delete_user"])
    form = {"action": "close_accounts", "confirmed": "yes", "_selected_action": [leaver.pk, superuser.pk]}

    client.force_login(viewer)
    client.post(LIST, form)
    assert client.get(f"{LIST}{leaver.pk}/close/").status_code == 403
    assert User.objects.filter(username__in=["lea", "root"]).count() == 2
    client.force_login(closer)
    client.post(LIST, form)

    assert User.objects.filter(username="root", is_active=True).exists()
    assert not User.objects.filter(username="lea").exists()


# --- The download


def test_download_has_everything_of_the_person(own, leaver, foreign_universe, stranger):
    invitations.invite(foreign_universe, "lea", Role.VIEWER, by=stranger)
    mine = universes.create_universe(leaver, name="Tarn")
    universes.update_world_config(mine, genre="noir")
    text = api_keys.make_key(leaver, name="Laptop", scopes=["read"])[1]

    response = own.get("/auth/me/data")

    assert response.streaming
    assert "attachment" in response["Content-Disposition"]
    raw = b"".join(response.streaming_content).decode()
    data = json.loads(raw)
    assert text.rpartition("_")[2] not in raw
    assert "pbkdf2" not in raw
    assert (data["profile"]["username"], data["profile"]["email"]) == ("lea", "lea@example.com")
    assert data["profile"]["groups"] == ["Reviewers"]
    assert data["preferences"]["tone"] == "wry"
    shown = {row["name"]: row for row in data["universes"]}
    assert (shown["Tarn"]["role"], shown["Tarn"]["world_config"]["genre"]) == ("owner", "noir")
    assert (shown["Low Marsh"]["role"], "scenes" in shown["Low Marsh"]) == ("editor", False)
    (job,) = data["jobs"]
    assert job["input_data"] == rows.INPUTS["narrative"]
    assert job["output_data"] == rows.OUTPUTS["narrative"]
    assert [row["note"] for row in data["reviews"]] == ["Too thin."]
    assert [row["text"] for row in data["comments"]] == ["Look again."]
    assert {row["kind"] for row in data["notifications"]} == {"hand_over", "invitation"}
    assert len(data["schedules"]) == 1
    assert [row["name"] for row in data["api_keys"]] == ["Laptop"]
    assert [row["universe__name"] for row in data["invitations"]] == ["Elsewhere"]


def test_download_has_nothing_of_others(stranger_api, leaver):
    data = json.loads(b"".join(stranger_api.get("/auth/me/data").streaming_content))

    assert data["profile"]["username"] == "stefan"
    assert all(not rows_ for name, rows_ in data.items() if name not in {"profile", "preferences"})


def test_download_reads_no_list_as_a_whole(leaver, django_assert_max_num_queries):
    for _ in range(5):
        rows.make_job(leaver, status="completed")
    own = universes.create_universe(leaver, name="Tarn")
    for number in range(20):
        canon.add_scene(own, title=f"Day {number}", text="Fog. " * 2_000, by=leaver)
        canon.add_element(own, kind="item", name=f"Bell {number}", by=leaver)
    with django_assert_max_num_queries(18):
        parts = list(personal_data.stream(leaver))
    assert len(parts) > 20
    assert max(map(len, parts)) < 20_000
    (shown,) = (row for row in json.loads("".join(parts))["universes"] if row["name"] == "Tarn")
    assert (len(shown["scenes"]), len(shown["elements"])) == (20, 20)


def test_pseudonym_is_no_name_of_a_living_account(make_user):
    assert not closing.is_closed(make_user("closed-minded"))
