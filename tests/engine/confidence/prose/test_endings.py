"""Texts that are finished, and texts that break off."""

from __future__ import annotations

import pytest

from agents.engine.confidence.prose.endings import is_finished


@pytest.mark.parametrize(
    "text",
    [
        "She left.", "She left!", "Did she‽", "She left…", "She left...", "“She left.”", "(She left.)", "*She left.*",
        "彼は行った。", "「分かった」", "他说：“好。”", "（完）", "彼は――",
        "वह चला गया।", "ही है॥", "هل ذهبت؟", "وہ چلا گیا۔", "Նա գնաց։", "Նա գնաց:", "ሄደ።", "គាត់បានទៅ។", "သူသွားသည်။",
        "เขาไปแล้ว", "ລາວໄປແລ້ວ", "ཁོ་སོང་།", "Πού πήγες;", "¿Por qué?",
        "„Ich ging.“", "»Ich ging.«", "« Oui ! »", "« Oui »", "The sign said “CLOSED”", "The sign said 'CLOSED'",
        "[End of transmission]", "(He never came back)",
        "See you 😊", "See you ❤️", "She left. 👨‍👩‍👧", "She sang ♪", "He laughed :)",
    ],
)  # fmt: skip
def test_sentence_is_finished(text: str) -> None:
    assert is_finished(text)


@pytest.mark.parametrize(
    "text", ["“I never—”", '"I never—"', "‘I never–’", "„Ich wollte nie –“", "»Ich wollte –«", "*What the—*"]
)
def test_cut_off_speech_is_finished(text: str) -> None:
    assert is_finished(text)


@pytest.mark.parametrize(
    "marks", ["\u2062\u2064", "\ufe0f", "\u200b\n", "\ufeff", "\u00ad", "\u3164", " \U000e0041\U000e007f"]
)
def test_invisible_signs_at_the_end_are_read_over(marks: str) -> None:
    assert is_finished(f"She left.{marks}")
    assert not is_finished(f"She went down to the{marks}")


@pytest.mark.parametrize("ornament", ["***", "* * *", "---", "⁂", "~", "# # #", "❦"])
def test_ornament_at_the_end_is_read_over(ornament: str) -> None:
    assert is_finished(f"She left.\n\n{ornament}\n")
    assert not is_finished(f"She went down to the\n\n{ornament}\n")


@pytest.mark.parametrize(
    "words", ["The End", "THE END", "FIN", "*Ende*", "— Fin —", "Конец", "終", "(Fortsetzung folgt)"]
)
def test_word_for_the_end_is_an_end(words: str) -> None:
    assert is_finished(f"She slept.\n\n{words}")
    assert is_finished(f"She slept. {words}")


@pytest.mark.parametrize(
    "text",
    [
        "Come home before the ice.\n\nYours, Mira",
        "Come home.\n\nYours,\nMira",
        "Come home.\n\nWith all my love,\nYour sister",
        "Come home.\n— Mira",
        "Dear Tom,\n\nCome home before the ice.\n\nMira Voss",
        "Komm heim.\n\nDeine Mira",
        "Komm heim.\nMit freundlichen Grüßen\nTom Arden",
        "Reviens.\n\nBien à vous,\nIlse",
    ],
)
def test_letter_ends_with_a_name(text: str) -> None:
    assert is_finished(text)


@pytest.mark.parametrize(
    "text",
    [
        "Roses are red,\nviolets are blue",
        "The tide comes in,\nthe tide goes out\nand nobody remembers",
        "She sang.\n\nThe tide goes out,\nthe moon goes in\n\nand nobody remembers",
    ],
)
def test_verse_needs_no_full_stop(text: str) -> None:
    assert is_finished(text)


@pytest.mark.parametrize(
    "text",
    [
        "She went down to the", "She went,", "down the:", "She left;", "and then—", "She took (", "She counted 12",
        "“I know,”", '"I know,"', "She said, “", 'She said: "', "He left. “", "Er ging. „", "Sie sagte: »",
        "Elle dit : «", "The boys’", "The boys'", "He said 'wait' and", "He stood at the end of",
        "彼は港で", "он пошёл в",
        "He left.\n\nShe went down to the", "“Yes.”\n“No.”\nShe went down to the", "Dear Tom,\nI went down to the",
        "He went with love", "He left.\n\nThen Mira",
    ],
)  # fmt: skip
def test_sentence_breaks_off(text: str) -> None:
    assert not is_finished(text)
