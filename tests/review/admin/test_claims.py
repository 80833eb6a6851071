"""Claims in the admin: each button by a real POST, and no claim without one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.choices import EventKind, ReviewState
from agents.models import AgentJobEvent, ReviewDecision, ReviewItem, ReviewSkip
from tests.support.facts import holder_name
from tests.support.pages import url_of
from universes.models import Scene

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:agents_reviewitem_changelist")
START = reverse("admin:agents_reviewitem_start")
PAGE = {"accept": "text/html,application/xhtml+xml"}
JSON = {"accept": "application/json"}


def expire(item: ReviewItem) -> None:
    ReviewItem.objects.filter(pk=item.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))


# --- next


def test_start_gives_two_reviewers_different_items(
    reviewer_client, second_reviewer_client, three_items, page_of
):
    first, second = reviewer_client.post(START), second_reviewer_client.post(START)

    assert (first["Location"], second["Location"]) == (page_of(three_items[0]), page_of(three_items[1]))
    assert [holder_name(item) for item in three_items] == ["rosa", "rudi", None]


def test_start_respects_the_filter(reviewer_client, three_items, page_of):
    kept = "?_changelist_filters=agent_type__exact%3Dspatial"

    response = reviewer_client.post(START + kept)

    assert response["Location"] == page_of(three_items[1]) + kept
    assert [holder_name(item) for item in three_items] == [None, "rosa", None]


def test_start_ignores_invalid_filters(reviewer_client, three_items, page_of):
    kept = "?_changelist_filters=nothing__like%3Dthis"

    assert reviewer_client.post(START + kept)["Location"] == page_of(three_items[0]) + kept


@pytest.mark.parametrize("verb", ["next", "decide", "skip", "hand", "claim", "release", "break"])
def test_get_changes_nothing(superuser_client, ferry_item, verb):
    assert superuser_client.get(url_of(verb, ferry_item)).status_code == 405
    assert superuser_client.get(START).status_code == 405
    assert holder_name(ferry_item) is None
    assert not ReviewSkip.objects.exists()


def test_viewing_a_page_claims_nothing(reviewer_client, ferry_item, page_of):
    for url in (QUEUE, page_of(ferry_item), page_of(ferry_item) + "?edit=1"):
        assert reviewer_client.get(url).status_code == 200

    assert holder_name(ferry_item) is None
    assert 'data-claim="free"' in reviewer_client.get(page_of(ferry_item)).content.decode()


def test_next_skips_the_item_and_claims_another(reviewer_client, three_items, page_of):
    reviewer_client.post(START)

    response = reviewer_client.post(url_of("next", three_items[0]))

    assert response["Location"] == page_of(three_items[1])
    assert [holder_name(item) for item in three_items] == [None, "rosa", None]
    assert ReviewSkip.objects.get().reason == ""


def test_next_from_a_held_item_keeps_its_claim(
    reviewer_client, second_reviewer_client, second_reviewer, three_items, page_of
):
    second_reviewer_client.post(START)

    response = reviewer_client.post(url_of("next", three_items[0]))

    assert response["Location"] == page_of(three_items[1])
    assert holder_name(three_items[0]) == "rudi"
    assert not ReviewSkip.objects.exists()


@pytest.mark.parametrize(
    ("kept", "said"),
    [("", "The queue is empty."), ("?_changelist_filters=q%3Dnobody", "No items match this filter.")],
)
def test_empty_queue_says_so(reviewer_client, db, kept, said):
    response = reviewer_client.post(START + kept, follow=True)

    assert response.request["PATH_INFO"] == QUEUE
    assert [str(message) for message in response.context["messages"]] == [said]


def test_queue_held_by_others_says_so(reviewer_client, second_reviewer_client, ferry_item):
    second_reviewer_client.post(START)

    page = reviewer_client.post(START, follow=True).content.decode()

    assert "Nothing left for you: the remaining items belong to other reviewers." in page


def test_next_does_not_return_to_the_only_item(reviewer_client, ferry_item):
    response = reviewer_client.post(url_of("next", ferry_item), follow=True)

    assert response.request["PATH_INFO"] == QUEUE
    assert "No other items are waiting." in response.content.decode()


def test_decision_claims_the_next_item(reviewer_client, decide, three_items):
    reviewer_client.post(START)

    decide(reviewer_client, three_items[0], "approved")

    assert [holder_name(item) for item in three_items] == [None, "rosa", None]
    assert three_items[0].state == ReviewState.CLOSED


# --- claim, renew, release, break


def test_claim_by_script_returns_the_lease_end(reviewer_client, ferry_item, settings):
    settings.REVIEW_CLAIM_S = 600

    response = reviewer_client.post(url_of("claim", ferry_item), headers=JSON)

    assert holder_name(ferry_item) == "rosa"
    assert response.json() == {"sentence": f"Yours until {ferry_item.claimed_until:%H:%M} UTC."}
    assert timedelta(seconds=590) < ferry_item.claimed_until - timezone.now() <= timedelta(seconds=600)


def test_claim_by_form_redirects_to_the_page(reviewer_client, ferry_item, page_of):
    response = reviewer_client.post(url_of("claim", ferry_item), headers=PAGE, follow=True)

    assert response.redirect_chain == [(page_of(ferry_item), 302)]
    page = response.content.decode()
    assert f"Yours until {ReviewItem.objects.get().claimed_until:%H:%M} UTC." in page
    assert 'data-claim="mine"' in page
    assert 'value="approved"' in page


def test_claim_of_a_held_item_names_the_holder(reviewer_client, second_reviewer_client, ferry_item):
    second_reviewer_client.post(START)

    answer = reviewer_client.post(url_of("claim", ferry_item), headers=JSON)

    assert answer.status_code == 409
    assert answer.json()["code"] == "review_claimed"
    assert answer.json()["detail"].startswith("rudi has claimed this item until ")
    page = reviewer_client.post(url_of("claim", ferry_item), headers=PAGE, follow=True).content.decode()
    assert "rudi has claimed this item until " in page
    assert holder_name(ferry_item) == "rudi"


def test_held_item_shows_holder_and_no_buttons(reviewer_client, second_reviewer_client, ferry_item, page_of):
    second_reviewer_client.post(START)

    page = reviewer_client.get(page_of(ferry_item)).content.decode()

    until = ReviewItem.objects.get().claimed_until
    assert f"Claimed by <bdi>rudi</bdi> until {until:%H:%M} UTC." in page
    for absent in ('name="verdict"', "data-claim-form", "Break the claim", "edit=1", 'id="skip-note"'):
        assert absent not in page, absent
    assert 'data-key="n"' in page
    assert 'id="edit-form"' not in reviewer_client.get(page_of(ferry_item) + "?edit=1").content.decode()


def test_renewal_extends_the_lease(reviewer_client, ferry_item):
    reviewer_client.post(START)
    soon = timezone.now() + timedelta(seconds=5)
    ReviewItem.objects.update(claimed_until=soon)
    began = ReviewItem.objects.get().claimed_at

    assert reviewer_client.post(url_of("claim", ferry_item), {"renew": "1"}, headers=JSON).status_code == 200

    assert holder_name(ferry_item) == "rosa"
    assert ferry_item.claimed_until > soon + timedelta(minutes=5)
    assert ferry_item.claimed_at == began


def test_expired_claim_is_renewed_if_still_free(reviewer_client, ferry_item):
    reviewer_client.post(START)
    expire(ferry_item)

    assert reviewer_client.post(url_of("claim", ferry_item), {"renew": "1"}, headers=JSON).status_code == 200
    assert holder_name(ferry_item) == "rosa"


def test_release_frees_only_the_own_claim(reviewer_client, second_reviewer_client, ferry_item):
    second_reviewer_client.post(START)

    assert reviewer_client.post(url_of("release", ferry_item)).status_code == 200
    assert holder_name(ferry_item) == "rudi"
    assert second_reviewer_client.post(url_of("release", ferry_item)).status_code == 200
    assert holder_name(ferry_item) is None


def test_superuser_breaks_a_claim_on_record(
    reviewer_client, superuser_client, ferry_item, page_of, superuser
):
    reviewer_client.post(START)
    assert "Yes, break the claim" in superuser_client.get(page_of(ferry_item)).content.decode()

    page = superuser_client.post(url_of("break", ferry_item), headers=PAGE, follow=True).content.decode()

    assert holder_name(ferry_item) is None
    event = AgentJobEvent.objects.get(kind=EventKind.REVIEW_CLAIM_BROKEN)
    assert (event.by, event.data) == (superuser, {"holder": "rosa"})
    assert "Claimed by rosa" in page
    lost = reviewer_client.post(url_of("claim", ferry_item), {"renew": "1"}, headers=JSON)
    assert lost.status_code == 409
    assert lost.json() == {"code": "claim_lost", "detail": "root broke your claim on this item."}
    assert holder_name(ferry_item) is None


def test_breaking_a_claim_needs_permission(reviewer_client, second_reviewer_client, ferry_item):
    second_reviewer_client.post(START)

    assert reviewer_client.post(url_of("break", ferry_item)).status_code == 403
    assert holder_name(ferry_item) == "rudi"
    assert not AgentJobEvent.objects.filter(kind=EventKind.REVIEW_CLAIM_BROKEN).exists()


@pytest.mark.parametrize(
    ("verdict", "data", "kept"),
    [
        ("rejected", {"note": "Too <short>."}, "Too &lt;short&gt;."),
        ("asked_again", {"note": "Let him speak."}, "Let him speak."),
        ("edited", {"output-title": "My own title", "output-content": "Mine."}, 'value="My own title"'),
    ],
)
def test_late_decision_names_the_winner_and_keeps_the_text(
    reviewer_client, second_reviewer_client, decide, ferry_item, verdict, data, kept
):
    reviewer_client.post(START)
    expire(ferry_item)
    second_reviewer_client.post(START)

    page = decide(reviewer_client, ferry_item, verdict, **data).content.decode()

    assert "rudi has claimed this item until " in page
    assert "Nothing was changed." in page
    assert kept in page
    assert 'value="approved"' not in page
    assert "Fix + approve" not in page
    assert holder_name(ferry_item) == "rudi"
    assert not ReviewDecision.objects.exists()
    assert not Scene.objects.exists()


def test_typed_text_survives_a_decision_by_another(
    reviewer_client, second_reviewer_client, decide, ferry_item
):
    decide(second_reviewer_client, ferry_item, "approved")

    page = decide(reviewer_client, ferry_item, "rejected", note="It is too short.").content.decode()

    assert "rudi has already decided this item: approved" in page
    assert "It is too short." in page
