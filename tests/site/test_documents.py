"""Paths and links in the documents lead somewhere."""

from __future__ import annotations

import re

import pytest

from tests.support.site.servers import ROOT

DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "evals/README.md",
        *(ROOT / "docs").rglob("*.md"),
    )
)
FOLDERS = "agents|dev|docs|evals|mediaassets|static|studio|templates|tests|universes"
PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_and_links_exist(name):
    document = ROOT / name
    text = document.read_text()

    missing = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    missing += [link for link in LINK.findall(text) if not (document.parent / link).exists()]

    assert missing == []
