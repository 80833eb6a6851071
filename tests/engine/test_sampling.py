"""Draws: the same each time, fair over many, and one purpose says nothing of another."""

from __future__ import annotations

import hashlib
import uuid

import pytest

from agents.engine.confidence.sampling import draw, is_drawn

KEYS = [str(uuid.uuid5(uuid.NAMESPACE_URL, str(number))) for number in range(20_000)]


def test_draw_follows_from_key_and_purpose_alone():
    # Of this digest, the first six bytes over 2 to the 48th.
    assert hashlib.sha256(b"audit:0199").hexdigest()[:12] == "542bc684d67e"
    assert draw("0199", "audit") == 0x542BC684D67E / 2**48
    assert draw("0199", "blind") != draw("0199", "audit")
    assert draw("019", "9:audit") != draw("0199", "audit")


def test_draws_are_spread_over_zero_to_one():
    drawn = [draw(key, "audit") for key in KEYS]

    assert 0 <= min(drawn) < 0.001
    assert 0.999 < max(drawn) < 1
    tenths = [0] * 10
    for value in drawn:
        tenths[int(value * 10)] += 1
    # Five standard deviations of a tenth of 20,000.
    assert all(abs(count - 2000) < 212 for count in tenths), tenths


@pytest.mark.parametrize(
    ("share", "low", "high"),
    # Five standard deviations around the share.
    [(0.05, 846, 1154), (0.25, 4694, 5306), (0.5, 9647, 10353), (0.001, 0, 42)],
)
def test_share_of_many_is_drawn(share, low, high):
    count = sum(is_drawn(key, "audit", share) for key in KEYS)

    assert low <= count <= high


def test_share_of_none_draws_none_and_of_all_draws_all():
    assert not any(is_drawn(key, "audit", 0) for key in KEYS)
    assert all(is_drawn(key, "audit", 1) for key in KEYS)


def test_larger_share_contains_each_smaller_one():
    small = {key for key in KEYS if is_drawn(key, "audit", 0.05)}

    assert small < {key for key in KEYS if is_drawn(key, "audit", 0.2)}


def test_one_purpose_says_nothing_of_another():
    audits = [key for key in KEYS if is_drawn(key, "audit", 0.25)]
    both = sum(is_drawn(key, "blind", 0.25) for key in audits)

    assert abs(both - len(audits) / 4) < 5 * (len(audits) * 0.25 * 0.75) ** 0.5
