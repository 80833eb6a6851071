"""Helpers to read admin pages and to build the URLs of their buttons."""

from __future__ import annotations

import html
import re
from typing import Any

from django.urls import reverse

from agents.models import ReviewItem


def url_of(verb: str, item: ReviewItem) -> str:
    return reverse(f"admin:agents_reviewitem_{verb}", args=[item.pk])


def words(response: Any) -> str:
    """Return the text of the page's content, with single spaces."""
    content = response.content.decode().partition('id="content"')[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content)).split())


def without_tooltips(text: str) -> str:
    """Drop the tooltips of a budget's bar from the text of a page."""
    return re.sub(r"(Spent|Set aside): \S+ ", "", text)


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]
