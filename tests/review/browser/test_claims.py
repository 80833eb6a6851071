"""Claims of two reviewers in two browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from agents.models import ReviewDecision, ReviewItem, ReviewSkip
from agents.review import claims
from tests.support.browsing import NARROW, SHIFTS, WIDE, count_submits, press, submits

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


def test_opening_claims_and_another_browser_sees_the_holder(
    browse, items_of_all_agents, reviewer, second_reviewer
):
    first = browse(reviewer, address(items_of_all_agents[0]))
    first.get_by_text("Yours until ").wait_for()
    wait_for_holder(first, items_of_all_agents[0], "rosa")
    assert first.locator("[data-claim-alert]").is_hidden()
    assert first.get_by_role("button", name="Claim").count() == 0

    second = browse(second_reviewer, address(items_of_all_agents[0]))

    assert second.get_by_text("Claimed by rosa until ").first.is_visible()
    assert second.get_by_role("button", name="Approve").count() == 0
    assert second.get_by_role("button", name="Break the claim").count() == 0
    press(second, "n")
    second.get_by_role("heading", name="Spatial review").wait_for()
    wait_for_holder(second, items_of_all_agents[1], "rudi")
    assert not ReviewSkip.objects.exists()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_taking_the_claim_moves_nothing(browse, items_of_all_agents, reviewer, viewport):
    page = browse(reviewer, address(items_of_all_agents[0]), viewport=viewport)
    page.get_by_text("Yours until ").wait_for()

    assert page.evaluate(SHIFTS) == []


def test_leaving_releases_the_claim_and_editing_keeps_it(browse, items_of_all_agents, reviewer, monkeypatch):
    releases: list[UUID] = []
    release = claims.release

    def record_release(item_id: UUID, user: User) -> bool:
        releases.append(item_id)
        return release(item_id, user)

    monkeypatch.setattr(claims, "release", record_release)
    page = browse(reviewer, address(items_of_all_agents[0]))
    page.get_by_text("Yours until ").wait_for()
    wait_for_holder(page, items_of_all_agents[0], "rosa")
    began = items_of_all_agents[0].claimed_at
    press(page, "e")
    page.get_by_role("heading", name="Edit the output").wait_for()
    wait_for_holder(page, items_of_all_agents[0], "rosa")
    assert items_of_all_agents[0].claimed_at == began

    page.get_by_role("link", name="Review queue", exact=True).first.click()

    wait_for_holder(page, items_of_all_agents[0], None)
    assert releases == [items_of_all_agents[0].pk]


def test_reloaded_page_keeps_its_claim(browse, items_of_all_agents, reviewer):
    page = browse(reviewer, address(items_of_all_agents[0]))
    page.get_by_text("Yours until ").wait_for()

    # The old page releases the claim, perhaps after the new one was rendered, so the new one claims again.
    with page.expect_response(lambda response: response.url.endswith("/claim/")):
        page.reload()
        page.clock.fast_forward(1100)

    page.get_by_text("Yours until ").wait_for()
    wait_for_holder(page, items_of_all_agents[0], "rosa")
    assert page.locator("[data-claim-alert]").is_hidden()


def test_open_page_renews_its_claim(browse, items_of_all_agents, reviewer, settings):
    settings.REVIEW_CLAIM_S = 3
    page = browse(reviewer, address(items_of_all_agents[0]))
    page.get_by_text("Yours until ").wait_for()
    wait_for_holder(page, items_of_all_agents[0], "rosa")
    first = items_of_all_agents[0].claimed_until

    # Four renewals take longer than one lease.
    for _ in range(4):
        with page.expect_response(lambda response: response.url.endswith("/claim/") and response.ok):
            page.clock.fast_forward(1100)

    items_of_all_agents[0].refresh_from_db()
    assert items_of_all_agents[0].claimed_until > first


def test_broken_claim_is_announced_and_typed_text_kept(
    browse, items_of_all_agents, reviewer, superuser, settings
):
    settings.REVIEW_CLAIM_S = 3
    page = browse(reviewer, address(items_of_all_agents[0]))
    page.get_by_text("Yours until ").wait_for()
    press(page, "Control+Backspace")
    note = page.locator("#reject-note")
    note.fill("It is too short.")
    wait_for_holder(page, items_of_all_agents[0], "rosa")

    claims.break_claim(items_of_all_agents[0].pk, superuser)

    page.get_by_role("alert").filter(has_text="root broke your claim on this item.").wait_for()
    assert note.input_value() == "It is too short."
    assert page.locator("button[value=rejected]").is_disabled()
    count_submits(page)
    page.keyboard.press("Control+Enter")
    assert submits(page) == 0
    page.get_by_role("button", name="Claim").click()
    page.get_by_text("Yours until ").wait_for()
    page.locator("button[value=rejected]").click()
    page.get_by_role("heading", name="Spatial review").wait_for()
    assert ReviewDecision.objects.get().note == "It is too short."


def test_superuser_breaks_a_claim_after_confirmation(browse, items_of_all_agents, reviewer, superuser):
    claims.claim(items_of_all_agents[0].pk, reviewer)
    page = browse(superuser, address(items_of_all_agents[0]))

    page.locator("summary", has_text="Break the claim").click()
    page.get_by_role("button", name="Yes, break the claim").click()

    page.get_by_text("Yours until ").wait_for()
    wait_for_holder(page, items_of_all_agents[0], "root")


def test_next_skip_and_hand_over_by_keyboard(browse, items_of_all_agents, reviewer, second_reviewer):
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
    page.keyboard.type("rudi")
    page.keyboard.press("Tab")
    page.keyboard.type("yours, I think")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Handed to rudi:").wait_for()

    # Only skipped items are left, least recently skipped first.
    page.get_by_role("heading", name="Narrative review").wait_for()
    reasons = dict(ReviewSkip.objects.values_list("item_id", "reason"))
    assert reasons == {items_of_all_agents[0].pk: "", items_of_all_agents[1].pk: "not my place"}
    items_of_all_agents[2].refresh_from_db()
    assert (items_of_all_agents[2].assigned_to, items_of_all_agents[2].claimed_by) == (second_reviewer, None)
    assert not ReviewDecision.objects.exists()


def test_claim_button_works_without_scripts(browse, items_of_all_agents, reviewer):
    page = browse(reviewer, address(items_of_all_agents[0]), java_script_enabled=False)
    assert page.get_by_text("Unclaimed.").is_visible()

    page.get_by_role("button", name="Claim").click()

    page.get_by_text("Yours until ").wait_for()
    items_of_all_agents[0].refresh_from_db()
    assert items_of_all_agents[0].claimed_by == reviewer
