"""`make up` with real processes on a temporary data directory."""

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
from mediaassets.dev_stack.welcome import curl_line
from tests.support.site import migrated
from tests.support.site.servers import ROOT, wait_until
from tests.support.site.stack import Stack, is_running

pytestmark = [pytest.mark.queue, pytest.mark.timeout(300)]


@pytest.fixture
def start(tmp_path):
    """Start stacks, by default on one new data directory; kill them at the end of the test."""
    stacks: list[Stack] = []

    def start_stack(data_dir: Path | None = None, **env: str) -> Stack:
        stack = Stack(data_dir or tmp_path / "data", tmp_path / f"out-{len(stacks)}", **env)
        stacks.append(stack)
        return stack

    yield start_stack
    for stack in stacks:
        stack.abandon()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data directory, with a migrated database if this test run has one, which saves its migrations."""
    path = tmp_path / "migrated"
    path.mkdir(mode=0o700)
    if database := migrated.wait(Path(os.environ["TEST_RUN_DIRECTORY"])):
        shutil.copyfile(database, path / "db.sqlite3")
    return path


def running(pids: dict[str, int]) -> list[str]:
    return [name for name, pid in pids.items() if is_running(pid)]


def test_interrupted_and_killed_stack_ends_and_loses_no_job(start, data_dir):
    first = start(data_dir, MOCK_LATENCY_S="2", WORKER_CONCURRENCY="1")
    first.wait_until_up()
    pids = first.pids()
    assert set(pids) == {"broker", "web", "worker", "beat"}
    output = first.output()
    assert f"http://127.0.0.1:{first.port}/admin/" in output
    assert f"http://127.0.0.1:{first.port}/docs" in output
    assert "Model: built-in mock (no ANTHROPIC_API_KEY); every output is labelled as mock." in output
    assert stat.S_IMODE((data_dir / "keys.json").stat().st_mode) == 0o600
    token = first.sign_in()
    body = {"agent_type": "narrative", "input_data": {"prompt": "A storm reaches the lighthouse."}}
    responses = [first.request("/agents/jobs", body, token) for _ in range(5)]
    assert [status for status, _ in responses] == [202] * 5

    first.process.send_signal(signal.SIGINT)

    assert first.wait() == 0
    assert first.output().rstrip().endswith("Stopped.")
    assert running(pids) == []

    second = start(data_dir)
    second.wait_until_up()
    token = second.sign_in()

    def is_completed(job: dict[str, object]) -> bool:
        return bool(
            second.request(f"/agents/jobs/{job['job_id']}", token=token)[1].get("status") == "completed"
        )

    wait_until(
        lambda: all(is_completed(job) for _, job in responses), within_s=90, what="all jobs are completed"
    )
    pids = second.pids()

    second.process.send_signal(signal.SIGKILL)

    second.wait()
    # The orphans hold the lock until they have ended.
    os.close(preflight.lock_data_dir(data_dir))
    preflight.reserve_port(second.port).close()
    assert running(pids) == []


def kill_and_await_restart(stack: Stack, name: str) -> None:
    pid = stack.pids()[name]
    os.kill(pid, signal.SIGKILL)
    message = f"{name} ended with -9; starting it again."
    wait_until(lambda: message in stack.output(), within_s=10, what="the restart is printed")
    wait_until(lambda: stack.pids().get(name, pid) != pid, within_s=10, what="the process is back")
    wait_until(lambda: stack.request("/readyz")[0] == 200, within_s=30, what="all is ready")
    assert stack.process.poll() is None


def test_dead_child_is_restarted_until_it_keeps_dying(start, data_dir):
    stack = start(data_dir)
    stack.wait_until_up()

    for name in ("worker", "web", "broker"):
        kill_and_await_restart(stack, name)

    others = {name: pid for name, pid in stack.pids().items() if name != "beat"}
    killed: set[int] = set()
    while stack.process.poll() is None:
        pid = stack.pids().get("beat")
        if pid and pid not in killed:
            killed.add(pid)
            os.kill(pid, signal.SIGKILL)
        signal.sigtimedwait([], 0.05)

    assert stack.wait() == 1
    assert len(killed) == 4
    assert "beat keeps ending." in stack.output()
    assert running(others) == []


def test_second_start_on_the_same_data_is_refused(start):
    first = start()
    wait_until(lambda: "Starting" in first.output(), within_s=30, what="the first one starts")

    second = start()

    assert second.wait() == 2
    message = f"{first.data_dir} is in use by another `make up`: stop that one, or set DATA_DIR.\n"
    assert second.output() == message
    assert first.process.poll() is None
    assert stat.S_IMODE(first.data_dir.stat().st_mode) == 0o700


def test_second_start_on_the_same_port_is_refused(start, tmp_path):
    """The web server of the first one does not listen yet, and would share the port with another one."""
    first = start()
    wait_until(lambda: "Starting" in first.output(), within_s=30, what="the first one starts")

    second = start(tmp_path / "other", PORT=str(first.port))

    assert second.wait() == 2
    assert second.output().startswith(f"Port {first.port} cannot be used (")
    assert first.process.poll() is None


def test_taken_port_is_refused_before_anything_starts(start):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        stack = start(PORT=str(port))

        assert stack.wait() == 2
    assert re.fullmatch(
        rf"Port {port} cannot be used \(.*\)\. Choose another, for example: .*\n", stack.output()
    )
    assert not (stack.data_dir / "db.sqlite3").exists()


def test_unreachable_redis_url_is_refused(start, tmp_path):
    stack = start(REDIS_URL=f"unix://{tmp_path / 'missing.sock'}")

    assert stack.wait() == 2
    assert re.fullmatch(r"REDIS_URL does not answer \(.*\)\. Fix it, or leave it unset .*\n", stack.output())
    assert not (stack.data_dir / "db.sqlite3").exists()


@pytest.mark.parametrize("port", ["0", "65536", "web", "-1"])
def test_invalid_port_is_refused(tmp_path, port):
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


def test_file_as_data_directory_is_refused(start, tmp_path):
    file = tmp_path / "a-file"
    file.touch()

    stack = start(file)

    assert stack.wait() == 2
    assert stack.output() == f"DATA_DIR cannot be {file} (File exists): name another directory.\n"


def test_invalid_setting_stops_the_start_and_is_named(start):
    stack = start(REVIEW_THRESHOLD_NARRATIVE="7")

    assert stack.wait() == 1
    assert "REVIEW_THRESHOLD_NARRATIVE is 7" in stack.output()
    assert stack.pids() == {}
    assert not (stack.data_dir / "db.sqlite3").exists()


def test_secrets_are_generated_once_and_completed(tmp_path):
    first = preflight.load_or_create_secrets(tmp_path)
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"SECRET_KEY": first["SECRET_KEY"]}))

    second = preflight.load_or_create_secrets(tmp_path)

    assert second == preflight.load_or_create_secrets(tmp_path)
    assert second["SECRET_KEY"] == first["SECRET_KEY"]
    assert len(second["JWT_SIGNING_KEY"]) >= 50
    assert second["JWT_SIGNING_KEY"] not in {second["SECRET_KEY"], first["JWT_SIGNING_KEY"]}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("password", ["simple", "it's", 'a "quoted" one', "$HOME `id` \\ !"])
def test_printed_curl_line_works_with_any_password(password, tmp_path):
    curl = tmp_path / "curl"
    calls = tmp_path / "calls"
    curl.write_text(
        f"#!{sys.executable}\n"
        "import json, sys\n"
        f"open({str(calls)!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
        'print(\'{"refresh":"R","access":"T.o-k_n"}\')\n'
    )
    curl.chmod(0o755)

    subprocess.run(
        ["bash", "-c", curl_line("http://127.0.0.1:8000", password)],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        check=True,
        capture_output=True,
    )

    sign_in, submit = (json.loads(line) for line in calls.read_text().splitlines())
    assert json.loads(sign_in[-1]) == {"username": "creator", "password": password}
    assert "Authorization: Bearer T.o-k_n" in submit
    assert json.loads(submit[-1])["agent_type"] == "narrative"
