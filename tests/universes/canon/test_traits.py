from __future__ import annotations

import pytest

from universes.choices import ElementKind
from universes.errors import Invalid
from universes.traits import TRAITS_OF, validate_traits


def test_every_kind_has_a_traits_model():
    assert set(TRAITS_OF) == set(ElementKind)


def test_known_and_free_keys_are_kept_and_nulls_dropped():
    traits = {"age": 31, "goals": ["rest"], "favourite colour": "grey", "species": None}

    assert validate_traits(ElementKind.CHARACTER, traits) == {
        "age": 31,
        "goals": ["rest"],
        "favourite colour": "grey",
    }


@pytest.mark.parametrize(
    ("traits", "read"),
    [
        ({"age": "27"}, {"age": 27}),
        ({"age": " 27 "}, {"age": 27}),
        ({"age": 27.0}, {"age": 27}),
        ({"goals": "rest"}, {"goals": ["rest"]}),
        ({"Age": 27, "GOALS": ["rest"]}, {"age": 27, "goals": ["rest"]}),
        ({"Favourite Colour": "grey"}, {"Favourite Colour": "grey"}),
    ],
)
def test_what_has_one_meaning_is_taken(traits, read):
    assert validate_traits(ElementKind.CHARACTER, traits) == read


@pytest.mark.parametrize(
    ("kind", "traits", "pointers"),
    [
        ("character", {"age": "about 31"}, ["/traits/age"]),
        ("character", {"age": ""}, ["/traits/age"]),
        ("character", {"Age": "old"}, ["/traits/Age"]),
        ("character", {"age": "9" * 5000}, ["/traits/age"]),
        ("character", {"goals": " "}, ["/traits/goals"]),
        ("character", {"age": 31, "Age": 32}, ["/traits/Age"]),
        ("character", {"mood": "grim", "Mood\u200b": "glad"}, ["/traits/Mood\u200b"]),
        ("location", {"map_layout": "A ring.", "Map layout": "A star."}, ["/traits/Map layout"]),
        ("character", {"age": -1}, ["/traits/age"]),
        ("character", {"age": True}, ["/traits/age"]),
        ("character", {"age": 1.5, "goals": 3}, ["/traits/age", "/traits/goals"]),
        ("character", {"goals": ["rest", 2]}, ["/traits/goals/1"]),
        ("character", {"mood": 3}, ["/traits/mood"]),
        ("character", {"mood": {"now": "grim"}}, ["/traits/mood"]),
        ("character", {"a/b~c": 3}, ["/traits/a~1b~0c"]),
        ("location", {"population": "many"}, ["/traits/population"]),
        ("item", {"material": "x" * 5001}, ["/traits/material"]),
        ("item", {" ": "blank"}, ["/traits/ "]),
        ("item", {"x" * 61: "long"}, ["/traits/" + "x" * 61]),
        ("item", {f"key {number}": "x" for number in range(51)}, ["/traits"]),
    ],
)
def test_invalid_traits_are_named(kind, traits, pointers):
    with pytest.raises(Invalid) as caught:
        validate_traits(ElementKind(kind), traits)

    assert [error.pointer for error in caught.value.errors] == pointers
