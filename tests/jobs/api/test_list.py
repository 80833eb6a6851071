"""GET /agents/jobs: filters, pagination and query counts."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.choices import Verdict
from agents.models import AgentJob
from agents.review.verdicts import decisions
from mediaassets.api import pagination
from tests.support.problems import job_ids_of, pointers_of
from tests.support.rows import INPUTS, make_job, make_review

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


# --- Filters


@pytest.fixture
def four_jobs(creator, universe) -> dict[str, str]:
    """Ids of four jobs that differ in every filterable field, by letter."""
    jobs = {
        "a": make_job(creator, created_at=START, universe=universe),
        "b": make_job(creator, created_at=START + timedelta(hours=1), status="completed"),
        "c": make_job(creator, created_at=START + timedelta(hours=2), agent_type="spatial"),
        "d": make_job(
            creator,
            created_at=START + timedelta(hours=3),
            status="completed",
            agent_type="spatial",
            universe=universe,
            outcome="awaiting_review",
        ),
    }
    return {str(job.pk): name for name, job in jobs.items()}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "dcba"),
        ("universe_id={universe}", "da"),
        ("universe_id=00000000-0000-7000-8000-000000000000", ""),
        ("agent_type=spatial", "dc"),
        ("agent_type=consistency", ""),
        ("status=completed", "db"),
        ("status=pending", "ca"),
        ("outcome=awaiting_review", "d"),
        ("outcome=trusted,failed", "b"),
        ("human_review_required=true", "d"),
        ("human_review_required=false", "cba"),
        ("created_after=2026-03-01T13:00:00Z", "dcb"),
        ("created_before=2026-03-01T13:00:00Z", "a"),
        ("created_after=2026-03-01T13:00:00Z&created_before=2026-03-01T14:30:00Z", "cb"),
        ("created_after=2026-03-01T15:00:00%2B01:00", "dc"),
        ("status=completed&agent_type=spatial&universe_id={universe}", "d"),
        ("status=pending&human_review_required=true", ""),
        ("status=completed&limit=1", "d"),
    ],
)
def test_filters_narrow_and_combine(api, four_jobs, universe, query, found):
    response = api.get(f"/agents/jobs?{query.format(universe=universe.pk)}")

    assert "".join(four_jobs[job_id] for job_id in job_ids_of(response)) == found


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("universe_id=7", "?universe_id"),
        ("agent_type=poet", "?agent_type"),
        ("status=done", "?status"),
        ("outcome=accepted", "?outcome"),
        ("human_review_required=banana", "?human_review_required"),
        ("created_after=yesterday", "?created_after"),
        ("created_before=2026-13-01T00:00:00Z", "?created_before"),
        ("created_after=0001-01-01T00:00:00%2B14:00", "?created_after"),
        ("created_before=9999-12-31T23:59:59-14:00", "?created_before"),
        ("colour=red", "?colour"),
        ("page=2", "?page"),
        ("format=xml", "?format"),
        ("status=pending%00", "?status"),
        ("limit=0", "?limit"),
        ("limit=201", "?limit"),
        ("limit=-1", "?limit"),
        ("limit=ten", "?limit"),
        ("limit=", "?limit"),
        ("limit=%C2%B2", "?limit"),
        ("limit=99999999999999999999999999", "?limit"),
        ("offset=-1", "?offset"),
        ("offset=1000001", "?offset"),
    ],
)
def test_invalid_query_parameter_is_named_in_400(api, four_jobs, query, pointer):
    response = api.get(f"/agents/jobs?{query}")

    assert list(pointers_of(response)) == [pointer]


def test_unknown_filter_lists_the_known_ones(api):
    response = api.get("/agents/jobs?colour=red")

    assert (
        "agent_type, created_after, created_before, cursor, human_review_required, include, limit, offset, ordering, "
        "outcome" in (response.json()["errors"][0]["detail"])
    )


# --- Pages


def test_pages_are_linked_and_cover_each_job_once(api, creator):
    jobs = [make_job(creator, created_at=START + timedelta(minutes=minute)) for minute in range(5)]
    newest_first = [str(job.pk) for job in reversed(jobs)]

    first = api.get("/agents/jobs?limit=2").json()
    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()

    assert [page["count"] for page in (first, second, third)] == [5, 5, 5]
    assert [(page["limit"], page["offset"]) for page in (first, second, third)] == [(2, 0), (2, 2), (2, 4)]
    seen = [row["job_id"] for page in (first, second, third) for row in page["results"]]
    assert seen == newest_first
    assert first["previous"] is None
    assert third["next"] is None
    assert api.get(third["previous"]).json()["results"] == second["results"]


def test_links_keep_the_filters(api, creator):
    for _ in range(3):
        make_job(creator, agent_type="spatial")

    link = api.get("/agents/jobs?agent_type=spatial&limit=1").json()["next"]

    assert "agent_type=spatial" in link
    assert "limit=1" in link
    assert "offset=1" in link


def test_jobs_created_at_the_same_time_are_ordered_by_id(api, creator):
    # Inserted in neither sort order.
    for number in (3, 6, 1, 5, 2, 4):
        make_job(creator, created_at=START, id=uuid.UUID(int=number))

    pages = [job_ids_of(api.get(f"/agents/jobs?limit=2&offset={offset}")) for offset in (0, 2, 4)]

    assert [uuid.UUID(job_id).int for page in pages for job_id in page] == [6, 5, 4, 3, 2, 1]


def test_page_beyond_the_end_is_empty(api, creator):
    make_job(creator)

    body = api.get("/agents/jobs?offset=1000000").json()

    assert (body["count"], body["results"], body["next"]) == (1, [], None)


def test_page_size_is_capped_at_two_hundred(api, creator):
    AgentJob.objects.bulk_create(
        AgentJob(
            requested_by=creator, agent_type="narrative", input_data=INPUTS["narrative"], attempt_limit=4
        )
        for _ in range(201)
    )

    assert len(job_ids_of(api.get("/agents/jobs?limit=200"))) == 200
    assert len(job_ids_of(api.get("/agents/jobs"))) == 50


def test_far_pages_are_linked_by_key_and_cover_each_job_once(api, creator, monkeypatch):
    monkeypatch.setattr(pagination, "MAX_COUNTED", 4)
    # Two jobs of the same moment are told apart by their id.
    jobs = [make_job(creator, created_at=START + timedelta(minutes=minute // 2)) for minute in range(9)]

    pages = [api.get("/agents/jobs?limit=2").json()]
    while pages[-1]["next"]:
        pages.append(api.get(pages[-1]["next"]).json())

    assert [page["count"] for page in pages] == [4] * 5
    assert ["cursor=" in (page["next"] or "") for page in pages] == [False, True, True, True, False]
    seen = [row["job_id"] for page in pages for row in page["results"]]
    assert seen == [str(job.pk) for job in reversed(jobs)]


def test_offset_reaches_behind_the_counted_jobs(api, creator, monkeypatch):
    monkeypatch.setattr(pagination, "MAX_COUNTED", 2)
    jobs = [make_job(creator, created_at=START + timedelta(minutes=minute)) for minute in range(5)]

    page = api.get("/agents/jobs?limit=2&offset=3").json()

    assert [row["job_id"] for row in page["results"]] == [str(jobs[1].pk), str(jobs[0].pk)]
    assert (page["count"], page["next"]) == (2, None)
    assert api.get("/agents/jobs?offset=7").json()["count"] == 2


# --- Cost


def queries_of(api, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert api.get(path).status_code == 200
    return len(queries)


def test_query_count_does_not_grow_with_rows(api, creator, api_reviewer, universe):
    decisions.decide(make_review(creator, universe=universe).pk, Verdict.APPROVED, by=api_reviewer)
    few = queries_of(api, "/agents/jobs")
    for _ in range(15):
        make_review(creator, universe=universe)
        decisions.decide(make_review(creator).pk, Verdict.ASKED_AGAIN, by=api_reviewer, note="Again.")

    many = queries_of(api, "/agents/jobs")

    # Queries: the account, the rows with their count, and their reviews with the decisions.
    assert (few, many) == (3, 3)
