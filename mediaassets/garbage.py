"""Garbage collection of processes that serve for long: none while they load, and none of what they loaded.

Hundreds of thousands of objects of the code live as long as the process. Each full collection would look through them,
for a tenth of a second in which no thread computes.
"""

from __future__ import annotations

import gc

# By default a collection begins after 700 new objects, of which a single job makes more.
_THRESHOLDS = (20_000, 20, 20)


def pause() -> None:
    """Collect nothing until ``begin``."""
    gc.disable()


def begin() -> None:
    """Leave all objects of now out of later collections.

    What loading has left behind stays, too: 1.5 MB, and a search for it would take a tenth of a second.
    """
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()
