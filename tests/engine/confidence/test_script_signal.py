"""Words that mix alphabets, hide signs or are spelled with styled letters."""

from __future__ import annotations

import pytest

from agents.engine.confidence.script_signal import mixed_words, scripts


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("smаrtphone", "Latin and Cyrillic"),
        ("Мirа", "Cyrillic and Latin"),
        ("сar", "Cyrillic and Latin"),
        ("Kиев", "Latin and Cyrillic"),
        ("heӏlo", "Latin and Cyrillic"),
        ("ρhone", "Greek and Latin"),
        ("Mαyα", "Latin and Greek"),
        ("NΞXUS", "Latin and Greek"),
        ("Ꭺmerica", "Cherokee and Latin"),
        ("հello", "Armenian and Latin"),
        ("ⲥmart", "Coptic and Latin"),
        ("smסrt", "Latin and Hebrew"),
        ("ｓｍａｒｔ", "full-width letters"),
        ("smａrt", "full-width letters"),
        ("𝐬𝐦𝐚𝐫𝐭", "styled letters"),
        ("sm𝐚rt", "styled letters"),
        ("𝕤𝕞𝕒𝕣𝕥", "styled letters"),
        ("Ⓢⓜⓐⓡⓣ", "styled letters"),
        ("🅂🄼🄰🅁🅃", "styled letters"),
        ("ᴛʜᴇ", "styled letters"),
        ("ˢᵐᵃʳᵗ", "styled letters"),
        ("s̶m̶a̶r̶t̶", "marks over the letters"),
        ("ꜱmartphone", "styled letters"),
        ("tℯlephone", "letters that only look alike"),
        ("ⅼaptop", "letters that only look alike"),
        ("laptºp", "letters that only look alike"),
        ("smɑrtphone", "letters that only look alike"),
        ("ɢunner", "letters that only look alike"),
    ],
)
def test_word_that_is_not_spelled_as_it_looks_is_found(word: str, why: str) -> None:
    assert mixed_words(f"She had a {word}, and left.") == [(word, why)]


@pytest.mark.parametrize(
    "sign",
    [
        "\u200b",
        "\u00ad",
        "\u2060",
        "\ufeff",
        "\u200d",
        "\u200c",
        "\ufe0f",
        "\u202e",
        "\U000e0061",
        "\u180e",
        "\u2063",
        "\u034f",
    ],
)
def test_sign_hidden_in_word_is_found(sign: str) -> None:
    assert mixed_words(f"Her smart{sign}phone rang.") == [("smartphone", f"hidden sign U+{ord(sign):04X}")]


@pytest.mark.parametrize("word", ["он\u200bа", "한\u200b국", "מ\u2060ים"])
def test_hidden_sign_is_found_in_other_scripts(word: str) -> None:
    assert len(mixed_words(f"{word}.")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "She left.",
        "“Naïve,” said Łódź’s café — cafe\u0301, Tie\u0302\u0301ng Việt, İstanbul, Hawaiʻi…",
        "Ωmega-3, β-carotene and βcarotene, 5 μm, 5 µm, kΩ, ΔT, ΔΔG, μSv, αGal, πr², λ and αβ.",
        "A K-поп band, SMSка, IT-отдел and the iPhone-ом.",
        "Београд Beograd, Љубав ljubav, Москва, Ереван Երևան, Ελλάδα, ᏣᎳᎩ.",
        "Tシャツと AI技術、ＡＩ技術、ＮＨＫのニュース、K팝.",
        "می\u200cخواهم, नमस्\u200dते, 👩‍🚀 and ❤️.",
        "ภาษา\u200bไทย, ខ្មែរ\u200bភាសា",
        "הiPhone, וiPhone, وiPhone",
        "He left.\u2062\u2064 And\u200b came back\ufeff.",
        "/smɑrt/ and [ɡʊd] and bɪɡ; nº 5, Mª José, Sr.ª; Henry Ⅷ, ⅳ and ⅻ; XIXᵉ.",
        "1ˢᵗ, H₂O, 5ª, Ⅻ, № 5, ﬁnd, 𝑥 and 𝑦, ℝ, 2 Å, /ˈsmɑːtfəʊn/, tʰ.",
    ],
)
def test_innocent_text(text: str) -> None:
    assert mixed_words(text) == []


def test_signal_names_words_of_all_texts() -> None:
    (signal,) = scripts("A smаrtphone.", "Plain.", "A smart\u200bphone.")

    assert (signal.name, signal.value, signal.cap) == ("scripts", 0.0, 0.45)
    assert signal.sentence == (
        "Words with look-alike characters: “smаrtphone” (Latin and Cyrillic); "
        "“smartphone” (hidden sign U+200B)."
    )


def test_signal_names_a_few_words_of_many() -> None:
    (signal,) = scripts(" ".join(f"smаrt{letter}" for letter in "abcdefg"))

    assert signal.sentence.count("“") == 5
    assert signal.sentence.endswith(" And others.")


def test_plain_text_has_no_signal() -> None:
    assert scripts("She left.", "Она ушла.") == ()
