from __future__ import annotations

import pytest

from agents.engine.confidence.review_policy import ALWAYS_REVIEWED, decide
from agents.engine.confidence.signals import SIGNAL_CAPS, SIGNAL_WEIGHTS, Signal, bad, doubtful, good, score


def test_only_good_signals_give_full_confidence() -> None:
    assert score([good("complete", "Yes."), good("stop_reason", "Yes.")]) == 1.0


def test_confidence_is_the_weighted_mean_over_the_signals_given() -> None:
    # (3 * 0.5 + 2 * 1) / 5
    assert score([doubtful("word_range", 0.5, "Long."), good("stop_reason", "Yes.")]) == 0.7


@pytest.mark.parametrize("name", list(SIGNAL_CAPS))
def test_one_fault_caps_the_whole_output(name: str) -> None:
    others = [good(other, "Yes.") for other in SIGNAL_WEIGHTS if other != name]

    assert score([*others, bad(name, 0.99, "No.")]) == SIGNAL_CAPS[name] < 0.75


def test_no_signals_are_no_reason_to_trust() -> None:
    assert score([]) == 0.0


def test_signal_without_a_weight_has_to_be_weighed_first() -> None:
    with pytest.raises(KeyError, match="charm"):
        Signal("charm", 1.0, "Charming.")


@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_value_outside_its_range_is_a_mistake(value: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        Signal("complete", value, "Hm.")


def test_signal_is_stored_with_weight_cap_and_sentence() -> None:
    assert bad("quotes_verified", 1 / 3, "Forged.").as_dict() == {
        "name": "quotes_verified",
        "value": 0.3333,
        "weight": 4.0,
        "cap": 0.35,
        "sentence": "Forged.",
    }


def test_trusted_output_does_not_wait() -> None:
    assert decide(0.75, 0.75, [good("complete", "Yes.")]) == (False, ())


def test_low_confidence_waits_with_its_reasons_faults_first() -> None:
    signals = [
        doubtful("schema_valid", 0.5, "Fenced."),
        bad("complete", 0.5, "No title."),
        good("stop_reason", "Yes."),
    ]

    assert decide(0.65, 0.75, signals) == (
        True,
        ("Confidence 0.65 is below the threshold 0.75.", "No title.", "Fenced."),
    )


def test_reason_never_reads_as_a_contradiction() -> None:
    _, reasons = decide(0.7451, 0.745149, [])

    assert (
        reasons == ("Confidence 0.7451 is below the threshold 0.7451.",) or "0.75 is below" not in reasons[0]
    )
    assert decide(0.7461, 0.75, [])[1] == ("Confidence 0.7461 is below the threshold 0.7500.",)


@pytest.mark.parametrize("name", sorted(ALWAYS_REVIEWED))
def test_grave_fault_waits_however_low_the_threshold(name: str) -> None:
    assert decide(0.9, 0.0, [bad(name, 0.5, "Look.")]) == (True, ("Look.",))


def test_blemish_alone_does_not_wait() -> None:
    assert decide(0.9, 0.75, [doubtful("word_range", 0.9, "A little long.")]) == (False, ())
