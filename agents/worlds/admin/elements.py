"""Admin page of elements, with the texts that name each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from agents.common.admin.base import signed_in_staff
from agents.models import Naming
from agents.worlds import naming
from universes.admin.canon import ElementAdmin
from universes.models import Element

SHOWN = 20
# Time for texts that nobody has read yet.
READING_S = 1.0

admin.site.unregister(Element)


@admin.register(Element)
class ElementWithTextsAdmin(ElementAdmin):
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        element = self.get_object(request, object_id)
        shown = {} if element is None or request.method == "POST" else _texts(request, element)
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})


def _texts(request: HttpRequest, element: Element) -> dict[str, Any]:
    naming.read_due_texts(element.universe_id, budget_s=READING_S)
    rows = naming.texts_naming(element, signed_in_staff(request))
    return {"texts": [_text(row) for row in rows[:SHOWN]], "texts_count": rows.count()}


def _text(row: Naming) -> dict[str, Any]:
    is_output = row.text.job_id is not None
    page = "agents_agentjob" if is_output else "universes_scene"
    return {
        "address": reverse(f"admin:{page}_change", args=[row.text.text_id]),
        "title": naming.title_of(row.text),
        "excerpt": naming.excerpt_of(row),
        "is_output": is_output,
    }
