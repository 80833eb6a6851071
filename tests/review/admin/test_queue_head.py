"""Head and quick filters above the list of the review queue."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from agents.review import claims as handing
from tests.review.admin.conftest import QUEUE, shown
from tests.support.pages import words
from universes.choices import CanonStatus
from universes.services import canon

pytestmark = pytest.mark.django_db


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


def test_empty_queue_links_to_closed_items(reviewer_client, db):
    page = reviewer_client.get(QUEUE).content.decode()

    assert "The queue is empty." in page
    assert f'href="{QUEUE}?state=closed"' in page
    assert "Start reviewing" not in page


def test_start_button_keeps_the_filter(reviewer_client, items):
    page = reviewer_client.get(f"{QUEUE}?reason=complete").content.decode()

    start = reverse("admin:agents_reviewitem_start")
    assert f'action="{start}?_changelist_filters=reason%3Dcomplete"' in page


def test_header_counts_open_items_on_every_page(reviewer_client, items):
    page = reviewer_client.get(reverse("admin:index")).content.decode()

    assert '<span class="count">4<span' in page
    assert "4 items are waiting for review." in page


def test_header_shows_a_mock_notice_only_if_mocked(reviewer_client, items, settings):
    settings.ANTHROPIC_API_KEY = ""
    assert "The built-in mock model is answering" in reviewer_client.get(QUEUE).content.decode()

    settings.ANTHROPIC_API_KEY = "a-key"
    assert "The built-in mock model is answering" not in reviewer_client.get(QUEUE).content.decode()


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
