"""What a reviewer changed, word by word."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from agents.admin.display import visible

# The comparison takes quadratic time at worst.
MAX_WORDS = 6_000


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an output, before and after, its differing words marked."""

    label: str
    before: SafeString
    after: SafeString


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The fields that differ."""
    names = [*before, *(name for name in after if name not in before)]
    return [
        Change(
            name.replace("_", " ").capitalize(), *_compared(_text(before.get(name)), _text(after.get(name)))
        )
        for name in names
        if before.get(name) != after.get(name)
    ]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _compared(old: str, new: str) -> tuple[SafeString, SafeString]:
    old_words, new_words = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    if len(old_words) + len(new_words) > MAX_WORDS:
        return visible(old), visible(new)
    left: list[str] = []
    right: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, old_words, new_words, autojunk=False).get_opcodes():
        gone, come = "".join(old_words[a:b]), "".join(new_words[c:d])
        left.append(
            visible(gone) if tag == "equal" or not gone else format_html("<del>{}</del>", visible(gone))
        )
        right.append(
            visible(come) if tag == "equal" or not come else format_html("<ins>{}</ins>", visible(come))
        )
    # Safe: every part has been escaped.
    return mark_safe("".join(left)), mark_safe("".join(right))  # noqa: S308
