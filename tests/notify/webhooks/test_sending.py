"""Webhooks: what is sent, again and by whom, and what ends it."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from agents.models import WebhookDelivery, WebhookEndpoint
from agents.notify.webhooks import delivery, endpoints, sending
from tests.support.site.servers import wait_until
from tests.support.threads import run_concurrently

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_message_is_signed_and_verifies(hook, message, receiver):
    assert delivery.deliver_due() == 1

    ((path, headers, body),) = receiver.got
    assert path == "/hooks?to=me"
    assert headers["webhook-id"] == f"msg_{message.pk}"
    shown = Webhook(hook.secret).verify(body, headers)
    assert (shown["type"], shown["data"]) == (
        "job.failed",
        {"job_id": "00000000-0000-0000-0000-000000000001"},
    )
    with pytest.raises(WebhookVerificationError):
        Webhook(hook.secret).verify(body.replace("failed", "completed"), headers)
    message.refresh_from_db()
    assert (message.response_status, message.due_at, message.attempts) == (204, None, 1)
    assert message.delivered_at is not None


@pytest.mark.django_db(transaction=True)
def test_secret_before_the_present_one_signs_for_a_day(hook, message, receiver):
    before = hook.secret
    endpoints.rotate_secret(hook)
    delivery.deliver_due()
    WebhookEndpoint.objects.update(previous_until=timezone.now())
    endpoints.replay(WebhookDelivery.objects.get())
    delivery.deliver_due()

    (_, first, body), (_, second, _) = receiver.got
    assert Webhook(before).verify(body, first) == Webhook(hook.secret).verify(body, first)
    Webhook(hook.secret).verify(body, second)
    with pytest.raises(WebhookVerificationError):
        Webhook(before).verify(body, second)


@pytest.mark.django_db(transaction=True)
def test_redirect_is_a_failure_of_which_a_kilobyte_is_kept(message, receiver):
    receiver.status, receiver.body = 302, b"x\x00" * 5000
    receiver.headers = {"Location": receiver.url}

    delivery.deliver_due()

    message.refresh_from_db()
    assert (len(receiver.got), message.response_status, message.delivered_at) == (1, 302, None)
    assert message.response_body == "x\ufffd" * 512
    assert timedelta(seconds=4) < message.due_at - timezone.now() < timedelta(seconds=7)


@pytest.mark.django_db(transaction=True)
def test_answer_that_trickles_in_is_cut(message, receiver, monkeypatch):
    monkeypatch.setattr(sending, "MAX_CALL_S", 0.5)
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]
    WebhookEndpoint.objects.update(url=f"http://localhost:{port}/")

    delivery.deliver_due()

    silent.close()
    message.refresh_from_db()
    assert message.response_status is None
    assert message.error.endswith("no answer from localhost.")


@pytest.mark.django_db(transaction=True)
def test_message_is_tried_for_a_day_and_may_be_replayed(message, receiver):
    receiver.status = 500
    waited = timedelta()
    while True:
        delivery.deliver_due()
        message.refresh_from_db()
        if message.due_at is None:
            break
        waited += message.due_at - timezone.now()
        WebhookDelivery.objects.update(due_at=timezone.now())

    assert timedelta(hours=24) < waited < timedelta(hours=31)
    assert (len(receiver.got), message.attempts) == (11, 11)
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1

    receiver.status = 200
    endpoints.replay(message)
    delivery.deliver_due()

    message.refresh_from_db()
    assert (len(receiver.got), message.response_status, message.attempts) == (12, 200, 1)
    assert message.delivered_at is not None


@pytest.mark.django_db(transaction=True)
def test_endpoint_that_fails_for_a_day_is_switched_off(hook, message, receiver, mailoutbox):
    receiver.status = 503
    hook.owner.email = "carla@example.org"
    hook.owner.save()
    delivery.deliver_due()
    hook.refresh_from_db()
    assert (hook.is_active, hook.failing_since is not None, mailoutbox) == (True, True, [])
    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(days=1))
    WebhookDelivery.objects.update(due_at=timezone.now())

    delivery.deliver_due()

    hook.refresh_from_db()
    assert not hook.is_active
    assert hook.disabled_reason == "Switched off: all attempts have failed for a day, the last with 503."
    (mail,) = mailoutbox
    assert (mail.to, hook.url in mail.body) == (["carla@example.org"], True)
    WebhookDelivery.objects.update(due_at=timezone.now())
    assert delivery.deliver_due() == 0

    receiver.status = 200
    endpoints.change_endpoint(hook, {"is_active": True})
    assert delivery.deliver_due() == 1
    hook.refresh_from_db()
    assert (hook.is_active, hook.disabled_reason, hook.failing_since) == (True, "", None)


@pytest.mark.django_db(transaction=True)
def test_endpoint_that_is_gone_is_switched_off_at_once(hook, message, receiver):
    receiver.status = 410

    delivery.deliver_due()

    hook.refresh_from_db()
    assert (hook.is_active, hook.disabled_reason) == (False, "Switched off: it answered 410 Gone.")


@pytest.mark.django_db(transaction=True)
def test_account_that_is_closed_gets_nothing(hook, message, receiver):
    hook.owner.is_active = False
    hook.owner.save()

    assert (delivery.deliver_due(), receiver.got) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_several_workers_send_a_message_once(hook, receiver):
    for number in range(20):
        hook.deliveries.create(event="job.failed", source=str(number), data={}, due_at=timezone.now())

    run_concurrently(*[delivery.deliver_due] * 4)

    ids = [headers["webhook-id"] for _, headers, _ in receiver.got]
    assert (len(ids), len(set(ids))) == (20, 20)


@pytest.mark.django_db(transaction=True)
def test_message_in_a_long_call_stays_with_its_worker(message, receiver, monkeypatch):
    monkeypatch.setattr(delivery, "_LEASE", timedelta(seconds=0.5))
    leases, send, is_over = [], sending.send, threading.Event()

    def send_slowly(claimed):
        assert is_over.wait(60)
        return send(claimed)

    def is_renewed():
        message.refresh_from_db()
        leases.append(message.due_at)
        return len(set(leases)) > 4

    monkeypatch.setattr(sending, "send", send_slowly)
    with ThreadPoolExecutor(1) as other:
        first = other.submit(run_concurrently, delivery.deliver_due)
        wait_until(is_renewed, within_s=60, what="the lease is renewed")
        tried_by_another = delivery.deliver_due()
        is_over.set()

    assert (first.result(), tried_by_another, len(receiver.got)) == ([1], 0, 1)
    message.refresh_from_db()
    assert (message.attempts, message.due_at) == (1, None)


@pytest.mark.django_db(transaction=True)
def test_message_of_a_worker_that_died_is_due_within_seconds(message, receiver, monkeypatch):
    def die(claimed):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(sending, "send", die)
        with pytest.raises(SystemExit):
            delivery.deliver_due()

    message.refresh_from_db()
    assert message.due_at - message.attempted_at == timedelta(seconds=10)
    WebhookDelivery.objects.update(due_at=timezone.now())
    assert delivery.deliver_due() == 1
    message.refresh_from_db()
    assert (message.attempts, message.response_status) == (2, 204)


@pytest.mark.queue
@pytest.mark.django_db(transaction=True)
def test_worker_delivers_within_seconds_without_beat(hook, submit, receiver, worker_process):
    worker_process(WEBHOOK_ALLOWED_HOSTS="localhost", concurrency=2)
    job = submit("spatial")

    wait_until(lambda: receiver.got, within_s=15, what="the webhook is called")

    assert str(job.pk) in receiver.got[0][2]


def test_old_messages_are_deleted(message):
    WebhookDelivery.objects.update(created_at=timezone.now() - delivery.KEPT_FOR - timedelta(hours=1))

    assert delivery.delete_old() == 1
