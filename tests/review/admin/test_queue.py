"""The review queue in the admin."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.choices import ReviewState, Verdict
from agents.models import AgentJob, ReviewItem
from agents.review import claims as handing
from agents.review.admin import claims
from agents.review.verdicts import decisions
from tests.support import rows
from tests.support.pages import words
from universes.choices import CanonStatus
from universes.services import canon

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:agents_reviewitem_changelist")


def shown(response) -> list[ReviewItem]:
    return list(response.context["cl"].result_list)


@pytest.fixture
def items(creator, low_marches) -> list[ReviewItem]:
    """Four open items, oldest first, and an even older closed one."""
    other = rows.make_universe(creator, "Glass Harbour", "glass-harbour")
    now = timezone.now()
    specs = [
        ("narrative", low_marches, 0.10, "|word_range|", "open"),
        ("spatial", other, 0.25, "|landmarks_present|", "open"),
        ("consistency", low_marches, 0.50, "|quotes_verified|complete|", "open"),
        ("narrative", None, 0.75, "|complete|", "open"),
        ("narrative", low_marches, 0.30, "|word_range|", "closed"),
    ]
    return [
        rows.item_of(
            rows.finished_job(creator, place, kind),
            confidence=confidence,
            reason_codes=codes,
            state=state,
            opened_at=now - timedelta(hours=9 if state == "closed" else 5 - number),
        )
        for number, (kind, place, confidence, codes, state) in enumerate(specs)
    ]


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


@pytest.fixture
def held(
    items: list[ReviewItem], reviewer: User, second_reviewer: User, ferry_job: AgentJob
) -> list[ReviewItem]:
    """Four open items: claimed by rosa, by rudi until a minute ago, by rudi, and assigned to rosa and overdue."""
    now = timezone.now()
    for item, user, minutes in (
        (items[0], reviewer, 10),
        (items[1], second_reviewer, -1),
        (items[2], second_reviewer, 10),
    ):
        ReviewItem.objects.filter(pk=item.pk).update(
            claimed_by=user, claimed_at=now, claimed_until=now + timedelta(minutes=minutes)
        )
    ReviewItem.objects.filter(pk=items[3].pk).update(assigned_to=reviewer, due_at=now - timedelta(hours=2))
    AgentJob.objects.filter(pk=items[2].job_id).update(follows=ferry_job)
    return items


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("claim=mine", [3, 0]),
        ("claim=free", [1]),
        ("claim=taken", [0, 2]),
        ("overdue=true", [3]),
        ("asked_again=true", [2]),
        ("claim=free&agent_type__exact=spatial", [1]),
        ("claim=anything", [3, 0, 1, 2]),
    ],
)
def test_quick_filters(reviewer_client, held, query, expected):
    assert shown(reviewer_client.get(f"{QUEUE}?{query}")) == [held[number] for number in expected]


def test_quick_filters_show_counts_under_the_other_filters(reviewer_client, held):
    def counts(query: str) -> dict[str, int]:
        links = reviewer_client.get(f"{QUEUE}?{query}").context["quick_links"]
        return {link.label: link.count for link in links}

    all_open = {"All open": 4, "Mine": 2, "Unclaimed": 1, "Overdue": 1, "Asked again": 1}
    assert counts("") == all_open
    assert counts("claim=free") == all_open
    assert counts("agent_type__exact=narrative") == {
        "All": 2,
        "Mine": 2,
        "Unclaimed": 0,
        "Overdue": 1,
        "Asked again": 0,
    }


def test_item_handed_over_counts_for_its_addressee(
    reviewer_client, second_reviewer_client, items, reviewer, second_reviewer, see
):
    handing.hand_to(items[0].pk, second_reviewer, by=reviewer)

    def counted(client, *labels: str) -> list[int]:
        links = {link.label: link.count for link in client.get(QUEUE).context["quick_links"]}
        return [links[label] for label in labels]

    assert counted(reviewer_client, "All open", "Mine", "Unclaimed") == [4, 0, 3]
    assert counted(second_reviewer_client, "All open", "Mine", "Unclaimed") == [4, 1, 3]
    for client in (reviewer_client, second_reviewer_client):
        assert shown(client.get(f"{QUEUE}?claim=free")) == items[1:4]
    page = see(items[0])
    assert "Not claimed yet." in page
    assert "Unclaimed." not in page


def test_quick_filter_keeps_other_filters_and_is_marked(reviewer_client, held):
    page = reviewer_client.get(f"{QUEUE}?claim=mine&agent_type__exact=narrative").content.decode()

    assert '<a href="?agent_type__exact=narrative&amp;claim=mine" aria-current="true">Mine' in page
    assert '<a href="?agent_type__exact=narrative&amp;overdue=true">Overdue' in page
    assert '<a href="?agent_type__exact=narrative">All <' in page


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


def test_empty_queue_links_to_closed_items(reviewer_client, db):
    page = reviewer_client.get(QUEUE).content.decode()

    assert "The queue is empty." in page
    assert f'href="{QUEUE}?state=closed"' in page
    assert "Start reviewing" not in page


def test_start_button_keeps_the_filter(reviewer_client, items):
    page = reviewer_client.get(f"{QUEUE}?reason=complete").content.decode()

    start = reverse("admin:agents_reviewitem_start")
    assert f'action="{start}?_changelist_filters=reason%3Dcomplete"' in page


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


def test_header_counts_open_items_on_every_page(reviewer_client, items):
    page = reviewer_client.get(reverse("admin:index")).content.decode()

    assert '<span class="count">4<span' in page
    assert "4 items are waiting for review." in page


def test_header_shows_a_mock_notice_only_if_mocked(reviewer_client, items, settings):
    settings.ANTHROPIC_API_KEY = ""
    assert "The built-in mock model is answering" in reviewer_client.get(QUEUE).content.decode()

    settings.ANTHROPIC_API_KEY = "a-key"
    assert "The built-in mock model is answering" not in reviewer_client.get(QUEUE).content.decode()


def test_footer_counts_items(reviewer_client, items):
    assert "4 items" in reviewer_client.get(QUEUE).content.decode()

    items[0].delete()
    items[1].delete()
    items[2].delete()
    foot = reviewer_client.get(QUEUE).content.decode().partition('class="paginator"')[2]
    assert "1 item\n" in foot


def test_empty_filter_result_does_not_claim_an_empty_queue(reviewer_client, items):
    page = reviewer_client.get(QUEUE, {"q": "nobody"}).content.decode()

    assert "No items match this filter." in page
    assert "The queue is empty." not in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("q=glass", "1 of 4 waiting items matches “glass”."),
        ("q=carla", "4 of 4 waiting items match “carla”."),
        ("q=nobody", "0 of 4 waiting items match “nobody”."),
        ("agent_type__exact=narrative", "2 of 4 waiting items match the filters."),
        ("q=carla&reason=complete", "2 of 4 waiting items match “carla” and the filters."),
        ("state=closed", "1 closed item. 4 are waiting."),
        ("state=all&reason=word_range", "2 open and closed items match the filters. 4 are waiting."),
        ("o=-1", "4 items are waiting."),
    ],
)
def test_head_says_what_the_list_shows(reviewer_client, items, query, sentence):
    page = words(reviewer_client.get(f"{QUEUE}?{query}"))

    assert f"Review queue {sentence} Start reviewing" in page.replace("“ ", "“").replace(" ”", "”")


@pytest.mark.parametrize(
    ("query", "criterion", "counted"),
    [
        ("", "", "All open 4"),
        ("claim=free", "", "All open 4"),
        ("state=closed", "", "All open 4"),
        ("state=closed&reviewer=rosa", "", "All open 4"),
        ("q=glass", "Of the open items that match “glass”:", "All 1"),
        ("q=nobody", "Of the open items that match “nobody”:", "All 0"),
        ("state=closed&q=glass", "Of the open items that match “glass”:", "All 1"),
        ("overdue=true&q=carla", "Of the open items that match “carla”:", "All 4"),
        ("q=carla&reason=complete", "Of the open items that match “carla” and the filters:", "All 2"),
        ("confidence=lowest", "Of the open items that match the filters:", "All 1"),
    ],
)
def test_quick_filters_say_what_they_count(reviewer_client, items, query, criterion, counted):
    response = reviewer_client.get(f"{QUEUE}?{query}")

    strip = response.content.decode().partition('aria-label="Quick filters">')[2].partition("</nav>")[0]
    said = re.sub(r"<[^>]+>", "", strip.replace("</li>", " ")).split()
    assert " ".join(said).startswith(f"{criterion} {counted} Mine 0".strip())


def test_drafts_are_offered_to_people_who_may_decide_them(reviewer_client, superuser_client, low_marches):
    canon.add_scene(
        low_marches, title="A Draft", text="Rain.", status=CanonStatus.DRAFT, by=low_marches.owner
    )
    link = f"{reverse('admin:universes_scene_changelist')}?canon_status__exact=draft"

    page = superuser_client.get(QUEUE).content.decode()
    assert f'Drafts to promote or retire: <a href="{link}">1 scene</a>' in page
    assert "Drafts" not in reviewer_client.get(QUEUE).content.decode()
