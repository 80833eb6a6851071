"""Answers of a real web process that wait for a job, and streams of its events."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from rest_framework_simplejwt.tokens import AccessToken

from agents.batches.answer_source import process_job
from agents.choices import EventKind, Verdict
from agents.common import events
from agents.jobs import actions
from agents.models import AgentJob
from agents.review.verdicts.decisions import decide
from tests.support.rows import finished_job, item_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("broker")]

JOB = {"agent_type": "spatial", "input_data": {"location_name": "Tidewatch", "type": "city"}}


class Site:
    """A client of the web process."""

    def __init__(self, port: int, user: User, **claims: Any) -> None:
        self.port = port
        token = AccessToken.for_user(user)
        for name, value in claims.items():
            token[name] = value
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Return status, headers, body and seconds."""
        started = time.monotonic()
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as web:
            sent = None if body is None else json.dumps(body)
            web.request(method, path, sent, {**self.headers, **headers})
            response = web.getresponse()
            content = response.read()
            shown = json.loads(content) if content else None
            return response.status, response.headers, shown, time.monotonic() - started

    @contextmanager
    def stream(self, job_id: Any, **headers: str) -> Iterator[http.client.HTTPResponse]:
        wanted = {"Accept": "text/event-stream", **self.headers, **headers}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as web:
            web.request("GET", f"/agents/jobs/{job_id}/events", headers=wanted)
            yield web.getresponse()


@pytest.fixture
def site(port, creator) -> Site:
    return Site(port, creator)


@pytest.fixture
def later() -> Iterator[Callable[..., None]]:
    """Do something on another thread after a while."""
    threads = []

    def do(work: Callable[[], Any], after_s: float = 0.7) -> None:
        def run() -> None:
            time.sleep(after_s)
            try:
                work()
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        threads.append(thread)

    yield do
    for thread in threads:
        thread.join(20)


def messages_of(response: http.client.HTTPResponse) -> Iterator[dict[str, str]]:
    """Yield the messages of a stream, without comments."""
    message: dict[str, str] = {}
    for line in response:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            message[name] = value
        elif "event" in message:
            yield message
            message = {}
        else:
            message = {}


# --- Prefer: wait


def test_get_answers_when_the_job_ends(site, submit, llm, later):
    job = submit()
    later(lambda: process_job(job.pk))

    status, headers, shown, took_s = site.ask("GET", f"/agents/jobs/{job.pk}", Prefer="wait=20")

    assert (status, headers["Preference-Applied"], shown["status"]) == (200, "wait=20", "completed")
    assert headers["Retry-After"] is None
    # Before the wait is over.
    assert 0.5 < took_s < 20


def test_get_of_a_finished_job_answers_at_once(site, creator):
    job = finished_job(creator, None)

    status, headers, shown, took_s = site.ask("GET", f"/agents/jobs/{job.pk}", Prefer="wait=20")

    assert (status, headers["Preference-Applied"], shown["status"]) == (200, "wait=20", "completed")
    assert took_s < 20


def test_get_answers_after_its_time_with_what_is_there(site, submit):
    job = submit()

    status, headers, shown, took_s = site.ask("GET", f"/agents/jobs/{job.pk}", Prefer="respond-async, wait=1")

    assert (status, headers["Preference-Applied"], shown["status"]) == (200, "wait=1", "pending")
    assert headers["Retry-After"] == "2"
    assert took_s >= 1


def test_submit_answers_with_the_ended_job(site, llm, later):
    later(lambda: process_job(AgentJob.objects.get().pk), after_s=1.5)

    status, headers, shown, _ = site.ask("POST", "/agents/jobs", JOB, Prefer="wait=20")

    job = AgentJob.objects.get()
    assert (status, headers["Location"]) == (200, f"/agents/jobs/{job.pk}")
    assert headers["Preference-Applied"] == "wait=20"
    assert (shown["job_id"], shown["status"], shown["output_data"]) == (
        str(job.pk),
        "completed",
        AgentJob.objects.get().output_data,
    )


def test_submit_answers_after_its_time_that_the_job_is_accepted(site):
    status, headers, shown, took_s = site.ask("POST", "/agents/jobs", JOB, Prefer="wait=1")

    assert (status, shown["status"]) == (202, "pending")
    assert headers["Location"] == f"/agents/jobs/{shown['job_id']}"
    assert headers["Preference-Applied"] == "wait=1"
    assert took_s >= 1


def test_repeated_submit_waits_for_the_first_job(site, llm, later):
    key = {"Idempotency-Key": "once"}
    first = site.ask("POST", "/agents/jobs", JOB, **key)
    later(lambda: process_job(AgentJob.objects.get().pk))

    status, _, shown, _ = site.ask("POST", "/agents/jobs", JOB, Prefer="wait=20", **key)

    assert (status, shown["job_id"], shown["status"]) == (200, first[2]["job_id"], "completed")
    assert AgentJob.objects.count() == 1


def test_refused_submit_does_not_wait(site):
    status, headers, shown, took_s = site.ask("POST", "/agents/jobs", {}, Prefer="wait=20")

    assert (status, shown["code"], headers["Preference-Applied"]) == (400, "invalid", None)
    assert took_s < 20


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
def test_waiting_is_refused_as_everything_is(port, site, stranger, submit, accept):
    job = submit()
    nobody = Site(port, stranger)
    nobody.headers = {"Accept": accept}
    foreign = Site(port, stranger)
    foreign.headers["Accept"] = accept
    path = f"/agents/jobs/{job.pk}/events"

    refused = [who.ask("GET", path, Prefer="wait=20") for who in (nobody, foreign)]
    odd = site.ask("GET", f"{path}?cursor=x", Accept=accept)

    assert [(status, shown["code"]) for status, _, shown, _ in refused] == [
        (401, "not_authenticated"),
        (404, "job_not_found"),
    ]
    assert (odd[0], odd[2]["errors"][0]["pointer"]) == (400, "?cursor")
    assert all(took_s < 20 for _, _, _, took_s in refused)


# --- Streams


def test_stream_tells_progress_words_and_end(site, submit, llm, later):
    job = submit()

    def work() -> None:
        events.record(job.pk, EventKind.PROGRESS, attempt=1, phase="writing", words=40)
        time.sleep(0.8)
        process_job(job.pk)

    later(work)
    with site.stream(job.pk) as response:
        told = list(messages_of(response))

    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert [message["event"] for message in told] == ["submitted", "progress", "claimed", "completed", "end"]
    stored = list(job.events.order_by("pk"))
    assert [int(message["id"]) for message in told[:-1]] == [event.pk for event in stored]
    listed = site.ask("GET", f"/agents/jobs/{job.pk}/events")[2]
    assert [json.loads(message["data"]) for message in told[:-1]] == listed["results"]
    assert json.loads(told[1]["data"])["data"] == {"phase": "writing", "words": 40}
    assert json.loads(told[-1]["data"]) == {"status": "completed"}


def test_stream_brings_the_words_as_they_come(site, submit, later):
    job = submit(prompt="Mira waits out the tide. [mock:slow=4]")

    later(lambda: process_job(job.pk))
    with site.stream(job.pk) as response:
        told = [
            json.loads(message["data"]) for message in messages_of(response) if message["event"] == "text"
        ]

    text = ""
    for part in told:
        text = text + part["text"] if part["append"] else part["text"]
    job.refresh_from_db()
    assert len(told) >= 2
    assert {part["attempt"] for part in told} == {1}
    assert text
    assert job.output_data["content"].startswith(text.strip())


def test_stream_continues_behind_the_last_event(site, submit, later):
    job = submit()
    first = job.events.get().pk
    later(lambda: actions.cancel_job(job.pk, by=job.requested_by))

    with site.stream(job.pk, **{"Last-Event-ID": str(first)}) as response:
        told = list(messages_of(response))

    assert [message["event"] for message in told] == ["cancelled", "end"]


def test_stream_of_which_all_is_known_is_204(site, creator, submit):
    job = submit()
    actions.cancel_job(job.pk, by=creator)
    last = job.events.order_by("pk").last()

    with site.stream(job.pk, **{"Last-Event-ID": str(last.pk)}) as response:
        assert (response.status, response.read()) == (204, b"")


def test_stream_awaits_the_verdict(site, creator, universe, reviewer, later):
    job = finished_job(creator, universe)
    item = item_of(job)
    later(lambda: decide(item.pk, by=reviewer, verdict=Verdict.APPROVED))

    with site.stream(job.pk) as response:
        told = list(messages_of(response))

    assert "review_decided" in [message["event"] for message in told]
    assert told[-1]["event"] == "end"


def test_stream_ends_when_its_token_does(port, creator, submit, monkeypatch):
    job = submit()
    site = Site(port, creator, exp=int(time.time()) + 2)
    with site.stream(job.pk) as response:
        told = messages_of(response)
        assert next(told)["event"] == "submitted"
        time.sleep(2.5)
        events.record(job.pk, EventKind.POSTPONED, attempt=1)
        last = next(told)

    assert (last["event"], json.loads(last["data"])["status"]) == ("error", 401)


def test_fifty_streams_hold_no_thread_and_a_fifty_first_is_refused(site, submit):
    job = submit()
    with ExitStack() as stack:
        streams = [stack.enter_context(site.stream(job.pk)) for _ in range(50)]
        told = [messages_of(stream) for stream in streams]
        assert {next(messages)["event"] for messages in told} == {"submitted"}

        with site.stream(job.pk) as refused:
            assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
            assert refused.headers["RateLimit-Policy"] == '"streams";q=50'
            assert refused.headers["RateLimit"] == '"streams";r=0'
            body = json.loads(refused.read())
            assert (body["code"], body["quota"]["limit"]) == ("too_many_streams", 50)
        with ThreadPoolExecutor(8) as threads:
            posts = list(threads.map(lambda _: site.ask("POST", "/agents/jobs", JOB), range(16)))
        # While all fifty are open.
        assert [status for status, *_ in posts] == [202] * 16

        actions.cancel_job(job.pk, by=job.requested_by)
        assert {tuple(message["event"] for message in messages) for messages in told} == {
            ("cancelled", "end")
        }

    # The places are free again.
    with site.stream(job.pk) as response:
        assert response.status == 200


def test_process_that_stops_lets_its_clients_go(start_web, creator, submit):
    port, process = start_web()
    site, job = Site(port, creator), submit()
    with ThreadPoolExecutor(1) as threads, site.stream(job.pk) as response:
        told = messages_of(response)
        assert next(told)["event"] == "submitted"
        waiting = threads.submit(site.ask, "GET", f"/agents/jobs/{job.pk}", Prefer="wait=30")
        time.sleep(1)

        started = time.monotonic()
        process.terminate()

        assert process.wait(20) == 0
        assert time.monotonic() - started < 8
        assert list(told) == []
        status, _, shown, _ = waiting.result()
    assert (status, shown["status"]) == (200, "pending")
