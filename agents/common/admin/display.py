"""HTML for untrusted values: text is escaped, and hidden characters are made visible."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince

from agents.choices import Verdict
from universes.ids import short_id as short_id

# Characters that are invisible or change how others are read: control codes, overrides and isolates of the writing
# direction, zero-width marks, blank letters, tag characters, lone surrogates, and all but the first of a sequence of
# variation selectors, which can encode whole sentences. Joiners and direction marks stay, because honest text needs
# them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028\u2029"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]|(?<=[\ufe00-\ufe0f])[\ufe00-\ufe0f]"
)
HIDDEN_TITLE = "A hidden character"
# The average length of a word, including a space, at which ``first_words`` cuts.
MAX_WORD_LENGTH = 20

JOB_TONES = {
    "pending": "quiet",
    "processing": "info",
    "completed": "good",
    "failed": "bad",
    "cancelled": "quiet",
}
OUTCOME_TONES = {
    "trusted": "good",
    "awaiting_review": "warn",
    "approved": "good",
    "edited": "info",
    "rejected": "bad",
    "asked_again": "warn",
}
# In the order of their columns.
VERDICT_TONES = {
    Verdict.APPROVED: "good",
    Verdict.EDITED: "info",
    Verdict.ASKED_AGAIN: "warn",
    Verdict.REJECTED: "bad",
}


def visible(text: object) -> SafeString:
    """Escape ``text`` and show every hidden character by its code point."""
    escaped = str(escape(str(text).replace("\r\n", "\n")))
    # Safe: the inserted HTML contains only hexadecimal digits.
    return mark_safe(_HIDDEN.sub(_code_point, escaped))  # noqa: S308


def without_hidden(text: str) -> str:
    """Drop hidden characters, for places such as attributes that can show no markup."""
    return _HIDDEN.sub("", text)


def _code_point(match: re.Match[str]) -> str:
    code = f"U+{ord(match.group()):04X}"
    return f'<span class="hidden-char" title="{HIDDEN_TITLE}">{code}</span>'


def isolated(text: object) -> SafeString:
    """Isolate the writing direction of a short text from the text around it."""
    return format_html("<bdi>{}</bdi>", visible(text))


def breakable(code: str) -> SafeString:
    """Let a code of several words break between them, and nowhere else."""
    return format_html_join(mark_safe("_<wbr>"), "{}", ((visible(word),) for word in code.split("_")))


def json_block(value: Any) -> SafeString:
    if value is None:
        return format_html('<span class="quiet">{}</span>', "nothing")
    return text_block(json.dumps(value, indent=2, ensure_ascii=False))


def text_block(text: str) -> SafeString:
    return format_html('<pre class="json" dir="ltr" tabindex="0">{}</pre>', visible(text))


def badge(text: str, tone: str = "quiet") -> SafeString:
    return format_html('<span class="badge badge-{}">{}</span>', tone, text)


def mock_badge(is_mock: bool) -> SafeString | str:
    return badge("mock", "mock") if is_mock else ""


def confidence_bar(value: object) -> SafeString | str:
    """Show a confidence as a number and a meter."""
    if not isinstance(value, int | float):
        return "–"
    return format_html(
        '<span class="confidence"><span class="number">{}</span>'
        '<meter min="0" max="1" low="0.5" high="0.75" optimum="1" value="{}" aria-hidden="true"></meter></span>',
        f"{value:.2f}",
        f"{value:.4f}",
    )


def signal_value(value: object) -> SafeString | str:
    """Show the value of a signal; None is a check that could not be made."""
    return (
        format_html('<span class="not-checked">{}</span>', "not checked")
        if value is None
        else confidence_bar(value)
    )


def ago(moment: datetime) -> SafeString:
    """Show how long ago ``moment`` was, in one unit, with the exact time on hover."""
    words = timesince(moment, timezone.now(), depth=1).replace("\xa0", " ")
    words = "just now" if words == "0 minutes" else f"{words} ago"
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>', moment.isoformat(), f"{moment:%Y-%m-%d %H:%M}", words
    )


def at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "–"


def first_words(text: str, count: int = 14) -> str:
    """Return the first words, cut if they are very long."""
    words = text.split(maxsplit=count)
    first = " ".join(words[:count])
    max_length = count * MAX_WORD_LENGTH
    return first[:max_length] + (" …" if len(words) > count or len(first) > max_length else "")
