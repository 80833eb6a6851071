"""Names that show nothing, and names that readers cannot tell apart."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from tests.universes.api.answers import pointers, problem
from universes.fields import fold
from universes.models import Element
from universes.services import canon

pytestmark = pytest.mark.django_db

BLANKS = [
    "\u200b",
    "\u3164",
    "\u2800",
    " \u200b\u00a0",
    "\u2060\ufeff",
    "\u115f",
    "\u00ad",
    "\U000e0041",
    "\x07",
    "\U0001d173",
    "\u0301",
    " \u0302\u200b\u0903",
]
SAME = [
    "BELL",
    "Be\u200bll",
    "\ufeffBell",
    "\uff22\uff45\uff4c\uff4c",
    "Bell\u3164",
    "B\u00adell",
    "Bell\ufe0f",
    "\u2800Bell",
]


@pytest.fixture
def elements(universe) -> str:
    return f"/universes/{universe.pk}/elements"


@pytest.mark.parametrize("name", BLANKS)
def test_name_that_shows_nothing_is_blank(api, universe, elements, name):
    base = f"/universes/{universe.pk}"

    assert pointers(api.post("/universes", {"name": name})) == [("/name", "blank")]
    assert pointers(api.post(elements, {"kind": "item", "name": name})) == [("/name", "blank")]
    assert pointers(api.post(f"{base}/scenes", {"title": name, "text": "Fog."})) == [("/title", "blank")]
    assert pointers(api.post(f"{base}/world-config/rules", {"text": name})) == [("/text", "blank")]
    mentions = {"kind": "item", "name": "Rope", "mentions": [{"name": name, "how": "legend"}]}
    assert pointers(api.post(elements, mentions)) == [("/mentions/0/name", "blank")]
    traits = {"kind": "item", "name": "Rope", "traits": {name: "x"}}
    assert pointers(api.post(elements, traits)) == [(f"/traits/{name}", "invalid_key")]
    assert not Element.objects.exists()


@pytest.mark.parametrize("prompt", BLANKS)
def test_prompt_that_shows_nothing_is_blank(prompt):
    with pytest.raises(InvalidInput) as refused:
        get_agent("narrative").validate_input({"prompt": prompt}, world=None)

    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/prompt", "blank")]


@pytest.mark.parametrize("name", SAME)
def test_name_that_looks_the_same_is_taken(api, elements, name):
    bell = api.post(elements, {"kind": "item", "name": "Bell"}).data

    refused = api.post(elements, {"kind": "item", "name": name})

    assert problem(refused, 409, "element_name_taken")["existing"] == {"id": bell["id"], "name": "Bell"}
    assert [row["name"] for row in api.get(elements, {"search": name}).data["results"]] == ["Bell"]


@pytest.mark.parametrize("name", ["Bells", "Bel", "B\u00e9ll", "Be ll", "\u0412ell"])
def test_name_that_looks_different_is_free(api, elements, name):
    api.post(elements, {"kind": "item", "name": "Bell"})

    assert api.post(elements, {"kind": "item", "name": name}).status_code == 201


def test_name_in_letters_of_several_alphabets_is_flagged(api, elements):
    mixed = api.post(elements, {"kind": "item", "name": "\u041cira"}).data
    plain = api.post(elements, {"kind": "item", "name": "Bell"}).data

    assert (mixed["looks_like"], plain["looks_like"]) == ("Mira", None)
    assert {row["name"]: row["looks_like"] for row in api.get(elements).data["results"]} == {
        "\u041cira": "Mira",
        "Bell": None,
    }


def test_name_of_another_alphabet_is_flagged_beside_one_that_looks_alike(api, elements):
    made = api.post(elements, {"kind": "item", "name": "\u0412\u0435\u0440\u0430"}).data
    assert made["looks_like"] is None

    api.post(elements, {"kind": "character", "name": "Bepa"})

    assert api.get(f"{elements}/{made['id']}").data["looks_like"] == "Bepa"


def test_name_is_kept_as_it_was_typed(api, elements):
    family = "\U0001f469\u200d\U0001f467 \u2764\ufe0f"

    made = api.post(elements, {"kind": "item", "name": family})

    assert made.data["name"] == family


def test_longest_name_has_a_key_that_can_be_stored(universe):
    # Each character stands for eighteen.
    element = canon.add_element(universe, kind="item", name="\ufdfa" * 200)

    element.refresh_from_db()
    assert element.name_key == fold("\ufdfa" * 200)
    assert len(element.name_key) == 600


def test_migration_numbers_names_that_became_the_same(universe, stranger):
    def stored(name, key, **fields):
        element = canon.add_element(universe, kind="item", name=f"x{key}{Element.objects.count()}", **fields)
        Element.objects.filter(pk=element.pk).update(name=name, name_key=key)
        return element

    wide, plain = stored("\uff22ell", "\uff42ell"), stored("Bell", "bell")
    soft, blank = stored("Be\u00adll", "be\u00adll"), stored("\u200b", "\u200b")
    retired = stored("B\u200bell", "b\u200bell")
    Element.objects.filter(pk=retired.pk).update(canon_status="retired")
    cafe = stored("Caf\u00e9", "caf\u00e9")

    import_module("universes.migrations.0005_name_keys").fold_names(apps, None)

    rows = dict(Element.objects.values_list("pk", "name"))
    assert rows == {
        wide.pk: "\uff22ell (2)",
        plain.pk: "Bell",
        soft.pk: "Be\u00adll (3)",
        blank.pk: "Unnamed",
        retired.pk: "B\u200bell",
        cafe.pk: "Caf\u00e9",
    }
    assert all(key == fold(name) for name, key in Element.objects.values_list("name", "name_key"))
