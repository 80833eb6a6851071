"""Import and export of worlds in the studio."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from universes.models import Element, Universe, WorldImport
from universes.transfer import imports

pytestmark = pytest.mark.django_db

LOREBOOK = {
    "entries": {
        "0": {
            "uid": 0,
            "key": ["Edda"],
            "comment": "Edda",
            "content": "Edda is 41 years old.",
            "disable": False,
        },
        "1": {"uid": 1, "key": ["Rook"], "comment": "Rook", "content": "A black bird.", "disable": True},
    }
}


@pytest.fixture
def client(signed_in, creator):
    return signed_in(creator)


def _file(content=LOREBOOK, name="marsh.json"):
    return SimpleUploadedFile(name, json.dumps(content).encode(), "application/json")


def _page(client, path):
    return client.get(path).content.decode()


def test_a_file_becomes_a_universe_with_a_report_and_is_taken_back(client):
    answer = client.post("/studio/imports", {"file": _file()})
    here = f"/studio/imports/{WorldImport.objects.get().pk}"
    assert answer["Location"] == here
    assert "Waiting in the queue" in _page(client, here)

    imports.run_due()

    assert client.get(here, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    shown = _page(client, here)
    assert Element.objects.get().name == "Edda"
    assert "left out" in shown
    assert "Rook" in shown
    assert "marsh.json" in _page(client, "/studio/imports")

    client.post(f"{here}/undo")

    assert not Universe.objects.exists()
    assert "This import was undone" in _page(client, here)


def test_a_trial_changes_nothing(client, universe):
    client.post("/studio/imports", {"file": _file(), "universe": universe.pk, "dry_run": "1"})
    imports.run_due()

    assert not Element.objects.filter(universe=universe).exists()
    shown = _page(client, f"/studio/imports/{WorldImport.objects.get().pk}")
    assert "Nothing was changed" in shown
    assert "Undo this import" not in shown


@pytest.mark.parametrize(
    ("sent", "words"),
    [({}, "Choose a file."), ({"file": _file({"a": 1})}, "The file is of no format that is read here")],
)
def test_a_refused_file_is_said_on_the_form(client, sent, words):
    answer = client.post("/studio/imports", sent, headers={"Referer": "http://testserver/studio/imports"})

    assert answer["Location"] == "http://testserver/studio/imports"
    assert words in _page(client, "/studio/imports")
    assert not WorldImport.objects.exists()


def test_a_world_is_taken_home(client, universe):
    assert "The book, to read" in _page(client, f"/studio/universes/{universe.pk}/export")

    answer = client.get(f"/studio/universes/{universe.pk}/export", {"format": "native"})

    assert json.loads(answer.getvalue())["universe"]["name"] == universe.name
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get(f"/studio/universes/{universe.pk}/export", {"format": "pdf"}).status_code == 400
