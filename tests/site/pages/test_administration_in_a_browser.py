"""An administrator's work in a browser: people, the history of a world, the first day of a site, the list of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from django_celery_results.models import TaskResult
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
    invited.get_by_label("Password:", exact=True).fill(PASSWORD)
    invited.get_by_label("Password again:").fill(PASSWORD)
    invited.get_by_role("button", name="Set password").click()
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
    # The many links of a universe do not cover its name.
    tools, name = (
        page.locator(".object-tools").bounding_box(),
        page.locator("#content h2").first.bounding_box(),
    )
    assert tools is not None
    assert name is not None
    assert tools["y"] >= name["y"] + name["height"] or name["y"] >= tools["y"] + tools["height"]

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


def test_lists_of_jobs_show_whole_words_in_a_narrow_window(page: Page, creator, low_marches):
    words = {"prompt": "Underneath Lighthousekeepers"}
    for code in ("overloaded", "provider_account_error"):
        rows.make_job(creator, universe=low_marches, status="failed", error_code=code, input_data=words)
    page.set_viewport_size(browsing.NARROW)
    page.goto(reverse("admin:agents_agentjob_changelist"))

    name = page.locator("#site-name a")
    assert name.inner_text() == "Admin"
    assert name.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0
    assert page.locator(".field-asked bdi").first.evaluate("(one) => one.getClientRects().length") == 2
    assert browsing.too_wide(page) == 0
    page.goto(reverse("admin:agents_agentjob_failures"))
    table = page.locator(".scroll").first
    assert table.evaluate("(one) => one.scrollWidth - one.clientWidth") == 0
    # A code of several words breaks between them.
    assert page.locator("tr#provider_account_error wbr").count() == 2


def test_actions_of_a_job_stand_below_its_heading(page: Page, creator, low_marches):
    job = rows.finished_job(creator, low_marches, outcome="trusted")
    page.goto(reverse("admin:agents_agentjob_change", args=[job.pk]))
    page.get_by_text("Flag for review …").click()
    page.get_by_label("What is wrong").wait_for()

    tools, name, card = (
        page.locator(found).first.bounding_box()
        for found in (".object-tools", "#content h2", ".job-reading .card")
    )
    assert tools is not None
    assert name is not None
    assert card is not None
    assert name["y"] + name["height"] <= tools["y"]
    assert tools["y"] + tools["height"] <= card["y"]


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


def test_library_pages_have_plain_names_and_periodic_tasks_run_in_words(page: Page):
    five_minutes = IntervalSchedule.objects.get_or_create(every=300, period="seconds")[0]
    nightly = CrontabSchedule.objects.get_or_create(minute="0", hour="4", timezone="UTC")[0]
    PeriodicTask.objects.update_or_create(name="celery.backend_cleanup", defaults={"crontab": nightly})
    PeriodicTask.objects.create(name="Ask the tide", task="agents.cleanup_old_jobs", interval=five_minutes)
    TaskResult.objects.create(task_id="one", task_name="agents.cleanup_old_jobs", status="SUCCESS")

    # One link for each kind of row, none to add a result, and nothing that no task uses.
    sections = page.locator("#content-main .module")
    tasks = sections.filter(has=page.get_by_role("link", name="Crontabs", exact=True))
    expect(tasks.locator("caption")).to_have_text("Periodic tasks")
    expect(tasks.locator("tbody th")).to_have_text(["Crontabs", "Intervals", "Periodic tasks"])
    results = sections.filter(has=page.locator("caption", has_text="Task results"))
    expect(results.locator("tbody th")).to_have_text(["Task results"])
    expect(results.get_by_role("link", name="Add")).to_have_count(0)

    # The same words in the lists, on the form, and above it.
    tasks.get_by_role("link", name="Periodic tasks", exact=True).last.click()
    expect(page.get_by_role("row", name="Ask the tide")).to_contain_text("Every 5 minutes")
    expect(page.get_by_role("row", name="Delete old task results")).to_contain_text("Every day at 04:00")
    page.get_by_role("link", name="Ask the tide").click()
    expect(page.locator("#content h2").first).to_have_text("Ask the tide")
    expect(page.get_by_label("Interval", exact=False).first.locator(":checked")).to_have_text(
        "Every 5 minutes"
    )
    page.get_by_label("Crontab").select_option("Every day at 04:00 UTC")
    page.get_by_label("Interval").select_option("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("row", name="Ask the tide")).to_contain_text("Every day at 04:00")
    for name, words in (("intervalschedule", "Every 5 minutes"), ("crontabschedule", "Every day at 04:00")):
        page.goto(reverse(f"admin:django_celery_beat_{name}_changelist"))
        expect(page.get_by_role("link", name=words)).to_be_visible()

    page.goto(reverse("admin:django_celery_results_taskresult_changelist"))
    expect(page.get_by_role("link", name="Add task result")).to_have_count(0)
    page.get_by_role("link", name="agents.cleanup_old_jobs").click()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
