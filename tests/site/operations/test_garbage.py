"""Garbage collection of the web process and the workers."""

from __future__ import annotations

import gc

import pytest

from mediaassets import garbage


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
