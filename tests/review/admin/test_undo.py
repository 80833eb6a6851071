"""A verdict is taken back from wherever one is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.choices import ReviewState
from agents.models import ReviewDecision
from tests.admin import makers
from tests.admin.makers import holder, url_of
from universes.models import Scene

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:agents_reviewitem_changelist")
START = reverse("admin:agents_reviewitem_start")


def age(minutes: int) -> None:
    ReviewDecision.objects.update(at=timezone.now() - timedelta(minutes=minutes))


def test_undo_opens_the_item_again_in_ones_own_hands(reviewing, reviewer, decide, three, page_of):
    reviewing.post(START)
    decide(reviewing, three[0], "approved")
    assert Scene.objects.count() == 1

    response = reviewing.post(url_of("undo", three[0]), follow=True)

    assert response.redirect_chain == [(page_of(three[0]), 302)]
    assert "Your verdict was taken back. The item is open again." in response.content.decode()
    assert (holder(three[0]), three[0].state) == ("rosa", ReviewState.OPEN)
    assert ReviewDecision.objects.get().undone_by == reviewer
    assert not Scene.objects.filter(canon_status="canon").exists()


def test_the_message_has_a_button_and_later_pages_a_key(reviewing, decide, three, page_of):
    page = decide(reviewing, three[0], "approved").content.decode()

    assert f'action="{url_of("undo", three[0])}" id="undo-form"' in page
    assert 'form="undo-form">Undo <kbd>u</kbd></button>' in page
    for url in (QUEUE, page_of(three[2])):
        page = reviewing.get(url).content.decode()
        assert f'action="{url_of("undo", three[0])}" id="undo-form"' in page
        assert 'data-key="u"' in page
        assert "“Approved: Mira leaves the town by the ferry.”" in page
        assert 'form="undo-form"' not in page


def test_the_newest_is_taken_back_first(reviewing, decide, three):
    decide(reviewing, three[0], "approved")
    decide(reviewing, three[1], "rejected", note="Grey.")

    page = reviewing.get(QUEUE).content.decode()
    assert url_of("undo", three[1]) in page
    reviewing.post(url_of("undo", three[1]))

    assert url_of("undo", three[0]) in reviewing.get(QUEUE).content.decode()


def test_a_decided_page_has_a_button_while_time_allows(reviewing, ana_reviewing, decide, item, page_of):
    decide(reviewing, item, "approved")
    button = "Undo my verdict"

    assert button in reviewing.get(page_of(item)).content.decode()
    assert button not in ana_reviewing.get(page_of(item)).content.decode()
    age(11)
    page = reviewing.get(page_of(item)).content.decode()
    assert button not in page
    assert "undo-form" not in page


def test_too_late_is_said_in_words_and_one_stays_where_one_is(reviewing, decide, three, page_of):
    decide(reviewing, three[0], "approved")
    age(11)

    response = reviewing.post(url_of("undo", three[0]), {"here": str(three[2].pk)}, follow=True)

    assert response.redirect_chain == [(page_of(three[2]), 302)]
    assert "It was not taken back. A verdict can be taken back for 10 minutes." in response.content.decode()
    assert ReviewDecision.objects.get().undone_at is None
    three[0].refresh_from_db()
    assert three[0].state == ReviewState.CLOSED


def test_a_refusal_from_the_queue_leads_to_the_queue(reviewing, ana_reviewing, decide, item):
    decide(reviewing, item, "approved")

    response = ana_reviewing.post(url_of("undo", item), {"here": "nowhere"}, follow=True)

    assert response.redirect_chain == [(QUEUE, 302)]
    assert "You have no verdict on this item to take back." in response.content.decode()
    assert Scene.objects.filter(canon_status="canon").count() == 1


def test_a_watcher_takes_nothing_back(signed_in, reviewing, decide, item):
    decide(reviewing, item, "approved")
    watcher = signed_in(makers.make_user("will", is_staff=True, permissions=("agents.view_reviewitem",)))

    assert watcher.post(url_of("undo", item)).status_code == 403
    assert "undo-form" not in watcher.get(QUEUE).content.decode()
    assert ReviewDecision.objects.get().undone_at is None


def test_nothing_is_undone_by_get(reviewing, decide, item):
    decide(reviewing, item, "approved")

    assert reviewing.get(url_of("undo", item)).status_code == 405
