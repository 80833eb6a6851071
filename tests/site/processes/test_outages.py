"""A web process while its database or its broker does not answer."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import connection
from rest_framework_simplejwt.tokens import AccessToken

from agents.models import AgentJob
from mediaassets.dev_stack import processes
from tests.support.site.servers import ROOT, Postgres, database_url, wait_until, web_command
from tests.support.site.stack import free_port

pytestmark = pytest.mark.queue


class Answer(NamedTuple):
    status: int
    took_s: float
    retry_after: str | None


class Web:
    """A web process, and clients of it."""

    def __init__(self, log: Path, **env: str) -> None:
        self.port = free_port()
        with log.open("wb") as output:
            self.process = processes.start(
                web_command(self.port), env={**os.environ, **env}, cwd=ROOT, output=output
            )

    def wait_until_up(self) -> None:
        def answers() -> bool:
            assert self.process.poll() is None, "The web process has ended."
            return self.get("/healthz").status == 200

        wait_until(answers, within_s=60, what="the web process answers")

    def get(self, path: str, token: str = "", body: bytes | None = None) -> Answer:
        started = time.monotonic()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as client:
            try:
                method = "GET" if body is None else "POST"
                client.request(method, path, body, headers | {"Content-Type": "application/json"})
                response = client.getresponse()
                response.read()
            except OSError:
                return Answer(0, time.monotonic() - started, None)
        return Answer(response.status, time.monotonic() - started, response.headers["Retry-After"])

    def get_at_once(self, path: str, count: int, token: str = "") -> list[Answer]:
        with ThreadPoolExecutor(count) as clients:
            return list(clients.map(lambda _: self.get(path, token), range(count)))


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    # Not below pytest's directory, whose permissions change when another run tidies up.
    server = Postgres(Path(mkdtemp(dir=os.environ["TEST_RUN_DIRECTORY"])) / "pg")
    server.start()
    yield server
    server.send(signal.SIGCONT)
    server.stop()


@pytest.fixture
def start_web(tmp_path: Path) -> Iterator[Callable[..., Web]]:
    started: list[Web] = []

    def start(**env: str) -> Web:
        started.append(Web(tmp_path / "web.log", **env))
        started[-1].wait_until_up()
        return started[-1]

    yield start
    for web in started:
        processes.stop(web.process, within_s=10)
    # Captured output, which pytest shows if the test fails.
    sys.stdout.write((tmp_path / "web.log").read_text()[-4000:])


@pytest.fixture
def web(postgres: Postgres, start_web: Callable[..., Web], redis_url: str) -> Web:
    """A web process on an empty PostgreSQL of its own: reading a page asks for the session's table."""
    return start_web(DATABASE_URL=postgres.url)


# A valid token of somebody unknown: its account is looked up in the database.
def _token() -> str:
    user = User(pk=1, username="carla")
    return str(AccessToken.for_user(user))


@pytest.mark.parametrize("outage", [signal.SIGSTOP, None], ids=["frozen", "stopped"])
def test_database_away_is_a_503_within_a_second_for_everybody(web, postgres, outage):
    token = _token()
    # The tables are missing, which is an answer: the server is there.
    assert web.get("/agents/jobs", token).status == 500
    # How slow this machine is now; a time-out of the server would be many seconds.
    busy_s = max(answer.took_s for answer in web.get_at_once("/agents/jobs", 40, token))
    if outage is None:
        postgres.stop()
    else:
        postgres.send(outage)

    answers = web.get_at_once("/agents/jobs", 40, token)
    alive = [web.get("/healthz") for _ in range(5)]
    ready = web.get("/readyz")
    later = web.get_at_once("/agents/jobs", 40, token)
    page = web.get("/admin/login/?next=/admin/", token)

    assert {answer.status for answer in (*answers, *later, ready)} == {503}
    assert {answer.retry_after for answer in (*answers, *later)} == {"2"}
    assert max(answer.took_s for answer in answers) < 1.5 + busy_s
    assert max(answer.took_s for answer in later) < 0.5 + busy_s
    assert ready.took_s < 1 + busy_s
    assert {answer.status for answer in alive} == {200}
    assert min(answer.took_s for answer in alive) < 0.05
    assert page.status == 503

    if outage is None:
        postgres.start()
    else:
        postgres.send(signal.SIGCONT)
    back = time.monotonic()
    wait_until(lambda: web.get("/agents/jobs", token).status == 500, within_s=10, what="requests are served")
    assert time.monotonic() - back < 5


def test_slow_query_on_a_healthy_server_is_not_given_up(postgres, monkeypatch):
    from mediaassets.web import database_watch

    probes = []

    def probe() -> None:
        probes.append(1)
        psycopg.connect(postgres.url).close()

    monkeypatch.setattr(database_watch, "_watch", database_watch.DatabaseWatch(probe))
    with database_watch.WatchedConnection.connect(postgres.url) as watched:
        assert watched.execute("SELECT 7 FROM pg_sleep(1)").fetchone() == (7,)

    assert probes


@pytest.mark.django_db(transaction=True)
def test_frozen_broker_does_not_delay_a_submission(start_web, broker):
    web = start_web(DATABASE_URL=database_url(connection.settings_dict))
    user = User.objects.create(username="carla")
    token = str(AccessToken.for_user(user))
    body = json.dumps({"agent_type": "narrative", "input_data": {"prompt": "x"}}).encode()

    def submit_16() -> list[Answer]:
        with ThreadPoolExecutor(8) as clients:
            return list(clients.map(lambda _: web.get("/agents/jobs", token, body), range(16)))

    submit_16()
    healthy = submit_16()
    broker.freeze()
    try:
        answers = submit_16()
    finally:
        broker.thaw()

    assert {answer.status for answer in (*healthy, *answers)} == {202}
    # The healthy ones show how slow this machine is now; a broker's time-out would be three seconds or more.
    slowest_s = max(answer.took_s for answer in healthy)
    assert max(answer.took_s for answer in answers) < slowest_s + 1.5
    # They stay due, for the sweeper.
    assert AgentJob.objects.filter(sent_at=None).count() == 16
    # When the broker is back, so are the messages.
    time.sleep(1.2)
    web.get("/agents/jobs", token, body)
    assert AgentJob.objects.filter(sent_at=None).count() == 16


@pytest.mark.parametrize(
    "sent", [b"", b"GET /x HTTP/1.1\r\nHost: x\r\nX-A: ", None], ids=["silent", "headers", "body"]
)
def test_slow_clients_hold_up_nobody(start_web, redis_url, sent):
    web = start_web()
    if sent is None:
        sent = b"POST /auth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"
    with ExitStack() as stack:
        for _ in range(80):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", web.port)))
            slow.sendall(sent)

        healthy = [web.get("/agents/jobs") for _ in range(10)]

    assert [answer.status for answer in healthy] == [401] * 10
    assert max(answer.took_s for answer in healthy) < 1
