"""URLs of admin pages, and readers of their errors and messages."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Model
from django.urls import reverse


def page_of(row: Model) -> str:
    return reverse(f"admin:universes_{row._meta.model_name}_change", args=[row.pk])


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:universes_{model._meta.model_name}_changelist")


def errors_in(response: Any) -> list[str]:
    return re.findall(r'<ul class="errorlist[^>]*><li>(.*?)</li>', response.content.decode())


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# The moment of a scene, which the form of its page always sends.
NO_MOMENT = {"moment-TOTAL_FORMS": "0", "moment-INITIAL_FORMS": "0"}


def relation_rows(*rows: dict[str, str]) -> dict[str, str]:
    """Return the fields of new relations on the page of an element, which its form always sends."""
    fields = {"relations_from-TOTAL_FORMS": str(len(rows)), "relations_from-INITIAL_FORMS": "0"}
    return fields | {
        f"relations_from-{number}-{name}": value
        for number, row in enumerate(rows)
        for name, value in row.items()
    }
