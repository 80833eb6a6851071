"""Bulk verdicts in the admin: a confirmation page, then one decision per item."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse
from django.utils import timezone

from agents.models import ReviewDecision, ReviewItem
from agents.review import claims
from agents.review.verdicts import bulk
from tests.support import rows
from tests.support.pages import messages_of
from tests.support.people import make_user
from universes.models import Scene

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:agents_reviewitem_changelist")
BULK = reverse("admin:agents_reviewitem_bulk")
APPROVE, REJECT = "0", "1"


@pytest.fixture
def items(creator, low_marches) -> list[ReviewItem]:
    """Seven items, most urgent and least confident first."""
    now = timezone.now()
    return [
        rows.item_of(
            rows.finished_job(creator, low_marches),
            confidence=round(0.1 + number / 10, 2),
            opened_at=now - timedelta(hours=8 - number),
        )
        for number in range(7)
    ]


def select(client, items, action: str, query: str = "", **data: Any) -> Any:
    """Select items and open the confirmation page."""
    sent = {
        "action": ["approve_selected", "reject_selected"],
        "index": action,
        "select_across": "0",
        ACTION_CHECKBOX_NAME: [str(item.pk) for item in items],
        **data,
    }
    return client.post(QUEUE + query, sent, follow=True)


def confirm(client, response, **data: Any) -> Any:
    context = response.context
    sent = {
        "verdict": str(context["verdict"]),
        "id": [str(item.pk) for item in context["plan"].items],
        "left": [str(row.item_id) for row in context["left_out"]],
        **data,
    }
    return client.post(context["bulk_url"], sent, follow=True)


def test_confirmation_shows_count_range_and_sample(reviewer_client, items, page_of):
    response = select(reviewer_client, items, APPROVE)

    page = response.content.decode()
    assert "7 items will be approved" in page
    assert "<dd>0.10 to 0.70</dd>" in page
    assert [row.item for row in response.context["sample"]] == [items[n] for n in (0, 2, 3, 4, 6)]
    assert "Mira leaves the town by the ferry." in page
    assert "Mira counted the coins twice" in page
    assert f'href="{page_of(items[2])}"' in page
    assert not ReviewDecision.objects.exists()


def test_each_item_gets_its_own_decision(reviewer_client, items, reviewer):
    response = confirm(reviewer_client, select(reviewer_client, items[:3], APPROVE))

    assert response.redirect_chain == [(QUEUE, 302)]
    assert messages_of(response) == ["3 items approved."]
    decided = ReviewDecision.objects.values_list("item", "verdict", "by")
    assert set(decided) == {(item.pk, "approved", reviewer.pk) for item in items[:3]}
    assert Scene.objects.filter(canon_status="canon").count() == 3
    assert ReviewItem.objects.open().count() == 4


def test_rejection_requires_a_reason(reviewer_client, items):
    asked = select(reviewer_client, items[:2], REJECT)
    assert "2 items will be rejected" in asked.content.decode()

    refused = confirm(reviewer_client, asked)
    assert "Choose a reason or write a note." in refused.content.decode()
    assert not ReviewDecision.objects.exists()

    response = confirm(reviewer_client, refused, reason="badly_written", note="Flat, both.")
    assert messages_of(response) == ["2 items rejected."]
    said = ReviewDecision.objects.values_list("verdict", "reason__code", "note")
    assert list(said) == [("rejected", "badly_written", "Flat, both.")] * 2


def test_skipped_items_are_named_before_and_after(reviewer_client, second_reviewer, items):
    claims.claim(items[0].pk, second_reviewer)
    ReviewItem.objects.filter(pk=items[1].pk).update(is_blind=True)
    ReviewItem.objects.filter(pk=items[2].pk).update(opinions_wanted=2)

    asked = select(reviewer_client, items[:4], APPROVE)

    page = asked.content.decode()
    assert "1 item will be approved" in page
    assert "3 left out" in page
    for why in (
        "rudi has claimed it until ",
        "Blind items are decided one by one.",
        "It requires several opinions.",
    ):
        assert why in page
    assert "0.20" not in page.partition("3 left out")[2]
    done, left = messages_of(confirm(reviewer_client, asked))
    assert done == "1 item approved."
    assert left.startswith("3 left out. “Mira leaves the town by the ferry.”: rudi has claimed it until ")
    assert "decided one by one" in left
    assert ReviewDecision.objects.get().item == items[3]


def test_skipped_item_stays_skipped_even_if_free_later(reviewer_client, second_reviewer, items):
    claims.claim(items[0].pk, second_reviewer)
    asked = select(reviewer_client, items[:2], APPROVE)
    claims.release(items[0].pk, second_reviewer)

    _, left = messages_of(confirm(reviewer_client, asked))

    assert left.endswith("It was not among the items you confirmed.")
    assert ReviewDecision.objects.get().item == items[1]


def test_item_claimed_after_confirmation_is_skipped_by_name(reviewer_client, second_reviewer, items):
    asked = select(reviewer_client, items[:2], APPROVE)
    claims.claim(items[0].pk, second_reviewer)

    done, left = messages_of(confirm(reviewer_client, asked))

    assert done == "1 item approved."
    assert "rudi has claimed this item until " in left or "rudi has claimed it until " in left


def test_select_all_covers_the_filter_across_pages(reviewer_client, items, page_of):
    query = "?confidence=lowest"

    response = select(reviewer_client, items[:1], APPROVE, query, select_across="1")

    assert [item.pk for item in response.context["plan"].items] == [items[0].pk, items[1].pk]
    assert confirm(reviewer_client, response).redirect_chain == [(QUEUE + query, 302)]


def test_too_many_items_are_refused_with_their_count(reviewer_client, items, monkeypatch):
    monkeypatch.setattr(bulk, "MAX_ITEMS", 5)

    response = select(reviewer_client, items, APPROVE)

    assert messages_of(response) == ["7 items; at most 5 at a time."]
    assert response.redirect_chain == [(QUEUE, 302)]
    assert not ReviewDecision.objects.exists()


def test_empty_selection_is_refused(reviewer_client, items):
    response = select(reviewer_client, [], APPROVE)

    assert messages_of(response) == [
        "Items must be selected in order to perform actions on them. No items have been changed."
    ]


def test_no_button_if_every_item_is_skipped(reviewer_client, items):
    ReviewItem.objects.update(is_blind=True)

    page = select(reviewer_client, items, APPROVE).content.decode()

    assert "Nothing left to approve." in page
    assert 'id="bulk-form"' not in page


def test_invalid_ids_decide_nothing(reviewer_client, items):
    sent = {"verdict": "approved", "id": ["nonsense"]}
    assert messages_of(reviewer_client.post(BULK, sent, follow=True)) == ["Name at least one."]

    done, left = messages_of(reviewer_client.post(BULK, {**sent, "id": [str(uuid.UUID(int=7))]}, follow=True))

    assert (done, "There is no such item." in left) == ("No items were approved.", True)
    assert not ReviewDecision.objects.exists()


def test_bulk_needs_permission_to_decide(signed_in, items):
    watcher = signed_in(make_user("will", is_staff=True, permissions=("agents.view_reviewitem",)))

    page = watcher.get(QUEUE).content.decode()

    assert "action-select" not in page
    assert "Approve selected" not in page
    select(watcher, items, APPROVE)
    assert watcher.post(BULK, {"verdict": "approved", "id": [str(items[0].pk)]}).status_code == 403
    assert not ReviewDecision.objects.exists()


def test_closed_items_cannot_be_selected(reviewer_client, items):
    assert "action-select" in reviewer_client.get(QUEUE).content.decode()
    assert 'data-key="approve"' not in reviewer_client.get(QUEUE + "?state=closed").content.decode()


def test_get_decides_nothing(reviewer_client, items):
    assert reviewer_client.get(BULK).status_code == 405
