"""Pages outside the applications."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.contrib.staticfiles import finders

from tests.site.servers import ROOT


@pytest.mark.django_db
def test_first_page_leads_to_the_studio_whose_sign_in_links_to_all_parts(client):
    page = client.get("/", follow=True)

    assert page.redirect_chain == [("/studio/", 302), ("/studio/sign-in?next=%2Fstudio%2F", 302)]
    for path in ("/admin/", "/docs", "/readyz"):
        assert f'href="{path}"' in page.content.decode()


def test_favicon_redirects_to_the_static_file(client):
    response = client.get("/favicon.ico")

    assert (response.status_code, response["Location"]) == (302, "/static/favicon.svg")
    assert finders.find("favicon.svg")


def test_urlconf_loads_before_static_files_are_collected(tmp_path):
    """The image build needs this: hashed names are on, and the manifest does not exist yet."""
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
