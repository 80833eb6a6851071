"""Requests to a real web server: chunked bodies, oversized bodies, unknown hosts."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from contextlib import closing

import pytest
from django.contrib.auth.models import User
from rest_framework_simplejwt.tokens import AccessToken

from agents.models import AgentJob
from universes.models import WorldImport

pytestmark = pytest.mark.django_db(transaction=True)

JOB = b'{"agent_type": "narrative", "input_data": {"prompt": "x"}}'


Answer = tuple[int, dict[str, str], dict[str, object]]


@pytest.fixture
def post(port: int, broker: object) -> Callable[..., Answer]:
    token = AccessToken.for_user(User.objects.create(username="carla"))

    def send(body: bytes, *, in_chunks_of: int | None = None, expect: bool = False) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as web:
            web.putrequest("POST", "/agents/jobs")
            web.putheader("Authorization", f"Bearer {token}")
            web.putheader("Content-Type", "application/json")
            if in_chunks_of:
                web.putheader("Transfer-Encoding", "chunked")
                web.endheaders()
                for start in range(0, len(body), in_chunks_of):
                    part = body[start : start + in_chunks_of]
                    web.send(b"%x\r\n%s\r\n" % (len(part), part))
                web.send(b"0\r\n\r\n")
            else:
                web.putheader("Content-Length", str(len(body)))
                web.endheaders()
                web.send(body)
            response = web.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return response.status, headers, json.loads(response.read())

    return send


def test_job_is_accepted_with_and_without_chunks(post):
    whole, chunked = post(JOB), post(JOB, in_chunks_of=7)

    assert [status for status, _, _ in (whole, chunked)] == [202, 202]
    assert whole[1]["location"] == f"/agents/jobs/{whole[2]['job_id']}"
    assert AgentJob.objects.count() == 2
    assert {json.dumps(data) for data in AgentJob.objects.values_list("input_data", flat=True)} == {
        '{"prompt": "x"}'
    }


@pytest.mark.parametrize("in_chunks_of", [None, 50_000])
@pytest.mark.parametrize("size", [1_000_001, 1_100_000])
def test_body_over_the_limit_is_a_413(post, size, in_chunks_of):
    body = JOB + b" " * (size - len(JOB))

    status, headers, problem = post(body, in_chunks_of=in_chunks_of)

    assert (status, headers["content-type"]) == (413, "application/problem+json")
    assert problem["code"] == "body_too_large"
    assert not AgentJob.objects.exists()


def test_chunked_body_at_the_limit_is_accepted(post):
    status, _, _ = post(JOB + b" " * (1_000_000 - len(JOB)), in_chunks_of=100_000)

    assert status == 202


def upload(port: int, size: int, path: str = "/universes/imports") -> tuple[int, str]:
    """Send a file of this many bytes, and return the status and the code of the refusal, if any."""
    token = AccessToken.for_user(User.objects.get_or_create(username="carla")[0])
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="world.json"\r\n\r\n'
    body = head + b'{"entries": {}}'.ljust(size - len(head) - 9) + b"\r\n--x--\r\n"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=x"}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as web:
        web.request("POST", path, body, headers)
        response = web.getresponse()
        return response.status, json.loads(response.read()).get("code", "")


def test_file_may_be_larger_than_any_other_body(port, broker):
    assert upload(port, 2_000_000) == (202, "")
    assert WorldImport.objects.get().parts.count() == 2
    assert upload(port, 50_050_000) == (400, "file_too_large")
    assert upload(port, 2_000_000, "/universes/imports/")[0] == 202
    assert upload(port, 2_000_000, "/universes")[0] in {413, 415}


def test_unknown_host_is_a_400(port):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as web:
        web.request("GET", "/agents/jobs", headers={"Host": "evil.example"})
        response = web.getresponse()

        assert (response.status, response.headers["Content-Type"]) == (400, "application/problem+json")
