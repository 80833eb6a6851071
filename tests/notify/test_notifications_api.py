"""GET /agents/notifications, POST /agents/notifications/read."""

from __future__ import annotations

import uuid

import pytest

from agents.choices import NotificationKind
from agents.models import Notification
from agents.notify import notifications
from tests.support.problems import pointers_of
from tests.support.rows import make_review

pytestmark = pytest.mark.django_db

PATH = "/agents/notifications"
READ = "/agents/notifications/read"
MENTION, HAND_OVER, DISPUTE = NotificationKind.MENTION, NotificationKind.HAND_OVER, NotificationKind.DISPUTE


@pytest.fixture
def item(creator):
    return make_review(creator)


@pytest.fixture
def three(item, creator, api_reviewer, stranger):
    """Notifications of the creator, newest first, and one of another person."""
    rows = [
        notifications.notify([creator], MENTION, item, by=api_reviewer, text="one")[0],
        notifications.notify([creator], HAND_OVER, item, by=api_reviewer)[0],
        notifications.notify([creator], DISPUTE, item, by=None)[0],
    ]
    notifications.notify([stranger], MENTION, item, by=api_reviewer, text="theirs")
    return rows[::-1]


@pytest.mark.parametrize("slash", ["", "/"])
def test_empty_list(api, slash):
    response = api.get(PATH + slash)

    assert response.status_code == 200
    assert response.json() == {
        "count": 0,
        "next": None,
        "next_cursor": None,
        "previous": None,
        "limit": 50,
        "offset": 0,
        "results": [],
    }


def test_own_notifications_are_listed_newest_first(api, item, three):
    body = api.get(PATH).json()

    assert body["count"] == 3
    assert [(row["id"], row["kind"], row["by"], row["text"]) for row in body["results"]] == [
        (str(three[0].pk), "dispute", None, ""),
        (str(three[1].pk), "hand_over", "rita", ""),
        (str(three[2].pk), "mention", "rita", "one"),
    ]
    first = body["results"][0]
    assert set(first) == {
        "id",
        "kind",
        "item_id",
        "job_id",
        "invitation_id",
        "universe_id",
        "by",
        "text",
        "count",
        "at",
        "read_at",
    }
    assert (first["item_id"], first["job_id"]) == (str(item.pk), str(item.job_id))
    assert first["read_at"] is None


def test_pagination_and_unread_filter(api, creator, three):
    notifications.mark_read(creator, [three[0].pk])

    assert [row["id"] for row in api.get(f"{PATH}?limit=1&offset=1").json()["results"]] == [str(three[1].pk)]
    unread, read = api.get(f"{PATH}?unread=true").json(), api.get(f"{PATH}?unread=false").json()
    assert [row["id"] for row in unread["results"]] == [str(three[1].pk), str(three[2].pk)]
    assert [row["id"] for row in read["results"]] == [str(three[0].pk)]
    assert read["results"][0]["read_at"] is not None


def test_unknown_filter_is_refused(api):
    assert pointers_of(api.get(f"{PATH}?unread=maybe")).keys() == {"?unread"}
    assert pointers_of(api.get(f"{PATH}?kind=mention")) == {"?kind": "unknown_filter"}


def test_query_count_does_not_grow_with_rows(api, creator, item, api_reviewer, django_assert_num_queries):
    for _ in range(30):
        notifications.notify([creator], MENTION, item, by=api_reviewer)

    with django_assert_num_queries(2):
        assert len(api.get(PATH).json()["results"]) == 30


@pytest.mark.parametrize("slash", ["", "/"])
def test_named_ones_are_marked_and_foreign_ones_ignored(api, stranger, three, slash):
    theirs = Notification.objects.get(to=stranger)

    response = api.post(READ + slash, {"ids": [str(three[0].pk), str(theirs.pk), str(uuid.uuid4())]})

    assert (response.status_code, response.json()) == (200, {"marked": 1, "unread": 2})
    assert notifications.unread_count(stranger) == 1


def test_all_are_marked_as_read(api, stranger, three):
    assert api.post(READ, {"all": True}).json() == {"marked": 3, "unread": 0}
    assert api.post(READ, {"all": True}).json() == {"marked": 0, "unread": 0}
    assert notifications.unread_count(stranger) == 1


REFUSED = {
    "nothing": ({}, {"": "ids_or_all"}),
    "both": ({"ids": ["00000000-0000-7000-8000-000000000000"], "all": True}, {"": "ids_or_all"}),
    "not all": ({"all": False}, {"": "ids_or_all"}),
    "no ids": ({"ids": []}, {"/ids": "empty"}),
    "too many ids": ({"ids": ["00000000-0000-7000-8000-000000000000"] * 201}, {"/ids": "max_length"}),
    "no id": ({"ids": ["x"]}, {"/ids/0": "invalid"}),
    "number for an id": ({"ids": [7]}, {"/ids/0": "invalid"}),
    "text for ids": ({"ids": "all"}, {"/ids": "not_a_list"}),
    "text for all": ({"all": "true"}, {"/all": "invalid"}),
    "unknown key": ({"all": True, "until": "now"}, {"/until": "unknown_field"}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_invalid_body_marks_nothing(api, creator, three, case):
    sent, expected = REFUSED[case]

    response = api.post(READ, sent)

    assert response.status_code == 400
    assert pointers_of(response) == expected
    assert notifications.unread_count(creator) == 3


def test_hand_over_notifies_the_assignee(reviewer_api, client_of, make_user, item):
    rudi = make_user("ruben", groups=["Reviewers"])

    reviewer_api.post(f"/agents/reviews/{item.pk}/hand", {"to": "ruben", "note": "Yours."})

    (row,) = client_of(rudi).get(f"{PATH}?unread=true").json()["results"]
    assert (row["kind"], row["by"], row["text"], row["item_id"]) == (
        "hand_over",
        "rita",
        "Yours.",
        str(item.pk),
    )
    assert reviewer_api.get(PATH).json()["count"] == 0
