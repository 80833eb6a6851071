"""Signals, the score, and the decision for review."""

from __future__ import annotations

import pytest

from agents.engine.confidence.review_policy import ALWAYS_REVIEWED, decide
from agents.engine.confidence.signals import (
    SIGNAL_CAPS,
    SIGNAL_WEIGHTS,
    Signal,
    bad,
    doubtful,
    good,
    not_checked,
    score,
)


def test_good_signals_give_full_confidence() -> None:
    assert score([good("complete", "Yes."), good("stop_reason", "Yes.")]) == 1.0


def test_confidence_is_weighted_mean_of_given_signals() -> None:
    # (3 * 0.5 + 2 * 1) / 5
    assert score([doubtful("word_range", 0.5, "Long."), good("stop_reason", "Yes.")]) == 0.7


@pytest.mark.parametrize("name", list(SIGNAL_CAPS))
def test_one_bad_signal_caps_confidence(name: str) -> None:
    others = [good(other, "Yes.") for other in SIGNAL_WEIGHTS if other != name]

    assert score([*others, bad(name, 0.99, "No.")]) == SIGNAL_CAPS[name] < 0.75


def test_no_signals_give_zero_confidence() -> None:
    assert score([]) == 0.0


def test_signal_without_weight_is_rejected() -> None:
    with pytest.raises(KeyError, match="charm"):
        Signal("charm", 1.0, "Charming.")


@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_signal_value_out_of_range_is_rejected(value: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        Signal("complete", value, "Hm.")


def test_signal_serialises_weight_cap_and_sentence() -> None:
    assert bad("quotes_verified", 1 / 3, "Forged.").as_dict() == {
        "name": "quotes_verified",
        "value": 0.3333,
        "weight": 4.0,
        "cap": 0.35,
        "sentence": "Forged.",
        "findings": [],
    }


def test_unchecked_signal_has_no_influence_on_the_confidence() -> None:
    signals = [good("complete", "Yes."), doubtful("word_range", 0.5, "Long.")]
    assert score([*signals, not_checked("contradictions", "Not checked: Swedish.")]) == score(signals)


def test_output_at_threshold_needs_no_review() -> None:
    assert decide(0.75, 0.75, [good("complete", "Yes.")]) == (False, ())


def test_low_confidence_needs_review_with_defects_first() -> None:
    signals = [
        doubtful("schema_valid", 0.5, "Fenced."),
        bad("complete", 0.5, "No title."),
        good("stop_reason", "Yes."),
    ]

    assert decide(0.65, 0.75, signals) == (
        True,
        ("Confidence 0.65 is below the threshold 0.75.", "No title.", "Fenced."),
    )


def test_reason_shows_enough_decimal_places() -> None:
    _, reasons = decide(0.7451, 0.745149, [])

    assert (
        reasons == ("Confidence 0.7451 is below the threshold 0.7451.",) or "0.75 is below" not in reasons[0]
    )
    assert decide(0.7461, 0.75, [])[1] == ("Confidence 0.7461 is below the threshold 0.7500.",)


@pytest.mark.parametrize("name", sorted(ALWAYS_REVIEWED))
def test_grave_defect_needs_review_at_any_threshold(name: str) -> None:
    assert decide(0.9, 0.0, [bad(name, 0.5, "Look.")]) == (True, ("Look.",))


def test_blemish_alone_needs_no_review() -> None:
    assert decide(0.9, 0.75, [doubtful("word_range", 0.9, "A little long.")]) == (False, ())
