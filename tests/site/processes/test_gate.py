"""The gate at which the processes of `make up` wait until the database is prepared."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from celery.signals import worker_ready

from mediaassets.dev_stack import gate
from tests.support.site.servers import ROOT, wait_until

WEB = "import mediaassets.asgi"
WORKER = "import django; django.setup(); from celery.signals import worker_init; worker_init.send(None)"


@pytest.mark.parametrize("loading", [WEB, WORKER])
def test_loaded_process_waits_until_the_gate_opens(tmp_path: Path, loading: str) -> None:
    path = tmp_path / "gate"
    closed = gate.close(path)
    env = {**os.environ, gate.VARIABLE: str(path), "DJANGO_SETTINGS_MODULE": "mediaassets.settings"}
    process = subprocess.Popen(
        [sys.executable, "-c", f"{loading}; print('passed')"], env=env, cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        wait_until(lambda: is_waiting(process), within_s=60, what="the process waits")

        os.close(closed)

        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert output.splitlines()[-1] == b"passed"


def is_waiting(process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "It has passed the closed gate, or failed."
    waiting = [line.split() for line in Path("/proc/locks").read_text().splitlines() if "->" in line]
    return any(words[2] == "FLOCK" and int(words[5]) == process.pid for words in waiting)


def test_worker_reports_that_it_is_ready_after_this_start(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "gate"
    monkeypatch.setenv(gate.VARIABLE, str(path))
    os.close(gate.close(path))
    assert not gate.is_worker_ready(path)

    worker_ready.send(None)

    assert gate.is_worker_ready(path)
    os.close(gate.close(path))
    assert not gate.is_worker_ready(path)


def test_process_without_a_gate_waits_for_nothing(monkeypatch) -> None:
    monkeypatch.delenv(gate.VARIABLE, raising=False)

    gate.pass_through()
    gate.report_ready()
