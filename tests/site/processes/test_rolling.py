"""Replacing web processes while clients submit jobs: no request is refused or broken off."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
import yaml
from django.contrib.auth.models import User
from django.db import connection
from rest_framework_simplejwt.tokens import AccessToken

from agents.models import AgentJob
from mediaassets.dev_stack import processes
from tests.support.site.servers import ROOT, database_url, wait_until, web_command
from tests.support.site.stack import free_port

pytestmark = [
    pytest.mark.queue,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("broker"),
    pytest.mark.timeout(300),
]

JOB = json.dumps({"agent_type": "narrative", "input_data": {"prompt": "x"}}).encode()
CLIENTS = 4


class Web:
    """A web process with a directory of its own, as in a container."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.port, self._directory, self._options = free_port(), directory, options
        directory.mkdir()
        self.start()

    def start(self) -> None:
        env = {
            **os.environ,
            "DATABASE_URL": database_url(connection.settings_dict),
            "DATA_DIR": str(self._directory),
            "LOG_LEVEL": "WARNING",
        }
        with (self._directory / "web.log").open("ab") as log:
            command = web_command(self.port, *self._options)
            self.process = processes.start(command, env=env, cwd=ROOT, output=log)

    def reload(self) -> None:
        """Send SIGHUP until the server says that it got it; on a loaded machine one had no effect."""
        for _ in range(10):
            self.process.send_signal(signal.SIGHUP)
            ends_at = time.monotonic() + 5
            while time.monotonic() < ends_at:
                if "HUP signal received" in self.log():
                    return
                time.sleep(0.1)
        pytest.fail("The server did not notice SIGHUP.")

    def is_healthy(self) -> bool:
        return ask(self.port, "GET", "/healthz") == 200

    def drain(self) -> None:
        (self._directory / "draining").touch()

    def log(self) -> str:
        return (self._directory / "web.log").read_text()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Web]]:
    started: list[Web] = []

    def start_web(*options: str) -> Web:
        started.append(Web(tmp_path / f"web{len(started)}", *options))
        return started[-1]

    yield start_web
    for web in started:
        processes.stop(web.process, within_s=15)
        sys.stdout.write(web.log()[-3000:])


def ask(port: int, method: str, path: str, token: str = "") -> int | str:
    """Return the status, or the name of what went wrong with the connection."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as client:
        try:
            client.request(method, path, JOB if method == "POST" else None, headers)
            response = client.getresponse()
            response.read()
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        return response.status


@contextmanager
def clients(submit: Callable[[], int | str]) -> Iterator[Counter[int | str]]:
    """Submit jobs all the time, and count the answers."""
    seen: Counter[int | str] = Counter()
    is_over = threading.Event()

    def run() -> None:
        while not is_over.wait(0.1):
            seen[submit()] += 1

    threads = [threading.Thread(target=run) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: seen.total() > 10, within_s=30, what="the clients submit")
        yield seen
        enough = seen.total() + 10
        wait_until(lambda: seen.total() > enough, within_s=30, what="the clients still submit")
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


@pytest.fixture
def token() -> str:
    return str(AccessToken.for_user(User.objects.create(username="carla")))


def test_reloaded_process_refuses_nobody(start, token):
    """Reload as ``systemctl reload`` does; the new worker has to be there before the old one stops."""
    web = start("--respawn-interval", "20", "--workers-kill-timeout", "30")
    wait_until(web.is_healthy, within_s=60, what="the web process answers")

    with clients(lambda: ask(web.port, "POST", "/agents/jobs", token)) as seen:
        web.reload()
        wait_until(lambda: "Stopped old worker" in web.log(), within_s=150, what="the old worker has stopped")

    assert set(seen) == {202}
    assert AgentJob.objects.count() == seen.total()


class Proxy:
    """A proxy of two instances, which sends each request to one whose ``/healthz`` last answered 200."""

    CHECK_EVERY_S = 0.2

    def __init__(self, webs: list[Web]) -> None:
        self._webs = webs
        self.healthy = list(webs)
        self._turn = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._check, daemon=True)
        self._thread.start()

    def submit(self, token: str) -> int | str:
        self._turn += 1
        healthy = self.healthy
        return ask(healthy[self._turn % len(healthy)].port, "POST", "/agents/jobs", token)

    def is_avoiding(self, web: Web) -> bool:
        return web not in self.healthy

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join()

    def _check(self) -> None:
        while not self._is_over.wait(self.CHECK_EVERY_S):
            self.healthy = [web for web in self._webs if web.is_healthy()]


def test_instances_behind_a_proxy_are_replaced_without_a_refusal(start, token):
    webs = [start(), start()]
    for web in webs:
        wait_until(web.is_healthy, within_s=60, what="the web process answers")
    proxy = Proxy(webs)

    with clients(lambda: proxy.submit(token)) as seen:
        for web in webs:
            web.drain()
            wait_until(partial(proxy.is_avoiding, web), within_s=10, what="the proxy notices")
            # Requests that were under way when it noticed.
            time.sleep(0.5)
            assert processes.stop(web.process, within_s=20) == 0
            web.start()
            wait_until(lambda: proxy.healthy == webs, within_s=60, what="both are healthy")

    proxy.stop()
    assert set(seen) == {202}
    assert AgentJob.objects.count() == seen.total()


def test_compose_drains_both_instances_for_longer_than_the_proxy_needs():
    class Loader(yaml.SafeLoader):
        """A reader of compose's tag for values that replace others."""

    Loader.add_constructor("!override", Loader.construct_sequence)  # type: ignore[type-var]
    rolling = yaml.load((ROOT / "docker-compose.rolling.yml").read_text(), Loader)["services"]

    base = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert rolling["web-b"]["extends"] == {"file": "docker-compose.yml", "service": "web"}
    assert rolling["web-b"]["ports"] != base["services"]["web"]["ports"]
    for service in rolling.values():
        command = service["pre_stop"][0]["command"][-1]
        assert f"{base['x-app']['environment']['DATA_DIR']}/draining" in command
        assert max(map(float, re.findall(r"sleep\((\d+)\)", command))) > 3
    assert "health_interval 1s" in (ROOT / "docs" / "operating.md").read_text()
