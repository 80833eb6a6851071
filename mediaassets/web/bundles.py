"""Static files that are made of others, so that the pages used most ask for few."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
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
        # One folder for all processes: one of their own would stay behind when they end.
        self._folder = settings.DATA_DIR / "bundles"
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
        content = "\n".join(Path(str(finders.find(part))).read_text() for part in BUNDLES[path])
        bundle: Path = self._folder / path
        if not bundle.exists() or bundle.read_text() != content:
            bundle.parent.mkdir(parents=True, exist_ok=True)
            # Other processes may write it at the same time.
            with tempfile.NamedTemporaryFile("w", dir=bundle.parent, suffix=".draft", delete=False) as draft:
                draft.write(content)
            Path(draft.name).replace(bundle)
        return bundle
