"""The few pages that belong to no application."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.contrib.staticfiles import finders

from tests.site.servers import ROOT


@pytest.mark.django_db
def test_landing_page_leads_everywhere(client):
    page = client.get("/")

    assert page.status_code == 200
    for door in ("/admin/agents/reviewitem/", "/admin/", "/docs", "/readyz"):
        assert f'href="{door}"' in page.content.decode()


def test_browsers_that_ask_for_an_icon_are_sent_to_it(client):
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Location"]) == (302, "/static/favicon.svg")
    assert finders.find("favicon.svg")


def test_addresses_load_before_static_files_are_collected(tmp_path):
    """As in the build of the image: hashed names are wanted, and there are none yet."""
    env = {**os.environ, "COLLECTED_STATIC": "true", "STATIC_ROOT": str(tmp_path)}
    env["DJANGO_SETTINGS_MODULE"] = "mediaassets.settings"

    result = subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); import mediaassets.urls"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr
