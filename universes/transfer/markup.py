"""HTML and BBCode as Markdown, and the parts of texts that are reported instead of kept."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final

import nh3

from universes.transfer.html_markdown import to_markdown
from universes.transfer.world import Options, Report

_TAG: Final = re.compile(
    r"</?(?:a|b|big|blockquote|br|center|code|del|details|div|em|embed|figure|font|h[1-6]|hr|i|iframe|img|ins|li|ol|p|pre"
    r"|s|script|section|small|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|th|thead|tr|u|ul|video)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_VOID: Final = re.compile(r"<(?:br|hr|img|p|li)\b|.*/>", re.IGNORECASE | re.DOTALL)
# Parsers of HTML take quadratic time for deeper ones.
_MAX_DEPTH: Final = 500
_ACTIVE: Final = re.compile(r"<(script|iframe|embed|object|style)\b", re.IGNORECASE)
_IMAGE: Final = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_BLANK_LINES: Final = re.compile(r"\n{2,}")
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,6});")
_TAGS_KEPT: Final = nh3.ALLOWED_TAGS - {"img"}
_SCHEMES: Final = {"http", "https", "mailto"}

# An order to a model, which is no fact of a world.
_NOTE_TO_MODEL: Final = re.compile(
    r"\[\s{0,20}(?:system(?:\s(?:note|prompt|message))?|instructions?|ooc|note to (?:ai|the model))\s{0,20}:[^\[\]]*\]",
    re.IGNORECASE,
)
_ORDER: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.!?\n\[\]]{0,80}\b(?:previous|prior|above|all|any|earlier|system)\b"
    r"[^.!?\n\[\]]{0,40}\b(?:instructions?|rules?|prompts?|orders?|messages?)\b",
    re.IGNORECASE,
)
# A text that is nothing but orders.
_MAX_ORDERS: Final = 100
_SENTENCE_ENDS: Final = ".!?\n[]"
_PLACEHOLDER: Final = re.compile(r"\{\{\s*(?:user|char|original|random|roll|pick)[^{}]*\}\}", re.IGNORECASE)


def text_of(raw: str, where: str, report: Report) -> str:
    """Return a text of a source in Markdown, without orders to a model; placeholders such as ``{{user}}`` stay."""
    text, comments = _COMMENT.subn("", raw.replace("\r\n", "\n").replace("\r", "\n"))
    if comments:
        report.add("left out", where, f"{comments} comment(s), which readers of its source do not see.")
    if _TAG.search(text):
        # Authors of plain texts with a few tags mean their line breaks.
        text = html_to_markdown(text if "<p" in text else text.replace("\n", "<br>"), where, report)
    text, orders = without_orders(text)
    if orders:
        report.add("left out", where, "An order to a model is no fact of a world.")
    if placeholders := sorted(set(_PLACEHOLDER.findall(text))):
        report.add("kept", where, f"{', '.join(placeholders)} is a placeholder of chats; it stands as text.")
    return text.strip()


def without_orders(text: str) -> tuple[str, int]:
    """Return a text without the sentences that give orders to a model, and their number."""
    text, count = _NOTE_TO_MODEL.subn("", text)
    while (order := _ORDER.search(text)) is not None:
        start = max(text.rfind(mark, 0, order.start()) for mark in _SENTENCE_ENDS) + 1
        ends = (text.find(mark, order.end()) for mark in _SENTENCE_ENDS)
        end = min((at for at in ends if at >= 0), default=len(text))
        is_mark = text[end : end + 1] in (".", "!", "?")
        text, count = text[:start] + text[end + is_mark :], count + 1
        if count > _MAX_ORDERS:
            return "", count
    return text, count


def html_to_markdown(source: str, where: str, report: Report) -> str:
    if found := _ACTIVE.search(source):
        report.add("left out", where, f"A <{found[1].lower()}> element was removed.")
    if images := len(_IMAGE.findall(source)):
        report.add("left out", where, f"{images} image(s): only texts are read.")
    if _depth(source) > _MAX_DEPTH:
        report.add("cut", where, f"Its HTML is nested over {_MAX_DEPTH} levels deep; only its text was kept.")
        source = _TAG.sub("\n\n", source)
    clean = nh3.clean(source, tags=set(_TAGS_KEPT), url_schemes=set(_SCHEMES), link_rel=None)
    clean = clean.replace("\u00ad", "").replace("&shy;", "").replace("&nbsp;", " ").replace("\u00a0", " ")
    return _tidy(to_markdown(clean))


_BB_PAIRS: Final[Mapping[str, tuple[str, str]]] = {
    **{
        name: (f"<{name}>", f"</{name}>")
        for name in ("h1", "h2", "h3", "h4", "p", "b", "i", "u", "s", "ul", "ol", "li")
    },
    **{name: (f"<{name}>", f"</{name}>") for name in ("table", "tr", "td", "th", "sub", "sup", "code")},
    "quote": ("<blockquote>", "</blockquote>"),
    "center": ("<p>", "</p>"),
    "aloud": ("<blockquote>", "</blockquote>"),
    **dict.fromkeys(("spoiler", "secret", "row", "col", "container", "section"), ("<p>", "</p>")),
}
_BB_TAG: Final = re.compile(r"\[(/?)([a-z][a-z0-9_]*)((?:[:=|][^\[\]\n]*)?)\]", re.IGNORECASE)
_BB_PRIVATE: Final = re.compile(
    r"\[(spoiler|secret)(?:[:=|][^\[\]]*)?\](?:(?!\[(?:spoiler|secret)\b).)*?\[/\1\]",
    re.IGNORECASE | re.DOTALL,
)


def bbcode_to_markdown(source: str, where: str, report: Report, options: Options) -> str:
    """Convert World Anvil's BBCode. Spoilers and secrets are left out unless private parts are wanted."""
    text = source.replace("\r\n", "\n")
    if not options.include_private:
        hidden = 0
        while True:
            text, found = _BB_PRIVATE.subn("", text)
            hidden += found
            if not found:
                break
        if hidden:
            report.add(
                "left out", where, f"{hidden} spoiler(s): private parts are read with include_private."
            )
    unknown: set[str] = set()

    def element(match: re.Match[str]) -> str:
        closing, name, rest = match[1], match[2].lower(), match[3][1:]
        if name == "br":
            return "<br>"
        if name == "hr":
            return "<hr>"
        if name in {"img", "image", "map", "youtube", "video"}:
            report.add("left out", where, f"[{name}:{rest}]: only texts are read.")
            return ""
        if name == "url":
            return "</a>" if closing else f'<a href="{html.escape(rest)}">'
        if name == "tooltip" and rest:
            report.add("left out", where, f"A tooltip: {html.unescape(rest)}")
            return ""
        if name in _BB_PAIRS:
            return _BB_PAIRS[name][1 if closing else 0]
        unknown.add(name)
        return ""

    marked = _BB_TAG.sub(element, html.escape(text, quote=False)).replace("\n", "<br>")
    if unknown:
        report.add("left out", where, f"Marks without a meaning here: {', '.join(sorted(unknown))}.")
    return html_to_markdown(marked, where, report)


def plain(text: str) -> str:
    """Return a short text without tags and entities."""
    if _TAG.search(text) or _ENTITY.search(text):
        text = html.unescape(nh3.clean(text, tags=set()))
    return " ".join(text.split())


def _depth(source: str) -> int:
    """Return how deep elements are at most nested, without looking at which closes which."""
    depth = deepest = 0
    for match in _TAG.finditer(source):
        depth = max(0, depth - 1) if match[0][1] == "/" else depth + (not _VOID.match(match[0]))
        deepest = max(deepest, depth)
    return deepest


def _tidy(text: str) -> str:
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()
