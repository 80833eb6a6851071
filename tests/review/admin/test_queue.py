"""The list of the review queue in the admin."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.choices import ReviewState, Verdict
from agents.models import ReviewItem
from agents.review.admin import claims
from agents.review.verdicts import decisions
from tests.review.admin.conftest import QUEUE, shown
from tests.support import rows

pytestmark = pytest.mark.django_db


def test_open_items_are_shown_oldest_first(reviewer_client, items):
    response = reviewer_client.get(QUEUE)

    assert shown(response) == items[:4]
    page = response.content.decode()
    assert "4 items are waiting, most urgent first." in page
    assert "The text has 44 words; at least 300 were requested." in page
    assert '<meter min="0" max="1" low="0.5" high="0.75" optimum="1" value="0.1000"' in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=closed", [4]),
        ("state=all", [4, 0, 1, 2, 3]),
        ("agent_type__exact=narrative", [0, 3]),
        ("confidence=lowest", [0]),
        ("confidence=low", [1]),
        ("confidence=middle", [2]),
        ("confidence=high", [3]),
        ("reason=complete", [2, 3]),
        ("reason=word_range", [0]),
        ("reason=word_range&state=all", [4, 0]),
        ("q=glass", [1]),
        ("q=carla", [0, 1, 2, 3]),
        ("q=nobody", []),
    ],
)
def test_queue_filters(reviewer_client, items, query, expected):
    assert shown(reviewer_client.get(f"{QUEUE}?{query}")) == [items[number] for number in expected]


def test_job_is_found_by_its_id_or_the_end_of_it(reviewer_client, items):
    wanted = items[2].job_id

    assert shown(reviewer_client.get(QUEUE, {"q": str(wanted)})) == [items[2]]
    assert shown(reviewer_client.get(QUEUE, {"q": f"…{wanted.hex[-8:]}"})) == [items[2]]


def test_universe_filter(reviewer_client, items):
    assert shown(reviewer_client.get(QUEUE, {"universe__id__exact": items[1].universe_id})) == [items[1]]


def test_closed_items_are_filtered_by_reviewer(reviewer_client, reviewer, second_reviewer, items):
    decisions.decide(items[0].pk, Verdict.REJECTED, by=reviewer, note="No.")
    decisions.decide(items[1].pk, Verdict.REJECTED, by=second_reviewer, note="No.")

    assert shown(reviewer_client.get(f"{QUEUE}?state=closed&reviewer=rosa")) == [items[0]]
    assert shown(reviewer_client.get(f"{QUEUE}?state=closed&reviewer=rudi")) == [items[1]]
    assert "reviewer=rudi" in reviewer_client.get(f"{QUEUE}?state=closed").content.decode()
    assert "reviewer=rudi" not in reviewer_client.get(QUEUE).content.decode()


def test_closed_items_show_their_verdict_newest_first(reviewer_client, reviewer, second_reviewer, items):
    ReviewItem.objects.filter(pk=items[4].pk).update(closed_at=timezone.now() - timedelta(hours=1))
    decisions.decide(items[1].pk, Verdict.REJECTED, by=second_reviewer, note="No.")
    decisions.decide(items[0].pk, Verdict.APPROVED, by=reviewer)

    response = reviewer_client.get(f"{QUEUE}?state=closed")

    assert shown(response) == [items[0], items[1], items[4]]
    page = response.content.decode()
    assert '<span class="badge badge-good">approved</span> by <bdi>rosa</bdi>' in page
    assert '<span class="badge badge-bad">rejected</span> by <bdi>rudi</bdi>' in page
    assert '<span class="badge badge-quiet">closed</span>' in page
    assert "sorted ascending" not in page
    assert "Claimed by" not in page


def test_closed_list_query_count_does_not_grow_with_rows(reviewer_client, reviewer, items):
    decisions.decide(items[0].pk, Verdict.APPROVED, by=reviewer)
    url = f"{QUEUE}?state=closed"
    reviewer_client.get(url)
    with CaptureQueriesContext(connection) as for_few:
        reviewer_client.get(url)
    for item in items[1:4]:
        decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")

    with CaptureQueriesContext(connection) as for_more:
        assert len(shown(reviewer_client.get(url))) == 5

    assert len(for_more) == len(for_few)


@pytest.mark.parametrize(("query", "is_offered"), [("", False), ("?overdue=true", True), ("?q=glass", True)])
def test_all_filter_is_offered_only_if_it_adds_items(reviewer_client, items, query, is_offered):
    page = reviewer_client.get(QUEUE + query).content.decode()

    assert ("Show all" in page) == is_offered


def test_row_shows_holder_and_assignee(reviewer_client, held):
    page = reviewer_client.get(QUEUE).content.decode()
    until = f"{ReviewItem.objects.get(pk=held[0].pk).claimed_until:%H:%M} UTC"

    cells = [cell.partition("</td>")[0] for cell in page.split('<td class="field-holder">')[1:]]
    assert cells == [
        "for <bdi>me</bdi>",
        f'<span class="badge badge-info">mine</span> until {until}',
        '<span class="quiet">unclaimed</span>',
        f"<bdi>rudi</bdi> until {until}",
    ]


def test_order_is_due_then_priority_then_age(reviewer_client, creator, low_marches):
    due = timezone.now() + timedelta(hours=5)
    schedule, request, urgent = (
        rows.item_of(
            rows.finished_job(creator, low_marches),
            opened_at=due - timedelta(hours=hours),
            due_at=at,
            priority=rank,
        )
        for hours, at, rank in ((30, due, 1), (20, due, 0), (6, due - timedelta(hours=1), 1))
    )

    response = reviewer_client.get(QUEUE)

    assert shown(response) == [urgent, request, schedule]
    assert response.content.decode().count('<span class="badge badge-quiet">schedule</span>') == 2


@pytest.mark.parametrize(
    ("left", "tone", "words"),
    [
        (timedelta(days=3, minutes=1), "later", "in 3 d"),
        (timedelta(hours=3, minutes=59), "later", "in 3 h"),
        (timedelta(hours=2), "later", "in 2 h"),
        (timedelta(hours=2, seconds=-1), "soon", "soon: in 1 h"),
        (timedelta(minutes=40), "soon", "soon: in 40 min"),
        (timedelta(0), "soon", "soon: in 1 min"),
        (timedelta(seconds=-1), "overdue", "overdue by 1 min"),
        (timedelta(hours=-2), "overdue", "overdue by 2 h"),
        (timedelta(days=-9), "overdue", "overdue by 9 d"),
    ],
)
def test_due_time_is_shown_in_words(left, tone, words):
    now = timezone.now()

    shown = claims.due(now + left, now)

    assert f'class="due due-{tone}"' in shown
    assert f">{words}</time>" in shown


def test_query_count_does_not_grow_with_rows(
    reviewer_client, creator, low_marches, second_reviewer, reviewer
):
    rows.item_of(rows.finished_job(creator, low_marches))
    reviewer_client.get(QUEUE)
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        reviewer_client.get(QUEUE)
    for number in range(45):
        rows.item_of(
            rows.finished_job(creator, low_marches, ("narrative", "spatial", "consistency")[number % 3])
        )

    soon = timezone.now() + timedelta(minutes=5)
    ReviewItem.objects.update(
        claimed_by=second_reviewer, claimed_at=timezone.now(), claimed_until=soon, assigned_to=reviewer
    )

    with CaptureQueriesContext(connection) as for_many:
        response = reviewer_client.get(QUEUE)

    assert len(shown(response)) == 46
    assert len(for_many) == len(for_one)
    assert len(for_many) <= 14


def test_items_cannot_be_added_or_deleted(superuser_client, ferry_item):
    assert superuser_client.get(reverse("admin:agents_reviewitem_add")).status_code == 403
    url = reverse("admin:agents_reviewitem_delete", args=[ferry_item.pk])
    assert superuser_client.post(url, {"post": "yes"}).status_code == 403
    assert ReviewItem.objects.get(pk=ferry_item.pk).state == ReviewState.OPEN


def test_footer_counts_items(reviewer_client, items):
    assert "4 items" in reviewer_client.get(QUEUE).content.decode()

    items[0].delete()
    items[1].delete()
    items[2].delete()
    foot = reviewer_client.get(QUEUE).content.decode().partition('class="paginator"')[2]
    assert "1 item\n" in foot
