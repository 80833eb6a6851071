"""GET /agents/jobs/{id}/events as a list; tests/site/processes/test_waiting.py has the stream."""

from __future__ import annotations

import pytest

from agents.choices import EventKind
from agents.common import events
from agents.jobs import changes
from tests.support.problems import pointers_of
from tests.support.rows import finished_job, item_of

pytestmark = pytest.mark.django_db


def listed(client, job, **query):
    response = client.get(f"/agents/jobs/{job.pk}/events", query)
    assert response.status_code == 200, response.content
    return response.json()


def test_events_are_listed_oldest_first_behind_the_cursor(api, creator, submit):
    job = submit()
    events.record(job.pk, EventKind.PROGRESS, attempt=1, phase="writing", words=40)

    shown = listed(api, job)
    rest = listed(api, job, cursor=shown["results"][0]["id"])

    assert [(event["kind"], event["by"]) for event in shown["results"]] == [
        ("submitted", creator.username),
        ("progress", None),
    ]
    assert shown["results"][1]["data"] == {"phase": "writing", "words": 40}
    assert (shown["next_cursor"], shown["status"], shown["ended"]) == (None, "pending", False)
    assert rest["results"] == shown["results"][1:]


def test_every_event_comes_once_over_the_pages(api, submit):
    job = submit()
    for words in range(450):
        events.record(job.pk, EventKind.PROGRESS, attempt=1, words=words)

    ids: list[int] = []
    cursor: str | None = "0"
    while cursor is not None:
        page = listed(api, job, cursor=cursor)
        ids += [event["id"] for event in page["results"]]
        cursor = page["next_cursor"]

    assert ids == list(job.events.order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize(
    "query", [{"cursor": "-1"}, {"cursor": "x"}, {"cursor": str(2**63)}, {"cursor": "9" * 5000}]
)
def test_odd_cursor_is_refused(api, submit, query):
    response = api.get(f"/agents/jobs/{submit().pk}/events", query)

    assert pointers_of(response) == {"?cursor": "invalid"}


@pytest.mark.parametrize("path", ["", "/events"])
def test_unfinished_job_asks_to_come_again(api, creator, submit, path):
    pending, done = submit(), finished_job(creator, None)

    answers = [api.get(f"/agents/jobs/{job.pk}{path}") for job in (pending, done)]

    assert [answer.headers.get("Retry-After") for answer in answers] == ["2", None]


def test_open_review_is_awaited(api, review_item):
    assert listed(api, review_item.job)["ended"] is False


def test_reviewer_who_judges_blind_sees_nothing_revealing(reviewer_api, api, creator, universe):
    job = finished_job(creator, universe)
    events.record(job.pk, EventKind.PROGRESS, attempt=1)
    item_of(job, is_blind=True)
    done = job.events.get(kind="completed")

    seen = listed(reviewer_api, job)

    assert [event["kind"] for event in seen["results"]] == ["submitted", "claimed"]
    assert (seen["next_cursor"], seen["ended"]) == (None, True)
    assert listed(reviewer_api, job, cursor=done.pk)["results"] == []
    assert [event["kind"] for event in listed(api, job)["results"]] == [
        "submitted",
        "claimed",
        "completed",
        "progress",
    ]


def test_watch_reads_all_jobs_with_one_statement(submit, django_assert_num_queries):
    first, second = submit(), submit()
    since = first.events.get().pk
    events.record(first.pk, EventKind.PROGRESS, attempt=1, words=7)

    with django_assert_num_queries(1):
        news = changes.news_of([first.pk, second.pk], since)

    assert {job_id: found.status for job_id, found in news.items()} == {
        first.pk: "pending",
        second.pk: "pending",
    }
    assert [(event.kind, event.is_progress, event.data) for event in news[first.pk].events] == [
        ("progress", True, {"words": 7})
    ]
    assert [event.kind for event in news[second.pk].events] == ["submitted"]
