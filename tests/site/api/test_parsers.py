"""Refused request bodies: the response names the position, and nothing is stored."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from agents.models import AgentJob
from tests.support.problems import pointers_of, problem_of

pytestmark = pytest.mark.django_db

HEAD = b'{"agent_type": "narrative", "input_data": '


@pytest.fixture
def api(db):
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(User.objects.create(username="carla"))
    return client


def post(api, body: bytes, content_type: str = "application/json"):
    return api.generic("POST", "/agents/jobs", body, content_type=content_type)


def nested(depth: int) -> bytes:
    """Return a job whose JSON is ``depth`` levels deep."""
    return HEAD + b'{"prompt": ' + b"[" * (depth - 2) + b"]" * (depth - 2) + b"}}"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b" \n", "The body is empty; send a JSON object."),
        (b"{", "The body is not JSON: it cannot be read from line 1, column 2."),
        (b"{} {}", "The body is not JSON: it cannot be read from line 1, column 4."),
        (b"agent_type=narrative", "The body is not JSON: it cannot be read from line 1, column 1."),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", "The body is not JSON: it cannot be read from line 1, column 1."),
        (HEAD + b'{"prompt": NaN}}', "The body is not JSON: it has the value NaN."),
        (HEAD + b'{"prompt": -Infinity}}', "The body is not JSON: it has the value -Infinity."),
        (HEAD + b'{"prompt": "\xff"}}', "The body is not UTF-8: byte 54."),
        (HEAD + b'{"prompt": "\xed\xa0\x80"}}', "The body is not UTF-8: byte 54."),
        (
            HEAD + b'{"prompt": "a", "prompt": "b"}}',
            "The body is not JSON: the key “prompt” is given twice.",
        ),
        (nested(33), "The JSON is nested over 32 levels deep."),
        (b"[" * 400_000, "The JSON is nested over 32 levels deep."),
        (HEAD + b'{"prompt": ' + b"9" * 5000 + b"}}", "The body has a number with too many digits."),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value[:40],
)
def test_invalid_json_is_refused(api, body, sentence):
    response = post(api, body)

    assert problem_of(response, 400, "parse_error")["detail"].startswith(sentence)
    assert not AgentJob.objects.exists()


def test_byte_order_mark_is_read_over(api):
    response = post(api, b"\xef\xbb\xbf" + HEAD + b'{"prompt": "x"}}')

    assert response.status_code == 202
    assert AgentJob.objects.get().input_data == {"prompt": "x"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (HEAD + rb'{"prompt": "a\u0000b"}}', "/input_data/prompt"),
        (HEAD + rb'{"prompt": "\ud800"}}', "/input_data/prompt"),
        (HEAD + rb'{"prompt": "\udc00\ud800"}}', "/input_data/prompt"),
        (HEAD + rb'{"prompt": "x", "characters": ["a", "\u0000"]}}', "/input_data/characters/1"),
        (HEAD + rb'{"prompt": "x", "a/b~": {"\u0000": 1}}}', "/input_data/a~1b~0"),
        (HEAD + rb'{"prompt": "x", "\udfff": ["\u0000"]}}', "/input_data"),
        (HEAD + b'{"prompt": 9223372036854775808}}', "/input_data/prompt"),
        (HEAD + b'{"prompt": 1e400}}', "/input_data/prompt"),
        (
            HEAD + b'{"prompt": "x", "characters": [{"name": "Mira", "traits": {"age": -1e999}}]}}',
            "/input_data/characters/0/traits/age",
        ),
        (rb'"\u0000"', ""),
    ],
)
def test_unstorable_value_is_refused_with_its_pointer(api, body, pointer):
    response = post(api, body)

    assert list(pointers_of(response, "invalid")) == [pointer]
    assert not AgentJob.objects.exists()


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"5", b"true", b"null", b"[{}]"])
def test_json_that_is_not_an_object_is_refused(api, body):
    response = post(api, body)

    assert list(pointers_of(response)) == [""]
    assert not AgentJob.objects.exists()


@pytest.mark.parametrize("content_type", ["application/json", ""])
def test_empty_body_names_the_missing_fields(api, content_type):
    response = api.generic("POST", "/agents/jobs", b"", content_type=content_type)

    assert pointers_of(response) == {"/agent_type": "required", "/input_data": "required"}


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"],
)
def test_other_media_types_are_a_415(api, content_type):
    response = post(api, b'{"agent_type": "narrative", "input_data": {"prompt": "x"}}', content_type)

    problem_of(response, 415, "unsupported_media_type")
    assert not AgentJob.objects.exists()


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_other_spellings_of_the_json_media_type_are_accepted(api, content_type):
    response = post(api, HEAD + b'{"prompt": "x"}}', content_type)

    assert response.status_code == 202


def test_escaped_surrogate_pairs_are_accepted(api):
    response = post(api, HEAD + rb'{"prompt": "\ud83d\udcd2 \ud7ff \ue000"}}')

    assert response.status_code == 202
    assert AgentJob.objects.get().input_data == {"prompt": "\U0001f4d2 \ud7ff \ue000"}


def test_thirty_two_levels_are_accepted(api):
    assert pointers_of(post(api, nested(32))) == {"/input_data/prompt": "wrong_type"}


def test_brackets_in_strings_do_not_count_as_levels(api):
    body = HEAD + json.dumps({"prompt": '\\"' + "[{" * 200}).encode() + b"}"

    assert post(api, body).status_code == 202


def test_body_over_a_megabyte_is_refused(api):
    largest = HEAD + b'{"prompt": "' + b"x" * (1_000_000 - len(HEAD) - 15) + b'"}}'
    assert len(largest) == 1_000_000

    parsed, refused = post(api, largest), post(api, largest + b" ")

    assert pointers_of(parsed) == {"/input_data/prompt": "too_long"}
    assert problem_of(refused, 413, "body_too_large")["detail"] == "The body is over 1000000 bytes."
    assert not AgentJob.objects.exists()


def test_list_of_invalid_fields_is_bounded(api):
    body = json.dumps({f"key{number}": 1 for number in range(20_000)}).encode()

    response = post(api, body)

    assert len(problem_of(response, 400, "invalid")["errors"]) == 100
    assert len(response.content) < 20_000
