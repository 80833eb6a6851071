"""Rendering of generated text as safe Markdown."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.common.admin import markdown
from agents.common.admin.markdown import prose
from tests.support.effort import effort

HIDDEN = '<span class="hidden-char" title="A hidden character">'


class Reader(HTMLParser):
    """Parse HTML as a browser does: the tags with their attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value) for name, value in attrs if name != "start"}

    def handle_data(self, data: str) -> None:
        self.text += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(prose(text))
    reader.close()
    return reader


def test_paragraphs_and_line_breaks_are_kept():
    shown = prose("One <b>\r\ntwo\r\n\r\nthree")

    assert shown == '<p dir="auto">One &lt;b&gt;<br>\ntwo</p>\n<p dir="auto">three</p>'


def test_common_formatting_is_rendered():
    shown = prose("*low* **water** `rope`\n\n> He said\n\n- one\n- two\n\n3. three\n\n---")

    assert shown.split("\n") == [
        '<p dir="auto"><em>low</em> <strong>water</strong> <code>rope</code></p>',
        '<blockquote dir="auto">',
        '<p dir="auto">He said</p>',
        "</blockquote>",
        '<ul dir="auto">',
        '<li dir="auto">one</li>',
        '<li dir="auto">two</li>',
        "</ul>",
        '<ol start="3" dir="auto">',
        '<li dir="auto">three</li>',
        "</ol>",
        "<hr>",
    ]


@pytest.mark.parametrize(
    ("marks", "tag"), [("#", "h4"), ("##", "h5"), ("###", "h6"), ("####", "h6"), ("######", "h6")]
)
def test_headings_are_below_the_page_headings(marks, tag):
    assert prose(f"{marks} Low water") == f'<{tag} dir="auto">Low water</{tag}>'


@pytest.mark.parametrize(
    "text",
    [
        "[look](javascript:alert(1))",
        "![look](http://192.0.2.1/x.png)",
        "<http://192.0.2.1/>",
        "http://192.0.2.1/ and www.example.com",
        "[look][1]\n\n[1]: http://192.0.2.1/",
        "<img src=x onerror=alert(1)>",
        "<!-- nothing to see -->",
        "&lt;script&gt; &#x202e; &amp;",
        "| a | b |\n|---|\n| c | d |",
        "~gone~",
        "    four spaces are no code",
        "{{ settings.SECRET_KEY }} {% debug %}",
    ],
)
def test_active_content_is_shown_as_text(text):
    reader = read(text)

    assert reader.tags <= {"p", "br"}
    assert reader.attributes == {("dir", "auto")}
    assert "".join(reader.text.split()) == "".join(text.split())


def test_setext_headings_are_not_rendered():
    assert prose("She left.\n---\nHe stayed.") == (
        '<p dir="auto">She left.</p>\n<hr>\n<p dir="auto">He stayed.</p>'
    )


def test_table_shows_every_cell_and_scrolls_by_itself():
    shown = prose("| *a* | <b> |\n|:--|--:|\n| c | d \\| e | more |\n| f |\n\nafter")

    assert shown.split("\n") == [
        '<div class="scroll" role="region" aria-label="Table" tabindex="0"><table>',
        "<thead>",
        "<tr>",
        '<th dir="auto"><em>a</em></th>',
        '<th dir="auto">&lt;b&gt;</th>',
        "</tr>",
        "</thead>",
        "<tbody>",
        "<tr>",
        '<td dir="auto">c</td>',
        '<td dir="auto">d | e</td>',
        '<td dir="auto">more</td>',
        "</tr>",
        "<tr>",
        '<td dir="auto">f</td>',
        "</tr>",
        "</tbody>",
        "</table></div>",
        '<p dir="auto">after</p>',
    ]


def test_table_without_a_head_has_none():
    reader = read("|  |  |\n| --- | --- |\n| Age | ~~40~~ 41 |")

    assert reader.tags == {"div", "table", "tbody", "tr", "td", "s"}


def test_text_with_too_many_cells_is_shown_unformatted():
    text = "|a\n|-\n" + "|b" * (markdown.MAX_CELLS + 1)

    assert read(text).tags == {"p", "br"}
    assert read(text).text.count("b") == markdown.MAX_CELLS + 1


def test_info_string_of_code_block_is_shown():
    assert prose("```js onload=x\n<script>\n```") == (
        '<pre dir="auto"><code>js onload=x\n&lt;script&gt;</code></pre>'
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", f"a{HIDDEN}U+202E</span>b"),
        ("`a\u200bb`", f"<code>a{HIDDEN}U+200B</span>b</code>"),
        ("```\na\ufeffb\n```", f"<code>a{HIDDEN}U+FEFF</span>b</code>"),
        ("*a\u2028b*", f"<em>a{HIDDEN}U+2028</span>b</em>"),
        ("a\x00b", "a␀b"),
    ],
)
def test_hidden_characters_are_shown_everywhere(text, shown):
    assert shown in prose(text)


def test_deeply_nested_text_is_shown_unformatted():
    assert prose("> " * 30 + "the secret") == f'<p dir="auto">{"&gt; " * 30}the secret</p>'


def test_sanitizer_stops_what_the_parser_lets_through():
    let_through = (
        '<p dir="ltr" style="color:red" onclick="a()">a<script>b()</script><img src="x"></p>'
        '<a href="javascript:a()">c</a><span class="decision-bar" title="d" id="e">f</span><!-- g -->'
    )

    assert markdown._sanitized(let_through) == "<p>a</p>c<span>f</span>"


def test_empty_text_is_empty():
    assert prose("") == prose(" \n\n ") == ""


@pytest.mark.parametrize(
    "unit",
    [
        "*[",
        "_*",
        "*a **b",
        "> ",
        "> a\n",
        "-\n",
        "* * a\n",
        "- a\n  ",
        "`a``",
        "# a\n",
        "a\n",
        "![",
        "\\",
        "***a_b ",
        "a|\n-|\n",
        "|a\n|-\n\n",
        "|",
        "~~a ",
    ],
)
def test_pathological_text_is_fast(unit):
    size = markdown.MAX_CHARS // 4

    # At most 17; quadratic time would be many times as much.
    assert effort(lambda: prose((unit * size)[:size])) < 100
    assert effort(lambda: prose(unit * markdown.MAX_CHARS)) < 100


def test_text_over_the_limit_is_shown_unformatted():
    text = "*a* <b>\n" * (markdown.MAX_CHARS // 8 + 1)

    shown = prose(text)

    assert "<em>" not in shown
    assert "<b>" not in shown
    assert read(text).text.replace("*a* <b>", "") == ""
    assert read(text).text.count("*a* <b>") == text.count("\n")


MARKUP = st.text(alphabet="ab <>*_`~#>-+=[]()!|&;:/\\\"'\n\t1.{}%", max_size=200)


@settings(max_examples=300, deadline=None)
@given(text=MARKUP | st.text(max_size=100))
def test_output_has_only_known_tags_and_every_letter(text):
    reader = read(text)

    assert reader.tags <= {
        *(*markdown._WITH_DIRECTION, *markdown._TABLE),
        *("br", "hr", "em", "strong", "s", "code", "span", "div"),
    }
    assert reader.attributes <= {
        ("dir", "auto"),
        *(("class", "hidden-char"), ("title", "A hidden character")),
        *(("class", "scroll"), ("role", "region"), ("aria-label", "Table"), ("tabindex", "0")),
    }
    # The browser shows the number of a list item.
    wanted = [letter for letter in text if letter.isalpha()]
    shown = iter(reader.text)
    assert all(letter in shown for letter in wanted)
