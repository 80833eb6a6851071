from __future__ import annotations

import pytest

from tests.universes.api.answers import pointers
from universes.models import WorldRule


@pytest.fixture
def path(universe):
    return f"/universes/{universe.pk}/world-config"


EMPTY = {"genre": "", "tone": "", "tech_level": "", "magic_system": "", "physics": "", "rules": []}


def put(api, path, body, tag="*"):
    return api.put(path, {**EMPTY, **body}, headers={"If-Match": tag})


def texts(response):
    return [rule["text"] for rule in response.data["rules"]]


def test_new_universe_has_empty_config(api, universe, path):
    config = api.get(path).data

    assert {key: value for key, value in config.items() if key != "updated_at"} == {
        "universe_id": str(universe.pk),
        "genre": "",
        "tone": "",
        "tech_level": "",
        "magic_system": "",
        "physics": "",
        "rules": [],
    }


def test_rules_accept_texts_or_objects_and_return_ids(api, path):
    first = put(
        api, path, {"genre": "low fantasy", "rules": ["No one can teleport.", {"text": "Beds are sacred."}]}
    )

    assert (first.status_code, first.data["genre"]) == (200, "low fantasy")
    assert texts(first) == ["No one can teleport.", "Beds are sacred."]
    ids = [rule["id"] for rule in first.data["rules"]]

    second = api.patch(path, {"rules": ["Beds are sacred.", {"id": ids[0], "text": "Few can teleport."}]})

    assert second.data["rules"] == [
        {"id": ids[1], "text": "Beds are sacred."},
        {"id": ids[0], "text": "Few can teleport."},
    ]
    assert second.data["genre"] == "low fantasy"
    assert api.get(path).data == second.data


def test_put_replaces_all(api, path):
    put(api, path, {"genre": "gothic", "tone": "grim", "rules": ["Iron burns elves."]})

    replaced = put(api, path, {"tone": "wry"})

    assert (replaced.data["genre"], replaced.data["tone"], replaced.data["rules"]) == ("", "wry", [])


def test_put_names_what_is_missing_and_changes_nothing(api, path):
    before = put(api, path, {"genre": "gothic", "rules": ["Iron burns elves."]}).data

    response = api.put(path, {"tone": "wry"}, headers={"If-Match": "*"})

    missing = ["genre", "tech_level", "magic_system", "physics", "rules"]
    assert pointers(response) == [(f"/{name}", "required") for name in missing]
    assert api.get(path).data == before


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"genre": 1}, [("/genre", "invalid")]),
        ({"genre": None}, [("/genre", "null")]),
        ({"genre": "x" * 201}, [("/genre", "max_length")]),
        ({"physics": "x" * 4001}, [("/physics", "max_length")]),
        ({"weather": "wet"}, [("/weather", "unknown_field")]),
        ({"rules": "No one can teleport."}, [("/rules", "not_a_list")]),
        ({"rules": ["Fine.", 5]}, [("/rules/1", "invalid")]),
        ({"rules": [None]}, [("/rules/0", "null")]),
        ({"rules": [""]}, [("/rules/0", "blank")]),
        ({"rules": [{"text": ""}]}, [("/rules/0/text", "blank")]),
        ({"rules": [{"id": 5, "text": "Fine."}]}, [("/rules/0/id", "invalid")]),
        ({"rules": [{"text": "Fine.", "weight": 5}]}, [("/rules/0/weight", "unknown_field")]),
        (
            {"rules": [{"id": "00000000-0000-0000-0000-000000000001", "text": "Fine."}]},
            [("/rules/0/id", "invalid")],
        ),
        ({"rules": ["x"] * 101}, [("/rules", "max_length")]),
    ],
)
@pytest.mark.parametrize("method", ["put", "patch"])
def test_invalid_config_names_fields_and_changes_nothing(api, path, method, body, expected):
    before = put(api, path, {"genre": "gothic", "rules": ["Iron burns elves."]}).data
    sent = {**EMPTY, **body} if method == "put" else body

    assert pointers(getattr(api, method)(path, sent, headers={"If-Match": "*"})) == expected

    assert api.get(path).data == before
    assert WorldRule.objects.count() == 1


@pytest.mark.parametrize("count", [1, 60])
def test_query_count_does_not_grow_with_rules(api, path, count, django_assert_max_num_queries):
    put(api, path, {"rules": [f"Rule {number}." for number in range(count)]})

    with django_assert_max_num_queries(4):
        assert len(api.get(path).data["rules"]) == count
