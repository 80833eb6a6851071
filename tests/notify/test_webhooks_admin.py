"""Webhooks and their messages in the admin: who sees what, switching, sending again."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from agents.models import WebhookEndpoint
from agents.notify.webhooks import endpoints
from tests.support.pages import messages_of, words
from tests.support.people import make_user

pytestmark = pytest.mark.django_db

ENDPOINTS = reverse("admin:agents_webhookendpoint_changelist")
DELIVERIES = reverse("admin:agents_webhookdelivery_changelist")


@pytest.fixture
def endpoint(creator) -> WebhookEndpoint:
    url = "https://example.org/hooks?key=a-key-of-theirs"
    made = endpoints.create_endpoint(creator, url=url, events=["job.failed"])
    return endpoints.rotate_secret(made)


@pytest.fixture
def message(endpoint):
    return endpoint.deliveries.create(
        event="job.failed",
        source="event 1",
        data={"job_id": "0192f0c1"},
        attempts=11,
        attempted_at=timezone.now(),
        response_status=500,
        response_body="<b>Broken</b>\u200b",
    )


@pytest.fixture
def operator(signed_in):
    user = make_user("olga", is_staff=True)
    user.groups.add(Group.objects.get(name="Operators"))
    return signed_in(user)


def act(client, page, action, *rows):
    body = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(page, body, follow=True)


def test_pages_show_no_secret(operator, endpoint, message):
    pages = [
        operator.get(ENDPOINTS),
        operator.get(reverse("admin:agents_webhookendpoint_change", args=[endpoint.pk])),
        operator.get(DELIVERIES),
        operator.get(reverse("admin:agents_webhookdelivery_change", args=[message.pk])),
    ]

    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert "https://example.org/hooks?…" in text
        assert "a-key-of-theirs" not in text
        assert endpoint.secret not in text
        assert endpoint.previous_secret not in text
        assert "whsec_" not in text


def test_messages_of_a_webhook_are_listed_and_read(operator, creator, endpoint, message):
    other = endpoints.create_endpoint(creator, url="https://example.com/", events=["job.failed"])
    other.deliveries.create(event="job.failed", source="event 1", data={}, due_at=timezone.now())

    listed = words(operator.get(f"{DELIVERIES}?webhook={endpoint.pk}"))
    assert f"msg_{message.pk} job.failed" in listed
    assert "example.com" not in listed
    assert f"msg_{message.pk} " in words(operator.get(f"{DELIVERIES}?state=given_up"))
    assert f"msg_{message.pk} " not in words(operator.get(f"{DELIVERIES}?state=due"))
    page = operator.get(reverse("admin:agents_webhookdelivery_change", args=[message.pk])).content.decode()
    assert "&lt;b&gt;Broken&lt;/b&gt;" in page
    assert "0192f0c1" in page


@pytest.mark.parametrize("query", ["webhook=x", "webhook=%00", "webhook=", "state=lost"])
def test_odd_filters_are_no_errors(operator, message, query):
    assert operator.get(f"{DELIVERIES}?{query}", follow=True).status_code == 200


def test_nobody_searches_by_secret(operator, endpoint, message):
    assert operator.get(f"{DELIVERIES}?endpoint__secret={endpoint.secret}").status_code == 400
    assert operator.get(f"{ENDPOINTS}?secret={endpoint.secret}").status_code == 400


def test_webhook_is_switched_off_and_on(operator, endpoint):
    page = act(operator, ENDPOINTS, "switch_off", endpoint)

    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.disabled_reason) == (False, "Switched off by olga.")
    assert "1 webhook switched off." in messages_of(page)
    assert "The webhook of carla is off already." in messages_of(
        act(operator, ENDPOINTS, "switch_off", endpoint)
    )

    act(operator, ENDPOINTS, "switch_on", endpoint)
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.disabled_reason) == (True, "")


def test_message_is_sent_again(operator, message):
    page = act(operator, DELIVERIES, "replay", message)

    message.refresh_from_db()
    assert (message.attempts, message.state) == (0, "due")
    assert "1 message will be sent again." in messages_of(page)


def test_message_of_a_webhook_that_is_off_stays(operator, endpoint, message):
    WebhookEndpoint.objects.update(is_active=False)

    page = act(operator, DELIVERIES, "replay", message)

    message.refresh_from_db()
    assert (message.attempts, message.state) == (11, "given_up")
    assert "The webhook is switched off. Switch it on first." in messages_of(page)


def test_viewers_do_not_act(signed_in, endpoint, message):
    user = make_user("vera", is_staff=True)
    permissions = Group.objects.get(name="Operators").permissions
    user.user_permissions.set(
        permissions.filter(codename__in=["view_webhookendpoint", "view_webhookdelivery"])
    )
    client = signed_in(user)

    assert client.get(ENDPOINTS).status_code == 200
    act(client, ENDPOINTS, "switch_off", endpoint)
    act(client, DELIVERIES, "replay", message)

    endpoint.refresh_from_db()
    message.refresh_from_db()
    assert (endpoint.is_active, message.state) == (True, "given_up")
