"""Mentions of scenes and elements: their validation by service, API and admin, and their record."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from agents.engine.fields import Mention as InputMention
from tests.universes.admin_pages import NO_MOMENT, errors_in, page_of, relation_rows
from tests.universes.api.answers import pointers
from universes.choices import MentionKind
from universes.errors import Invalid
from universes.mentions import validate_mentions
from universes.models import CanonChange, Element, Scene
from universes.services import canon
from universes.services.history import canon_origins

MIRA = {"name": "Mira Voss", "how": "posthumous"}
ODRAN = {"name": "Odran", "how": "legend"}

BAD = [
    ([{"how": "legend"}], [("/mentions/0/name", "required")]),
    ([{"name": "Mira"}], [("/mentions/0/how", "required")]),
    ([MIRA, {"name": "Odran", "how": "alive"}], [("/mentions/1/how", "invalid_choice")]),
    ([{"name": 7, "how": "legend"}], [("/mentions/0/name", "invalid")]),
    ([{"name": " ", "how": "legend"}], [("/mentions/0/name", "blank")]),
    ([{"name": "x" * 201, "how": "legend"}], [("/mentions/0/name", "max_length")]),
    ([MIRA, {"name": "mira  VOSS", "how": "legend"}], [("/mentions/1/name", "duplicate")]),
    ([{**MIRA, "age": 4}], [("/mentions/0/age", "unknown_field")]),
    ([{"name": f"Ghost {number}", "how": "legend"} for number in range(51)], [("/mentions", "max_length")]),
    ({"name": "Mira"}, [("/mentions", "not_a_list")]),
]


def test_kinds_are_those_of_requests():
    assert InputMention.model_json_schema()["properties"]["how"]["enum"] == MentionKind.values


def test_names_are_trimmed():
    assert validate_mentions([{"name": "  Mira   Voss ", "how": "flashback"}]) == [
        {"name": "Mira Voss", "how": "flashback"}
    ]


@pytest.mark.parametrize(
    ("mentions", "pointer"),
    [
        (["Mira"], "/mentions/0"),
        ([{"name": "Mira"}], "/mentions/0/how"),
        ([{"name": "Mira", "how": ["legend"]}], "/mentions/0/how"),
        ([{"name": "a\x00b", "how": "legend"}], "/mentions/0/name"),
        ([{"name": "\ud800", "how": "legend"}], "/mentions/0/name"),
        ([MIRA, {**MIRA, "how": "legend"}], "/mentions/1/name"),
        ([MIRA] * 51, "/mentions"),
    ],
)
def test_service_refuses_bad_mentions_by_pointer(universe, owner, mentions, pointer):
    with pytest.raises(Invalid) as refused:
        canon.add_element(universe, kind="item", name="Bell", mentions=mentions, by=owner)

    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert not Element.objects.exists()


@pytest.mark.parametrize("kind", ["scenes", "elements"])
def test_api_stores_and_replaces_mentions(api, universe, kind):
    content = {"scenes": {"title": "Dawn", "text": "Fog."}, "elements": {"kind": "item", "name": "Bell"}}[
        kind
    ]
    created = api.post(f"/universes/{universe.pk}/{kind}", {**content, "mentions": [MIRA]})

    assert (created.status_code, created.data["mentions"]) == (201, [MIRA])
    assert api.patch(created["Location"], {"canon_status": "canon"}).data["mentions"] == [MIRA]
    changed = api.patch(created["Location"], {"mentions": [ODRAN, MIRA]})
    assert (changed.status_code, changed.data["mentions"]) == (200, [ODRAN, MIRA])
    assert api.patch(created["Location"], {"mentions": []}).data["mentions"] == []


@pytest.mark.parametrize("method", ["post", "patch"])
@pytest.mark.parametrize(("mentions", "expected"), BAD)
def test_api_refuses_bad_mentions_by_pointer(api, universe, dawn, method, mentions, expected):
    path = f"/universes/{universe.pk}/scenes"
    body = {"title": "Dusk", "text": "Fog.", "mentions": mentions}
    response = api.post(path, body) if method == "post" else api.patch(f"{path}/{dawn.pk}", body)

    assert pointers(response) == expected
    assert [(scene.title, scene.mentions) for scene in Scene.objects.all()] == [("Dawn", [])]


def test_change_of_mentions_is_recorded_and_undone(universe, owner, dawn):
    canon.revise_scene(dawn, mentions=[MIRA], by=owner)
    change = CanonChange.objects.get(action="revised")
    assert change.before is not None
    assert (change.before["mentions"], change.after["mentions"]) == ([], [MIRA])

    canon_origins.undo_change(change.pk, owner)

    dawn.refresh_from_db()
    assert dawn.mentions == []


def test_promotion_keeps_mentions_that_a_user_has_changed(universe, owner):
    draft = canon.add_scene(universe, title="Dawn", text="Fog.", mentions=[MIRA], origin_ref="job-1")
    canon.revise_scene(draft, mentions=[ODRAN], by=owner)

    scene = canon.add_scene(
        universe, title="Dawn", text="Fog.", mentions=[MIRA], origin_ref="job-1", status="canon"
    )

    assert (scene.canon_status, scene.mentions) == ("canon", [ODRAN])


@pytest.mark.parametrize("name", ["bell", "dawn"])
def test_admin_form_edits_mentions(admin, name, request):
    entry = request.getfixturevalue(name)
    content = {
        "bell": {"name": "Bell", "summary": "", "traits": "{}", **relation_rows()},
        "dawn": {"title": "Dawn", "text": "Fog.", **NO_MOMENT},
    }
    page = admin.get(page_of(entry)).content.decode()
    assert "posthumous, flashback or legend" in page

    saved = admin.post(page_of(entry), {**content[name], "mentions": json.dumps([MIRA])})

    entry.refresh_from_db()
    assert (saved.status_code, entry.mentions) == (302, [MIRA])


@pytest.mark.parametrize(
    ("mentions", "error"),
    [
        ('[{"name": "Mira", "how": "alive"}]', "mentions/0/how"),
        ('{"name": "Mira"}', "mentions: Must be a list."),
        ("nonsense", "Enter a valid JSON."),
    ],
)
def test_admin_form_names_a_bad_mention(admin, universe, mentions, error):
    data = {"universe": universe.pk, "title": "Dusk", "text": "Fog.", "mentions": mentions}
    response = admin.post(reverse("admin:universes_scene_add"), data)

    assert [error in shown for shown in errors_in(response)] == [True]
    assert not Scene.objects.exists()
