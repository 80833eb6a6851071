"""The OpenAPI schema as the server sends it, and a web process."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from mediaassets.dev_stack import processes
from tests.site.servers import ROOT, database_url, wait_until, web_command


@pytest.fixture(scope="session")
def schema() -> dict[str, Any]:
    response = Client().get("/schema", headers={"accept": "application/vnd.oai.openapi+json"})
    assert response.status_code == 200
    parsed: dict[str, Any] = response.json()
    return parsed


@pytest.fixture(scope="session")
def start_web(
    django_db_setup: None, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], tuple[int, subprocess.Popen[bytes]]]]:
    """Start web processes on the test database and broker: each call returns the port and the process."""
    started = []

    def start() -> tuple[int, subprocess.Popen[bytes]]:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            free: int = probe.getsockname()[1]
        log_path = tmp_path_factory.mktemp("server") / "web.log"
        environment = {**os.environ, "DATABASE_URL": database_url(connection.settings_dict)}
        with log_path.open("wb") as log:
            process = processes.start(web_command(free), env=environment, cwd=ROOT, output=log)
        started.append(process)

        def answers() -> bool:
            assert process.poll() is None, log_path.read_text()
            with closing(http.client.HTTPConnection("127.0.0.1", free, timeout=5)) as web:
                try:
                    web.request("GET", "/healthz")
                    return web.getresponse().status == 200
                except OSError:
                    # Not listening yet, or listening while the application is still being imported.
                    return False

        wait_until(answers, within_s=60, what="the web process answers")
        return free, process

    yield start
    for process in started:
        processes.stop(process, within_s=10)


@pytest.fixture(scope="session")
def port(start_web: Callable[[], tuple[int, subprocess.Popen[bytes]]]) -> int:
    return start_web()[0]
