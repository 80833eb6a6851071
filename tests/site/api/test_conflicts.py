"""A 409 for something that is there already names it."""

from __future__ import annotations

import pytest

from agents.models import Budget, GoldStandard
from tests.support.rows import make_review
from universes.choices import Role
from universes.services import canon, universes

pytestmark = pytest.mark.django_db


def existing(response, code):
    assert (response.status_code, response.json()["code"]) == (409, code), response.content
    return response.json()["existing"]


def test_element_is_named_as_it_is_spelled_there(api, universe):
    bell = canon.add_element(universe, kind="item", name="The Bell")
    path = f"/universes/{universe.pk}/elements"
    expected = {"id": str(bell.pk), "name": "The Bell"}

    added = api.post(path, {"kind": "item", "name": "the  BELL"})
    other = api.post(path, {"kind": "item", "name": "Rope"}).headers["Location"]

    assert existing(added, "element_name_taken") == expected
    assert existing(api.patch(other, {"name": "THE BELL"}), "element_name_taken") == expected
    assert "The Bell" in added.json()["detail"]


def test_member_is_named(api, stranger, universe):
    body = {"username": "stefan", "role": "editor"}
    universes.add_member(universe, stranger, Role.VIEWER)

    response = api.post(f"/universes/{universe.pk}/members", body)

    assert existing(response, "already_member") == {"id": stranger.pk, "name": "stefan"}


def test_budget_is_named(superuser_api):
    body = {"scope": "site", "period": "day", "limit_usd": "1"}
    superuser_api.post("/agents/budgets", body)

    shown = existing(superuser_api.post("/agents/budgets", body), "budget_exists")

    assert shown["id"] == Budget.objects.get().pk
    assert shown["name"]


def test_gold_is_named(lead_api, reviewer_api, creator):
    item = make_review(creator)
    reviewer_api.post(f"/agents/reviews/{item.pk}/decision", {"verdict": "approved"})
    body = {"job_id": str(item.job_id), "answer": "accept", "why": "Right."}
    first = lead_api.post("/agents/gold", body)

    assert first.status_code == 201, first.content
    assert existing(lead_api.post("/agents/gold", body), "gold_exists")["id"] == str(item.job_id)
    assert GoldStandard.objects.count() == 1
