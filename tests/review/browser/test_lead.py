"""A lead's and an administrator's day: what needs them, many verdicts taken back, second looks, failed jobs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from agents.choices import Verdict
from agents.models import AgentJob, ReviewDecision, ReviewItem
from agents.review.verdicts import decisions
from tests.support import browsing, rows
from universes.models import Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUEUE = reverse("admin:agents_reviewitem_changelist")


def test_lead_takes_back_a_bulk_reopens_and_flags(browse, lead, reviewer, creator, low_marches, three_items):
    old = decisions.decide(three_items[0].pk, Verdict.APPROVED, by=reviewer)
    ReviewDecision.objects.update(at=timezone.now() - timedelta(days=3))
    scene = Scene.objects.get()
    Scene.objects.create(universe=low_marches, title="The Low Light", text="Dusk.", canon_status="draft")
    trusted = rows.finished_job(creator, low_marches, outcome="trusted")
    page = browse(lead, QUEUE)
    # Which a lead cannot decide.
    expect(page.get_by_text("Drafts")).to_be_hidden()

    # All at once, and back.
    page.locator("#action-toggle").check()
    browsing.press(page, "Control+Enter")
    page.get_by_role("button", name="Approve 2 items").wait_for()
    browsing.press(page, "Control+Enter")
    expect(page.get_by_text("2 items approved.")).to_be_visible()
    assert not ReviewItem.objects.filter(state="open").exists()
    browsing.press(page, "u")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 items reopened.")).to_be_visible()
    assert ReviewItem.objects.filter(state="open").count() == 2

    # From the decided item to its entry, and back to its job and its reviews.
    page.goto(reverse("admin:agents_reviewitem_change", args=[old.item_id]))
    page.get_by_role("link", name=scene.title).first.click()
    page.get_by_role("link", name="Job", exact=True).click()
    page.get_by_role("link", name="Closed").click()
    page.get_by_text("Reopen …").click()
    page.get_by_label("Reason for reopening").fill("The ferry had sunk.")
    page.get_by_role("button", name="Reopen", exact=True).click()
    expect(page.get_by_text("Reopened, and claimed by you.")).to_be_visible()
    expect(page.get_by_text("Approved, until then. The ferry had sunk.")).to_be_visible()
    assert not Scene.objects.filter(pk=scene.pk).exists()

    page.goto(reverse("admin:agents_agentjob_change", args=[trusted.pk]))
    page.get_by_text("Flag for review …").click()
    page.get_by_label("What is wrong").fill("A phone.")
    page.get_by_role("button", name="Flag", exact=True).click()
    expect(page.get_by_text("Flagged for review.")).to_be_visible()
    assert ReviewItem.objects.get(job=trusted).kind == "flag"


@pytest.mark.usefixtures("broker")
def test_administrator_goes_from_what_needs_them_to_the_cause_and_retries(
    browse, superuser, creator, low_marches
):
    for _ in range(2):
        rows.finished_job(
            creator,
            low_marches,
            status="failed",
            output_data=None,
            confidence_score=None,
            error_code="overloaded",
            error_message="The model was overloaded.",
        )
    page = browse(superuser, reverse("admin:index"))

    page.get_by_role("link", name="2 failed jobs: overloaded").click()
    page.get_by_role("link", name="overloaded", exact=True).click()
    expect(page.get_by_text("overloaded: The model was overloaded.").first).to_be_visible()
    assert page.locator("#result_list tbody tr").count() == 2
    page.locator("#result_list tbody th a").first.click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    page.goto(reverse("admin:agents_agentjob_failures"))
    page.set_viewport_size(browsing.NARROW)
    retry = page.get_by_role("button", name="Retry all 2")
    expect(retry).to_be_in_viewport(ratio=1)
    retry.click()

    expect(page.get_by_text("2 jobs queued again.")).to_be_visible()
    assert set(AgentJob.objects.values_list("status", flat=True)) == {"pending"}
