from __future__ import annotations

from mediaassets.queue_order import UrgentFirst


def test_maintenance_comes_first_and_background_after_jobs():
    order = UrgentFirst()

    order.update({"background", "other", "jobs", "maintenance"})

    assert order.consume(4) == ["maintenance", "jobs", "background", "other"]
    assert order.consume(1) == ["maintenance"]
