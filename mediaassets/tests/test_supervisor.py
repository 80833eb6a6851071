"""`make up` as a person meets it: real processes on a data directory of their own."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mediaassets.dev_stack import preflight
from mediaassets.dev_stack.supervisor import curl_line
from mediaassets.tests.servers import ROOT, wait_until
from mediaassets.tests.stack import Stack, earlier_data, is_running

pytestmark = [pytest.mark.queue, pytest.mark.timeout(300)]


@pytest.fixture
def start(tmp_path):
    """Start stacks on one new data directory; whatever still runs at the end is killed with its children."""
    started: list[Stack] = []

    def start_one(data_dir: Path | None = None, **env: str) -> Stack:
        stack = Stack(data_dir or tmp_path / "data", tmp_path / f"out-{len(started)}", **env)
        started.append(stack)
        return stack

    yield start_one
    for stack in started:
        stack.abandon()


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_a_person_starts_it_submits_by_the_printed_line_and_stops_it(start):
    stack = start()
    stack.wait_until_up()
    pids = stack.pids()

    assert set(pids) == {"broker", "web", "worker", "beat"}
    said = stack.said()
    assert f"http://127.0.0.1:{stack.port}/admin/" in said
    assert f"http://127.0.0.1:{stack.port}/docs" in said
    assert "Model: built-in mock (no ANTHROPIC_API_KEY); every output is labelled as mock." in said
    line = next(line for line in said.splitlines() if line.startswith("curl "))
    submitted = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    job = json.loads(submitted.stdout)
    assert job["status"] == "pending"
    token = stack.sign_in()
    wait_until(
        lambda: stack.ask(f"/agents/jobs/{job['job_id']}", token=token)[1]["status"] == "completed",
        within_s=30,
        what="the job is completed",
    )

    stack.process.send_signal(signal.SIGINT)

    assert stack.end() == 0
    assert stack.said().rstrip().endswith("Stopped.")
    assert [name for name, pid in pids.items() if is_running(pid)] == []
    kept = stack.data_dir / "keys.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(stack.data_dir.stat().st_mode) == 0o700


@pytest.fixture
def earlier(tmp_path) -> Path:
    """A data directory of an earlier start, with its keys and a database that has all migrations."""
    return Path(shutil.copytree(earlier_data(Path(os.environ["TEST_RUN_DIRECTORY"])), tmp_path / "earlier"))


def test_jobs_wait_through_a_stop_and_finish_after_the_next_start(start, earlier):
    first = start(earlier, MOCK_LATENCY_S="3", WORKER_CONCURRENCY="1")
    first.wait_until_up()
    token = first.sign_in()
    body = {"agent_type": "narrative", "input_data": {"prompt": "A storm reaches the lighthouse."}}
    answers = [first.ask("/agents/jobs", body, token) for _ in range(8)]
    assert [status for status, _ in answers] == [202] * 8
    first.process.send_signal(signal.SIGTERM)
    assert first.end() == 0

    second = start(earlier)
    second.wait_until_up()
    token = second.sign_in()

    ids = [job["job_id"] for _, job in answers]

    def unfinished() -> list[str]:
        return [
            pk for pk in ids if second.ask(f"/agents/jobs/{pk}", token=token)[1].get("status") != "completed"
        ]

    wait_until(lambda: not unfinished(), within_s=90, what="all jobs are completed")


def test_killed_supervisor_takes_its_children_along_and_the_next_one_recovers(start, earlier):
    first = start(earlier)
    first.wait_until_up()
    pids = first.pids()

    first.process.send_signal(signal.SIGKILL)
    first.end()
    second = start(earlier, PORT=str(first.port))
    second.wait_until_up()

    assert [name for name, pid in pids.items() if is_running(pid)] == []
    assert second.ask("/readyz")[0] == 200


def see_restarted(stack: Stack, name: str) -> None:
    """Kill a part; it is told, the part comes back, and all is ready again."""
    before = stack.pids()[name]
    os.kill(before, signal.SIGKILL)
    told = f"{name} ended with -9; starting it again."
    wait_until(lambda: told in stack.said(), within_s=10, what="it is told")
    wait_until(lambda: stack.pids().get(name, before) != before, within_s=10, what="it is back")
    wait_until(lambda: stack.ask("/readyz")[0] == 200, within_s=30, what="all is ready")
    assert stack.process.poll() is None


def test_part_that_dies_is_started_again_until_it_keeps_dying(start, earlier):
    stack = start(earlier)
    stack.wait_until_up()

    for name in ("worker", "web", "broker"):
        see_restarted(stack, name)

    others = {name: pid for name, pid in stack.pids().items() if name != "beat"}
    killed: set[int] = set()
    while stack.process.poll() is None:
        pid = stack.pids().get("beat")
        if pid and pid not in killed:
            killed.add(pid)
            os.kill(pid, signal.SIGKILL)
        signal.sigtimedwait([], 0.05)

    assert stack.end() == 1
    assert len(killed) == 4
    assert "beat keeps ending." in stack.said()
    assert [name for name, pid in others.items() if is_running(pid)] == []


def test_second_one_on_the_same_data_is_told_in_one_line(start):
    first = start()
    wait_until(lambda: "Starting" in first.said(), within_s=30, what="the first has begun")

    second = start()

    assert second.end() == 2
    assert (
        second.said() == f"{first.data_dir} is in use by another `make up`: stop that one, or set DATA_DIR.\n"
    )
    assert first.process.poll() is None


def test_taken_port_is_told_in_one_line_before_anything_starts(start, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        stack = start(PORT=str(port))

        assert stack.end() == 2
    assert re.fullmatch(
        rf"Port {port} cannot be used \(.*\)\. Choose another, for example: .*\n", stack.said()
    )
    assert not (stack.data_dir / "db.sqlite3").exists()


def test_redis_url_that_nobody_answers_at_is_told_in_one_line(start, tmp_path):
    nobody = tmp_path / "nobody.sock"

    stack = start(REDIS_URL=f"unix://{nobody}")

    assert stack.end() == 2
    assert re.fullmatch(r"REDIS_URL does not answer \(.*\)\. Mend it, or leave it unset .*\n", stack.said())
    assert not (stack.data_dir / "db.sqlite3").exists()


@pytest.mark.parametrize("port", ["0", "65536", "web", "-1"])
def test_port_that_is_no_port_is_refused(tmp_path, port):
    result = subprocess.run(
        [sys.executable, "-m", "mediaassets.dev_stack"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data"), "PORT": port},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"PORT is {port!r}: use a number from 1 to 65535.\n"
    assert not (tmp_path / "data").exists()


def test_data_directory_that_cannot_be_one_is_told_in_one_line(start, tmp_path):
    file = tmp_path / "a-file"
    file.touch()

    stack = start(file)

    assert stack.end() == 2
    assert stack.said() == f"DATA_DIR cannot be {file} (File exists): name another directory.\n"


def test_setting_that_cannot_be_used_stops_the_start_and_is_named(start):
    stack = start(REVIEW_THRESHOLD_NARRATIVE="7")

    assert stack.end() == 1
    assert "REVIEW_THRESHOLD_NARRATIVE is 7" in stack.said()
    assert stack.pids() == {}


def test_secrets_are_made_once_and_completed(tmp_path):
    first = preflight.kept_secrets(tmp_path)
    kept = tmp_path / "keys.json"
    kept.write_text(json.dumps({"SECRET_KEY": first["SECRET_KEY"]}))

    second = preflight.kept_secrets(tmp_path)

    assert second == preflight.kept_secrets(tmp_path)
    assert second["SECRET_KEY"] == first["SECRET_KEY"]
    assert len(second["JWT_SIGNING_KEY"]) >= 50
    assert second["JWT_SIGNING_KEY"] not in {second["SECRET_KEY"], first["JWT_SIGNING_KEY"]}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize("password", ["simple", "it's", 'a "quoted" one', "$HOME `id` \\ !"])
def test_printed_line_survives_the_shell_with_any_password(password, tmp_path):
    curl = tmp_path / "curl"
    asked = tmp_path / "asked"
    curl.write_text(
        f"#!{sys.executable}\n"
        "import json, sys\n"
        f"open({str(asked)!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
        'print(\'{"refresh":"R","access":"T.o-k_n"}\')\n'
    )
    curl.chmod(0o755)

    subprocess.run(
        ["bash", "-c", curl_line("http://127.0.0.1:8000", password)],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        check=True,
        capture_output=True,
    )

    sign_in, submit = (json.loads(line) for line in asked.read_text().splitlines())
    assert json.loads(sign_in[-1]) == {"username": "creator", "password": password}
    assert "Authorization: Bearer T.o-k_n" in submit
    assert json.loads(submit[-1])["agent_type"] == "narrative"
