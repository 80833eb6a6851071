"""An administrator's work in a browser: people, the history of a world, the first day of a site, the list of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Browser, expect

from agents.models import Budget
from mediaassets.accounts import roles
from tests.support import browsing, rows
from universes.services import universes as service

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "salt remembers everything"


@pytest.fixture
def page(browse, superuser) -> Page:
    found: Page = browse(superuser, reverse("admin:index"))
    return found


@pytest.mark.usefixtures("broker")
def test_person_is_added_invited_and_closed(page: Page, live_server, chromium: Browser):
    page.goto(reverse("admin:auth_user_add"))
    for role in roles.ROLES:
        expect(page.get_by_text(role.may)).to_be_visible()
    page.get_by_label("Username").fill("nora")
    page.get_by_label("Reviewer", exact=False).first.check()
    page.get_by_role("button", name="Save", exact=True).click()
    link = page.get_by_label("Link").input_value()

    context = chromium.new_context(base_url=live_server.url)
    invited = context.new_page()
    invited.goto(f"{live_server.url}/{link.split('/', 3)[3]}")
    invited.get_by_label("New password:", exact=True).fill(PASSWORD)
    invited.get_by_label("Confirm password:").fill(PASSWORD)
    invited.get_by_role("button", name="Change my password").click()
    invited.goto(reverse("admin:agents_reviewitem_changelist"))
    expect(invited.get_by_role("link", name="Forgotten")).to_be_visible()
    invited.get_by_label("Username").fill("nora")
    invited.get_by_label("Password").fill(PASSWORD)
    invited.get_by_role("button", name="Log in").click()
    expect(invited.get_by_role("heading", name="Review queue")).to_be_visible()

    nora = User.objects.get(username="nora")
    page.goto(reverse("admin:auth_user_change", args=[nora.pk]))
    page.get_by_role("link", name="Close this account").click()
    expect(page.get_by_text("under a pseudonym")).to_be_visible()
    page.get_by_role("button", name="Close for good").click()
    nora.refresh_from_db()
    assert (nora.is_active, nora.username.startswith("closed-")) == (False, True)
    invited.reload()
    expect(invited.get_by_label("Password")).to_be_visible()
    context.close()


def test_world_is_taken_back_from_its_history(page: Page, superuser, low_marches):
    service.update_world_config(low_marches, tone="cold", by=superuser)
    service.update_world_config(low_marches, tone="warm", by=superuser)
    page.goto(reverse("admin:universes_universe_change", args=[low_marches.pk]))

    page.get_by_role("link", name="History").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    page.locator("#result_list tbody tr th a").first.click()
    expect(page.locator("ins", has_text="warm")).to_be_visible()
    page.go_back()
    page.locator("#result_list tbody input.action-select").first.check()
    page.get_by_label("Action:").select_option(label="Revert")
    page.get_by_role("button", name="Go").click()

    expect(page.get_by_text("1 reverted.")).to_be_visible()
    low_marches.world_config.refresh_from_db()
    assert low_marches.world_config.tone == "cold"
    expect(page.locator("#result_list tbody tr")).to_have_count(3)


@pytest.mark.usefixtures("broker")
def test_first_day_with_a_key_begins_with_a_budget(page: Page, settings):
    settings.ANTHROPIC_API_KEY = "sk-ant-not-a-real-one"
    page.goto(reverse("admin:agents_budget_add"))
    page.get_by_label("Scope:").select_option("site")
    page.get_by_label("Period:").select_option("day")
    page.get_by_label("Limit").fill("10")
    page.get_by_role("button", name="Save", exact=True).click()
    assert Budget.objects.filter(scope="site", period="day", limit_usd=10).exists()
    page.goto(reverse("admin:agents_languagemodel_changelist"))
    page.get_by_role("button", name="Check models now").click()
    expect(page.get_by_text("Checking with the provider.")).to_be_visible()


def test_jobs_fit_the_window_and_are_filtered_by_keyboard(page: Page, creator, low_marches):
    rows.make_job(creator, universe=low_marches, status="failed", error_message="The model refused it. " * 9)
    rows.make_job(creator, universe=low_marches, status="completed")
    page.goto(reverse("admin:agents_agentjob_changelist"))

    table = page.locator(".results")
    assert table.evaluate("element => element.scrollWidth - element.clientWidth") == 0
    box = page.locator("#changelist-filter").bounding_box()
    assert box is not None
    assert box["height"] < 80
    page.locator("#changelist-filter summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Failed", exact=True)).to_be_visible()
    for _ in range(5):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#changelist-filter summary").first).to_have_text("Status: Failed")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.set_viewport_size(browsing.NARROW)
    assert browsing.too_wide(page) == 0
