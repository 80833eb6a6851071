"""Reject reasons over HTTP."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agents.models import RejectReason
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import make_review

pytestmark = pytest.mark.django_db


def test_reviewers_get_active_reasons_in_order(reviewer_api):
    RejectReason.objects.all().delete()
    for position, name, is_active in ((20, "Too long", True), (10, "Dull", True), (5, "Old", False)):
        RejectReason.objects.create(
            code=name.lower().replace(" ", "_"), name=name, position=position, is_active=is_active
        )

    body = reviewer_api.get("/agents/reviews/reject-reasons/").json()

    all_agents = ["narrative", "spatial", "consistency"]
    assert body["results"] == [
        {"code": "dull", "name": "Dull", "agent_types": all_agents},
        {"code": "too_long", "name": "Too long", "agent_types": all_agents},
    ]


def test_reason_of_another_agent_is_neither_offered_nor_taken(reviewer_api, creator, reviewer_client):
    place, report = (make_review(creator, agent_type=agent) for agent in ("spatial", "consistency"))
    body = {"verdict": "rejected", "reason": "wrong_report"}

    refused = reviewer_api.post(f"/agents/reviews/{place.pk}/decision", body)
    page = reviewer_client.get(reverse("admin:agents_reviewitem_change", args=[place.pk])).content.decode()

    assert list(pointers_of(refused)) == ["/reason"]
    assert 'value="wrong_report"' not in page
    assert reviewer_api.post(f"/agents/reviews/{report.pk}/decision", body).status_code == 201


def test_new_site_has_default_reasons(reviewer_api):
    rows = reviewer_api.get("/agents/reviews/reject-reasons").json()["results"]

    assert (len(rows), rows[0]["code"], rows[-1]["code"]) == (8, "breaks_a_rule", "other")


def test_only_reviewers_may(api):
    problem_of(api.get("/agents/reviews/reject-reasons"), 403, "forbidden")
