"""A worker of the code before the newest migration, on the new schema: while a site is upgraded, both are there."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from agents.models import AgentJob, AgentJobEvent, ModelCall, ReviewItem
from tests.support.site.servers import ROOT, Worker, database_url, wait_until

pytestmark = [pytest.mark.queue, pytest.mark.django_db(transaction=True)]

PARTS = ("agents", "universes", "mediaassets", "studio", "manage.py", "templates", "static")
MIGRATIONS = ("agents/migrations", "universes/migrations", "mediaassets/*/migrations")


def git(*arguments: str) -> str:
    found = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    return found.stdout.strip() if found.returncode == 0 else ""


@pytest.fixture
def old_code(tmp_path: Path) -> Path:
    """The code of the newest release, or else of the commit before the newest migration."""
    newest = git("log", "-1", "--format=%H", "--diff-filter=A", "--", *MIGRATIONS)
    commit = git("describe", "--tags", "--abbrev=0") or (
        newest and git("rev-parse", "--verify", f"{newest}^1")
    )
    if not commit:
        pytest.skip(
            "the history has no commit before the newest migration: this is no clone, or a shallow one"
        )
    archive, directory = tmp_path / "old.tar", tmp_path / "old"
    subprocess.run(["git", "-C", str(ROOT), "archive", "-o", archive, commit, *PARTS], check=True)
    with tarfile.open(archive) as packed:
        packed.extractall(directory, filter="data")
    return directory


@pytest.fixture
def old_worker(old_code: Path, broker: object, tmp_path: Path) -> Iterator[Worker]:
    env = {
        **os.environ,
        "DATABASE_URL": database_url(connection.settings_dict),
        "MOCK_LATENCY_S": "0.1",
        "RETRY_BACKOFF_S": "0.1",
    }
    worker = Worker("old@localhost", tmp_path / "old.log", env, queues="jobs", cwd=old_code)
    worker.wait_until_ready()
    yield worker
    worker.kill()
    sys.stdout.write(worker.log()[-6000:])


def test_old_worker_ends_jobs_on_the_new_schema(old_worker, submit, universe):
    texts = ("", "[mock:weak]", "[mock:fail-once]")
    for number in range(12):
        submit(prompt=f"Mira waits out tide {number}. {texts[number % 3]}", universe=universe)
    submit("spatial", universe=universe)
    submit("consistency", universe=universe)

    wait_until(
        lambda: AgentJob.objects.filter(status="completed").count() == 14,
        within_s=60,
        what="14 jobs have ended",
    )

    assert AgentJobEvent.objects.filter(kind="completed").count() == 14
    assert ModelCall.objects.filter(error_code="").count() == 14
    assert ReviewItem.objects.count() == AgentJob.objects.filter(outcome="awaiting_review").count() >= 4
