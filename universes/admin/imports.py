"""Admin of imports: a form that takes a file, the report, and a button that undoes it all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from universes.admin.base import ServiceAdmin, as_form_error, staff
from universes.admin.typed import AnyModelForm
from universes.choices import ImportStatus
from universes.errors import DomainError
from universes.models import WorldImport
from universes.transfer import imports, undo
from universes.transfer.formats.detection import FORMATS

# Lines of a report on the page; the API has all of them.
MAX_LINES = 500


class ImportForm(AnyModelForm):
    file = forms.FileField(help_text="JSON, zip, PNG or Markdown of up to 50 MB.")
    format = forms.ChoiceField(
        choices=[("", "Detect from the file"), *((name, name) for name in FORMATS)], required=False
    )

    class Meta:
        model = WorldImport
        fields = ["universe", "dry_run", "include_private"]
        help_texts = {
            "universe": "You must be its owner or editor. Empty: a new universe.",
            "dry_run": "Dry run: report what would happen and change nothing.",
            "include_private": "Include private parts, secrets and spoilers.",
        }

    # Set by the admin, who is the owner of the import.
    owner: Any = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        file = self.cleaned_data.get("file")
        if file is None or self.errors:
            return cleaned
        universe = self.cleaned_data.get("universe")
        try:
            self.instance = imports.submit(
                self.owner,
                file,
                name=file.name,
                format_name=self.cleaned_data["format"],
                universe_id=universe.pk if universe else None,
                dry_run=self.cleaned_data["dry_run"],
                include_private=self.cleaned_data["include_private"],
            )
        except DomainError as error:
            raise as_form_error(error) from error
        return cleaned

    def _post_clean(self) -> None:
        """Leave the row as the service has stored it."""


@admin.register(WorldImport)
class WorldImportAdmin(ServiceAdmin):
    history_lookup = "world_import__id__exact"
    form = ImportForm
    list_display = ["file_name", "format", "universe", "status", "owner", "created_at"]
    list_filter = ["status", "format", "created_at"]
    list_select_related = ["universe", "owner"]
    search_fields = ["file_name", "universe__name", "owner__username"]
    search_help_text = "By file, universe or person."
    autocomplete_fields = ["universe"]
    ordering = ["-created_at", "-id"]
    actions = ["undo_imports"]
    record_fields = (
        "file_name",
        "format",
        "universe",
        "status",
        "progress",
        "result",
        "problem",
        "lines",
        "owner",
    )

    def get_fields(self, request: HttpRequest, obj: WorldImport | None = None) -> list[Any]:
        if obj is None:
            return ["file", "format", "universe", "dry_run", "include_private"]
        return [*self.record_fields, "dry_run", "include_private", "created_at", "finished_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: WorldImport | None = None) -> list[str]:
        return [] if obj is None else self.get_fields(request, obj)

    def get_form(
        self, request: HttpRequest, obj: WorldImport | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.owner = staff(request)
        return form

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        return form.instance

    def save_model(self, request: HttpRequest, obj: WorldImport, form: Any, change: bool) -> None:
        """Do nothing: the form has submitted the import."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Do nothing: an import has no other rows."""

    def response_add(
        self, request: HttpRequest, obj: WorldImport, post_url_continue: str | None = None
    ) -> HttpResponse:
        self.message_user(request, f"“{obj.file_name}” is being imported: reload this page for its report.")
        return HttpResponseRedirect(reverse("admin:universes_worldimport_change", args=[obj.pk]))

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    @admin.display(description="progress")
    def progress(self, row: WorldImport) -> str:
        return f"{row.done} of {row.total}"

    @admin.display(description="result")
    def result(self, row: WorldImport) -> str:
        created = ", ".join(f"{count} {kind}" for kind, count in sorted(row.created.items())) or "nothing"
        return f"created: {created}; updated: {row.updated}; skipped: {row.skipped}"

    @admin.display(description="error")
    def problem(self, row: WorldImport) -> str:
        return row.error or "–"

    @admin.display(description="report")
    def lines(self, row: WorldImport) -> SafeString:
        shown = row.report[:MAX_LINES]
        rows = format_html_join(
            "",
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            ((line["what"], line["where"], line["why"]) for line in shown),
        )
        more = len(row.report) - len(shown)
        note = format_html("<p>{} more lines: ask the API for them.</p>", more) if more else ""
        return format_html(
            "<table><thead><tr><th>What</th><th>Where</th><th>Why</th></tr></thead><tbody>{}</tbody></table>{}",
            rows,
            note,
        )

    @admin.action(description="Undo", permissions=["add"])
    def undo_imports(self, request: HttpRequest, queryset: models.QuerySet[WorldImport]) -> None:
        completed = list(queryset.filter(status=ImportStatus.COMPLETED))
        if not completed:
            self.message_user(request, "Only completed imports can be undone.", messages.WARNING)
        for row in completed:
            try:
                undo.undo(row, staff(request))
            except DomainError as error:
                self.message_user(request, error.message, messages.ERROR)
            else:
                self.message_user(request, f"The import of “{row.file_name}” is undone.", messages.SUCCESS)
