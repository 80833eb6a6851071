"""Fixtures of the tests with real workers."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from django.db import connection

from agents.models import AgentJob
from mediaassets.dev_stack import processes
from tests.support.site.servers import ROOT, database_url, wait_until


@pytest.fixture
def beat_process(
    transactional_db: None, broker: object, tmp_path: Path
) -> Iterator[Callable[[], Popen[bytes]]]:
    """Start real `celery beat` processes on the test database and broker."""
    started: list[Popen[bytes]] = []

    def start(**env: str) -> Popen[bytes]:
        number = len(started)
        with (tmp_path / f"beat{number}.log").open("wb") as log:
            process = processes.start(
                [
                    *(sys.executable, "-m", "celery", "-A", "mediaassets", "beat"),
                    *("--pidfile", "", "--loglevel", "INFO", "--max-interval", "1"),
                ],
                env={**os.environ, "DATABASE_URL": database_url(connection.settings_dict), **env},
                cwd=ROOT,
                output=log,
                on_orphaned=signal.SIGKILL,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        processes.kill(process)


@pytest.fixture
def wait_for() -> Callable[..., None]:
    """Wait until the given number of jobs has the given status."""

    def wait(status: str, count: int, *, within_s: float = 30) -> None:
        wait_until(
            lambda: AgentJob.objects.filter(status=status).count() == count,
            within_s=within_s,
            what=f"{count} jobs are {status}",
        )

    return wait
