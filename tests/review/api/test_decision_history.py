"""``GET /agents/reviews/decisions``: filters and pagination."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from agents.choices import ReviewKind, ReviewState, Verdict
from agents.models import RejectReason, ReviewDecision
from tests.support.problems import ids_of, pointers_of, problem_of
from tests.support.rows import make_review

pytestmark = pytest.mark.django_db

PATH = "/agents/reviews/decisions"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def ana(make_user):
    return make_user("ana", groups=["Reviewers"])


def decide(creator, by, verdict=Verdict.APPROVED, *, item=None, is_open=False, about=None, **fields):
    item = item or make_review(creator, **(about or {}))
    if not is_open:
        item.state, item.closed_at = ReviewState.CLOSED, timezone.now()
        item.save()
    after = {"content": "Edited."} if verdict == Verdict.EDITED else None
    return ReviewDecision.objects.create(
        item=item, by=by, verdict=verdict, before=item.job.output_data, after=after, **fields
    )


@pytest.mark.parametrize("path", [PATH, f"{PATH}/"])
def test_row_of_a_decision(reviewer_api, api_reviewer, creator, universe, path):
    reason = RejectReason.objects.get(code="badly_written")
    decision = decide(
        creator,
        api_reviewer,
        Verdict.REJECTED,
        about={"universe": universe},
        reason=reason,
        note="Grey.",
        at=START,
        work_s=12.5,
    )

    body = reviewer_api.get(path).json()

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
            "id": str(decision.pk),
            "item_id": str(decision.item_id),
            "job_id": str(decision.item.job_id),
            "universe_id": str(universe.pk),
            "agent_type": "narrative",
            "kind": "doubt",
            "confidence": decision.item.confidence,
            "verdict": "rejected",
            "by": "rita",
            "at": "2026-03-01T12:00:00Z",
            "reason": "badly_written",
            "note": "Grey.",
            "takes_effect": True,
            "is_lead": False,
            "work_s": 12.5,
            "follow_up_job_id": None,
            "undone_at": None,
        }
    ]


def test_only_reviewers_may(api, staff_api, creator, api_reviewer):
    decide(creator, api_reviewer)

    for client in (api, staff_api):
        assert problem_of(client.get(PATH), 403, "forbidden")["detail"].startswith("Only reviewers may")
    problem_of(APIClient().get(PATH), 401, "not_authenticated")


def test_newest_decisions_come_first_in_pages(reviewer_api, api_reviewer, creator):
    first, second, third = (decide(creator, api_reviewer, at=START + DAY * n) for n in range(3))

    assert ids_of(reviewer_api.get(PATH, {"limit": 2})) == [str(third.pk), str(second.pk)]
    assert ids_of(reviewer_api.get(PATH, {"limit": 2, "offset": 2})) == [str(first.pk)]


@pytest.fixture
def book(api_reviewer, ana, creator, universe):
    reason = RejectReason.objects.get(code="other")
    return {
        "approved": decide(creator, api_reviewer, at=START, about={"universe": universe}),
        "rejected": decide(creator, ana, Verdict.REJECTED, at=START + DAY, reason=reason),
        "place": decide(creator, ana, Verdict.EDITED, at=START + DAY * 2, about={"agent_type": "spatial"}),
        "opinion": decide(creator, api_reviewer, at=START + DAY * 3, takes_effect=False),
        "undone": decide(
            creator, api_reviewer, at=START + DAY * 4, undone_at=START + DAY * 5, undone_by=api_reviewer
        ),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"verdict": "edited"}, ["place"]),
        ({"reason": "other"}, ["rejected"]),
        ({"by": "ana"}, ["place", "rejected"]),
        ({"by": "nobody"}, []),
        ({"agent_type": "spatial"}, ["place"]),
        ({"takes_effect": "false"}, ["opinion"]),
        ({"undone": "true"}, ["undone"]),
        ({"undone": "false", "by": "rita"}, ["opinion", "approved"]),
        ({"after": "2026-03-04T12:00:00Z"}, ["undone", "opinion"]),
        ({"before": "2026-03-02T12:00:00Z"}, ["approved"]),
    ],
)
def test_filters(reviewer_api, book, query, found):
    assert ids_of(reviewer_api.get(PATH, query)) == [str(book[name].pk) for name in found]


@pytest.mark.parametrize("name", ["job_id", "item_id", "universe_id"])
def test_filters_by_item_and_job(reviewer_api, book, name):
    decision = book["approved"]
    value = decision.item_id if name == "item_id" else getattr(decision.item, name)

    assert ids_of(reviewer_api.get(PATH, {name: value})) == [str(decision.pk)]


def test_unknown_filter_is_named(reviewer_api):
    response = reviewer_api.get(PATH, {"verdict": "great", "sort": "at", "undone": "perhaps", "job_id": "x"})

    assert set(pointers_of(response)) == {"?verdict", "?sort", "?undone", "?job_id"}


def test_opinions_are_private_until_closed_or_disputed(client_of, api_reviewer, ana, creator):
    item = make_review(creator, opinions_wanted=2)
    decision = decide(creator, ana, item=item, is_open=True, takes_effect=False)
    assert (ids_of(client_of(api_reviewer).get(PATH)), ids_of(client_of(ana).get(PATH))) == (
        [],
        [str(decision.pk)],
    )

    item.disputed_at = timezone.now()
    item.save()
    assert ids_of(client_of(api_reviewer).get(PATH)) == []

    api_reviewer.user_permissions.add(Permission.objects.get(codename="lead_reviews"))
    assert ids_of(client_of(User.objects.get(pk=api_reviewer.pk)).get(PATH)) == [str(decision.pk)]


def test_foreign_gold_is_not_listed(reviewer_api, client_of, ana, creator):
    decision = decide(creator, ana, about={"kind": ReviewKind.GOLD, "only_for": ana})

    assert ids_of(reviewer_api.get(PATH)) == []
    assert ids_of(client_of(ana).get(PATH)) == [str(decision.pk)]


def test_open_blind_item_hides_confidence_and_kind(reviewer_api, api_reviewer, creator):
    item = make_review(creator, kind=ReviewKind.AUDIT, is_blind=True)
    decide(creator, api_reviewer, item=item, is_open=True, undone_at=START, undone_by=api_reviewer)

    (row,) = reviewer_api.get(PATH).json()["results"]

    assert (row["confidence"], row["kind"]) == (None, None)


def test_query_count_is_constant_and_no_output_is_read(reviewer_api, api_reviewer, creator):
    decide(creator, api_reviewer)
    with CaptureQueriesContext(connection) as for_one:
        ids_of(reviewer_api.get(PATH))
    for _ in range(20):
        decide(creator, api_reviewer)

    with CaptureQueriesContext(connection) as for_many:
        assert len(ids_of(reviewer_api.get(PATH))) == 21

    assert len(for_many) == len(for_one)
    assert not any('"before"' in query["sql"] for query in for_many.captured_queries)
