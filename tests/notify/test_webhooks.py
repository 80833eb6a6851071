"""Messages of webhooks: what writes them, what is sent, and what becomes of failures."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from agents.batches.answer_source import process_job
from agents.choices import Verdict
from agents.engine.results import AgentFailure
from agents.errors import BudgetExceeded, Invalid
from agents.jobs import actions
from agents.jobs.running import outcomes
from agents.models import Budget, WebhookDelivery, WebhookEndpoint
from agents.notify.webhooks import delivery, endpoints, sending
from agents.review.verdicts.decisions import decide
from tests.support.site.servers import wait_until
from tests.support.threads import run_concurrently
from universes.services import canon

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings) -> Iterator[Any]:
    """A server that keeps what it gets and answers as told."""
    settings.WEBHOOK_ALLOWED_HOSTS = {"localhost"}
    state = SimpleNamespace(got=[], status=204, headers={}, body=b"")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.got.append((self.path, dict(self.headers), body.decode()))
            self.send_response(state.status)
            for name, value in {**state.headers, "Content-Length": str(len(state.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(state.body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://localhost:{server.server_port}/hooks?to=me"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(creator, receiver) -> WebhookEndpoint:
    """The creator's endpoint for everything."""
    return endpoints.create_endpoint(creator, url=receiver.url, events=endpoints.EVENTS)


@pytest.fixture
def message(hook):
    return hook.deliveries.create(
        event="job.failed", source="a test", data={"job_id": "0" * 31 + "1"}, due_at=timezone.now()
    )


def events_of(hook):
    return list(hook.deliveries.order_by("pk").values_list("event", flat=True))


# --- What writes messages


def test_end_of_a_job_is_told_to_its_requester(hook, submit, run, llm, stranger):
    foreign = endpoints.create_endpoint(stranger, url=hook.url, events=endpoints.EVENTS)

    job = run(submit("spatial"))

    told = hook.deliveries.get()
    assert (told.event, told.attempts, told.delivered_at) == ("job.completed", 0, None)
    assert told.due_at <= timezone.now()
    assert events_of(foreign) == []
    assert json.loads(sending.body_of(told))["data"] == {
        "job_id": str(job.pk),
        "agent_type": "spatial",
        "status": "completed",
        "outcome": "trusted",
    }


def test_failure_and_cancellation_are_told(hook, submit, make_job):
    actions.cancel_job(submit().pk, by=hook.owner)
    job = make_job("processing")
    outcomes.record_failure(job, AgentFailure("refused", "No.", kind="permanent"), [])

    assert events_of(hook) == ["job.cancelled", "job.failed"]


def test_verdict_and_canon_are_told(hook, review_item, reviewer):
    WebhookDelivery.objects.all().delete()

    decide(review_item.pk, by=reviewer, verdict=Verdict.APPROVED)

    told = {row.event: row.data for row in hook.deliveries.all()}
    assert sorted(told) == ["canon.changed", "review.decided"]
    assert told["review.decided"]["verdict"] == "approved"
    assert told["canon.changed"]["job_id"] == str(review_item.job_id)


def test_change_of_canon_is_told_to_each_member(hook, universe, viewer, stranger):
    of_viewer, foreign = (
        endpoints.create_endpoint(person, url=hook.url, events=["canon.changed"])
        for person in (viewer, stranger)
    )

    scene = canon.add_scene(universe, title="One", text="Once.", by=hook.owner)

    assert [events_of(endpoint) for endpoint in (hook, of_viewer, foreign)] == [
        ["canon.changed"],
        ["canon.changed"],
        [],
    ]
    assert str(scene.pk) in sending.body_of(hook.deliveries.get())


def test_exceeded_budget_is_told_once_a_period(hook, submit):
    Budget.objects.create(scope="user", user=hook.owner, period="day", limit_usd=0)

    for _ in range(2):
        with pytest.raises(BudgetExceeded):
            submit()

    assert events_of(hook) == ["budget.exceeded"]
    assert hook.deliveries.get().data["scope"] == "user"


@pytest.mark.parametrize("change", [{"events": ["job.failed"]}, {"is_active": False}])
def test_unwanted_event_leaves_no_message(hook, submit, change):
    endpoints.change_endpoint(hook, change)

    actions.cancel_job(submit().pk, by=hook.owner)

    assert events_of(hook) == []


def test_message_is_undone_with_what_it_tells_of(hook, submit):
    job = submit()
    with transaction.atomic():
        actions.cancel_job(job.pk, by=hook.owner)
        assert events_of(hook) == ["job.cancelled"]
        transaction.set_rollback(True)

    assert events_of(hook) == []


# --- What is sent


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


# --- Failures


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


# --- Guard


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https://user:word@example.org/",
        "https://example.org/#part",
        "https://example.org:99999/",
        "https://exämple.org/",
        "https://example.org/ /",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
    ],
)
def test_address_that_must_not_be_called_is_refused(creator, url):
    with pytest.raises(Invalid) as refusal:
        endpoints.create_endpoint(creator, url=url, events=["job.failed"])

    assert refusal.value.errors[0].pointer == "/url"
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["fe80::1%eth0"], []])
@pytest.mark.django_db(transaction=True)
def test_host_of_a_private_address_is_not_called(message, monkeypatch, addresses):
    WebhookEndpoint.objects.update(url="https://inside.example.org/")
    found = [(0, 0, 0, "", (address, 443)) for address in addresses]

    def resolve(*args: Any, **options: Any) -> Any:
        if not found:
            raise socket.gaierror("unknown")
        return found

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    connected: list[Any] = []
    monkeypatch.setattr(sending, "_connection", lambda *to: connected.append(to))

    delivery.deliver_due()

    message.refresh_from_db()
    assert connected == []
    assert message.error.startswith("The host inside.example.org has ")


@pytest.mark.django_db(transaction=True)
def test_call_goes_to_the_address_that_was_checked(message, monkeypatch):
    """A name that is resolved a second time could lead into the network."""
    WebhookEndpoint.objects.update(url="https://moving.example.org/")
    resolve = socket.getaddrinfo
    asked: list[str] = []

    def once_public(host: str, *args: Any, **options: Any) -> Any:
        if host != "moving.example.org":
            return resolve(host, *args, **options)
        asked.append(host)
        return [(0, 0, 0, "", ("93.184.215.14" if len(asked) == 1 else "127.0.0.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", once_public)
    connected: list[Any] = []

    def connect(address: Any, *args: Any, **options: Any) -> Any:
        connected.append(address)
        raise OSError("no route")

    monkeypatch.setattr("urllib3.connection.connection.create_connection", connect)

    delivery.deliver_due()

    assert (asked, connected) == (["moving.example.org"], [("93.184.215.14", 443)])


def test_end_of_work_does_not_fail_with_a_deleted_endpoint(hook, submit, llm):
    job = submit("spatial")
    WebhookEndpoint.objects.all().delete()

    process_job(job.pk)

    job.refresh_from_db()
    assert (job.status, WebhookDelivery.objects.count()) == ("completed", 0)
