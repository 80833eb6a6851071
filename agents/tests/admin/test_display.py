"""Text that nobody has to trust."""

from __future__ import annotations

from agents.admin import diff, display


def test_paragraphs_and_lines_are_all_the_form_that_text_gets():
    shown = display.prose("One <b>\r\ntwo\r\n\r\n# three")

    assert shown == '<p dir="auto">One &lt;b&gt;<br>two</p>\n<p dir="auto"># three</p>'


def test_hidden_characters_are_shown_by_their_code_point():
    shown = display.visible("a\u202eb\u200bc\x00d\U000e0041")

    assert "".join(part for part in ("U+202E", "U+200B", "U+0000", "U+E0041") if part in shown) == (
        "U+202EU+200BU+0000U+E0041"
    )
    assert not {"\u202e", "\u200b", "\x00", "\U000e0041"} & set(shown)


def test_joiners_that_honest_text_needs_stay():
    assert display.visible("نمی\u200cخواهم 👩\u200d🚀") == "نمی\u200cخواهم 👩\u200d🚀"


def test_quotes_are_marked_whatever_their_spacing_case_and_marks():
    shown = display.marked("He said “It’s  MAGIC” & left.", ["it's magic"])

    assert shown == "He said “<mark>It’s  MAGIC</mark>” &amp; left."


def test_overlapping_quotes_become_one_mark_and_an_ellipsis_two():
    assert display.marked("one two three four", ["one two", "two three"]) == "<mark>one two three</mark> four"
    assert (
        display.marked("one two three four", ["one … four"]) == "<mark>one</mark> two three <mark>four</mark>"
    )


def test_a_quote_of_no_words_marks_nothing():
    assert display.marked("a.b", ["", "…", " . "]) == "a.b"


def test_changed_words_are_marked_on_their_side():
    (change,) = diff.changes({"title": "A low <i>", "n": 1}, {"title": "A high <i>", "n": 1})

    assert change.label == "Title"
    assert change.before == "A <del>low</del> &lt;i&gt;"
    assert change.after == "A <ins>high</ins> &lt;i&gt;"


def test_confidence_without_a_number_has_no_bar():
    assert display.confidence_bar(None) == "–"
    assert display.confidence_bar("") == "–"
