"""The review queue over HTTP: permissions, rows and filters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from agents.choices import Verdict
from agents.models import ReviewItem
from agents.review import claims
from agents.review.verdicts import decisions
from tests.support.problems import ids_of, pointers_of, problem_of
from tests.support.rows import INPUTS, OUTPUTS, SHOWN_SIGNALS, assert_undecided, make_review

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("call", ["list", "detail", "decision"])
@pytest.mark.parametrize("who", ["requester", "staff", "nobody"])
def test_only_reviewers_may(api, staff_api, creator, who, call):
    item = make_review(creator)
    client = {"requester": api, "staff": staff_api, "nobody": APIClient()}[who]
    path = {
        "list": "/agents/reviews",
        "detail": f"/agents/reviews/{item.pk}",
        "decision": f"/agents/reviews/{item.pk}/decision",
    }[call]

    response = client.post(path, {"verdict": "approved"}) if call == "decision" else client.get(path)

    if who == "nobody":
        problem_of(response, 401, "not_authenticated")
    else:
        assert problem_of(response, 403, "forbidden")["detail"].startswith("Only reviewers may")
    assert_undecided(item)


@pytest.mark.parametrize("path", ["/agents/reviews", "/agents/reviews/"])
def test_row_of_an_open_item(reviewer_api, creator, universe, path):
    item = make_review(
        creator, universe=universe, opened_at=START, due_at=datetime(9000, 1, 1, tzinfo=UTC), priority=1
    )

    body = reviewer_api.get(f"{path}?include=input,output").json()

    assert {key: body[key] for key in body if key != "results"} == {
        "count": 1,
        "next": None,
        "next_cursor": None,
        "previous": None,
        "limit": 50,
        "offset": 0,
    }
    assert body["results"] == [
        {
            "id": str(item.pk),
            "job_id": str(item.job_id),
            "universe_id": str(universe.pk),
            "agent_type": "narrative",
            "state": "open",
            "kind": None,
            "is_blind": False,
            "confidence": 0.45,
            "reasons": item.reasons,
            "opinions_wanted": 1,
            "opinions_given": 0,
            "guest_opinions_given": 0,
            "is_disputed": False,
            "priority": 1,
            "opened_at": "2026-03-01T12:00:00Z",
            "due_at": "9000-01-01T00:00:00Z",
            "is_overdue": False,
            "closed_at": None,
            "claim": None,
            "assigned_to": None,
            "requested_by": "carla",
            "follows_job_id": None,
            "is_mock": True,
            "input_data": INPUTS["narrative"],
            "output_data": OUTPUTS["narrative"],
            "signals": SHOWN_SIGNALS,
            "decision": None,
            "opinions": [],
        }
    ]


@pytest.mark.parametrize("slash", ["", "/"])
def test_detail_is_the_row(reviewer_api, creator, slash):
    item = make_review(creator)

    detail = reviewer_api.get(f"/agents/reviews/{item.pk}{slash}")

    assert detail.status_code == 200
    row = reviewer_api.get("/agents/reviews?include=output,input").json()["results"][0]
    assert detail.json() == {**row, "name_taken": None, "guest_opinions": []}


def test_list_is_in_queue_order(reviewer_api, creator):
    """Sort by due time, priority, age and id."""

    def make(due_h, priority=0, opened_h=0):
        return make_review(
            creator, due_at=START + due_h * HOUR, priority=priority, opened_at=START + opened_h * HOUR
        )

    last, of_a_schedule, younger = make(2), make(1, priority=1), make(1, opened_h=1)
    tied = sorted((make(1) for _ in range(3)), key=lambda item: item.pk)
    first = make(0, priority=1, opened_h=9)

    listed = ids_of(reviewer_api.get("/agents/reviews"))

    assert listed == [str(item.pk) for item in (first, *tied, younger, of_a_schedule, last)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "abc"),
        ("state=open", "ab"),
        ("state=closed", "c"),
        ("agent_type=spatial", "b"),
        ("universe_id={universe}", "a"),
        ("confidence_min=0.4", "ac"),
        ("confidence_max=0.3", "b"),
        ("confidence_min=0.1&confidence_max=0.45&state=open", "ab"),
        ("reason=word_range", "ac"),
        ("reason=WORD_RANGE", "ac"),
        ("reason=complete", "b"),
        ("reason=word", ""),
        ("reason=%25", ""),
        ("reason=_ord_range", ""),
    ],
)
def test_filters_narrow_and_combine(reviewer_api, creator, universe, query, found):
    items = {
        "a": make_review(creator, universe=universe, opened_at=START),
        "b": make_review(
            creator,
            agent_type="spatial",
            confidence=0.2,
            reason_codes="|complete|",
            opened_at=START + timedelta(hours=1),
        ),
        "c": make_review(creator, state="closed", closed_at=START, opened_at=START + timedelta(hours=2)),
    }
    names = {str(item.pk): name for name, item in items.items()}

    response = reviewer_api.get(f"/agents/reviews?{query.format(universe=universe.pk)}")

    assert "".join(names[item_id] for item_id in ids_of(response)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("claim=mine", "ad"),
        ("claim=taken", "ab"),
        ("claim=free", "c"),
        ("overdue=true", "ac"),
        ("overdue=false", "bd"),
        ("asked_again=true", "d"),
        ("asked_again=false", "abce"),
    ],
)
def test_list_is_filtered_by_claim_and_due_date(reviewer_api, api_reviewer, make_user, creator, query, found):
    now = timezone.now()
    items = {
        "a": make_review(creator, due_at=now - 2 * HOUR),
        "b": make_review(creator, due_at=now + HOUR),
        "c": make_review(creator, due_at=now - HOUR),
        "d": make_review(creator, due_at=now + 2 * HOUR),
        "e": make_review(creator, due_at=now + 3 * HOUR),
    }
    names = {str(item.pk): name for name, item in items.items()}
    items["d"].job.follows = items["a"].job
    items["d"].job.save()
    second = make_user("ruben", groups=["Reviewers"])
    claims.claim(items["a"].pk, api_reviewer)
    claims.claim(items["b"].pk, second)
    claims.claim(items["c"].pk, second)
    ReviewItem.objects.filter(pk=items["c"].pk).update(claimed_until=now - HOUR)
    claims.hand_to(items["d"].pk, api_reviewer, by=second)
    decisions.decide(items["e"].pk, Verdict.APPROVED, by=second)

    response = reviewer_api.get(f"/agents/reviews?{query}")

    assert sorted(names[row["id"]] for row in response.json()["results"]) == list(found)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("state=waiting", "?state"),
        ("agent_type=poet", "?agent_type"),
        ("universe_id=x", "?universe_id"),
        ("claim=hers", "?claim"),
        ("overdue=yes", "?overdue"),
        ("asked_again=1", "?asked_again"),
        ("confidence_min=low", "?confidence_min"),
        ("confidence_max=NaN", "?confidence_max"),
        ("confidence_max=1e400", "?confidence_max"),
        ("reason=%00", "?reason"),
        ("status=open", "?status"),
    ],
)
def test_invalid_query_parameter_is_named_in_400(reviewer_api, query, pointer):
    assert set(pointers_of(reviewer_api.get(f"/agents/reviews?{query}"))) == {pointer}


def test_query_count_does_not_grow_with_rows(reviewer_api, api_reviewer, creator):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert reviewer_api.get("/agents/reviews").status_code == 200
        return len(queries)

    decisions.decide(make_review(creator).pk, Verdict.APPROVED, by=api_reviewer)
    few = cost()
    for _ in range(15):
        make_review(creator)
        decisions.decide(make_review(creator).pk, Verdict.REJECTED, by=api_reviewer, note="No.")

    # Queries: the account, the rows with their count, and their decisions.
    assert (few, cost()) == (3, 3)
