"""Admin page of the language models: life cycle and successors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from agents.choices import Lifecycle
from agents.common import dispatch
from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin, signed_in_staff
from agents.errors import Invalid
from agents.models import LanguageModel
from agents.providers import factory, lifecycle

TONES = {
    Lifecycle.ACTIVE: "good",
    Lifecycle.DEPRECATED: "warn",
    Lifecycle.RETIRED: "bad",
    Lifecycle.UNKNOWN: "quiet",
}


class SuccessorForm(forms.ModelForm):  # type: ignore[type-arg]
    successor = forms.ChoiceField(
        required=False,
        help_text="The model that replaces this one when it is retired, or at once if it already is.",
    )

    class Meta:
        model = LanguageModel
        fields = ["successor"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.instance.name
        by_settings = settings.MODEL_SUCCESSORS.get(name)
        default = f"{by_settings} (from MODEL_SUCCESSORS)" if by_settings else "None: its jobs would wait"
        # The current successor stays selectable even if it could no longer be chosen.
        offered = sorted({*lifecycle.possible_successors(name), self.instance.successor} - {""})
        self.fields["successor"].choices = [("", default), *((model, model) for model in offered)]  # type: ignore[attr-defined]

    def clean_successor(self) -> str:
        successor = str(self.cleaned_data["successor"])
        try:
            lifecycle.check_successor(self.instance.name, successor)
        except Invalid as refusal:
            raise forms.ValidationError([error.detail for error in refusal.errors]) from None
        return successor


@admin.register(LanguageModel)
class LanguageModelAdmin(ReadOnlyAdmin):
    change_list_template = "admin/agents/languagemodel/change_list.html"
    list_note = (
        "Once a day, at 05:15 UTC, the provider is asked for the lifecycle of each configured model. The mock model "
        "has none."
    )
    form = SuccessorForm
    list_display = ["name", "life", "retires_at", "follows", "used_for", "checked_at"]
    fields = [
        "name",
        "used_for",
        "life",
        ("deprecated_at", "retires_at"),
        "successor",
        "replaced_at",
        "trial",
        "checked_at",
        "check_error",
    ]
    readonly_fields = [
        "name",
        "used_for",
        "life",
        "deprecated_at",
        "retires_at",
        "replaced_at",
        "trial",
        "checked_at",
        "check_error",
    ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(lifecycle.CHANGE)

    @admin.display(description="Lifecycle", ordering="lifecycle")
    def life(self, model: LanguageModel) -> SafeString:
        return display.badge(model.get_lifecycle_display(), TONES[Lifecycle(model.lifecycle)])

    @admin.display(description="Successor")
    def follows(self, model: LanguageModel) -> str:
        return lifecycle.successor_of(model) or "–"

    @admin.display(description="Used for")
    def used_for(self, model: LanguageModel) -> str:
        return ", ".join(lifecycle.uses_of(model.name)) or "no longer used"

    @admin.display(description="Verdicts on its successor")
    def trial(self, model: LanguageModel) -> str:
        needed = settings.MODEL_TRIAL_VERDICTS
        had = lifecycle.trials_in_place_of(model.name)
        return ", ".join(f"{agent}: {count} of {needed}" for agent, count in had) or "–"

    def save_model(self, request: HttpRequest, obj: LanguageModel, form: Any, change: bool) -> None:
        lifecycle.name_successor(obj.pk, obj.successor, by=signed_in_staff(request))

    def get_urls(self) -> list[URLPattern]:
        ask = path("ask/", self.admin_site.admin_view(self.ask_view), name="agents_languagemodel_ask")
        return [ask, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        lifecycle.list_models()
        own = {
            "notices": lifecycle.notices(),
            "may_ask": self.has_change_permission(request) and not factory.uses_mock(),
        }
        return super().changelist_view(request, {**own, **(extra_context or {})})

    @method_decorator(require_POST)
    def ask_view(self, request: HttpRequest) -> HttpResponse:
        """Enqueue a check with the provider, which may take longer than a page should."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if dispatch.enqueue_task(dispatch.CHECK_LANGUAGE_MODELS):
            messages.info(request, "Checking with the provider. Reload in a moment.")
        else:
            messages.error(request, "The broker is unavailable, so nothing was checked. Try again later.")
        return HttpResponseRedirect(reverse("admin:agents_languagemodel_changelist"))
