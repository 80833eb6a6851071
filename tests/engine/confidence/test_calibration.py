"""The confidence that is learned from verdicts: it finds the weights, stays monotone, and must beat the score."""

from __future__ import annotations

import math
import random

import pytest

from agents.engine.confidence.calibration import Example, fit, learn

NAMES = ("word_range", "clean_prose", "characters_present")


def world(seed, count, *, word_range=0.0, clean_prose=0.0, score_is_right=False):
    """Return outputs whose right share depends on the signals by these weights."""
    rng = random.Random(seed)
    examples = []
    for _ in range(count):
        signals = {name: 1.0 if rng.random() < 0.6 else round(rng.random(), 1) for name in NAMES}
        logit = 2.5 - word_range * (1 - signals["word_range"]) - clean_prose * (1 - signals["clean_prose"])
        share = 1 / (1 + math.exp(-logit))
        score = share if score_is_right else sum(signals.values()) / len(NAMES)
        examples.append(Example(signals, score, rng.random() < share))
    return examples


def test_weights_are_found_and_useless_signals_stay_small():
    found = fit(world(1, 4_000, word_range=4.0, clean_prose=1.5))

    def falls_by(name):
        perfect = dict.fromkeys(NAMES, 1.0)
        return found.confidence(perfect, 1.0) - found.confidence({**perfect, name: 0.0}, 1.0)

    assert falls_by("word_range") > falls_by("clean_prose") > falls_by("characters_present") >= 0
    assert found.confidence(dict.fromkeys(NAMES, 1.0), 1.0) == pytest.approx(0.924, abs=0.02)


def test_fit_is_the_optimum():
    """At the optimum no small step of a weight lowers the penalised loss."""
    examples = world(2, 400, word_range=3.0)
    found = fit(examples)

    def loss(bias, weights):
        model = type(found)(bias, weights)
        return 0.5 * sum(weight**2 for weight in weights.values()) - sum(
            math.log(share if example.is_right else 1 - share)
            for example in examples
            for share in [model.confidence(example.signals, example.score)]
        )

    best = loss(found.bias, found.weights)
    for step in (-0.01, 0.01):
        assert loss(found.bias + step, found.weights) > best
        for name in ("word_range", "clean_prose", "characters_present", "score"):
            weight = found.weights.get(name, 0.0) + step
            if weight >= 0:
                assert loss(found.bias, {**found.weights, name: weight}) > best


@pytest.mark.parametrize("seed", range(20))
def test_better_signal_never_lowers_the_confidence(seed):
    # A signal that is worse in right outputs would get a negative weight if it might.
    found = fit(world(seed, 300, word_range=-3.0, clean_prose=2.0))
    assert all(weight > 0 for weight in found.weights.values())
    for name in NAMES:
        rising = [
            found.confidence({**dict.fromkeys(NAMES, 0.7), name: value / 10}, 0.7) for value in range(11)
        ]
        assert rising == sorted(rising)


def test_it_beats_a_score_with_wrong_weights_on_held_out_verdicts():
    learned = learn(world(3, 1_200, word_range=4.0))

    assert learned is not None
    _, comparison = learned
    assert comparison.is_better
    assert comparison.brier_of_learned < comparison.brier_of_score
    assert (comparison.auroc_of_learned or 0) > (comparison.auroc_of_score or 1)


def test_it_rarely_replaces_a_score_that_is_right():
    """Certainty of 95% in each: of 60 seeds at most 7 (p < 0.02) may call the learned one better."""
    better = 0
    for seed in range(60):
        learned = learn(world(100 + seed, 400, word_range=2.0, score_is_right=True))
        assert learned is not None
        better += learned[1].is_better
    assert better <= 7


@pytest.mark.parametrize("count", [0, 199])
def test_too_few_verdicts_teach_nothing(count):
    assert learn(world(4, count, word_range=4.0)) is None


def test_too_few_errors_teach_nothing():
    assert learn([Example({"word_range": 1.0}, 0.9, True)] * 500) is None
