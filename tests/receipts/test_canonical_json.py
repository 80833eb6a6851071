"""Canonical JSON, with the examples of RFC 8785."""

from __future__ import annotations

import json

import pytest

from universes.passports.signing import canonical_json


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (4.5, "4.5"),
        (4.0, "4"),
        (1e30, "1e+30"),
        (2e-3, "0.002"),
        (1e-27, "1e-27"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (333333333.33333329, "333333333.3333333"),
        (9007199254740994.0, "9007199254740994"),
        (56, "56"),
        (True, "true"),
        (None, "null"),
    ],
)
def test_numbers_are_written_as_javascript_writes_them(number, text):
    assert canonical_json(number) == text


def test_keys_are_sorted_by_utf_16_and_controls_escaped():
    value = json.loads(
        r'{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", '
        r'"1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", '
        r'"\u00f6": "Latin Small Letter O With Diaeresis"}'
    )

    assert [line[-1] for line in json.loads(canonical_json(value), object_pairs_hook=list)] == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]
    assert canonical_json({"b": [1, '\x0f\n"\\/€'], "a": {}}) == '{"a":{},"b":[1,"\\u000f\\n\\"\\\\/€"]}'
