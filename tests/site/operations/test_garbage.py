"""Garbage collection of the web process and the workers."""

from __future__ import annotations

import gc

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


def test_worker_that_cannot_load_something_collects_garbage_nevertheless(collector, monkeypatch):
    def fail() -> None:
        raise OSError("no such file")

    monkeypatch.setattr("agents.engine.text.languages.detection.load_model", fail)
    celery.load_without_collections()

    with pytest.raises(OSError, match="no such file"):
        celery.prepare()

    assert gc.isenabled()
