"""Addresses behind links for guests."""

from __future__ import annotations

from agents.review.guests import links


def path_of(link, tail=""):
    return f"/review-links/{links.token_of(link)}{tail}"
