"""Invitations on the notifications page of the admin."""

from __future__ import annotations

import pytest
from django.utils import timezone

from agents.models import Notification
from universes.choices import Role
from universes.models import Invitation
from universes.services.sharing import invitations

pytestmark = pytest.mark.django_db

PAGE = "/admin/agents/notification/"


@pytest.fixture
def invitation(universe, creator, staff):
    return invitations.invite(universe, staff.username, Role.EDITOR, by=creator)


@pytest.fixture
def own(client, staff):
    client.force_login(staff)
    return client


def answer(client, **body):
    return client.post(f"{PAGE}answer/", body, follow=True).content.decode()


def test_staff_accept(own, staff, universe, invitation):
    assert f'name="accept" value="{invitation.pk}"' in own.get(PAGE).content.decode()

    assert "You are editor of “Low Marsh”." in answer(own, accept=invitation.pk)

    assert universe.memberships.get(user=staff).role == "editor"
    assert not Notification.objects.exists()


def test_staff_decline(own, staff, universe, invitation):
    page = answer(own, decline=invitation.pk)

    assert "You declined" in page
    assert 'name="accept"' not in page
    assert not universe.memberships.filter(user=staff).exists()
    assert Notification.objects.get().read_at is not None
    assert "There is no invitation" in answer(own, accept=invitation.pk)


def test_expired_invitation_has_no_buttons(own, invitation):
    Invitation.objects.update(expires_at=timezone.now())

    page = own.get(PAGE).content.decode()

    assert "invited you to a universe" in page
    assert 'name="accept"' not in page


@pytest.mark.parametrize("body", [{}, {"accept": "x"}, {"decline": ""}])
def test_unusable_answer_changes_nothing(own, universe, invitation, body):
    answer(own, **body)

    assert Invitation.objects.get().declined_at is None
    assert universe.memberships.count() == 1


def test_invitation_of_another_cannot_be_answered(client, superuser, universe, invitation):
    client.force_login(superuser)

    assert "There is no invitation" in answer(client, accept=invitation.pk)
    assert universe.memberships.count() == 1
