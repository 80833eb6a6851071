"""HTML that nh3 has cleaned, and is therefore well-formed, as Markdown, in one pass.

Converters that build a tree take ten times as long, of which an import of thousands of entries would mostly consist.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>|([^<]+)|<", re.IGNORECASE)
_HREF: Final = re.compile(r'\bhref="([^"]*)"')
_SPACE: Final = re.compile(r"[ \t\n\r\f]+")
_MANY_LINES: Final = re.compile(r"\n{3,}")
_VOID: Final = {"br", "hr", "wbr", "img", "col", "area"}
_MARKS: Final = {
    "b": "**",
    "strong": "**",
    "i": "*",
    "em": "*",
    "s": "~~",
    "del": "~~",
    "strike": "~~",
    "code": "`",
}
_HEADINGS: Final = {f"h{level}": "#" * level for level in range(1, 7)}
_BLOCKS: Final = frozenset(
    {
        *(
            "address",
            "article",
            "aside",
            "caption",
            "center",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
            "figcaption",
        ),
        *("figure", "footer", "header", "hgroup", "p", "section", "summary"),
    }
)
# Deeper elements add nothing but their text.
_MAX_DEPTH: Final = 60


@dataclass(slots=True)
class _Frame:
    tag: str
    href: str = ""
    parts: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    has_header: bool = False
    count: int = 0


def to_markdown(clean: str) -> str:
    """Convert clean HTML; text keeps its characters, also those that mean something in Markdown."""
    stack = [_Frame("")]
    too_deep = 0
    for match in _TOKEN.finditer(clean):
        closing, tag, attributes, text = match[1], (match[2] or "").lower(), match[3], match[4]
        top = stack[-1]
        if not tag:
            _add_text(stack, html.unescape(text or "<"))
        elif tag in _VOID:
            _add(top, {"br": "\n", "hr": "\n\n---\n\n"}.get(tag, ""))
        elif not closing:
            if len(stack) > _MAX_DEPTH:
                too_deep += 1
                continue
            href = _HREF.search(attributes)
            stack.append(_Frame(tag, html.unescape(href[1]) if href else ""))
        elif too_deep:
            too_deep -= 1
        elif len(stack) > 1:
            stack.pop()
            _close(top, stack[-1])
    while len(stack) > 1:
        last = stack.pop()
        _close(last, stack[-1])
    return _MANY_LINES.sub("\n\n", "".join(stack[0].parts)).strip()


def _add(frame: _Frame, text: str) -> None:
    if text:
        frame.parts.append(text)


def _add_text(stack: list[_Frame], text: str) -> None:
    top = stack[-1]
    if any(frame.tag == "pre" for frame in stack):
        _add(top, text)
        return
    plain = _SPACE.sub(" ", text)
    is_line_start = not top.parts or top.parts[-1].endswith("\n")
    _add(top, plain.lstrip(" ") if is_line_start and not (len(stack) > 1 and not top.parts) else plain)


def _close(frame: _Frame, parent: _Frame) -> None:
    """Append a closed element to the one around it."""
    tag, inner = frame.tag, "".join(frame.parts)
    if tag in _MARKS:
        _add(parent, _marked(inner, _MARKS[tag]))
    elif tag == "a":
        label = inner.strip()
        _add(parent, f"[{label}]({frame.href})" if frame.href and label else inner)
    elif tag in _HEADINGS:
        if title := " ".join(inner.split()):
            _add(parent, f"\n\n{_HEADINGS[tag]} {title}\n\n")
    elif tag == "blockquote":
        lines = _MANY_LINES.sub("\n\n", inner).strip().split("\n")
        _add(parent, "\n\n" + "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n")
    elif tag == "li":
        parent.count += 1
        mark = f"{parent.count}. " if parent.tag == "ol" else "- "
        lines = _MANY_LINES.sub("\n\n", inner).strip().split("\n")
        _add(parent, mark + ("\n" + " " * len(mark)).join(lines) + "\n")
    elif tag in {"ul", "ol"}:
        # A list in a list needs no empty lines around it.
        _add(parent, f"\n{inner}" if parent.tag == "li" else f"\n\n{inner}\n\n")
    elif tag in {"td", "th"}:
        parent.parts.append("")
        parent.rows.append([" ".join(inner.split()).replace("|", "\\|")])
        parent.has_header = parent.has_header or tag == "th"
    elif tag == "tr":
        parent.rows.append([cell for cells in frame.rows for cell in cells])
        parent.has_header = parent.has_header or (len(parent.rows) == 1 and frame.has_header)
    elif tag in {"thead", "tbody", "tfoot"}:
        parent.rows += frame.rows
        parent.has_header = parent.has_header or frame.has_header
    elif tag == "table":
        _add(parent, f"\n\n{inner.strip()}\n\n{_table(frame)}\n\n")
    elif tag == "pre":
        _add(parent, f"\n\n```\n{inner.strip(chr(10))}\n```\n\n")
    elif tag in _BLOCKS:
        _add(parent, f"\n\n{inner.strip()}\n\n")
    else:
        _add(parent, inner)


def _marked(inner: str, mark: str) -> str:
    """Put marks around words; spaces at the edges stay outside, where Markdown needs them."""
    words = inner.strip()
    if not words or "\n\n" in words:
        return inner
    before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    return f"{before}{mark}{words}{mark}{after}"


def _table(frame: _Frame) -> str:
    rows = [row for row in frame.rows if row]
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    if not frame.has_header:
        rows.insert(0, [""] * width)
    rows.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
