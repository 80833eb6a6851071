"""Error promises on the overview, in the admin, in the API and on receipts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import ErrorPromise, PromiseTerms
from agents.quality.promise import wording
from agents.receipts import receipt

pytestmark = pytest.mark.django_db

STRATA: list[dict[str, Any]] = [
    {"name": "in doubt", "outputs": 100, "verdicts": 100, "errors": 9},
    {"name": "passed", "outputs": 300, "verdicts": 60, "errors": 0},
]


def evidence(**changes: Any) -> dict[str, Any]:
    passed = [{**stratum, "outputs": stratum["outputs"] // 2} for stratum in STRATA]
    return {
        "candidates": [
            {"cut_off": 0.5, "bound": 0.2, "estimate": 0.02, "strata": STRATA},
            {"cut_off": 0.6, "bound": 0.048, "estimate": 0.01, "strata": passed},
        ],
        "best_bound": 0.048,
        "needed": None,
        "verdicts_per_day": 10.0,
        **changes,
    }


def make_promise(state: str = "kept", **fields: Any) -> ErrorPromise:
    now = timezone.now() - timedelta(days=1)
    values = {
        "agent_type": "narrative",
        "state": state,
        "cut_off": 0.6 if state == "kept" else None,
        "cause": "verdicts",
        "alpha": 0.05,
        "delta": 0.05,
        "model": "claude-test",
        "at": now,
        "began_at": now,
        "counts_from": now,
        "verdicts": 160,
        "evidence": evidence(),
        **fields,
    }
    return ErrorPromise.objects.create(**values)


@pytest.mark.parametrize(
    ("state", "changes", "expected"),
    [
        ("kept", {}, "at most 5% would have been rejected or changed (95% certainty)"),
        ("kept", {}, "An output passes from confidence 0.6 on; 50% do."),
        ("too_many", {"best_bound": 0.123}, "The best bound reached is 12.3%. The fixed threshold applies."),
        ("too_few", {"needed": 24}, "about 24 more are needed, 3 days at the rate of the last week."),
        ("too_few", {"needed": 1}, "about 1 more is needed, 1 day at the rate of the last week."),
        ("too_few", {"needed": 9, "verdicts_per_day": 0}, "none came in the last week."),
        ("too_few", {}, "no output that counts has been reviewed yet."),
    ],
)
def test_sentence_says_what_is_promised_or_why_not(state, changes, expected):
    assert expected in wording.sentence(make_promise(state, evidence=evidence(**changes)))


def test_overview_shows_each_promise_with_its_numbers(reviewer_client):
    assert "No promise has been computed yet" in reviewer_client.get(reverse("admin:index")).content.decode()
    make_promise()
    make_promise("too_few", agent_type="spatial", evidence=evidence(candidates=[], needed=3))
    make_promise("too_many", agent_type="spatial", until=timezone.now())

    page = reviewer_client.get(reverse("admin:index")).content.decode()

    assert "at most 5% would have been rejected or changed" in page
    assert "about 3 more are needed" in page
    assert "4.8%" in page
    assert "too many errors" not in page


def test_api_lists_promises_newest_first(reviewer_api):
    old = make_promise("too_few", until=timezone.now(), at=timezone.now() - timedelta(days=2))
    new = make_promise()

    body = reviewer_api.get("/agents/reviews/promises").json()

    assert [row["id"] for row in body["results"]] == [str(new.pk), str(old.pk)]
    first = body["results"][0]
    assert (first["state"], first["cut_off"], first["until"]) == ("kept", 0.6, None)
    assert first["sentence"] == wording.sentence(new)
    assert first["evidence"]["candidates"][1]["strata"][1]["verdicts"] == 60


def test_lead_reads_each_change_and_administrator_sets_the_terms(lead_client, superuser_client):
    promise = make_promise()

    page = lead_client.get(reverse("admin:agents_errorpromise_change", args=[promise.pk])).content.decode()
    assert "from 0.6: at most 4.8% errors" in page

    url = reverse("admin:agents_promiseterms_change", args=["narrative"])
    assert lead_client.get(url).status_code == 403
    refused = superuser_client.post(url, {"alpha": "0", "delta": "0.05", "max_audit_share": "0.2"})
    assert "greater than or equal to 0.001" in refused.content.decode()
    superuser_client.post(url, {"alpha": "0.02", "delta": "0.05", "max_audit_share": "1", "is_active": "on"})
    assert PromiseTerms.objects.get(pk="narrative").alpha == 0.02


def test_receipt_names_the_promise_of_its_time(make_job, universe, creator):
    make_promise(at=timezone.now() - timedelta(days=9), until=timezone.now() - timedelta(days=3), cut_off=0.7)
    of_agent = make_promise()
    job = make_job("completed", universe=universe)

    before = receipt.receipt_of(job, creator)["promise"]
    assert before is not None
    assert before["id"] == of_agent.pk

    own = make_promise(universe=universe, cut_off=0.5)
    shown = receipt.receipt_of(job, creator)["promise"]
    assert shown is not None
    assert (shown["id"], shown["cut_off"]) == (own.pk, 0.5)
    assert receipt.receipt_of(make_job("completed", agent_type="spatial"), creator)["promise"] is None
    assert receipt.receipt_of(make_job(), creator)["promise"] is None
