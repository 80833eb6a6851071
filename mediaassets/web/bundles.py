"""Static files that are made of others, so that the pages used most ask for few."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

_BEFORE = ("admin/css/base.css", "admin/css/dark_mode.css")
_ADMIN = ("tokens.css", "agents/admin.css")
_DESK = (*_ADMIN, "agents/review.css", "agents/prose.css")
# A style sheet stands in the folder of those with relative addresses.
BUNDLES: dict[str, tuple[str, ...]] = {
    "admin/css/desk.css": (*_BEFORE, *_DESK, "admin/css/responsive.css"),
    "admin/css/queue.css": (*_BEFORE, "admin/css/changelists.css", *_DESK, "admin/css/responsive.css"),
    "admin/css/person.css": (
        *_BEFORE,
        *_ADMIN,
        "admin/css/forms.css",
        "admin/css/responsive.css",
    ),
    "agents/page.css": _ADMIN,
    "studio/page.css": ("tokens.css", "studio/studio.css"),
    "agents/queue.js": ("agents/review.js", "agents/times.js"),
    "agents/pairs.js": ("agents/review.js", "agents/marks.js", "agents/times.js"),
    "agents/desk.js": tuple(
        f"agents/{name}.js" for name in ("review", "claim", "edit", "marks", "comments", "times")
    ),
}


class BundleFinder(finders.BaseFinder):
    """Finder that joins the parts of a bundle whenever one of them has changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="bundles-"))
        self._storage = FileSystemStorage(location=str(self._folder))

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [str(self._built(path))] if path in BUNDLES else []
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Any) -> Iterator[Any]:
        for path in BUNDLES:
            self._built(path)
            yield path, self._storage

    def check(self, **kwargs: Any) -> Any:
        return []

    def _built(self, path: str) -> Path:
        parts = [Path(str(finders.find(part))) for part in BUNDLES[path]]
        bundle = self._folder / path
        if not bundle.exists() or bundle.stat().st_mtime < max(part.stat().st_mtime for part in parts):
            bundle.parent.mkdir(parents=True, exist_ok=True)
            draft = bundle.with_suffix(".draft")
            draft.write_text("\n".join(part.read_text() for part in parts))
            draft.replace(bundle)
        return bundle
