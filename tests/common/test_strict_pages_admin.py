"""Pages under a content security policy without inline scripts and styles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))

INLINE = {
    "a script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a style element": re.compile(r"<style", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "text that is trusted": re.compile(r"\|\s*safe\b|autoescape\s+off"),
}


def test_templates_are_found():
    assert len(TEMPLATES) >= 10


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_nothing_inline(path: Path):
    text = path.read_text()

    assert [name for name, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.django_db
def test_pages_have_csp_and_nothing_inline(superuser_client, ferry_item, ferry_job, page_of):
    pages = [
        "/",
        reverse("admin:index"),
        reverse("admin:agents_reviewitem_changelist"),
        reverse("admin:agents_agentjob_changelist"),
        reverse("admin:agents_modelprice_changelist"),
        reverse("admin:agents_languagemodel_changelist"),
        page_of(ferry_item),
        page_of(ferry_item) + "?edit=1",
        reverse("admin:agents_agentjob_change", args=[ferry_job.pk]),
    ]

    for url in pages:
        response = superuser_client.get(url)
        policy = response["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "unsafe" not in policy
        page = response.content.decode()
        assert [name for name, pattern in INLINE.items() if pattern.search(page)] == [], url


def test_site_begins_with_the_studio(client):
    assert client.get("/").headers["Location"] == reverse("studio:home")
