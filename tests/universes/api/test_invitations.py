"""Invitations over the API: nobody is added unasked, and no answer tells which accounts exist."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from agents.models import Notification
from tests.universes.api.answers import problem
from universes import limits
from universes.choices import Role
from universes.models import Invitation, Membership
from universes.services import universes

OWN = "/users/me/invitations"


@pytest.fixture
def members(universe):
    return f"/universes/{universe.pk}/members"


@pytest.fixture
def invitations(universe):
    return f"/universes/{universe.pk}/invitations"


def invite(api, members, username="stefan", role="viewer"):
    response = api.post(members, {"username": username, "role": role})
    assert response.status_code == 202, response.content
    return response.json()


def test_invited_person_accepts(api, stranger_api, stranger, universe, members, invitations):
    made = api.post(members, {"username": "stefan", "role": "editor"})

    assert made["Location"] == f"{invitations}/{made.json()['id']}"
    assert stranger_api.get(f"/universes/{universe.pk}").status_code == 404
    (shown,) = stranger_api.get(OWN).json()["results"]
    assert (shown["id"], shown["universe"], shown["role"], shown["invited_by"]) == (
        made.json()["id"],
        "Low Marsh",
        "editor",
        "carla",
    )
    accepted = stranger_api.post(f"{OWN}/{shown['id']}/accept")
    assert (accepted.status_code, accepted.json()["role"]) == (200, "editor")
    assert stranger_api.get(f"/universes/{universe.pk}").status_code == 200
    assert Membership.objects.get(user=stranger, universe=universe).role == "editor"
    assert stranger_api.get(OWN).json()["results"] == api.get(invitations).json()["results"] == []
    problem(stranger_api.post(f"{OWN}/{shown['id']}/accept"), 404, "invitation_not_found")


def test_answer_is_the_same_for_every_name(api, make_user, stranger, members, invitations):
    make_user("idle", is_active=False)
    names = ("stefan", "idle", "nobody", "ŝtrange name")

    answers = [api.post(members, {"username": name, "role": "viewer"}) for name in names]
    again = [api.post(members, {"username": name, "role": "viewer"}) for name in names]

    own = {"id", "username", "created_at", "expires_at"}
    assert {answer.status_code for answer in (*answers, *again)} == {202}
    assert all(set(answer.json()) == {*own, "role"} for answer in answers)
    assert [first.json() for first in answers] == [second.json() for second in again]
    assert [row["username"] for row in reversed(api.get(invitations).json()["results"])] == list(names)
    assert [row.to for row in Notification.objects.all()] == [stranger]


def test_account_made_later_gets_nothing(api, client_of, make_user, members):
    made = invite(api, members, "nina")
    later = client_of(make_user("nina"))

    assert later.get(OWN).json()["results"] == []
    problem(later.post(f"{OWN}/{made['id']}/accept"), 404, "invitation_not_found")


def test_declining_is_told_to_nobody(api, stranger_api, universe, members, invitations):
    made = invite(api, members)

    assert stranger_api.post(f"{OWN}/{made['id']}/decline").status_code == 204

    assert stranger_api.get(OWN).json()["results"] == []
    assert api.get(invitations).json()["results"] == [made]
    problem(stranger_api.post(f"{OWN}/{made['id']}/decline"), 404, "invitation_not_found")
    problem(stranger_api.post(f"{OWN}/{made['id']}/accept"), 404, "invitation_not_found")
    invite(api, members)
    assert stranger_api.get(OWN).json()["results"] == []
    assert universe.memberships.count() == 1


def test_expired_invitation_is_gone(api, stranger_api, members, invitations):
    made = invite(api, members)
    days = (Invitation.objects.get().expires_at - timezone.now()) / timedelta(days=1)
    assert days == pytest.approx(limits.INVITATION_DAYS, abs=0.01)

    Invitation.objects.update(expires_at=timezone.now())

    assert stranger_api.get(OWN).json()["results"] == api.get(invitations).json()["results"] == []
    problem(stranger_api.post(f"{OWN}/{made['id']}/accept"), 404, "invitation_not_found")
    again = invite(api, members)
    assert again["id"] != made["id"]
    assert len(stranger_api.get(OWN).json()["results"]) == 1


def test_owner_withdraws(api, stranger_api, members, invitations):
    made = invite(api, members)

    assert api.delete(f"{invitations}/{made['id']}").status_code == 204

    problem(stranger_api.post(f"{OWN}/{made['id']}/accept"), 404, "invitation_not_found")
    problem(api.delete(f"{invitations}/{made['id']}"), 404, "invitation_not_found")
    assert not Notification.objects.exists()


def test_role_of_a_pending_invitation_changes(api, stranger_api, members):
    first, second = invite(api, members), invite(api, members, role="editor")

    assert (first["id"], second["role"]) == (second["id"], "editor")
    assert stranger_api.post(f"{OWN}/{first['id']}/accept").json()["role"] == "editor"
    assert Notification.objects.count() == 0


def test_invitation_of_another_is_not_found(api, client_of, make_user, stranger, members):
    made = invite(api, members)
    other = client_of(make_user("nina"))

    problem(other.post(f"{OWN}/{made['id']}/accept"), 404, "invitation_not_found")
    problem(other.post(f"{OWN}/{made['id']}/decline"), 404, "invitation_not_found")
    assert Invitation.objects.get().declined_at is None


def test_only_the_owner_invites_and_sees_invitations(client_of, editor, stranger, members, invitations):
    client = client_of(editor)

    problem(client.post(members, {"username": "stefan", "role": "viewer"}), 403, "role_too_low")
    problem(client.get(invitations), 403, "role_too_low")
    assert not Invitation.objects.exists()


def test_archived_universe_takes_no_members(api, stranger_api, universe, members):
    made = invite(api, members)
    universes.archive(universe)

    problem(api.post(members, {"username": "x", "role": "viewer"}), 409, "universe_archived")
    problem(stranger_api.post(f"{OWN}/{made['id']}/accept"), 409, "universe_archived")


def test_invitations_of_a_universe_are_bounded(api, members, monkeypatch):
    monkeypatch.setattr(limits, "INVITATIONS", 2)
    invite(api, members, "a")
    invite(api, members, "b")

    problem(api.post(members, {"username": "c", "role": "viewer"}), 409, "too_many_invitations")
    assert invite(api, members, "b")


def test_member_by_other_means_keeps_the_role(api, stranger_api, stranger, universe, members):
    made = invite(api, members)
    universes.add_member(universe, stranger, Role.EDITOR)

    assert stranger_api.post(f"{OWN}/{made['id']}/accept").json()["role"] == "editor"


def test_notification_names_the_invitation_and_is_not_mailed(api, client_of, make_user, members, client):
    nina = make_user("nina", email="nina@example.com", is_staff=True)
    made = invite(api, members, "nina", "editor")

    (told,) = client_of(nina).get("/agents/notifications").json()["results"]

    assert (told["kind"], told["invitation_id"], told["item_id"], told["job_id"], told["by"]) == (
        "invitation",
        made["id"],
        None,
        None,
        "carla",
    )
    assert (Notification.objects.get().mail_due, mail.outbox) == (False, [])
    client.force_login(nina)
    page = client.get("/admin/agents/notification/").content.decode()
    assert "invited you to a universe" in page
    assert "Low Marsh, as editor" in page
    assert client.get(f"/admin/agents/notification/{told['id']}/change/").status_code == 302
