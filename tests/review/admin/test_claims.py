"""Who holds what: each button by a real POST, and no claim without one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.choices import EventKind, ReviewState
from agents.models import AgentJobEvent, ReviewDecision, ReviewItem, ReviewSkip
from tests.admin.makers import holder, url_of
from universes.models import Scene

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:agents_reviewitem_changelist")
START = reverse("admin:agents_reviewitem_start")
PAGE = {"accept": "text/html,application/xhtml+xml"}
JSON = {"accept": "application/json"}


def expire(item: ReviewItem) -> None:
    ReviewItem.objects.filter(pk=item.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))


# --- next


def test_two_reviewers_who_press_start_get_different_items(reviewing, ana_reviewing, three, page_of):
    first, second = reviewing.post(START), ana_reviewing.post(START)

    assert (first["Location"], second["Location"]) == (page_of(three[0]), page_of(three[1]))
    assert [holder(item) for item in three] == ["rosa", "ana", None]


def test_start_keeps_to_the_filter(reviewing, three, page_of):
    kept = "?_changelist_filters=agent_type__exact%3Dspatial"

    response = reviewing.post(START + kept)

    assert response["Location"] == page_of(three[1]) + kept
    assert [holder(item) for item in three] == [None, "rosa", None]


def test_filters_that_make_no_sense_do_not_stop_a_reviewer(reviewing, three, page_of):
    kept = "?_changelist_filters=nothing__like%3Dthis"

    assert reviewing.post(START + kept)["Location"] == page_of(three[0]) + kept


@pytest.mark.parametrize("verb", ["next", "decide", "skip", "hand", "claim", "release", "break"])
def test_nothing_is_done_by_get(operating, item, verb):
    assert operating.get(url_of(verb, item)).status_code == 405
    assert operating.get(START).status_code == 405
    assert holder(item) is None
    assert not ReviewSkip.objects.exists()


def test_looking_claims_nothing(reviewing, item, page_of):
    for url in (QUEUE, page_of(item), page_of(item) + "?edit=1"):
        assert reviewing.get(url).status_code == 200

    assert holder(item) is None
    assert 'data-claim="free"' in reviewing.get(page_of(item)).content.decode()


def test_next_goes_on_and_leaves_the_item_for_later(reviewing, three, page_of):
    reviewing.post(START)

    response = reviewing.post(url_of("next", three[0]))

    assert response["Location"] == page_of(three[1])
    assert [holder(item) for item in three] == [None, "rosa", None]
    assert ReviewSkip.objects.get().reason == ""


def test_next_from_what_another_holds_leaves_their_claim_alone(reviewing, ana_reviewing, ana, three, page_of):
    ana_reviewing.post(START)

    response = reviewing.post(url_of("next", three[0]))

    assert response["Location"] == page_of(three[1])
    assert holder(three[0]) == "ana"
    assert not ReviewSkip.objects.exists()


@pytest.mark.parametrize(
    ("kept", "said"),
    [("", "Nothing waits."), ("?_changelist_filters=q%3Dnobody", "No item fits this filter.")],
)
def test_when_there_is_none_the_queue_says_so(reviewing, db, kept, said):
    response = reviewing.post(START + kept, follow=True)

    assert response.request["PATH_INFO"] == QUEUE
    assert [str(message) for message in response.context["messages"]] == [said]


def test_when_others_hold_all_the_queue_says_so(reviewing, ana_reviewing, item):
    ana_reviewing.post(START)

    page = reviewing.post(START, follow=True).content.decode()

    assert "What waits is held by others, or handed to them." in page


def test_from_the_only_item_next_does_not_come_back_to_it(reviewing, item):
    response = reviewing.post(url_of("next", item), follow=True)

    assert response.request["PATH_INFO"] == QUEUE
    assert "No other item waits." in response.content.decode()


def test_a_decision_claims_the_next_item(reviewing, decide, three):
    reviewing.post(START)

    decide(reviewing, three[0], "approved")

    assert [holder(item) for item in three] == [None, "rosa", None]
    assert three[0].state == ReviewState.CLOSED


# --- claim, renew, release, break


def test_a_claim_by_a_script_says_until_when(reviewing, item, settings):
    settings.REVIEW_CLAIM_S = 600

    response = reviewing.post(url_of("claim", item), headers=JSON)

    assert holder(item) == "rosa"
    assert response.json() == {"sentence": f"Yours until {item.claimed_until:%H:%M} UTC."}
    assert timedelta(seconds=590) < item.claimed_until - timezone.now() <= timedelta(seconds=600)


def test_a_claim_by_a_form_leads_back_to_the_page(reviewing, item, page_of):
    response = reviewing.post(url_of("claim", item), headers=PAGE, follow=True)

    assert response.redirect_chain == [(page_of(item), 302)]
    page = response.content.decode()
    assert f"Yours until {ReviewItem.objects.get().claimed_until:%H:%M} UTC." in page
    assert 'data-claim="mine"' in page
    assert 'value="approved"' in page


def test_what_another_holds_is_refused_by_name(reviewing, ana_reviewing, item):
    ana_reviewing.post(START)

    answer = reviewing.post(url_of("claim", item), headers=JSON)

    assert answer.status_code == 409
    assert answer.json()["code"] == "review_claimed"
    assert answer.json()["detail"].startswith("ana holds this item until ")
    page = reviewing.post(url_of("claim", item), headers=PAGE, follow=True).content.decode()
    assert "ana holds this item until " in page
    assert holder(item) == "ana"


def test_a_held_item_shows_its_holder_and_no_buttons(reviewing, ana_reviewing, item, page_of):
    ana_reviewing.post(START)

    page = reviewing.get(page_of(item)).content.decode()

    until = ReviewItem.objects.get().claimed_until
    assert f"<bdi>ana</bdi> holds this until {until:%H:%M} UTC." in page
    for absent in ('name="verdict"', "data-claim-form", "Break the claim", "edit=1", 'id="skip-note"'):
        assert absent not in page, absent
    assert 'data-key="n"' in page
    assert 'id="edit-form"' not in reviewing.get(page_of(item) + "?edit=1").content.decode()


def test_renewing_keeps_the_claim_for_longer(reviewing, item):
    reviewing.post(START)
    soon = timezone.now() + timedelta(seconds=5)
    ReviewItem.objects.update(claimed_until=soon)
    began = ReviewItem.objects.get().claimed_at

    assert reviewing.post(url_of("claim", item), {"renew": "1"}, headers=JSON).status_code == 200

    assert holder(item) == "rosa"
    assert item.claimed_until > soon + timedelta(minutes=5)
    assert item.claimed_at == began


def test_a_claim_that_ran_out_and_nobody_took_is_renewed(reviewing, item):
    reviewing.post(START)
    expire(item)

    assert reviewing.post(url_of("claim", item), {"renew": "1"}, headers=JSON).status_code == 200
    assert holder(item) == "rosa"


def test_letting_go_frees_the_item_and_only_ones_own(reviewing, ana_reviewing, item):
    ana_reviewing.post(START)

    assert reviewing.post(url_of("release", item)).status_code == 200
    assert holder(item) == "ana"
    assert ana_reviewing.post(url_of("release", item)).status_code == 200
    assert holder(item) is None


def test_a_superuser_breaks_a_claim_and_it_is_recorded(reviewing, operating, item, page_of, superuser):
    reviewing.post(START)
    assert "Yes, break the claim" in operating.get(page_of(item)).content.decode()

    page = operating.post(url_of("break", item), headers=PAGE, follow=True).content.decode()

    assert holder(item) is None
    event = AgentJobEvent.objects.get(kind=EventKind.REVIEW_CLAIM_BROKEN)
    assert (event.by, event.data) == (superuser, {"holder": "rosa"})
    assert "Held by rosa" in page
    lost = reviewing.post(url_of("claim", item), {"renew": "1"}, headers=JSON)
    assert lost.status_code == 409
    assert lost.json() == {"code": "claim_lost", "detail": "root broke your claim on this item."}
    assert holder(item) is None


def test_nobody_else_breaks_a_claim(reviewing, ana_reviewing, item):
    ana_reviewing.post(START)

    assert reviewing.post(url_of("break", item)).status_code == 403
    assert holder(item) == "ana"
    assert not AgentJobEvent.objects.filter(kind=EventKind.REVIEW_CLAIM_BROKEN).exists()


@pytest.mark.parametrize(
    ("verdict", "data", "kept"),
    [
        ("rejected", {"note": "Too <short>."}, "Too &lt;short&gt;."),
        ("asked_again", {"note": "Let him speak."}, "Let him speak."),
        ("edited", {"output-title": "My own title", "output-content": "Mine."}, 'value="My own title"'),
    ],
)
def test_the_slow_one_is_refused_by_name_and_keeps_the_text(
    reviewing, ana_reviewing, decide, item, verdict, data, kept
):
    reviewing.post(START)
    expire(item)
    ana_reviewing.post(START)

    page = decide(reviewing, item, verdict, **data).content.decode()

    assert "ana holds this item until " in page
    assert "Nothing was changed." in page
    assert kept in page
    assert 'value="approved"' not in page
    assert "Fix + approve" not in page
    assert holder(item) == "ana"
    assert not ReviewDecision.objects.exists()
    assert not Scene.objects.exists()


def test_what_was_typed_is_kept_when_another_has_decided(reviewing, ana_reviewing, decide, item):
    decide(ana_reviewing, item, "approved")

    page = decide(reviewing, item, "rejected", note="It is too short.").content.decode()

    assert "ana has already decided this item: approved" in page
    assert "It is too short." in page
