"""Reject reasons over HTTP."""

from __future__ import annotations

import pytest

from agents.models import RejectReason
from tests.support.problems import problem_of

pytestmark = pytest.mark.django_db


def test_reviewers_get_active_reasons_in_order(reviewer_api):
    RejectReason.objects.all().delete()
    for position, name, is_active in ((20, "Too long", True), (10, "Dull", True), (5, "Old", False)):
        RejectReason.objects.create(
            code=name.lower().replace(" ", "_"), name=name, position=position, is_active=is_active
        )

    body = reviewer_api.get("/agents/reviews/reject-reasons/").json()

    assert body["results"] == [{"code": "dull", "name": "Dull"}, {"code": "too_long", "name": "Too long"}]


def test_new_site_has_default_reasons(reviewer_api):
    rows = reviewer_api.get("/agents/reviews/reject-reasons").json()["results"]

    assert (len(rows), rows[0]["code"], rows[-1]["code"]) == (8, "breaks_a_rule", "other")


def test_only_reviewers_may(api):
    problem_of(api.get("/agents/reviews/reject-reasons"), 403, "permission_denied")
