"""Skip and hand-over in the admin."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agents.models import ReviewItem, ReviewSkip
from tests.support.facts import holder_name
from tests.support.pages import url_of
from tests.support.people import make_user

pytestmark = pytest.mark.django_db

START = reverse("admin:agents_reviewitem_start")


def test_skipped_item_comes_last_for_its_skipper_only(
    reviewer_client, second_reviewer_client, three_items, page_of
):
    reviewer_client.post(START)

    response = reviewer_client.post(url_of("skip", three_items[0]), {"note": " Not my genre. "})

    assert response["Location"] == page_of(three_items[1])
    skip = ReviewSkip.objects.get()
    assert (skip.by.username, skip.item, skip.reason) == ("rosa", three_items[0], "Not my genre.")
    assert second_reviewer_client.post(START)["Location"] == page_of(three_items[0])
    second_reviewer_client.post(url_of("release", three_items[0]))
    assert "Not my genre." in reviewer_client.get(page_of(three_items[0])).content.decode()


def test_list_of_skips_names_the_items(reviewer_client, superuser_client, ferry_item, page_of):
    reviewer_client.post(url_of("skip", ferry_item), {"note": "Not my genre."})

    link = f'<a href="{page_of(ferry_item)}"><bdi>Narrative: Mira leaves the town by the ferry.</bdi></a>'
    for page in (
        reverse("admin:agents_reviewskip_changelist"),
        reverse("admin:agents_reviewskip_change", args=[ReviewSkip.objects.get().pk]),
    ):
        assert link in superuser_client.get(page).content.decode()


def test_overlong_reason_keeps_what_was_typed(reviewer_client, ferry_item):
    page = reviewer_client.post(url_of("skip", ferry_item), {"note": "why " * 1300}).content.decode()

    assert "At most 5000 characters." in page
    assert ("why " * 1300).strip() in page
    assert not ReviewSkip.objects.exists()


def test_handed_over_item_is_offered_to_its_assignee_only(
    reviewer_client, second_reviewer_client, superuser_client, second_reviewer, three_items, page_of
):
    reviewer_client.post(START)

    response = reviewer_client.post(
        url_of("hand", three_items[0]), {"to": "rudi", "note": "You know the ferry."}
    )

    assert response["Location"] == page_of(three_items[1])
    assert superuser_client.post(START)["Location"] == page_of(three_items[2])
    assert second_reviewer_client.post(START)["Location"] == page_of(three_items[0])
    page = second_reviewer_client.get(page_of(three_items[0])).content.decode()
    assert 'Handed to <bdi>you</bdi> by <bdi>rosa</bdi>: <q dir="auto">You know the ferry.</q>' in page
    assert "To rudi: You know the ferry." in page
    assert holder_name(three_items[0]) == "rudi"


def test_reviewer_list_has_other_active_reviewers_only(
    reviewer_client, second_reviewer, superuser, ferry_item, page_of
):
    make_user("left", is_staff=True, groups=("Reviewers",), is_active=False)
    make_user("watcher", is_staff=True, permissions=("agents.view_reviewitem",))
    make_user("own", is_staff=True, permissions=("agents.decide_reviewitem",))

    names = reviewer_client.get(page_of(ferry_item)).context["other_reviewers"]

    assert names == ["own", "root", "rudi"]


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("nobody", "There is no reviewer “nobody”."),
        ("carla", "carla is not a reviewer."),
        ("", "There is no reviewer"),
    ],
)
def test_handing_to_a_non_reviewer_keeps_what_was_typed(
    reviewer_client, ferry_item, second_reviewer, to, said
):
    page = reviewer_client.post(url_of("hand", ferry_item), {"to": to, "note": "For you."}).content.decode()

    assert said in page
    assert "For you." in page
    ferry_item.refresh_from_db()
    assert ferry_item.assigned_to is None


def test_held_item_cannot_be_handed_over(reviewer_client, second_reviewer_client, ferry_item):
    second_reviewer_client.post(START)

    page = reviewer_client.post(
        url_of("hand", ferry_item), {"to": "rudi", "note": "My own words."}
    ).content.decode()

    assert "rudi has claimed this item until " in page
    assert "My own words." in page
    assert holder_name(ferry_item) == "rudi"
    assert ferry_item.assigned_to is None


def test_skipping_a_held_item_keeps_its_claim(reviewer_client, second_reviewer_client, ferry_item):
    second_reviewer_client.post(START)

    reviewer_client.post(url_of("skip", ferry_item))

    assert holder_name(ferry_item) == "rudi"


def test_item_assigned_to_another_is_not_claimed_on_view(
    reviewer_client, second_reviewer, ferry_item, page_of
):
    assert "data-claims-by-itself" in reviewer_client.get(page_of(ferry_item)).content.decode()

    ReviewItem.objects.update(assigned_to=second_reviewer)

    page = reviewer_client.get(page_of(ferry_item)).content.decode()
    assert "Handed to <bdi>rudi</bdi>." in page
    assert "data-claims-by-itself" not in page
    assert "data-claim-form" in page
