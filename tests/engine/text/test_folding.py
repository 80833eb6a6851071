"""One spelling for comparisons, and the way back to the words of the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.engine.checks import check
from agents.engine.text.folding import fold
from agents.engine.text.matching import flatten
from agents.engine.world import WorldView


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Anne-Marie’s", "Anne-Marie's"),
        ("Anne\u2011Marie", "Anne-Marie"),
        ("Zoe\u0308", "Zoë"),
        ("ｌａｐｔｏｐ", "laptop"),
        ("lap\u200b\u00adtop", "laptop"),
        ("lаptop", "laptop"),
        ("Ма́ма", "Ма\u0301ма"),
        ("so… on", "so… on"),
        ("\ue000 sat", "\ufffd sat"),
    ],
)
def test_text_is_written_in_one_spelling(text: str, folded: str) -> None:
    assert fold(text).text == folded


def test_span_leads_back_to_the_words_of_the_text() -> None:
    text = "Her lap\u200btop, Zoe\u0308’s."
    folded = fold(text)
    start = folded.text.index("laptop")

    assert text[slice(*folded.source_span(start, start + 6))] == "lap\u200btop"
    assert text[slice(*folded.source_span(len(folded.text) - 6, len(folded.text) - 1))] == "Zoe\u0308’s"


@given(st.text(max_size=60))
def test_every_span_is_in_the_text(text: str) -> None:
    folded = fold(text)
    spans = [folded.source_span(index, index + 1) for index in range(len(folded.text))]

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert flatten(text) == flatten(folded.text)


def test_private_characters_of_a_text_name_nobody() -> None:
    elements = [
        {"kind": "character", "name": name, "traits": {"status": "dead", "eyes": "green"}}
        for name in ("Tom", "Ida")
    ]
    world = WorldView.from_mapping({"elements": elements})

    assert (
        check("In the song Tom sat. \ue000 smiled, \ue005 came, and \ue001's brown eyes shone.", world) == ()
    )
