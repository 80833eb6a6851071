"""Times of the admin in the zone of the reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from agents.models import AgentJob, ReviewItem
from agents.review import claims

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

# Of a reader in Kathmandu.
AHEAD = timedelta(hours=5, minutes=45)


def test_columns_and_sentences_show_the_readers_time(
    browse: Callable[..., Page], superuser, second_reviewer, items_of_all_agents
):
    item = items_of_all_agents[0]
    address = reverse("admin:agents_reviewitem_change", args=[item.pk])
    page = browse(superuser, address, timezone_id="Asia/Kathmandu")

    page.get_by_text("Yours until ").wait_for()
    until = ReviewItem.objects.get(pk=item.pk).claimed_until
    assert until is not None
    expect(page.locator("[data-claim-text]")).to_have_text(f"Yours until {until + AHEAD:%H:%M}.")
    assert page.locator("[data-claim-text] time").get_attribute("title") == f"{until:%H:%M} UTC"

    held = claims.claim(items_of_all_agents[1].pk, by=second_reviewer)
    assert held.claimed_until is not None
    page.goto(reverse("admin:agents_reviewitem_changelist"))
    expect(page.locator("#result_list")).to_contain_text(f"until {held.claimed_until + AHEAD:%H:%M}")

    # What was written stays as it was written.
    job: AgentJob = item.job
    AgentJob.objects.filter(pk=job.pk).update(input_data={"prompt": "It is 2026-01-01 12:00 UTC."})
    page.goto(reverse("admin:agents_agentjob_change", args=[job.pk]))
    expect(page.locator(".fieldBox.field-created_at")).to_contain_text(
        f"{job.created_at + AHEAD:%Y-%m-%d %H:%M}"
    )
    expect(page.get_by_text("It is 2026-01-01 12:00 UTC.").first).to_be_visible()
