"""Undo in the admin, from the page, the message and the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.choices import ReviewState
from agents.models import ReviewDecision
from tests.support.facts import holder_name
from tests.support.pages import url_of
from tests.support.people import make_user
from universes.models import Scene

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:agents_reviewitem_changelist")
START = reverse("admin:agents_reviewitem_start")


def age(minutes: int) -> None:
    ReviewDecision.objects.update(at=timezone.now() - timedelta(minutes=minutes))


def test_undo_reopens_the_item_with_a_claim(reviewer_client, reviewer, decide, three_items, page_of):
    reviewer_client.post(START)
    decide(reviewer_client, three_items[0], "approved")
    assert Scene.objects.count() == 1

    response = reviewer_client.post(url_of("undo", three_items[0]), follow=True)

    assert response.redirect_chain == [(page_of(three_items[0]), 302)]
    assert "Your verdict was undone. The item is open again." in response.content.decode()
    assert (holder_name(three_items[0]), three_items[0].state) == ("rosa", ReviewState.OPEN)
    assert ReviewDecision.objects.get().undone_by == reviewer
    assert not Scene.objects.filter(canon_status="canon").exists()


def test_message_has_a_button_and_later_pages_a_key(reviewer_client, decide, three_items, page_of):
    page = decide(reviewer_client, three_items[0], "approved").content.decode()

    assert f'action="{url_of("undo", three_items[0])}" id="undo-form"' in page
    assert 'form="undo-form">Undo <kbd>u</kbd></button>' in page
    for url in (QUEUE, page_of(three_items[2])):
        page = reviewer_client.get(url).content.decode()
        assert f'action="{url_of("undo", three_items[0])}" id="undo-form"' in page
        assert 'data-key="u"' in page
        assert "“Approved: Mira leaves the town by the ferry.”" in page
        assert 'form="undo-form"' not in page


def test_newest_decision_is_undone_first(reviewer_client, decide, three_items):
    decide(reviewer_client, three_items[0], "approved")
    decide(reviewer_client, three_items[1], "rejected", note="Grey.")

    page = reviewer_client.get(QUEUE).content.decode()
    assert url_of("undo", three_items[1]) in page
    reviewer_client.post(url_of("undo", three_items[1]))

    assert url_of("undo", three_items[0]) in reviewer_client.get(QUEUE).content.decode()


def test_decided_page_has_an_undo_button_in_time(
    reviewer_client, second_reviewer_client, decide, ferry_item, page_of
):
    decide(reviewer_client, ferry_item, "approved")
    button = "Undo my verdict"

    assert button in reviewer_client.get(page_of(ferry_item)).content.decode()
    assert button not in second_reviewer_client.get(page_of(ferry_item)).content.decode()
    age(11)
    page = reviewer_client.get(page_of(ferry_item)).content.decode()
    assert button not in page
    assert "undo-form" not in page


def test_undo_button_shows_its_key_where_the_key_means_it(reviewer_client, decide, three_items, page_of):
    decide(reviewer_client, three_items[0], "approved")
    decide(reviewer_client, three_items[1], "approved")

    earlier, last = (reviewer_client.get(page_of(item)).content.decode() for item in three_items[:2])
    assert "Undo my verdict <kbd>u</kbd></button>" in last
    assert "Undo my verdict</button>" in earlier


def test_late_undo_is_refused_on_the_same_page(reviewer_client, decide, three_items, page_of):
    decide(reviewer_client, three_items[0], "approved")
    age(11)

    response = reviewer_client.post(
        url_of("undo", three_items[0]), {"here": str(three_items[2].pk)}, follow=True
    )

    assert response.redirect_chain == [(page_of(three_items[2]), 302)]
    assert "Nothing was undone. A verdict can be undone for 10 minutes." in response.content.decode()
    assert ReviewDecision.objects.get().undone_at is None
    three_items[0].refresh_from_db()
    assert three_items[0].state == ReviewState.CLOSED


def test_refusal_from_the_queue_redirects_to_the_queue(
    reviewer_client, second_reviewer_client, decide, ferry_item
):
    decide(reviewer_client, ferry_item, "approved")

    response = second_reviewer_client.post(url_of("undo", ferry_item), {"here": "nowhere"}, follow=True)

    assert response.redirect_chain == [(QUEUE, 302)]
    assert "You have no verdict on this item to undo." in response.content.decode()
    assert Scene.objects.filter(canon_status="canon").count() == 1


def test_view_permission_does_not_allow_undo(signed_in, reviewer_client, decide, ferry_item):
    decide(reviewer_client, ferry_item, "approved")
    watcher = signed_in(make_user("will", is_staff=True, permissions=("agents.view_reviewitem",)))

    assert watcher.post(url_of("undo", ferry_item)).status_code == 403
    assert "undo-form" not in watcher.get(QUEUE).content.decode()
    assert ReviewDecision.objects.get().undone_at is None


def test_get_undoes_nothing(reviewer_client, decide, ferry_item):
    decide(reviewer_client, ferry_item, "approved")

    assert reviewer_client.get(url_of("undo", ferry_item)).status_code == 405
