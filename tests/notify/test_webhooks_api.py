"""The API of webhooks: secrets shown once, changes, deliveries and replays."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from agents.models import WebhookEndpoint
from agents.notify.webhooks import endpoints
from tests.support.problems import ids_of, pointers_of, problem_of

pytestmark = pytest.mark.django_db

HOOK: Any = {"url": "https://example.org/hooks", "events": ["job.failed", "job.completed"]}


@pytest.fixture
def hook(creator):
    return endpoints.create_endpoint(creator, **HOOK)


def test_secret_is_in_the_first_answer_only(api):
    made = api.post("/agents/webhooks", {**HOOK, "description": "Ours"})

    stored = WebhookEndpoint.objects.get()
    assert (made.status_code, made["Location"]) == (201, f"/agents/webhooks/{stored.pk}")
    body = made.json()
    assert body["secret"] == stored.secret
    assert stored.secret.startswith("whsec_")
    assert (body["events"], body["is_active"]) == (["job.completed", "job.failed"], True)
    shown = api.get(made["Location"]).json()
    assert shown == {name: value for name, value in body.items() if name != "secret"}
    listed = api.get("/agents/webhooks")
    assert ids_of(listed) == [str(stored.pk)]
    assert stored.secret not in listed.content.decode()


def test_new_secret_is_shown_once_too(api, hook):
    answer = api.post(f"/agents/webhooks/{hook.pk}/secret").json()

    assert answer["secret"] != hook.secret
    assert answer["previous_until"] > timezone.now().isoformat()[:19]
    assert WebhookEndpoint.objects.get().previous_secret == hook.secret


def test_bad_fields_are_named(api):
    response = api.post("/agents/webhooks", {"url": 5, "events": ["job.lost"], "secret": "mine"})

    assert pointers_of(response) == {
        "/url": "invalid",
        "/events/0": "invalid_choice",
        "/secret": "unknown_field",
    }
    assert pointers_of(api.post("/agents/webhooks", {**HOOK, "events": []})) == {"/events": "min_length"}
    assert pointers_of(api.post("/agents/webhooks", {**HOOK, "url": "https://10.0.0.1/"})) == {
        "/url": "invalid"
    }
    assert not WebhookEndpoint.objects.exists()


def test_change_to_a_private_address_is_refused(api, hook):
    response = api.patch(f"/agents/webhooks/{hook.pk}", {"url": "https://127.0.0.1/"})

    assert pointers_of(response) == {"/url": "invalid"}
    hook.refresh_from_db()
    assert hook.url == HOOK["url"]


def test_webhook_is_switched_on_again(api, hook):
    WebhookEndpoint.objects.update(
        is_active=False, disabled_reason="Switched off.", failing_since=timezone.now()
    )

    shown = api.patch(f"/agents/webhooks/{hook.pk}", {"is_active": True, "events": ["canon.changed"]}).json()

    assert (shown["is_active"], shown["disabled_reason"], shown["failing_since"]) == (True, "", None)
    assert shown["events"] == ["canon.changed"]


def test_stale_change_is_refused(api, hook):
    etag = api.get(f"/agents/webhooks/{hook.pk}")["ETag"]
    first = api.patch(f"/agents/webhooks/{hook.pk}", {"description": "A"}, headers={"If-Match": etag})
    second = api.patch(f"/agents/webhooks/{hook.pk}", {"description": "B"}, headers={"If-Match": etag})

    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["current"]["description"] == "A"


def test_account_has_at_most_twenty(api, creator):
    for _ in range(20):
        endpoints.create_endpoint(creator, **HOOK)

    problem_of(api.post("/agents/webhooks", HOOK), 409, "too_many_webhooks")


def test_deliveries_are_listed_and_replayed(api, hook):
    for number in range(3):
        row = hook.deliveries.create(
            event="job.failed", source=str(number), data={}, attempts=11, error="No."
        )

    listed = api.get(f"/agents/webhooks/{hook.pk}/deliveries").json()["results"]
    replayed = api.post(f"/agents/webhooks/{hook.pk}/deliveries/{listed[0]['id']}/replay")

    assert listed[0]["id"] == f"msg_{row.pk}"
    assert [(entry["state"], entry["attempts"]) for entry in listed] == [("given_up", 11)] * 3
    assert (replayed.status_code, replayed.json()["state"], replayed.json()["attempts"]) == (202, "due", 0)
    row.refresh_from_db()
    assert row.due_at is not None


def test_replay_of_a_webhook_that_is_off_is_refused(api, hook):
    row = hook.deliveries.create(event="job.failed", source="x", data={})
    endpoints.change_endpoint(hook, {"is_active": False})

    problem_of(api.post(f"/agents/webhooks/{hook.pk}/deliveries/{row.pk}/replay"), 409, "webhook_is_off")


@pytest.mark.parametrize("name", ["msg_", "x", "9" * 30, "msg_12345"])
def test_unknown_delivery_is_404(api, hook, name):
    problem_of(api.post(f"/agents/webhooks/{hook.pk}/deliveries/{name}/replay"), 404, "delivery_not_found")


def test_deleted_webhook_takes_its_deliveries_along(api, hook):
    hook.deliveries.create(event="job.failed", source="x", data={})

    assert api.delete(f"/agents/webhooks/{hook.pk}").status_code == 204
    problem_of(api.get(f"/agents/webhooks/{hook.pk}"), 404, "webhook_not_found")
