"""Two ways to leave an item without a verdict."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agents.models import ReviewItem, ReviewSkip
from tests.admin import makers
from tests.admin.makers import holder, url_of

pytestmark = pytest.mark.django_db

START = reverse("admin:agents_reviewitem_start")


def test_a_skipped_item_comes_last_for_me_only(reviewing, ana_reviewing, three, page_of):
    reviewing.post(START)

    response = reviewing.post(url_of("skip", three[0]), {"note": " Not my genre. "})

    assert response["Location"] == page_of(three[1])
    skip = ReviewSkip.objects.get()
    assert (skip.by.username, skip.item, skip.reason) == ("rosa", three[0], "Not my genre.")
    assert ana_reviewing.post(START)["Location"] == page_of(three[0])
    ana_reviewing.post(url_of("release", three[0]))
    assert "Not my genre." in reviewing.get(page_of(three[0])).content.decode()


def test_a_reason_that_is_too_long_comes_back(reviewing, item):
    page = reviewing.post(url_of("skip", item), {"note": "why " * 1300}).content.decode()

    assert "At most 5000 characters." in page
    assert ("why " * 1300).strip() in page
    assert not ReviewSkip.objects.exists()


def test_handing_over_offers_it_to_that_person_alone(
    reviewing, ana_reviewing, operating, ana, three, page_of
):
    reviewing.post(START)

    response = reviewing.post(url_of("hand", three[0]), {"to": "ana", "note": "You know the ferry."})

    assert response["Location"] == page_of(three[1])
    assert operating.post(START)["Location"] == page_of(three[2])
    assert ana_reviewing.post(START)["Location"] == page_of(three[0])
    page = ana_reviewing.get(page_of(three[0])).content.decode()
    assert 'Handed to <bdi>you</bdi> by <bdi>rosa</bdi>: <q dir="auto">You know the ferry.</q>' in page
    assert "To ana: You know the ferry." in page
    assert holder(three[0]) == "ana"


def test_the_list_of_reviewers_has_those_who_may_and_not_oneself(reviewing, ana, superuser, item, page_of):
    makers.make_user("left", is_staff=True, groups=("Reviewers",), is_active=False)
    makers.make_user("watcher", is_staff=True, permissions=("agents.view_reviewitem",))
    makers.make_user("own", is_staff=True, permissions=("agents.decide_reviewitem",))

    names = reviewing.get(page_of(item)).context["other_reviewers"]

    assert names == ["ana", "own", "root"]


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("nobody", "There is no reviewer &#x27;nobody&#x27;."),
        ("creator", "creator is not a reviewer."),
        ("", "There is no reviewer"),
    ],
)
def test_handing_to_no_reviewer_is_refused_with_what_was_typed(reviewing, item, ana, to, said):
    page = reviewing.post(url_of("hand", item), {"to": to, "note": "For you."}).content.decode()

    assert said in page
    assert "For you." in page
    item.refresh_from_db()
    assert item.assigned_to is None


def test_what_another_holds_is_not_handed_over(reviewing, ana_reviewing, item):
    ana_reviewing.post(START)

    page = reviewing.post(url_of("hand", item), {"to": "ana", "note": "My own words."}).content.decode()

    assert "ana holds this item until " in page
    assert "My own words." in page
    assert holder(item) == "ana"
    assert item.assigned_to is None


def test_skipping_what_another_holds_leaves_their_claim_alone(reviewing, ana_reviewing, item):
    ana_reviewing.post(START)

    reviewing.post(url_of("skip", item))

    assert holder(item) == "ana"


def test_looking_at_what_was_handed_to_another_does_not_claim_by_itself(reviewing, ana, item, page_of):
    assert "data-claims-by-itself" in reviewing.get(page_of(item)).content.decode()

    ReviewItem.objects.update(assigned_to=ana)

    page = reviewing.get(page_of(item)).content.decode()
    assert "Handed to <bdi>ana</bdi>." in page
    assert "data-claims-by-itself" not in page
    assert "data-claim-form" in page
