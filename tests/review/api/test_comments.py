"""Comments over HTTP."""

from __future__ import annotations

import uuid

import pytest
from rest_framework.test import APIClient

from agents.models import Notification, ReviewComment
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(creator):
    return make_review(creator)


def path(item, slash=""):
    return f"/agents/reviews/{item.pk}/comments{slash}"


@pytest.mark.parametrize("slash", ["", "/"])
def test_created_comment_is_shown_as_in_the_list(reviewer_api, second_reviewer_api, item, slash):
    response = reviewer_api.post(path(item, slash), {"text": " @ruben, too thin? "})
    second_reviewer_api.post(path(item, slash), {"text": "Yes."})

    comment = ReviewComment.objects.order_by("at").first()
    assert comment is not None
    assert response.status_code == 201
    assert response.json() == {
        "id": str(comment.pk),
        "item_id": str(item.pk),
        "by": "rita",
        "at": comment.at.isoformat().replace("+00:00", "Z"),
        "edited_at": None,
        "text": "@ruben, too thin?",
    }
    listed = second_reviewer_api.get(path(item, slash))
    assert listed.status_code == 200
    assert listed.json()["results"][0] == response.json()
    assert [(row["by"], row["text"]) for row in listed.json()["results"]] == [
        ("rita", "@ruben, too thin?"),
        ("ruben", "Yes."),
    ]
    assert Notification.objects.get().to.username == "ruben"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"/text": "required"}),
        ({"text": ""}, {"/text": "blank"}),
        ({"text": "  "}, {"/text": "blank"}),
        ({"text": 7}, {"/text": "invalid"}),
        ({"text": None}, {"/text": "null"}),
        ({"text": "x" * 5001}, {"/text": "max_length"}),
        ({"text": "a\x00b"}, {"/text": "invalid_text"}),
        ({"text": "Hm.", "by": "ruben"}, {"/by": "unknown_field"}),
    ],
)
def test_bad_body_is_named_and_stores_nothing(reviewer_api, item, body, expected):
    assert pointers_of(reviewer_api.post(path(item), body)) == expected

    assert not ReviewComment.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["requester", "staff", "nobody"])
def test_only_reviewers_may(api, staff_api, item, who, method):
    client = {"requester": api, "staff": staff_api, "nobody": APIClient()}[who]

    response = getattr(client, method)(path(item), {"text": "Hm."} if method == "post" else None)

    if who == "nobody":
        problem_of(response, 401, "not_authenticated")
    else:
        problem_of(response, 403, "forbidden")
    assert not ReviewComment.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("item_id", [str(uuid.UUID(int=1)), "1", "%00"])
def test_missing_item_is_404(reviewer_api, method, item_id):
    call = getattr(reviewer_api, method)

    problem_of(call(f"/agents/reviews/{item_id}/comments", {"text": "Hm."}), 404, "review_item_not_found")
