"""A creator's whole path in a browser, with a real web process and real workers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from agents.choices import EventKind, JobStatus, Verdict
from agents.common import events
from agents.jobs.live_text import LiveText, live_texts
from agents.models import AgentJob, ReviewItem
from agents.review.verdicts import decisions
from tests.support import browsing, people, rows
from tests.support.site.servers import wait_until
from universes.choices import Role
from universes.models import Scene, Universe, WorldRule
from universes.services.sharing import invitation_links

pytestmark = [pytest.mark.browser, pytest.mark.queue, pytest.mark.django_db(transaction=True)]

SHORT_LEASE = {"LEASE_S": "2"}
WAIT_MS = 20_000
# What the page says while a job is processing: before the model writes, and then.
UNDER_WAY = re.compile("^(Working on it|Writing)")


@pytest.fixture
def open_page(chromium: Browser, port: int, broker: Any) -> Iterator[Callable[..., Page]]:
    """Open a page of the web process: ``open_page(user, "/studio/")``, signed in unless the user is None.

    Fails at the end if a page violated the content security policy or a script failed.
    """
    contexts: list[Any] = []
    complaints: list[str] = []
    url = f"http://127.0.0.1:{port}"

    def open_it(user: User | None, path: str, **options: Any) -> Page:
        if user is None:
            context = chromium.new_context(**{"base_url": url, "viewport": browsing.WIDE, **options})
        else:
            # The page's own clock, because events are waited for.
            context = browsing.signed_in_browser(chromium, url, user, has_clock=False, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert [text for text in complaints if "status of 4" not in text] == []


def see(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_text(text).first).to_be_visible(timeout=WAIT_MS)


def job_on(page: Page) -> AgentJob:
    page.wait_for_url(re.compile(r"/studio/jobs/[0-9a-f-]{36}$"))
    return AgentJob.objects.get(pk=page.url[-36:])


def test_an_invited_creator_makes_a_world_and_gets_a_scene_into_it_by_keyboard(
    open_page, worker_process, low_marches
):
    reviewer = people.make_user("rosa", groups=["Reviewers"])
    _, secret = invitation_links.make_link(low_marches, Role.VIEWER, by=low_marches.owner)
    page = open_page(None, f"/studio/join?link={secret}")
    keyboard = page.keyboard

    # Sign up by an invitation.
    page.get_by_label("Choose a user name").focus()
    keyboard.type("nora")
    page.get_by_label("Choose a password").focus()
    keyboard.type("lamp-oil-and-fog-7")
    keyboard.press("Enter")
    see(page, "Welcome to The Low Marches.")
    creator = User.objects.get(username="nora")

    # Sign out, and in again; the first field has the focus.
    page.locator("details.menu summary").press("Enter")
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.get_by_label("Name")).to_be_focused()
    keyboard.type("nora")
    keyboard.press("Tab")
    keyboard.type("lamp-oil-and-fog-7")
    keyboard.press("Enter")
    see(page, "Latest work")

    # A world on one page. A form that is left half-filled is there again.
    keyboard.press("n")
    page.get_by_label("Name of the universe").focus()
    keyboard.type("The Lamplight Coast")
    page.get_by_label("Rule 1", exact=True).focus()
    keyboard.type("No lamp is ever put out.")
    page.goto("/studio/")
    page.goto("/studio/universes/new")
    see(page, "Your unsaved draft has been restored.")
    page.get_by_label("Rule 2", exact=True).focus()
    keyboard.type("The dead do not return.")
    page.get_by_role("button", name="Move rule 2 up").press("Enter")
    expect(page.get_by_label("Rule 1", exact=True)).to_have_value("The dead do not return.")
    page.get_by_label("Name of the universe").press("Enter")
    see(page, "has been created")
    universe = Universe.objects.get(owner=creator)
    rules = WorldRule.objects.filter(universe=universe).order_by("position").values_list("text", flat=True)
    assert (universe.name, list(rules)) == (
        "The Lamplight Coast",
        ["The dead do not return.", "No lamp is ever put out."],
    )

    # Ask from anywhere; the price comes before, the words while it is written.
    keyboard.press("c")
    page.get_by_label("What happens?").focus()
    keyboard.type("Edda lights the lamp in fog.")
    see(page, "Free")
    keyboard.press("Control+Enter")
    job = job_on(page)
    see(page, "Waiting in the queue")
    AgentJob.objects.filter(pk=job.pk).update(
        status=JobStatus.PROCESSING, attempts=1, started_at=job.created_at, claimed_until="2999-01-01T00:00Z"
    )
    events.record(job.pk, EventKind.PROGRESS, attempt=1, phase="writing", words=140)
    see(page, "Writing: 140 words so far")
    live_texts().write(job.pk, LiveText(1, "writing", "Edda lights the lamp"))
    see(page, "Edda lights the lamp")
    see(page, "Writing: 4 words so far")
    live_texts().write(job.pk, LiveText(1, "writing", "Edda lights the lamp, and waits."))
    see(page, "Edda lights the lamp, and waits.")
    page.reload()
    see(page, "Edda lights the lamp, and waits.")
    AgentJob.objects.filter(pk=job.pk).update(status=JobStatus.PENDING, attempts=0, claimed_until=None)
    worker_process()
    see(page, "Your decision")

    # Edit, look at the differences, accept, and read it in the universe.
    page.get_by_role("heading", level=1).focus()
    keyboard.press("e")
    page.get_by_label("Title").focus()
    keyboard.press("Control+a")
    keyboard.type("Fog at the Lamp")
    keyboard.press("Control+Enter")
    see(page, "These are your changes.")
    page.get_by_role("button", name="Accept this version").press("Enter")
    see(page, "is canon now")
    page.get_by_role("link", name="Fog at the Lamp").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fog at the Lamp")
    assert Scene.objects.get().canon_status == "canon"

    # Flag another one; the reviewer's verdict and words come back by the bell.
    other = rows.finished_job(creator, universe, outcome="trusted", confidence_score=0.9)
    page.goto(f"/studio/jobs/{other.pk}")
    page.get_by_text("Flag for a reviewer").press("Enter")
    page.get_by_label("What should they look at?").focus()
    keyboard.type("Is Mira still alive?")
    page.get_by_role("button", name="Flag it").press("Enter")
    see(page, "Flagged for review.")
    item = ReviewItem.objects.get(job=other)
    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="She drowned in the second scene.")
    page.goto("/studio/news")
    see(page, "She drowned in the second scene.")
    page.get_by_role("link", name="reviewed your text").press("Enter")
    see(page, "Rejected")
    expect(page.get_by_text("She did not look back")).to_be_hidden()


def test_a_page_survives_a_killed_worker_and_a_reload(open_page, worker_process, creator, submit):
    job = submit(prompt="Mira waits out the tide. [mock:slow=2]")
    page = open_page(creator, f"/studio/jobs/{job.pk}")
    doomed = worker_process(**SHORT_LEASE)
    see(page, UNDER_WAY)

    doomed.kill()
    page.reload()
    see(page, UNDER_WAY)
    worker_process(**SHORT_LEASE)
    # A slow answer is shown as far as it is written.
    see(page, re.compile(r"Writing: \d+ words so far"))

    see(page, "Your decision")
    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.COMPLETED, 2)
    expect(page.locator("h2.sheet-title")).to_have_text(job.output_data["title"])


def test_everything_works_without_scripts_and_on_a_small_screen(
    open_page, worker_process, creator, low_marches
):
    page = open_page(creator, "/studio/", java_script_enabled=False, viewport=browsing.NARROW)

    page.get_by_role("link", name="New universe").click()
    page.get_by_label("Name of the universe").fill("Fog")
    page.get_by_label("Rule 1", exact=True).fill("Second.")
    page.get_by_label("Rule 2", exact=True).fill("First.")
    page.get_by_role("button", name="Move rule 2 up").click()
    page.get_by_role("button", name="Create the universe").click()
    assert list(Universe.objects.get(name="Fog").world_rules.values_list("text", flat=True)) == [
        "First.",
        "Second.",
    ]

    page.get_by_role("link", name="Ask", exact=False).first.click()
    page.get_by_label("What happens?").fill("Edda lights the lamp.")
    page.get_by_role("button", name="Show the price").click()
    see(page, "Free")
    assert page.get_by_label("What happens?").input_value() == "Edda lights the lamp."
    page.get_by_role("button", name="Ask", exact=True).click()
    job = job_on(page)
    page.get_by_role("button", name="Cancel").click()
    see(page, "Nothing was kept.")
    assert AgentJob.objects.get(pk=job.pk).status == JobStatus.CANCELLED

    page.get_by_role("link", name="Ask again").click()
    page.get_by_label("Variants").select_option("2")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url(re.compile("/studio/jobs/variants"))
    worker_process()
    wait_until(
        lambda: AgentJob.objects.filter(status=JobStatus.COMPLETED).count() == 2,
        within_s=30,
        what="both are done",
    )
    # While it waits, the page reloads itself.
    page.get_by_role("button", name="Choose this one").first.click()
    see(page, "You accepted this text")
    assert sorted(Scene.objects.values_list("canon_status", flat=True)) == ["canon", "retired"]
