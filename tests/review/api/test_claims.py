"""Claims over HTTP: next, claim, release, break, skip and hand over, with their refusals."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from agents.models import ReviewItem, ReviewSkip
from tests.support.facts import event_kinds, holder_name
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import assert_undecided, make_review

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TWINS = {
    "next": ("post", "/agents/reviews/next"),
    "claim": ("post", "/agents/reviews/{}/claim"),
    "let go": ("delete", "/agents/reviews/{}/claim"),
    "break": ("post", "/agents/reviews/{}/claim/break"),
    "skip": ("post", "/agents/reviews/{}/skip"),
    "hand": ("post", "/agents/reviews/{}/hand"),
}


def call(client, name, item_id, body=None):
    method, path = TWINS[name]
    return getattr(client, method)(path.format(item_id), body or {})


def lapse(item):
    past = timezone.now() - timedelta(seconds=1)
    assert ReviewItem.objects.filter(pk=item.pk, claimed_by__isnull=False).update(claimed_until=past)


def assert_held_by_rosa(response, item):
    body = problem_of(response, 409, "review_claimed")
    item.refresh_from_db()
    assert body["detail"] == f"rita has claimed this item until {item.claimed_until:%H:%M} UTC."
    assert holder_name(item) == "rita"


# --- Who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TWINS)
@pytest.mark.parametrize("who", ["requester", "staff", "nobody"])
def test_only_reviewers_may(api, staff_api, creator, who, name):
    item = make_review(creator)
    client = {"requester": api, "staff": staff_api, "nobody": APIClient()}[who]

    response = call(client, name, item.pk, {"to": "rita"} if name == "hand" else None)

    if who == "nobody":
        problem_of(response, 401, "not_authenticated")
    else:
        problem_of(response, 403, "forbidden")
    assert (holder_name(item), item.assigned_to) == (None, None)
    assert not ReviewSkip.objects.exists()


@pytest.mark.parametrize("name", ["claim", "break", "skip", "hand"])
@pytest.mark.parametrize("item_id", [str(uuid.UUID(int=1)), "1", "%00"])
def test_missing_item_is_404(superuser_api, api_reviewer, name, item_id):
    response = call(superuser_api, name, item_id, {"to": "rita"} if name == "hand" else None)

    problem_of(response, 404, "review_item_not_found")


# --- Next ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slash", ["", "/"])
def test_next_claims_the_most_urgent_item(reviewer_api, creator, slash):
    make_review(creator, due_at=NOON + HOUR)
    urgent = make_review(creator, due_at=NOON)

    response = reviewer_api.post(f"/agents/reviews/next{slash}")

    assert response.status_code == 200
    body = response.json()
    assert (body["id"], body["is_overdue"], body["claim"]["by"]) == (str(urgent.pk), True, "rita")
    assert holder_name(urgent) == "rita"
    since, until = (datetime.fromisoformat(body["claim"][key]) for key in ("since", "until"))
    assert until - since == timedelta(minutes=15)
    assert body == reviewer_api.get(f"/agents/reviews/{urgent.pk}").json()


def test_next_gives_two_reviewers_different_items(reviewer_api, second_reviewer_api, creator):
    items = {str(make_review(creator).pk) for _ in range(2)}

    given = {
        client.post("/agents/reviews/next").json()["id"] for client in (reviewer_api, second_reviewer_api)
    }

    assert given == items


def test_next_in_an_empty_queue_is_204(reviewer_api, creator):
    make_review(creator, state="closed", closed_at=NOON)

    response = reviewer_api.post("/agents/reviews/next")

    assert (response.status_code, response.content) == (204, b"")


@pytest.mark.parametrize(
    ("query", "given"),
    [
        ("", "a"),
        ("agent_type=spatial", "b"),
        ("confidence_max=0.3", "b"),
        ("universe_id={universe}", "c"),
        ("asked_again=true", "c"),
        ("asked_again=false", "a"),
        ("overdue=false", "c"),
        ("reason=complete", "b"),
        ("claim=free", "a"),
        ("claim=mine", None),
        ("state=closed", None),
    ],
)
def test_next_respects_filters(reviewer_api, creator, universe, query, given):
    items = {
        "a": make_review(creator, due_at=NOON),
        "b": make_review(
            creator, agent_type="spatial", confidence=0.2, reason_codes="|complete|", due_at=NOON + HOUR
        ),
        "c": make_review(creator, universe=universe),
    }
    items["c"].job.follows = items["a"].job
    items["c"].job.save()

    response = reviewer_api.post(f"/agents/reviews/next?{query.format(universe=universe.pk)}")

    assert response.status_code == (200 if given else 204)
    held = ReviewItem.objects.filter(claimed_by__isnull=False).values_list("pk", flat=True)
    assert list(held) == ([items[given].pk] if given else [])


def test_unknown_filter_claims_nothing(reviewer_api, creator):
    item = make_review(creator)

    assert pointers_of(reviewer_api.post("/agents/reviews/next?agent=spatial")) == {
        "?agent": "unknown_filter"
    }

    assert holder_name(item) is None


def test_next_query_count_does_not_grow_with_items(reviewer_api, creator):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert reviewer_api.post("/agents/reviews/next").status_code == 200
        return len(queries)

    make_review(creator, due_at=NOON)
    few = cost()
    for _ in range(30):
        make_review(creator, due_at=NOON - HOUR)

    # Queries: the account, five for the claim, the row and its opinions.
    assert (few, cost()) == (9, 9)


# --- Claim and let go ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("slash", ["", "/"])
def test_claimed_item_shows_its_holder(reviewer_api, second_reviewer_api, creator, slash):
    item = make_review(creator)

    response = reviewer_api.post(f"/agents/reviews/{item.pk}/claim{slash}")

    assert (response.status_code, response.json()["claim"]["by"]) == (200, "rita")
    assert second_reviewer_api.get(f"/agents/reviews/{item.pk}").json() == response.json()


def test_held_item_is_409_naming_the_holder(reviewer_api, second_reviewer_api, creator):
    item = make_review(creator)
    call(reviewer_api, "claim", item.pk)

    assert_held_by_rosa(call(second_reviewer_api, "claim", item.pk), item)
    assert_held_by_rosa(call(second_reviewer_api, "hand", item.pk, {"to": "rita"}), item)
    assert_held_by_rosa(
        second_reviewer_api.post(f"/agents/reviews/{item.pk}/decision", {"verdict": "approved"}), item
    )
    assert_undecided(item)


@pytest.mark.parametrize(("name", "body"), [("claim", {}), ("skip", {}), ("hand", {"to": "rita"})])
def test_decided_item_is_409_naming_the_reviewer(reviewer_api, second_reviewer_api, creator, name, body):
    item = make_review(creator)
    reviewer_api.post(f"/agents/reviews/{item.pk}/decision", {"verdict": "approved"})

    detail = problem_of(call(second_reviewer_api, name, item.pk, body), 409, "review_closed")["detail"]

    assert detail.startswith("rita has already decided this item: approved, ")


def test_expired_claim_is_hidden_and_taken_over(reviewer_api, second_reviewer_api, creator):
    item = make_review(creator)
    call(reviewer_api, "claim", item.pk)
    lapse(item)

    assert reviewer_api.get(f"/agents/reviews/{item.pk}").json()["claim"] is None
    assert call(second_reviewer_api, "claim", item.pk).json()["claim"]["by"] == "ruben"


@pytest.mark.parametrize("slash", ["", "/"])
def test_release_frees_only_the_own_claim(reviewer_api, second_reviewer_api, creator, slash):
    item = make_review(creator)
    call(reviewer_api, "claim", item.pk)

    assert second_reviewer_api.delete(f"/agents/reviews/{item.pk}/claim{slash}").status_code == 204
    assert holder_name(item) == "rita"

    assert reviewer_api.delete(f"/agents/reviews/{item.pk}/claim{slash}").status_code == 204
    assert holder_name(item) is None


def test_superusers_but_not_reviewers_break_claims(reviewer_api, second_reviewer_api, superuser_api, creator):
    item = make_review(creator)
    call(reviewer_api, "claim", item.pk)

    assert problem_of(call(second_reviewer_api, "break", item.pk), 403, "forbidden")["detail"] == (
        "Only superusers may break a claim."
    )
    assert holder_name(item) == "rita"

    assert call(superuser_api, "break", item.pk).status_code == 204
    assert holder_name(item) is None
    event = item.job.events.values("by__username", "data").get(kind="review_claim_broken")
    assert event == {"by__username": "root", "data": {"holder": "rita"}}


# --- Skip and hand ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slash", ["", "/"])
def test_skipped_item_is_released_and_comes_last(reviewer_api, second_reviewer_api, creator, slash):
    first, then = make_review(creator, due_at=NOON), make_review(creator, due_at=NOON + HOUR)
    call(reviewer_api, "claim", first.pk)

    response = reviewer_api.post(f"/agents/reviews/{first.pk}/skip{slash}", {"reason": "Too long."})

    assert (response.status_code, response.content) == (204, b"")
    assert holder_name(first) is None
    assert ReviewSkip.objects.get().reason == "Too long."
    assert reviewer_api.post("/agents/reviews/next").json()["id"] == str(then.pk)
    assert second_reviewer_api.post("/agents/reviews/next").json()["id"] == str(first.pk)


@pytest.mark.parametrize("slash", ["", "/"])
def test_handed_over_item_is_next_for_its_assignee_only(
    reviewer_api, second_reviewer_api, creator, api_second_reviewer, slash
):
    item = make_review(creator)
    call(reviewer_api, "claim", item.pk)

    response = reviewer_api.post(f"/agents/reviews/{item.pk}/hand{slash}", {"to": "ruben", "note": "Yours."})

    assert response.status_code == 200
    assert (response.json()["assigned_to"], response.json()["claim"]) == ("ruben", None)
    assert item.job.events.get(kind="review_handed").data == {"to": "ruben", "note": "Yours."}
    assert reviewer_api.post("/agents/reviews/next").status_code == 204
    assert second_reviewer_api.post("/agents/reviews/next").json()["id"] == str(item.pk)


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("hand", {}, {"/to": "required"}),
        ("hand", {"to": ""}, {"/to": "blank"}),
        ("hand", {"to": 7}, {"/to": "invalid"}),
        ("hand", {"to": "nobody"}, {"/to": "not_a_reviewer"}),
        ("hand", {"to": "carla"}, {"/to": "not_a_reviewer"}),
        ("hand", {"to": "rita", "note": "x" * 5001}, {"/note": "max_length"}),
        ("hand", {"to": "rita", "until": "noon"}, {"/until": "unknown_field"}),
        ("skip", {"reason": "x" * 5001}, {"/reason": "max_length"}),
        ("skip", {"note": "No."}, {"/note": "unknown_field"}),
    ],
)
def test_bad_body_is_named_and_changes_nothing(reviewer_api, creator, name, body, expected):
    item = make_review(creator)

    assert pointers_of(call(reviewer_api, name, item.pk, body)) == expected

    item.refresh_from_db()
    assert item.assigned_to is None
    assert not ReviewSkip.objects.exists()
    assert event_kinds(item.job) == ["review_opened"]


def test_lost_claim_cannot_be_renewed(reviewer_api, api_reviewer, creator):
    item = make_review(creator)
    url = f"/agents/reviews/{item.pk}/claim"
    reviewer_api.post(url)

    assert reviewer_api.patch(url).json()["claim"]["by"] == api_reviewer.username
    assert reviewer_api.delete(url).status_code == 204
    problem_of(reviewer_api.patch(url), 409, "claim_lost")
    item.refresh_from_db()
    assert item.claimed_by is None
