"""Marks around quotations in a text, and the anchors that lead to them."""

from __future__ import annotations

import pytest

from agents.common.admin.markdown import prose
from agents.common.admin.quotes import MAX_QUOTES, Quotation, QuoteMarks


def marks_of(*quotes):
    return QuoteMarks(Quotation(quote) for quote in quotes)


def bare(html):
    return html.replace(' tabindex="-1"', "")


def marked(text, *quotes):
    return bare(marks_of(*quotes).marked(text)).replace(' id="quote-1"', "").replace(' id="quote-2"', "")


def test_quotations_are_matched_despite_spacing_and_case():
    shown = marked("He said “It’s  MAGIC” & left.", "it's magic")

    assert shown == "He said “<mark>It’s  MAGIC</mark>” &amp; left."


def test_overlapping_quotations_merge_and_ellipses_split():
    assert marked("one two three four", "one two", "two three") == "<mark>one two three</mark> four"
    assert marked("one two three four", "one … four") == "<mark>one</mark> two three <mark>four</mark>"


@pytest.mark.parametrize("quote", ["", "…", " . "])
def test_quotation_without_words_marks_nothing(quote):
    assert marked("a.b", quote) == "a.b"


def test_only_whole_words_are_marked():
    assert marked("The gun had begun.", "gun") == "The <mark>gun</mark> had begun."
    assert marked("他用手机打电话。", "手机") == "他用<mark>手机</mark>打电话。"


def test_anchor_leads_to_the_first_mark_on_the_page():
    marks = marks_of("the gun", "a radio", "a ghost")

    shown = [bare(marks.marked("Here is the gun, and a radio.")), bare(marks.marked("The gun again."))]

    assert shown == [
        'Here is <mark id="quote-1">the gun</mark>, and <mark id="quote-2">a radio</mark>.',
        "<mark>The gun</mark> again.",
    ]
    assert marks.anchors == {"the gun": "quote-1", "a radio": "quote-2"}


def test_quotations_in_one_mark_share_its_anchor():
    marks = marks_of("one two", "two three")
    marks.marked("one two three")

    assert marks.anchors == {"one two": "quote-1", "two three": "quote-1"}


def test_quotations_are_marked_in_markdown_where_no_formatting_interrupts():
    marks = marks_of("his <b>phone", "a loud radio")

    shown = bare(prose("**He took his <b>phone**\n\n- and a *loud* radio", marks))

    assert '<strong>He took <mark id="quote-1">his &lt;b&gt;phone</mark></strong>' in shown
    assert "and a <em>loud</em> radio" in shown
    assert marks.anchors == {"his <b>phone": "quote-1"}


def test_mark_says_what_its_words_contradict():
    against = [Quotation("a phone", "Against “No <wires>”.", "f1"), Quotation("phone", "Against iron.", "f2")]

    shown = prose("He took a phone.", QuoteMarks(against))

    assert 'title="Against “No &lt;wires&gt;”. Against iron."' in shown
    assert 'data-finding="f1 f2"' in shown


def test_marks_are_bounded():
    words = [f"word{number}" for number in range(MAX_QUOTES + 1)]

    assert marks_of(*words).marked(" ".join(words)).count("<mark") == MAX_QUOTES
