"""Adding people: a role, an invitation, and a password of their own choice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.test import Client

from agents.common import permissions
from agents.models import Notification
from agents.review import claims
from mediaassets.accounts import admin as account_admin
from mediaassets.accounts import roles, tasks, usernames
from mediaassets.accounts.passwords import links
from mediaassets.accounts.passwords import pages as password_pages
from mediaassets.web import sign_in as sign_in_limits
from tests.support.pages import messages_of, words

pytestmark = pytest.mark.django_db

ADD = "/admin/auth/user/add/"
PASSWORD = "salt remembers everything"


@pytest.fixture(autouse=True)
def _own_counters(monkeypatch, broker):
    monkeypatch.setattr(sign_in_limits, "counters", sign_in_limits.Counters())


@pytest.fixture
def enqueued(monkeypatch):
    """Run the tasks that pages enqueue at once."""
    run: dict[str, Any] = {
        links.MAIL_INVITATION: tasks.mail_invitation,
        links.MAIL_FORGOTTEN: tasks.mail_new_password,
    }

    def enqueue(name, **arguments):
        run[name](**arguments)
        return True

    for module in (account_admin, password_pages):
        monkeypatch.setattr(module.dispatch, "enqueue_task", enqueue)


def add(client, *codes, username="nora", email="nora@example.com"):
    body = {"username": username, "first_name": "Nora", "last_name": "", "email": email, "roles": codes}
    return client.post(ADD, body, follow=True)


def change(client, user, *codes, **fields):
    body = {
        "username": user.username,
        "first_name": "",
        "last_name": "",
        "email": user.email,
        "is_active": "on",
        "roles": codes,
    }
    return client.post(f"/admin/auth/user/{user.pk}/change/?advanced=1", {**body, **fields}, follow=True)


def link_in(text: str) -> str:
    found = re.search(r"http://\S+/admin/password/\S+/", text)
    assert found is not None
    return found[0].partition("8000")[2] or found[0].partition("testserver")[2]


@pytest.mark.parametrize(
    ("codes", "is_staff", "is_superuser", "may_decide", "may_lead", "may_operate"),
    [
        ([], False, False, False, False, False),
        (["reviewer"], True, False, True, False, False),
        (["lead"], True, False, True, True, False),
        (["operator"], True, False, False, False, True),
        (["reviewer", "operator"], True, False, True, False, True),
        (["administrator"], True, True, True, True, True),
    ],
)
def test_role_brings_its_rights_and_opens_the_admin(
    superuser_client, enqueued, codes, is_staff, is_superuser, may_decide, may_lead, may_operate
):
    add(superuser_client, *codes)

    person = User.objects.get(username="nora")
    assert (person.is_staff, person.is_superuser) == (is_staff, is_superuser)
    assert permissions.is_reviewer(person) == may_decide
    assert permissions.is_lead(person) == may_lead
    assert person.has_perm("agents.change_agentjob") == may_operate
    assert [role.code for role in roles.roles_of(person)] == codes


def test_invited_reviewer_chooses_a_password_and_reviews(superuser_client, enqueued, client):
    page = add(superuser_client, "reviewer")

    assert "The invitation is on its way to nora@example.com." in messages_of(page)
    [message] = mail.outbox
    assert message.to == ["nora@example.com"]
    link = link_in(str(message.body))
    assert link_in(page.content.decode())
    form = client.get(link, follow=True)
    chosen = client.post(
        form.redirect_chain[-1][0], {"new_password1": PASSWORD, "new_password2": PASSWORD}, follow=True
    )
    assert "Your password is set" in words(chosen)
    # The link works once.
    assert "does not work any more" in words(Client().get(link, follow=True))
    client.post("/admin/login/", {"username": "nora", "password": PASSWORD})
    assert client.get("/admin/agents/reviewitem/").status_code == 200


def test_without_an_address_the_link_is_shown_to_pass_on(superuser_client, enqueued):
    page = add(superuser_client, "lead", email="")

    assert mail.outbox == []
    assert link_in(page.content.decode())
    assert "Lead" in words(page)


def test_forgotten_password_is_answered_alike_for_unknown_addresses(reviewer, client, enqueued):
    User.objects.filter(pk=reviewer.pk).update(email="known@example.com")

    pages = [
        client.post("/admin/password/", {"email": address}, follow=True)
        for address in ("known@example.com", "nobody@example.com")
    ]

    assert words(pages[0]) == words(pages[1])
    assert [message.to for message in mail.outbox] == [["known@example.com"]]
    assert reviewer.username in mail.outbox[0].body
    assert 'href="/admin/password/"' in client.get("/admin/login/").content.decode()


def test_closed_account_gets_no_link(reviewer, enqueued):
    User.objects.filter(pk=reviewer.pk).update(email="known@example.com", is_active=False)

    assert links.mail_new_password("known@example.com") == 0
    assert mail.outbox == []


def test_requests_for_new_passwords_are_limited(client, enqueued, settings):
    settings.SIGN_IN_RATE = "1/hour"
    client.post("/admin/password/", {"email": "a@example.com"})

    assert "Too many attempts" in words(client.post("/admin/password/", {"email": "a@example.com"}))


def test_role_that_is_taken_away_closes_the_admin(superuser_client, reviewer):
    page = change(superuser_client, reviewer)

    reviewer.refresh_from_db()
    assert page.status_code == 200
    assert (reviewer.is_staff, reviewer.groups.count()) == (False, 0)


def test_single_permission_opens_the_admin_too(superuser_client, creator):
    permission = Permission.objects.get(codename="view_agentjob")

    change(superuser_client, creator, user_permissions=[permission.pk])

    creator = User.objects.get(pk=creator.pk)
    assert creator.is_staff
    assert creator.has_perm("agents.view_agentjob")


def test_reviewer_with_the_right_password_and_no_role_is_told_why(creator, client):
    creator.set_password(PASSWORD)
    creator.save()

    page = client.post("/admin/login/", {"username": creator.username, "password": PASSWORD})

    assert "no role that opens these pages" in words(page)


def test_last_administrator_stays(superuser_client, superuser):
    page = change(superuser_client, superuser, "reviewer")

    assert "This is the only administrator." in words(page)
    superuser.refresh_from_db()
    assert superuser.is_superuser


def test_others_neither_make_nor_touch_administrators(make_user, signed_in, superuser, enqueued):
    helper = make_user(
        "hal", is_staff=True, permissions=("auth.add_user", "auth.change_user", "auth.view_user")
    )
    client = signed_in(helper)

    refused = add(client, "administrator")
    assert "Select a valid choice" in words(refused)
    assert not User.objects.filter(username="nora").exists()
    assert change(client, superuser, "reviewer").status_code == 403
    assert client.post(f"/admin/auth/user/{superuser.pk}/invite/").status_code == 403
    assert client.get(f"/admin/auth/user/{superuser.pk}/password/").status_code == 403
    change(client, helper, "reviewer", is_superuser="on", user_permissions=["1"])
    helper.refresh_from_db()
    assert not helper.is_superuser
    assert helper.user_permissions.count() == 3


def test_list_names_and_filters_roles(superuser_client, reviewer, lead, creator):
    page = superuser_client.get("/admin/auth/user/?role=lead")

    assert [user.username for user in page.context["cl"].result_list] == [lead.username]
    assert "Lead" in words(page)


def test_items_of_a_person_who_loses_the_role_go_back_to_all(
    superuser_client, reviewer, second_reviewer, third_reviewer, ferry_item
):
    claims.hand_to(ferry_item.pk, second_reviewer, by=reviewer)
    assert claims.claim_next(third_reviewer) is None

    change(superuser_client, second_reviewer)

    told = Notification.objects.get(to=reviewer)
    assert told.text.startswith("rudi no longer reviews")
    offered = claims.claim_next(third_reviewer)
    assert offered is not None
    assert offered.pk == ferry_item.pk


def test_name_taken_after_the_form_was_checked_is_refused(superuser, client, monkeypatch):
    usernames.claim(User.objects.create_user("Nora"))
    monkeypatch.setattr(usernames, "fault_of", lambda *args, **kwargs: None)
    client.force_login(superuser)

    page = add(client, username="nora")

    assert messages_of(page) == ["This name is taken, or looks like one that is."]
    assert not User.objects.filter(username="nora").exists()
