"""Deterministic sampling: reproducible, uniform, independent between purposes."""

from __future__ import annotations

import hashlib
import uuid

import pytest

from agents.engine.confidence.sampling import draw, is_drawn

KEYS = [str(uuid.uuid5(uuid.NAMESPACE_URL, str(number))) for number in range(20_000)]


def test_draw_depends_on_key_and_purpose_only():
    # The first six bytes of the digest, divided by 2 to the 48th.
    assert hashlib.sha256(b"audit:0199").hexdigest()[:12] == "542bc684d67e"
    assert draw("0199", "audit") == 0x542BC684D67E / 2**48
    assert draw("0199", "blind") != draw("0199", "audit")
    assert draw("019", "9:audit") != draw("0199", "audit")


def test_draws_are_uniform():
    drawn = [draw(key, "audit") for key in KEYS]

    assert 0 <= min(drawn) < 0.001
    assert 0.999 < max(drawn) < 1
    tenths = [0] * 10
    for value in drawn:
        tenths[int(value * 10)] += 1
    # Within five standard deviations of a tenth of 20,000.
    assert all(abs(count - 2000) < 212 for count in tenths), tenths


@pytest.mark.parametrize(
    ("share", "low", "high"),
    # Within five standard deviations.
    [(0.05, 846, 1154), (0.25, 4694, 5306), (0.5, 9647, 10353), (0.001, 0, 42)],
)
def test_sample_has_requested_share(share, low, high):
    count = sum(is_drawn(key, "audit", share) for key in KEYS)

    assert low <= count <= high


def test_shares_zero_and_one_draw_none_and_all():
    assert not any(is_drawn(key, "audit", 0) for key in KEYS)
    assert all(is_drawn(key, "audit", 1) for key in KEYS)


def test_larger_sample_contains_smaller_one():
    small = {key for key in KEYS if is_drawn(key, "audit", 0.05)}

    assert small < {key for key in KEYS if is_drawn(key, "audit", 0.2)}


def test_samples_of_different_purposes_are_independent():
    audits = [key for key in KEYS if is_drawn(key, "audit", 0.25)]
    both = sum(is_drawn(key, "blind", 0.25) for key in audits)

    assert abs(both - len(audits) / 4) < 5 * (len(audits) * 0.25 * 0.75) ** 0.5
