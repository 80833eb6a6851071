"""Claims as two reviewers in two browsers see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import ReviewDecision, ReviewItem, ReviewSkip
from agents.review import claims
from tests.admin.browsing import press

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUEUE = reverse("admin:agents_reviewitem_changelist")


def address(item: ReviewItem) -> str:
    return reverse("admin:agents_reviewitem_change", args=[item.pk])


def wait_for_holder(page: Page, item: ReviewItem, username: str | None) -> None:
    for _ in range(50):
        item.refresh_from_db()
        if (item.claimed_by.get_username() if item.claimed_by else None) == username:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"held by {item.claimed_by}, not by {username}")


def test_opening_claims_and_another_browser_sees_the_holder(browse, items, reviewer, ana):
    first = browse(reviewer, address(items[0]))
    first.get_by_text("Yours until ").wait_for()
    wait_for_holder(first, items[0], "rosa")
    assert first.locator("[data-claim-alert]").is_hidden()
    assert first.get_by_role("button", name="Claim").count() == 0

    second = browse(ana, address(items[0]))

    assert second.get_by_text("rosa holds this until ").first.is_visible()
    assert second.get_by_role("button", name="Approve").count() == 0
    assert second.get_by_role("button", name="Break the claim").count() == 0
    press(second, "n")
    second.get_by_role("heading", name="Spatial review").wait_for()
    wait_for_holder(second, items[1], "ana")
    assert not ReviewSkip.objects.exists()


def test_leaving_gives_the_item_back_and_editing_is_not_leaving(browse, items, reviewer):
    page = browse(reviewer, address(items[0]))
    page.get_by_text("Yours until ").wait_for()
    wait_for_holder(page, items[0], "rosa")
    began = items[0].claimed_at
    press(page, "e")
    page.get_by_role("heading", name="Edit what the agent wrote").wait_for()
    page.wait_for_timeout(500)
    wait_for_holder(page, items[0], "rosa")
    assert items[0].claimed_at == began

    page.get_by_role("link", name="Review queue", exact=True).first.click()

    wait_for_holder(page, items[0], None)


def test_a_page_that_is_loaded_anew_still_holds_its_item(browse, items, reviewer):
    page = browse(reviewer, address(items[0]))
    page.get_by_text("Yours until ").wait_for()

    page.reload()

    page.get_by_text("Yours until ").wait_for()
    page.wait_for_timeout(1500)
    wait_for_holder(page, items[0], "rosa")
    assert page.locator("[data-claim-alert]").is_hidden()


def test_an_open_page_renews(browse, items, reviewer, settings):
    settings.REVIEW_CLAIM_S = 3
    page = browse(reviewer, address(items[0]))
    page.get_by_text("Yours until ").wait_for()
    wait_for_holder(page, items[0], "rosa")
    first = items[0].claimed_until

    page.wait_for_timeout(3500)

    items[0].refresh_from_db()
    assert items[0].claimed_until > first
    assert items[0].claimed_until > timezone.now()


def test_a_broken_claim_is_said_at_once_and_nothing_typed_is_lost(
    browse, items, reviewer, superuser, settings
):
    settings.REVIEW_CLAIM_S = 3
    page = browse(reviewer, address(items[0]))
    page.get_by_text("Yours until ").wait_for()
    press(page, "Control+Backspace")
    note = page.locator("#reject-note")
    note.fill("It is too short.")
    wait_for_holder(page, items[0], "rosa")

    claims.break_claim(items[0].pk, superuser)

    page.get_by_role("alert").filter(has_text="root broke your claim on this item.").wait_for()
    assert note.input_value() == "It is too short."
    assert page.locator("button[value=rejected]").is_disabled()
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    assert not ReviewDecision.objects.exists()
    page.get_by_role("button", name="Claim").click()
    page.get_by_text("Yours until ").wait_for()
    page.locator("button[value=rejected]").click()
    page.get_by_role("heading", name="Spatial review").wait_for()
    assert ReviewDecision.objects.get().note == "It is too short."


def test_a_superuser_breaks_a_claim_by_a_second_press(browse, items, reviewer, superuser):
    claims.claim(items[0].pk, reviewer)
    page = browse(superuser, address(items[0]))

    page.locator("summary", has_text="Break the claim").click()
    page.get_by_role("button", name="Yes, break the claim").click()

    page.get_by_text("Yours until ").wait_for()
    wait_for_holder(page, items[0], "root")


def test_next_skip_and_hand_over_by_keyboard_alone(browse, items, reviewer, ana):
    page = browse(reviewer, QUEUE)
    press(page, "n")
    page.get_by_role("heading", name="Narrative review").wait_for()
    press(page, "n")
    page.get_by_role("heading", name="Spatial review").wait_for()
    press(page, "s")
    page.keyboard.type("not my place")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Consistency review").wait_for()
    press(page, "h")
    page.keyboard.type("ana")
    page.keyboard.press("Tab")
    page.keyboard.type("yours, I think")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Handed to ana:").wait_for()

    # Only what was skipped is left, the longest ago first.
    page.get_by_role("heading", name="Narrative review").wait_for()
    reasons = dict(ReviewSkip.objects.values_list("item_id", "reason"))
    assert reasons == {items[0].pk: "", items[1].pk: "not my place"}
    items[2].refresh_from_db()
    assert (items[2].assigned_to, items[2].claimed_by) == (ana, None)
    assert not ReviewDecision.objects.exists()


def test_without_scripts_there_is_a_button_to_claim(browse, items, reviewer):
    page = browse(reviewer, address(items[0]), java_script_enabled=False)
    assert page.get_by_text("Nobody holds this.").is_visible()

    page.get_by_role("button", name="Claim").click()

    page.get_by_text("Yours until ").wait_for()
    items[0].refresh_from_db()
    assert items[0].claimed_by == reviewer
