"""Paragraphs and sentences that a text has twice."""

from __future__ import annotations

import pytest

from agents.engine.confidence.prose.quotations import Quotations
from agents.engine.confidence.prose.repetition import first_repeated

LONG = "She went down to the weir in the morning and counted the pins"
SONG = "Row on, row on, the tide is turning,\nand nobody remembers home"


def repeated(text: str) -> str:
    return first_repeated(text, Quotations(text))


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        (f"{LONG}.\n\nShe left.\n\n{LONG}.", f"{LONG}."),
        (f"{LONG}. She left. {LONG}! {LONG}.", f"{LONG}."),
        (f"“Go,” he said. {LONG}. “Go.” {LONG}. She left.", f"{LONG}."),
        ("He ran. He fell. He got up. He ran on.\n\nShe left.\n\nHe ran. He fell. He got up. He ran on.",
         "He ran. He fell. He got up. He ran on."),
        ("彼は港で古い地図を見つけてそれを持って帰った。彼は寝た。彼は港で古い地図を見つけてそれを持って帰った。",
         "彼は港で古い地図を見つけてそれを持って帰った。"),
        (f"“{LONG}.” “{LONG}.” “{LONG}.”", f"“{LONG}.”"),
    ],
)  # fmt: skip
def test_repeated_piece_is_found(text: str, piece: str) -> None:
    assert repeated(text) == piece


@pytest.mark.parametrize(
    "text",
    [
        "He waited. She came. He waited.",
        f"{LONG}. She left. {LONG} and the nets.",
        "On the morning of the third day, Mr. Arden left. On the morning of the third day, Mr. Voss left.",
        "“All?” asked Tobin, and Mira had to think about it. “Why?” asked Tobin, and Mira had to think about it.",
        f"“{LONG},” she said.\n\n“{LONG},” he said.",
        f"“{LONG}.”\n\nHe laughed.\n\n“{LONG}.”",
        f"She sang.\n\n{SONG}\n\nHe sang.\n\n{SONG}\n\nAll sang.\n\n{SONG}",
    ],
)
def test_refrain_and_short_sentence_may_return(text: str) -> None:
    assert repeated(text) == ""
