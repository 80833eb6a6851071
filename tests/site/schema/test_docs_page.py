"""The page of the API documentation."""

from __future__ import annotations

import re

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
def test_page_has_no_inline_code(path):
    response = Client().get(path)

    html = response.content.decode()
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy.split("; ")
    assert "unsafe" not in policy
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", html, re.S)
    assert len(scripts) == 3
    for attributes, text in scripts:
        assert 'src="' in attributes
        assert text.strip() == ""
    assert "<style" not in html
    assert not re.search(r"\son[a-z]+=|\sstyle=|javascript:", html)


@pytest.mark.django_db
def test_page_loads_only_local_files_that_exist():
    html = Client().get("/docs").content.decode()

    loaded = re.findall(r'(?:src|href)="([^"]+)"', html)

    assert len(loaded) == 6
    for address in loaded:
        assert address.startswith("/"), address
        response = Client().get(address.replace("&amp;", "&"))
        assert response.status_code == 200, address
        response.close()


@pytest.mark.django_db
def test_page_is_sent_compressed():
    html = Client().get("/docs").content.decode()
    addresses = [*re.findall(r'(?:src|href)="([^"]+)"', html), "/schema"]

    sizes = []
    for address in addresses:
        response = Client().get(address.replace("&amp;", "&"), headers={"accept-encoding": "gzip"})
        sizes.append(len(response.getvalue()))
        response.close()

    assert sum(sizes) < 900_000


@pytest.mark.django_db
def test_pages_with_secrets_are_not_compressed(superuser_client):
    response = superuser_client.get("/admin/", headers={"accept-encoding": "gzip"})

    assert "Content-Encoding" not in response
