"""Words of the desk about limits, contradictions, canon and refusals, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from agents.choices import Verdict
from agents.models import ReviewItem
from agents.review.verdicts import decisions
from tests.support import rows
from tests.support.browsing import leave, press, signed_in_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(browse: Callable[..., Page], page_of: Callable[..., str], reviewer: User) -> Callable[..., Page]:
    return lambda item: browse(reviewer, page_of(item))


def test_confidence_below_its_signals_names_what_limits_it(opened, creator, low_marches):
    job = rows.finished_job(creator, low_marches, "narrative")
    job.signals = [
        {"name": "word_range", "value": 0.24, "detail": "The text has 71 words.", "cap": 0.45},
        {"name": "complete", "value": 1.0, "detail": "The text ends as it should."},
    ]
    job.confidence_score = 0.45
    job.save()

    page = opened(rows.item_of(job, confidence=0.45))

    weak = page.locator("li.weak", has_text="word range")
    expect(weak).to_contain_text("The confidence is limited to 0.45 by this.")


def test_report_cannot_be_approved_as_consistent_with_violations(opened, items_of_all_agents):
    report = items_of_all_agents[2]
    page = opened(report)
    press(page, "e")
    page.get_by_role("button", name="Approve").wait_for()

    page.get_by_label("Is consistent").check()
    page.get_by_role("button", name="Fix + approve").click()

    expect(page.get_by_text("A text with violations is not consistent")).to_be_visible()
    assert ReviewItem.objects.get(pk=report.pk).state == "open"


def test_approved_scene_leads_to_its_entry_and_back(opened, page_of, items_of_all_agents):
    scene = items_of_all_agents[0]
    page = opened(scene)
    expect(page.get_by_text("Approving adds it to the universe’s scenes.")).to_be_visible()
    press(page, "Control+Enter")
    page.get_by_role("heading", name="Spatial review").wait_for()

    page.goto(page_of(scene))
    page.get_by_text("Now in canon:").get_by_role("link").click()
    page.get_by_role("link", name="Reviews", exact=True).click()
    page.locator("#result_list tbody tr").get_by_role("link").first.click()

    assert page.url.partition("?")[0].endswith(page_of(scene))


def test_gold_that_nobody_gets_says_so(browse, page_of, lead, reviewer, items_of_all_agents, settings):
    settings.GOLD_AFTER = 0
    item = items_of_all_agents[0]
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    page = browse(lead, page_of(item))

    page.locator("summary", has_text="Use as gold").click()
    page.get_by_label("Approve", exact=True).check()
    page.get_by_role("textbox", name="Why").fill("A scene that keeps the rules.")
    page.get_by_role("button", name="Use as gold").click()

    expect(page.get_by_role("status")).to_contain_text("No reviewer gets it, because planting is off")


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        (reverse("admin:agents_budget_changelist"), "You have no access to this"),
        ("/nope", "There is nothing here"),
        (reverse("admin:agents_reviewitem_bulk"), "Nothing was sent"),
    ],
)
def test_refusal_is_a_page_with_a_way_back(chromium: Browser, live_server, reviewer, path, heading):
    # Not by ``browse``: the browser complains of the status.
    context = signed_in_browser(chromium, live_server.url, reviewer)
    page = context.new_page()
    page.goto(path)

    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.get_by_role("link", name="Review queue").first.click()
    expect(page.get_by_role("heading", name="Review queue")).to_be_visible()
    leave(context)
