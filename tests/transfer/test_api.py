"""Endpoints of imports and exports."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tests.support.problems import pointers_of, problem_of
from tests.transfer.running import sample
from universes.models import Element, WorldImport
from universes.services import canon, universes
from universes.transfer import imports

pytestmark = pytest.mark.django_db

PATH = "/universes/imports"


def send(client: Any, name: str = "11_novelai.lorebook", *, key: str = "", **fields: Any) -> Any:
    file = io.BytesIO(sample(name))
    file.name = name
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(PATH, {"file": file, **fields}, format="multipart", headers=headers)


def test_import_is_accepted_run_and_told(api, creator):
    accepted = send(api)

    assert (accepted.status_code, accepted["Retry-After"]) == (202, "1")
    assert accepted["Location"] == f"{PATH}/{accepted.data['import_id']}"
    waiting = api.get(accepted["Location"])
    assert (waiting.data["status"], waiting.data["universe_id"], waiting["Retry-After"]) == (
        "pending",
        None,
        "1",
    )

    assert imports.run_due() == 1

    done = api.get(accepted["Location"] + "/")
    assert "Retry-After" not in done
    assert (done.data["status"], done.data["created"], done.data["error"]) == (
        "completed",
        {"character": 1},
        None,
    )
    assert done.data["progress"] == {"done": 2, "total": 2} or done.data["progress"]["total"] == 1
    assert {"what", "where", "why"} == set(done.data["report"][0])
    assert api.get(f"/universes/{done.data['universe_id']}").data["name"] == "11_novelai"
    row = api.get(PATH).data["results"][0]
    assert ("report" in row, row["import_id"]) == (False, accepted.data["import_id"])
    assert api.get(f"{PATH}?include=report").data["results"][0]["report"] == done.data["report"]


def test_failed_import_says_why(api, universe):
    send(api, universe_id=str(universe.pk))
    universes.archive(universe)
    imports.run_due()

    row = api.get(PATH).data["results"][0]
    assert (row["status"], row["error"]["code"]) == ("failed", "universe_archived")
    assert Element.objects.count() == 0


def test_import_of_another_account_is_not_found(api, stranger_api):
    accepted = send(api)

    problem_of(stranger_api.get(accepted["Location"]), 404, "import_not_found")
    assert stranger_api.get(PATH).data["count"] == 0


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"format": "word"}, "/format"),
        ({"dry_run": "perhaps"}, "/dry_run"),
        ({"universe_id": "7"}, "/universe_id"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_invalid_field_is_named(api, fields, pointer):
    assert list(pointers_of(send(api, **fields))) == [pointer]
    assert WorldImport.objects.count() == 0


def test_form_without_a_file_is_refused(api):
    assert list(pointers_of(api.post(PATH, {"format": "native"}, format="multipart"))) == ["/file"]
    assert api.post(PATH, {"file": "x"}).status_code == 415


def test_format_that_the_file_has_not_is_refused(api):
    problem_of(send(api, format="kanka"), 400, "wrong_format")


def test_roles_of_the_universe_hold(client_of, viewer, stranger, editor, universe):
    fields = {"universe_id": str(universe.pk)}

    problem_of(send(client_of(viewer), **fields), 403, "role_too_low")
    problem_of(send(client_of(stranger), **fields), 404, "universe_not_found")
    assert send(client_of(editor), **fields).status_code == 202


def test_role_that_was_lost_meanwhile_stops_the_import(client_of, editor, universe):
    accepted = send(client_of(editor), universe_id=str(universe.pk))
    universes.remove_member(universe, editor.pk)

    imports.run_due()

    row = WorldImport.objects.get(pk=accepted.data["import_id"])
    assert (row.status, row.error_code, Element.objects.count()) == ("failed", "universe_not_found", 0)


def test_repeated_upload_with_a_key_is_one_import(api):
    # Each has another boundary.
    first, again = send(api, key="k"), send(api, key="k")
    other = send(api, "12_obsidian_note.md", key="k")

    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    problem_of(other, 422, "idempotency_key_reused")
    assert WorldImport.objects.count() == 1


def test_too_many_waiting_imports_are_refused(api, monkeypatch):
    monkeypatch.setattr(imports, "MAX_UNFINISHED", 1)
    send(api)

    refused = send(api)

    problem_of(refused, 409, "too_many_imports")
    assert refused["Retry-After"] == "1"


def test_export_is_a_file(api, universe, viewer, client_of):
    canon.add_element(universe, kind="item", name="Bell")

    response = client_of(viewer).get(f"/universes/{universe.pk}/export")

    assert response["Content-Disposition"] == 'attachment; filename="low-marsh.world.json"'
    assert [element["name"] for element in json.loads(b"".join(response.streaming_content))["elements"]] == [
        "Bell"
    ]
    assert list(pointers_of(api.get(f"/universes/{universe.pk}/export?format=word"))) == ["?format"]
