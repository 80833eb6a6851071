"""Pages of imports and exports in the admin."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.transfer.running import run_sample, sample
from tests.universes.admin_pages import errors_in, list_of, messages_of, page_of
from universes.models import Element, Universe, WorldImport
from universes.transfer import imports

pytestmark = [pytest.mark.django_db, pytest.mark.page]

ADD = "admin:universes_worldimport_add"
KANKA = "08_kanka_campaign.zip"


@pytest.fixture
def admin(client, superuser):
    client.force_login(superuser)
    return client


def test_world_is_imported_its_report_read_and_the_import_undone(admin, superuser):
    assert reverse(ADD) in admin.get(list_of(Universe)).content.decode()
    sent = admin.post(reverse(ADD), {"file": SimpleUploadedFile(KANKA, sample(KANKA)), "format": ""})
    row = WorldImport.objects.get()
    assert (sent.status_code, sent["Location"], row.owner) == (302, page_of(row), superuser)
    assert admin.get(page_of(row)).status_code == 200

    imports.run_due()

    page = admin.get(page_of(row)).content.decode()
    assert "created: 2 character, 1 item, 1 relation; updated: 0; skipped: 0" in page
    assert (
        "<td>left out</td><td>Mira Voss (entity 9001): Secret</td><td>A private post: read with include_private.</td>"
        in page
    )
    assert "[character:9999]" in page
    answer = admin.post(
        list_of(WorldImport), {"action": "undo_imports", "_selected_action": [str(row.pk)]}, follow=True
    )
    assert messages_of(answer) == [f"The import of “{KANKA}” is undone."]
    assert (Universe.objects.count(), Element.objects.count()) == (0, 0)


def test_hostile_file_is_an_error_of_the_form(admin):
    file = SimpleUploadedFile("x.json", b'{"entries": {"0": 1, "0": 2}}')

    answer = admin.post(reverse(ADD), {"file": file, "format": ""})

    assert errors_in(answer) == ["The file has the key “0” twice in one object."]
    assert WorldImport.objects.count() == 0


def test_world_is_exported_from_its_page(admin, superuser):
    row = run_sample(superuser, KANKA)
    assert row.universe is not None
    address = reverse("admin:universes_universe_export", args=[row.universe_id, "native"])

    assert address in admin.get(page_of(row.universe)).content.decode()
    answer = admin.get(address)

    assert len(json.loads(b"".join(answer.streaming_content))["elements"]) == 3
    assert admin.get(address.replace("native", "word")).status_code == 404
