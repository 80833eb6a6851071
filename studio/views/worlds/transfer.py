"""Bringing a world from a file, its report, and taking a world home."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from studio.jobs.asking import parsed_id
from studio.paging import PageOf
from studio.web import is_fragment, page, refuse, show
from studio.worlds.universe_page import context_of, open_universe, writable_memberships
from universes.choices import ElementKind, ImportStatus
from universes.errors import FieldError, Invalid
from universes.models import WorldImport
from universes.transfer import imports, undo
from universes.transfer.exports.formats import EXPORTS, download

PAGE_SIZE: Final = 15
MAX_LINES: Final = 500
UNIVERSES: Final = 50

# What each export is for; one without a word here is shown by its name.
_EXPORTS: Final = {
    "native": ("Everything", "A backup, which can be imported here or into another site of this kind"),
    "markdown": ("The book, as text", "The canon scenes in order, in Markdown"),
    "epub": ("The book, to read", "The canon scenes in order, as an EPUB for readers and phones"),
    "onlyworlds": ("OnlyWorlds", "Elements and scenes for the tools of OnlyWorlds"),
    "worldinfo": ("World Info", "Canon elements and rules for SillyTavern and other chat programs"),
}


@page("GET", "POST")
def world_imports(request: HttpRequest, user: User) -> HttpResponse:
    """Show one's imports and a form for another; with the form, submit it."""
    if request.method == "POST":
        row = _submit(request, user)
        return HttpResponseRedirect(reverse("studio:import", args=[row.pk]))
    found = PageOf(
        request,
        WorldImport.objects.filter(owner=user)
        .select_related("universe")
        .defer("before", "report")
        .newest_first(),
        PAGE_SIZE,
    )
    context = {
        "section": "home",
        "page": found,
        "imports": found.rows,
        "memberships": writable_memberships(user, UNIVERSES),
        "chosen": parsed_id(request.GET.get("universe", "")),
    }
    return show(request, "worlds/transfer/imports.html", context)


def _submit(request: HttpRequest, user: User) -> WorldImport:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("Choose a file.", [FieldError("/file", "Choose a file.", "required")])
    return imports.submit(
        user,
        file,
        name=file.name or "",
        universe_id=parsed_id(request.POST.get("universe", "")),
        dry_run="dry_run" in request.POST,
        include_private="include_private" in request.POST,
    )


@page("GET")
def world_import(request: HttpRequest, user: User, import_id: uuid.UUID) -> HttpResponse:
    """Show how far an import is, and its report; while it runs, a script asks for the changing part."""
    row = imports.find_import(user, import_id)
    is_running = row.status in {ImportStatus.PENDING, ImportStatus.RUNNING}
    if is_fragment(request) and not is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "section": "home",
        "import": row,
        "is_running": is_running,
        "created": [(_kind(kind), count) for kind, count in sorted(row.created.items())],
        "lines": row.report[:MAX_LINES],
        "more": max(0, len(row.report) - MAX_LINES),
    }
    return show(
        request,
        "worlds/transfer/import_running.html" if is_fragment(request) else "worlds/transfer/import.html",
        context,
    )


def _kind(kind: str) -> str:
    return str(ElementKind(kind).label if kind in ElementKind.values else kind.capitalize())


@page("POST")
def undo_import(request: HttpRequest, user: User, import_id: uuid.UUID) -> HttpResponse:
    row = undo.undo_own(import_id, by=user)
    messages.success(request, f"The import of “{row.file_name}” has been undone.")
    return HttpResponseRedirect(reverse("studio:import", args=[import_id]))


@page("GET")
def export(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponseBase:
    """Offer the formats of a world's file; with one, send the file."""
    frame = open_universe(user, universe_id)
    wanted = request.GET.get("format", "")
    if wanted in EXPORTS:
        return download(frame.universe, wanted)
    if wanted:
        return refuse(request, Invalid("There is no export of this format.", []))
    offered: list[Any] = [(name, *_EXPORTS.get(name, (name, ""))) for name in _in_order()]
    return show(request, "worlds/transfer/export.html", context_of(frame, "world", exports=offered))


def _in_order() -> list[str]:
    return [
        *(name for name in _EXPORTS if name in EXPORTS),
        *(name for name in EXPORTS if name not in _EXPORTS),
    ]
