"""A template tag for the overview, which extends a view of Django's."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext

from agents.quality.admin import overview

register = template.Library()


@register.simple_tag(takes_context=True)
def review_overview(context: RequestContext) -> dict[str, Any] | None:
    return overview.context(context["request"])
