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
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from agents.common.admin.display import HIDDEN_TITLE, visible
from agents.common.admin.quotes import QuoteMarks

# The worst text of this length takes about half a second to parse (see the test).
MAX_CHARS: Final = 60_000
MAX_NESTING: Final = 20

# The page uses h1 to h3 itself.
_LOWERED = {"h1": "h4", "h2": "h5", "h3": "h6", "h4": "h6", "h5": "h6", "h6": "h6"}
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")

_WITH_DIRECTION = ("p", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre")
_DIRECTION = {"dir": {"auto"}}
_SPAN = {"class": {"hidden-char"}, "title": {HIDDEN_TITLE}}

# An allowlist, so that rules added by later versions stay off. Excluded are links and images, whose text hides their
# target; references and entities, which disappear or change; indented code and underlined headings, which novelists
# write by accident.
_RULES = ["fence", "blockquote", "hr", "list", "heading", "newline", "escape", "backticks", "emphasis"]


def prose(text: object, marks: QuoteMarks | None = None) -> SafeString:
    """Render ``text`` as safe HTML, or as plain paragraphs if it is too long or too deeply nested.

    Of the quotations in ``marks``, those are marked that no formatting interrupts.
    """
    marks = marks or QuoteMarks(())
    markdown = str(text).replace("\r\n", "\n")
    if len(markdown) > MAX_CHARS:
        return _paragraphs(markdown, marks)
    # The parser would replace a NUL by a character without meaning.
    tokens = _PARSER.parse(markdown.replace("\x00", "\u2400"))
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        # The parser drops deeper levels, but reviewers must see the whole text.
        return _paragraphs(markdown, marks)
    for token in tokens:
        token.tag = _LOWERED.get(token.tag, token.tag)
        if token.tag in _WITH_DIRECTION and token.nesting == 1:
            token.attrSet("dir", "auto")
    html = _PARSER.renderer.render(tokens, _PARSER.options, {"marks": marks})
    # Safe: the sanitizer keeps only the tags and attributes named there.
    return mark_safe(_sanitized(html).strip())  # noqa: S308


def _sanitized(html: str) -> str:
    return nh3.clean(
        html,
        tags={*_WITH_DIRECTION, "br", "hr", "em", "strong", "code", "span", "mark"},
        attributes={"*": set(), "ol": {"start"}, "mark": {"id", "tabindex", "title", "data-finding"}},
        tag_attribute_values={**dict.fromkeys(_WITH_DIRECTION, _DIRECTION), "span": _SPAN},
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

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render code with the text after the opening fence, which would be invisible otherwise."""
        lines = [tokens[idx].info.strip(), tokens[idx].content.rstrip("\n")]
        code = visible("\n".join(line for line in lines if line))
        return format_html('<pre dir="auto"><code>{}</code></pre>\n', code)


_PARSER: Final = MarkdownIt(
    "zero", {"html": False, "breaks": True, "maxNesting": MAX_NESTING}, renderer_cls=_Renderer
).enable(_RULES)
