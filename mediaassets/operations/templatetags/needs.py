"""A template tag for what needs a person, on the overview."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext

from mediaassets.operations import needs

register = template.Library()


@register.simple_tag(takes_context=True)
def what_needs_me(context: RequestContext, overview: dict[str, Any] | None) -> list[needs.Need] | None:
    """Return what needs this person; None for people with no such rights."""
    return needs.needs_of(context["request"].user, overview["live"] if overview else None)
