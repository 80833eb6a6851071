"""Garbage collection of the web process and the workers."""

from __future__ import annotations

import gc
import threading

import pytest

from mediaassets import celery, garbage


@pytest.fixture
def collector():
    thresholds = gc.get_threshold()
    yield
    gc.enable()
    gc.set_threshold(*thresholds)


def test_nothing_is_collected_while_loading_and_nothing_loaded_later(collector):
    garbage.pause()
    assert not gc.isenabled()
    loaded: list[object] = [[] for _ in range(10)]

    garbage.begin()

    assert gc.isenabled()
    assert gc.get_threshold()[0] > 10_000
    later: list[object] = []
    known = gc.get_objects()
    assert any(found is later for found in known)
    assert not any(found is loaded for found in known)


@pytest.fixture
def worker(collector, monkeypatch):
    """A worker that has begun to load, and is ready when its event is set."""
    is_ready = threading.Event()
    monkeypatch.setattr(celery, "_is_ready", is_ready)
    monkeypatch.setattr(celery, "MAX_START_S", 60)
    celery.load_without_collections()
    return is_ready


def join_patterns() -> None:
    for thread in threading.enumerate():
        if thread.name == "patterns":
            thread.join(60)
            assert not thread.is_alive()


def test_worker_compiles_the_patterns_when_it_is_ready_and_freezes_them_too(worker, monkeypatch):
    compiled: list[object] = []
    monkeypatch.setattr(
        "agents.engine.text.lazy_pattern.compile_all", lambda *, pause_s: compiled.append([pause_s])
    )

    celery.prepare()

    assert compiled == []
    assert not gc.isenabled()
    celery.begin_with_patterns()
    join_patterns()
    assert gc.isenabled()
    (made,) = compiled
    assert not any(found is made for found in gc.get_objects())


def test_worker_that_cannot_load_something_collects_garbage_nevertheless(worker, monkeypatch):
    def fail() -> None:
        raise OSError("no such file")

    monkeypatch.setattr("agents.engine.text.languages.detection.load_model", fail)
    monkeypatch.setattr("agents.engine.text.lazy_pattern.compile_all", lambda *, pause_s: None)

    with pytest.raises(OSError, match="no such file"):
        celery.prepare()
    worker.set()
    join_patterns()

    assert gc.isenabled()
