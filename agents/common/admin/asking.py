"""Forms of the admin for asking an agent, made from its input type: at once, or by a schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from agents.common.admin.base import own_page
from agents.common.asking.input_form import InputForm, input_form, read_input
from agents.common.asking.works import Work, work_named, works
from agents.errors import DomainError, Invalid
from agents.models import AgentJob
from universes.models import Universe


class UniverseForm(forms.Form):
    """A form whose universe is looked up by its name."""

    universe = forms.ModelChoiceField(
        Universe.objects.filter(archived=False),
        widget=AutocompleteSelect(AgentJob._meta.get_field("universe"), admin.site),
    )


@dataclass
class Asked:
    """A form as it was sent or is shown first: the kind of work, its input, and the fields around it."""

    work: Work
    values: dict[str, Any]
    around: forms.Form
    inputs: InputForm
    errors: list[str] = field(default_factory=list)

    def refuse(self, refusal: DomainError) -> None:
        """Put each error of a refusal at its field, or above the form."""
        errors = refusal.errors if isinstance(refusal, Invalid) else ()
        for error in errors:
            name = error.pointer.lstrip("/")
            if name in self.around.fields:
                self.around.add_error(name, error.detail)
        rest = [error for error in errors if error.pointer.lstrip("/") not in self.around.fields]
        self.inputs.add_errors(rest)
        if not errors:
            self.errors.append(refusal.message)


def asking_page(
    request: HttpRequest,
    model: type[Model],
    form_class: type[UniverseForm],
    *,
    title: str,
    button: str,
    preview: Callable[[Asked], dict[str, Any]],
    send: Callable[[Asked], HttpResponse],
) -> HttpResponse:
    """Show the form for a kind of work that the address names; once sent, its preview, or do what ``send`` does."""
    data = request.POST if request.method == "POST" else request.GET
    work = work_named(data.get("agent", ""), data.get("type", ""))
    values = read_input(work, request.POST.dict())
    around = form_class(request.POST) if request.method == "POST" else form_class(initial=request.GET.dict())
    asked = Asked(work, values, around, input_form(work, values))
    shown: dict[str, Any] | None = None
    status = 200
    if request.method == "POST":
        try:
            if around.is_valid():
                if "preview" not in request.POST:
                    return send(asked)
                shown = preview(asked)
        except DomainError as refusal:
            asked.refuse(refusal)
        # After a refusal the form is shown again.
        status = 200 if shown is not None else 400
    model_admin = admin.site.get_model_admin(model)
    context = {
        "title": title,
        "button": button,
        "asked": asked,
        "works": works(),
        "preview": shown,
        # Names are offered while typing in the studio alone.
        "is_without_names": True,
        "universe": data.get("universe", ""),
        "media": model_admin.media + around.media,
    }
    response = own_page(request, model, "asking.html", context)
    response.status_code = status
    return response
