"""Links in a text, from the names of elements to their pages; with scripts they open a card."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from agents.models import AgentJob
from agents.worlds import naming
from universes.models import Scene


def named_text(source: Scene | AgentJob, text: str, rendered: SafeString) -> SafeString:
    """Link the names in ``rendered``, the prose made of the text."""
    naming.read_if_due(source)
    urls: dict[str, dict[int, str]] = defaultdict(dict)
    spans: dict[tuple[int, int], Any] = {}
    for named in naming.namings_of(source):
        for start, end in named["spans"]:
            spans.setdefault((start, end), named["id"])
    words = sorted(
        {text[start:end] for start, end in spans if text[start:end].strip()}, key=len, reverse=True
    )
    if not words:
        return rendered
    # Formatting moves the places, but not their order: each is told by how often its words came before.
    counts: Counter[str] = Counter()
    for match in re.finditer(_one_of(words), text):
        element_id = spans.get(match.span())
        if element_id is not None:
            address = reverse("studio:element", args=[source.universe_id, element_id])
            urls[str(escape(match[0]))][counts[match[0]]] = address
        counts[match[0]] += 1
    return _linked(rendered, urls, _one_of([str(escape(word)) for word in words]))


def _linked(rendered: SafeString, urls: dict[str, dict[int, str]], pattern: str) -> SafeString:
    seen: Counter[str] = Counter()

    def link(match: re.Match[str]) -> str:
        address = urls.get(match[0], {}).get(seen[match[0]])
        seen[match[0]] += 1
        return match[0] if address is None else f'<a class="name" href="{address}" data-card>{match[0]}</a>'

    pieces = re.split(r"(<[^>]*>)", rendered)
    # Every second piece is a tag. A name is escaped as the text is, and its address is ours.
    pieces[::2] = [re.sub(pattern, link, piece) for piece in pieces[::2]]
    return mark_safe("".join(pieces))  # noqa: S308


def _one_of(words: list[str]) -> str:
    return "|".join(map(re.escape, words))
