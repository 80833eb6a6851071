"""The review dashboard for the admin's first page, whose view is Django's."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext

from agents.quality.admin import dashboard

register = template.Library()


@register.simple_tag(takes_context=True)
def review_dashboard(context: RequestContext) -> dict[str, Any] | None:
    return dashboard.context(context["request"])
