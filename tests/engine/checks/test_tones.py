"""Tones that rule out cruelty, and tones that do so only in part."""

from __future__ import annotations

import pytest

from agents.engine.checks import check
from agents.engine.world import WorldView

CRUEL = (
    "He cut the guard's throat, and blood sprayed over the wall.",
    "She stabbed him in the belly, and his guts spilled on the floor.",
)
CURSE = "“Fuck off,” he said, and slammed the door."


def _is_accused(text: str, tone: str) -> bool:
    return any(finding.strength != "hint" for finding in check(text, WorldView(tone=tone)))


@pytest.mark.parametrize("text", CRUEL)
@pytest.mark.parametrize(
    "tone",
    [
        "cosy",
        "Cozy and warm",
        "gentle, for children",
        "Family-friendly",
        "wholesome",
        "Suitable for all ages",
        "light and whimsical, never violent",
        "no violence",
        "A warm bedtime story",
        "Heart-warming",
        "PG",
        "Middle grade",
        "G-rated",
        "feel-good",
        "light-hearted",
        "non-violent",
        "for young readers",
        "ages 6 to 9",
        "sweet",
    ],
)
def test_a_gentle_tone_rules_out_cruelty(tone: str, text: str) -> None:
    assert _is_accused(text, tone)


@pytest.mark.parametrize("text", [*CRUEL, CURSE])
@pytest.mark.parametrize(
    "tone",
    [
        "grim",
        "Anything but cosy",
        "Not for children",
        "Cosy on the surface, brutal beneath",
        "dark comedy",
        "Gentle at first, then merciless",
        "Cosy horror",
        "A gentle opening, a bloody end",
        "Violent and tender by turns",
        "adult, gory, funny",
        "Never cosy",
        "Noir with warm moments",
        "Brutal fairy tale",
        "Light-hearted slasher",
        "",
        "bleak and kind",
        "A family saga of murder and revenge",
        "Children in peril",
    ],
)
def test_a_tone_that_is_gentle_in_part_rules_out_nothing(tone: str, text: str) -> None:
    assert not _is_accused(text, tone)


@pytest.mark.parametrize("tone", ["Not formal at all", "never solemn"])
def test_a_tone_that_is_not_formal_allows_slang(tone: str) -> None:
    text = "“That's cool, dude,” he said."
    assert _is_accused(text, "Formal")
    assert not _is_accused(text, tone)
