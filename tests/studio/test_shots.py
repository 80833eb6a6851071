"""Video prompts as plain text for the tools that make videos."""

from __future__ import annotations

from studio.jobs.shots import shots_of
from tests.support.rows import NARRATIVE, VIDEO_PROMPT


def test_each_tool_gets_every_shot_in_its_own_form():
    found = shots_of(VIDEO_PROMPT)

    assert found["total_s"] == 9
    assert {copy.tool: copy.text for copy in found["copies"]} == {
        "Runway": (
            "slow pan left: The ferry leaves the bank. Grey and patient.\n\n"
            "close: Coins in an open hand. Grey and patient."
        ),
        "Kling": (
            "Shot 1 (6s): The ferry leaves the bank. Camera: slow pan left.\n"
            "Shot 2 (3s): Coins in an open hand. Camera: close.\n"
            "Mood: Grey and patient."
        ),
        "Pika": (
            "The ferry leaves the bank, Grey and patient, slow pan left\n"
            "Coins in an open hand, Grey and patient, close"
        ),
    }


def test_a_scene_has_no_shots():
    assert shots_of(NARRATIVE) == {"shots": [], "total_s": 0, "copies": []}
