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
    ("kind", "traits", "pointers"),
    [
        ("character", {"age": "31"}, ["/traits/age"]),
        ("character", {"age": -1}, ["/traits/age"]),
        ("character", {"age": True}, ["/traits/age"]),
        ("character", {"age": 1.5, "goals": "rest"}, ["/traits/age", "/traits/goals"]),
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
