"""Pages outside the applications."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.contrib.staticfiles import finders

from tests.support.site.servers import ROOT


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


BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nope", 404, "There is nothing here"),
        ("/admin/nope/", 404, "There is nothing here"),
        ("/admin/auth/user/", 403, "You are signed in as sven, whose roles do not include this."),
    ],
)
def test_error_in_a_browser_is_a_page_with_a_way_back(signed_in, make_user, path, status, words):
    client = signed_in(make_user("sven", is_staff=True))
    response = client.get(path, headers=BROWSER)

    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert 'href="/admin/agents/reviewitem/"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/admin/agents/languagemodel/ask/", "/admin/agents/reviewitem/start/", "/studio/jobs/bulk"]
)
def test_address_of_a_form_is_explained_to_a_browser(signed_in, superuser, path):
    response = signed_in(superuser).get(path, headers=BROWSER)

    page = response.content.decode()
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "Nothing was sent" in page
    assert 'href="/admin/agents/reviewitem/"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "headers"), [("/nope", {}), ("/agents/nope", BROWSER)])
def test_programs_get_a_problem_document(client, path, headers):
    response = client.get(path, headers=headers)

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.django_db
def test_refused_request_is_logged_without_a_traceback(signed_in, make_user, caplog):
    signed_in(make_user("sven", is_staff=True)).get("/admin/auth/user/")

    [record] = [record for record in caplog.records if record.name == "django.request"]
    assert "Forbidden" in record.getMessage()
    assert record.exc_info is None
