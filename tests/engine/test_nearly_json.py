"""Answers that are JSON but for a slip."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agents.engine.nearly_json import NotReadable, read_object

OBJECT = {"title": "T", "content": 'She said "no", and\nleft: {a}, [b,].'}
TEXT = json.dumps(OBJECT)
CODE_BLOCK = "The answer had to be unwrapped from a code block."
WORDS = "The answer had words around it."
RAW = "Line breaks or tabs inside the answer's strings were not escaped."
COMMA = "The answer had a comma too many at the end of a list or an object."
LIST = "The answer had to be taken out of a list."
STRING = "The answer had to be taken out of a string."
THOUGHTS = "The answer had the model's thoughts before it."
INVISIBLE = "Invisible signs around the answer had to be dropped."


def test_proper_object_has_no_slip() -> None:
    assert read_object(f"\n {TEXT}\n") == (OBJECT, ())


@pytest.mark.parametrize(
    ("text", "slips"),
    [
        (f"```json\n{TEXT}\n```", (CODE_BLOCK,)),
        (f"```{TEXT}```", (CODE_BLOCK,)),
        (f"~~~~JSON\n{TEXT}\n~~~~", (CODE_BLOCK,)),
        (f"`{TEXT}`", (CODE_BLOCK,)),
        (f"Sure! Here is the “scene”:\n\n{TEXT}\n\nI hope this helps.", (WORDS,)),
        (f"It's \"done: {TEXT}", (WORDS,)),
        (f"<answer>{TEXT}</answer>", (WORDS,)),
        (f"Here you are:\n```json\n{TEXT}\n```\nEnjoy!", (CODE_BLOCK, WORDS)),
        (f"\ufeff{TEXT}", (INVISIBLE,)),
        (f"{TEXT}\u2062\u2064\ufe0f\n\u200b", (INVISIBLE,)),
        (f"<think>I shall write {{a}} scene.</think>\n{TEXT}", (THOUGHTS,)),
        (f'<Thinking>{{"title": "No"}}</thinking>```json\n{TEXT}\n```', (THOUGHTS, CODE_BLOCK)),
        (f"return {TEXT};", (WORDS,)),
        (f"\u2062```json\n[{TEXT}]\n```", (INVISIBLE, CODE_BLOCK, LIST)),
        (f"[{TEXT}]", (LIST,)),
        (f"```\n[\n{TEXT}\n]\n```", (CODE_BLOCK, LIST)),
        (json.dumps(TEXT), (STRING,)),
        (json.dumps([TEXT]), (LIST, STRING)),
        (json.dumps(f"```json\n{TEXT}\n```"), (STRING, CODE_BLOCK)),
        (f"```\n[{TEXT},]\n```", (CODE_BLOCK, LIST)),
        (f"{TEXT[:-1]},}}", (COMMA,)),
        (f"{TEXT[:-1]} , \n }}", (COMMA,)),
        (f"[{TEXT},]", (COMMA, LIST)),
    ],
)
def test_object_is_read_despite_slip(text: str, slips: tuple[str, ...]) -> None:
    assert read_object(text) == (OBJECT, slips)


def test_raw_line_breaks_and_tabs_are_kept() -> None:
    assert read_object('{"content": "One.\n\n\tTwo.\r\n"}') == ({"content": "One.\n\n\tTwo.\r\n"}, (RAW,))


def test_escaped_apostrophe_is_an_apostrophe() -> None:
    text = r'{"title": "It\'s \\\' here", "content": "Don\'t."}'

    assert read_object(text) == (
        {"title": "It's \\' here", "content": "Don't."},
        ("The answer had escaped apostrophes.",),
    )


def test_several_slips_are_all_named() -> None:
    text = 'Here:\n```json\n[{"title": "T",\n"content": "One.\nTwo, ]",},]\n```'

    assert read_object(text) == ({"title": "T", "content": "One.\nTwo, ]"}, (CODE_BLOCK, WORDS, RAW, COMMA))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Sure! Here it is.", "it is not JSON (line 1, column 1)."),
        ('Sure!\n{"title": "T" "content": "C"}', "it is not JSON (line 2, column 15)."),
        ('{"title": "T", "content": "The salt', "it is not JSON (line 1, column 27)."),
        ('{"title": "T", "content": "He said "run"."}', "it is not JSON (line 1, column 37)."),
        ("{“title”: “T”}", "it is not JSON (line 1, column 2)."),
        ("{'title': 'T'}", "it is not JSON (line 1, column 2)."),
        ('{"title": "T" // the title\n}', "it is not JSON (line 1, column 15)."),
        ('{"title": NaN}', "it has a value that JSON does not know (NaN)."),
        ('{"title": "T", "n": -Infinity}', "it has a value that JSON does not know (-Infinity)."),
        ('<think>{"title": "T"', "it is not JSON (line 1, column 1)."),
        ("5", "it is not an object."),
        ("[]", "it is not an object."),
        ('["T", {"title": "T"}]', "it is not an object."),
        (f"[{TEXT}, {TEXT}]", "it has more than one object."),
        (f"{TEXT}{TEXT}", "it has more than one object."),
        (f"First:\n```\n{TEXT}\n```\nBetter:\n```\n{TEXT}\n```", "it has more than one object."),
        (f'{TEXT}\nOr: {{"title": "T', "it has more than one object."),
        (f"{{answer: {TEXT}}}", "it is not a single object."),
        (f"Here: [{TEXT}, 'T']", "it is not a single object."),
        (f"Here: ['T', {TEXT}", "it is not a single object."),
        (json.dumps(json.dumps(json.dumps(json.dumps(TEXT)))), "it is not an object."),
        ("[" * 100_000, "it is nested too deeply."),
        ('{"title": ' + "9" * 5_000 + "}", "it has a number that is too long."),
    ],
)
def test_text_without_one_meaning_is_refused(text: str, message: str) -> None:
    with pytest.raises(NotReadable) as caught:
        read_object(text)

    assert str(caught.value) == message


def test_field_written_twice_with_same_value_is_a_slip() -> None:
    text = '{"content": "C", "title": "T", "cont\\u0065nt": "C"}'

    assert read_object(text) == (
        {"content": "C", "title": "T"},
        ("The answer had a field twice, with the same value.",),
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"content": "C", "content": "D"}',
        '{"content": "C", "content": "D", "content": "C"}',
        '{"x": [{"content": "C", "content": "D"}]}',
        '{"content": 1, "content": true}',
        '{"content": {"n": 1}, "content": {"n": 1.0}}',
        'Sure: {"content": "C\n", "content": "D",}',
    ],
)
def test_field_with_two_values_is_refused(text: str) -> None:
    with pytest.raises(NotReadable) as caught:
        read_object(text)

    assert str(caught.value) == "it has the field “content” twice, with different values."


def test_message_about_field_can_be_stored() -> None:
    with pytest.raises(NotReadable) as caught:
        read_object('{"\\ud800\\u0000": 1, "\\ud800\\u0000": 2}')

    assert str(caught.value) == "it has the field “��” twice, with different values."


@pytest.mark.parametrize("value", ["{", '{"', '{"a": ', "[", "`", ", ]", '{"a":1,}', '\\"', '"', "{ "])
def test_hostile_text_is_refused(value: str) -> None:
    hostile: Any = value * 20_000

    with pytest.raises(NotReadable):
        read_object(hostile)
