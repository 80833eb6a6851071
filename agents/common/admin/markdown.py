"""Safe rendering of Markdown: formatting only, no links, images or raw HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import nh3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit, table
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from agents.common.admin.display import HIDDEN_TITLE, visible
from agents.common.admin.quotes import QuoteMarks

# The worst text of this length takes about half a second to parse (see the test).
MAX_CHARS: Final = 60_000
MAX_NESTING: Final = 20
# Cells of all tables of a text: a few letters make many of them.
MAX_CELLS: Final = 3_000

# The page uses h1 to h3 itself.
_LOWERED = {"h1": "h4", "h2": "h5", "h3": "h6", "h4": "h6", "h5": "h6", "h6": "h6"}
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")

_WITH_DIRECTION = ("p", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "th", "td")
_TABLE = ("table", "thead", "tbody", "tr")
# A wide table scrolls by itself, also by keyboard.
_SCROLLS = {"class": {"scroll"}, "role": {"region"}, "aria-label": {"Table"}, "tabindex": {"0"}}
_DIRECTION = {"dir": {"auto"}}
_SPAN = {"class": {"hidden-char"}, "title": {HIDDEN_TITLE}}

# An allowlist, so that rules added by later versions stay off. Excluded are links and images, whose text hides their
# target; references and entities, which disappear or change; indented code and underlined headings, which novelists
# write by accident.
_RULES = [
    *("table", "fence", "blockquote", "hr", "list", "heading"),
    *("newline", "escape", "backticks", "strikethrough", "emphasis"),
]


def prose(text: object, marks: QuoteMarks | None = None) -> SafeString:
    """Render ``text`` as safe HTML, or as plain paragraphs if it is too long, too deeply nested or full of cells.

    Of the quotations in ``marks``, those are marked that no formatting interrupts.
    """
    marks = marks or QuoteMarks(())
    markdown = str(text).replace("\r\n", "\n")
    if len(markdown) > MAX_CHARS:
        return _paragraphs(markdown, marks)
    # The parser would replace a NUL by a character without meaning.
    env: EnvType = {"marks": marks, "cells": 0}
    tokens = _PARSER.parse(markdown.replace("\x00", "\u2400"), env)
    if env["cells"] > MAX_CELLS or any(token.level >= MAX_NESTING - 1 for token in tokens):
        # The parser drops deeper levels, but reviewers must see the whole text.
        return _paragraphs(markdown, marks)
    for token in tokens:
        token.tag = _LOWERED.get(token.tag, token.tag)
        if token.tag in _WITH_DIRECTION and token.nesting == 1:
            token.attrSet("dir", "auto")
    html = _PARSER.renderer.render(tokens, _PARSER.options, env)
    # Safe: the sanitizer keeps only the tags and attributes named there.
    return mark_safe(_sanitized(html).strip())  # noqa: S308


def _sanitized(html: str) -> str:
    return nh3.clean(
        html,
        tags={*_WITH_DIRECTION, *_TABLE, "br", "hr", "em", "strong", "s", "code", "span", "mark", "div"},
        attributes={"*": set(), "ol": {"start"}, "mark": {"id", "tabindex", "title", "data-finding"}},
        tag_attribute_values={**dict.fromkeys(_WITH_DIRECTION, _DIRECTION), "span": _SPAN, "div": _SCROLLS},
    )


def _paragraphs(text: str, marks: QuoteMarks) -> SafeString:
    parts = [part.strip("\n") for part in _BLANK_LINES.split(text.strip())]
    return format_html_join(
        "\n", '<p dir="auto">{}</p>', ((_with_breaks(part, marks),) for part in parts if part)
    )


def _with_breaks(text: str, marks: QuoteMarks) -> SafeString:
    # Safe: every part has been escaped.
    return mark_safe("<br>".join(marks.marked(line) for line in text.split("\n")))  # noqa: S308


class _Renderer(RendererHTML):
    """A renderer that makes hidden characters visible and marks quotations."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        marks: QuoteMarks = env["marks"]
        return marks.marked(tokens[idx].content)

    def code_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return format_html("<code>{}</code>", visible(tokens[idx].content))

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<div class="scroll" role="region" aria-label="Table" tabindex="0"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div>\n"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render code with the text after the opening fence, which would be invisible otherwise."""
        lines = [tokens[idx].info.strip(), tokens[idx].content.rstrip("\n")]
        code = visible("\n".join(line for line in lines if line))
        return format_html('<pre dir="auto"><code>{}</code></pre>\n', code)


def _whole_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a table with the cells that its rows have.

    The parser's own rule drops those without a heading, and adds any number that are missing.
    """
    if state.env["cells"] > MAX_CELLS or not table(state, start, end, True):
        return False
    if silent:
        return True
    ends = state.md.block.ruler.getRules("blockquote")
    state.push("table_open", "table", 1).map = [start, end]
    head = _cells(state, start)
    # Markdown can say that a table has no head only by empty cells.
    if any(head):
        state.push("thead_open", "thead", 1)
        _push_row(state, start, head, "th")
        state.push("thead_close", "thead", -1)
    state.push("tbody_open", "tbody", 1)
    line = start + 2
    while line < end and state.sCount[line] >= state.blkIndent and not state.isEmpty(line):
        if any(rule(state, line, end, True) for rule in ends):
            break
        _push_row(state, line, _cells(state, line), "td")
        line += 1
    state.push("tbody_close", "tbody", -1)
    state.push("table_close", "table", -1)
    state.line = line
    return True


def _cells(state: StateBlock, line: int) -> list[str]:
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
    cells = escapedSplit(text.removeprefix("|"))
    return [cell.strip() for cell in (cells[:-1] if not cells[-1] and len(cells) > 1 else cells)]


def _push_row(state: StateBlock, line: int, cells: list[str], tag: str) -> None:
    state.env["cells"] += len(cells)
    state.push("tr_open", "tr", 1)
    for text in cells:
        state.push(f"{tag}_open", tag, 1)
        inline = state.push("inline", "", 0)
        inline.content, inline.map, inline.children = text, [line, line + 1], []
        state.push(f"{tag}_close", tag, -1)
    state.push("tr_close", "tr", -1)


_PARSER: Final = MarkdownIt(
    "zero", {"html": False, "breaks": True, "maxNesting": MAX_NESTING}, renderer_cls=_Renderer
).enable(_RULES)
_PARSER.block.ruler.at("table", _whole_table, {"alt": ["paragraph", "reference"]})
