"""Model quotas on the overview."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse

from agents.llm.limits.call_result import CallResult
from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.types import CallStatus
from agents.providers import factory
from tests.llm.limits.helpers import Clock, clocked_limits, make_request, must_reserve

pytestmark = pytest.mark.django_db


@pytest.fixture
def limits(monkeypatch, broker):
    client = broker.client()
    Clock(client)
    allowance = Allowance(requests=60, input_tokens=60_000, output_tokens=6_000)
    own = clocked_limits(client, LimitSettings(default=allowance, max_in_flight=8))
    monkeypatch.setattr(factory, "limits", lambda: own)
    return own


def words(reviewing) -> str:
    content = reviewing.get(reverse("admin:index")).content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content)).split())


def test_open_quota_shows_limits_and_remainder(reviewer_client, limits):
    must_reserve(limits, make_request(input_tokens=5_000))

    text = words(reviewer_client)

    assert "claude-test open 1 of 8 0 60 (90%) 60,000 (50%) 6,000 (100%)" in text


def test_paused_quota_shows_the_reason(reviewer_client, limits):
    limits.settle(
        must_reserve(limits, make_request()),
        CallResult(status=CallStatus.STOPPED, message="The <key> is not valid."),
    )

    # The clock of the limits is fixed in 1970.
    assert (
        "paused: stopped, until 13:47:40 UTC; one job then tests the model. The <key> is not valid. "
        "Fix the key, the account or the model’s name; waiting jobs then continue automatically. 0 of 8"
    ) in words(reviewer_client)


def test_rate_limited_model_shows_until_when(reviewer_client, limits):
    limits.settle(
        must_reserve(limits, make_request()), CallResult(status=CallStatus.RATE_LIMITED, retry_after_s=20)
    )

    assert "rate-limited until 13:47:00 UTC" in words(reviewer_client)


def test_mock_model_has_no_quotas(reviewer_client):
    assert "Model capacity" not in words(reviewer_client)
