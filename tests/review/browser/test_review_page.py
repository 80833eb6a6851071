"""The review page in a real browser against a real server."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from agents.choices import Verdict
from agents.models import ReviewDecision, ReviewItem
from tests.site.test_glossary import ROOT
from tests.support import rows, sample_findings
from tests.support.browsing import (
    NARROW,
    count_submits,
    in_all_looks,
    pass_quiet_time,
    press,
    submits,
    too_wide,
)
from universes.models import Scene

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUEUE = reverse("admin:agents_reviewitem_changelist")


@pytest.fixture
def page(browse: Callable[..., Page], reviewer: User, items_of_all_agents: list[ReviewItem]) -> Page:
    return browse(reviewer, QUEUE)


def edit_and_approve(page: Page) -> None:
    """Approve the first item of the queue, a narrative, with another title."""
    page.get_by_role("button", name="Start reviewing").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("button", name="Approve").wait_for()
    page.get_by_label("Title").fill("The Last Ferry")
    page.get_by_role("button", name="Fix + approve").click()
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Spatial review").wait_for()


def test_reviewer_edits_and_approves_and_the_next_item_opens(page, items_of_all_agents):
    edit_and_approve(page)

    assert str(items_of_all_agents[1].pk) in page.url
    said = page.get_by_role("status").inner_text()
    assert said.startswith("Edited and approved: Mira leaves the town by the ferry.")
    scene = Scene.objects.get(origin_ref=str(items_of_all_agents[0].job_id))
    assert (scene.title, scene.canon_status) == ("The Last Ferry", "canon")


def test_reviewer_works_by_keyboard_alone(page, items_of_all_agents):
    press(page, "j")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Narrative review").wait_for()
    press(page, "Control+Enter")
    page.get_by_role("heading", name="Spatial review").wait_for()
    press(page, "Control+Backspace")
    page.keyboard.press("Tab")
    # Letters typed into the note are not shortcuts.
    page.keyboard.type("a grey place, again")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Consistency review").wait_for()
    press(page, "n")
    message = page.locator(".messagelist li", has_text="No other items are waiting.")
    # Without the tick of a success.
    assert message.evaluate("(one) => getComputedStyle(one).backgroundImage") == "none"

    said = dict(ReviewDecision.objects.values_list("item_id", "verdict"))
    assert said == {items_of_all_agents[0].pk: "approved", items_of_all_agents[1].pk: "rejected"}
    assert ReviewDecision.objects.get(item=items_of_all_agents[1]).note == "a grey place, again"


def test_client_is_told_what_the_pages_say(page, api, items_of_all_agents):
    scene, place, report = items_of_all_agents
    written = {item: dict(item.job.output_data) for item in (scene, place)}
    edit_and_approve(page)
    press(page, "Control+Backspace")
    page.keyboard.press("Tab")
    page.keyboard.type("Too thin to build on.")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Consistency review").wait_for()

    # The words of the glossary, on the pages and, as they are written in code, in the API.
    row = next(
        line for line in (ROOT / "docs/glossary.md").read_text().splitlines() if line.startswith("| verdict ")
    )
    for word, item, result in (
        ("edited", scene, {**written[scene], "title": "The Last Ferry"}),
        ("rejected", place, None),
    ):
        assert word in re.split(r"\W+", row)
        job = api.get(f"/agents/jobs/{item.job_id}").json()
        assert (job["status"], job["outcome"], job["result"]) == ("completed", word, result)
        assert job["output_data"] == written[item]
        listed = api.get("/agents/jobs", {"outcome": word}).json()["results"]
        assert [row["job_id"] for row in listed] == [str(item.job_id)]

        page.goto(reverse("admin:agents_reviewitem_change", args=[item.pk]))
        label = Verdict(word).label
        expect(page.get_by_role("heading", name=f"{label} by rosa")).to_be_visible()
        page.goto(f"{QUEUE}?state=closed")
        expect(page.get_by_role("row", name=f"{label.lower()} by rosa")).to_be_visible()
    waiting = api.get(f"/agents/jobs/{report.job_id}").json()
    assert (waiting["outcome"], waiting["result"]) == ("awaiting_review", None)


def test_words_are_found_in_the_queue_and_reviewing_stays_among_them(page, items_of_all_agents):
    place = items_of_all_agents[1].job
    place.input_data |= {"details": "Where the lazaretto stood."}
    place.save(update_fields=["input_data"])

    page.locator("#searchbar").fill("Lazar")
    page.keyboard.press("Enter")
    page.get_by_text("1 result").wait_for()
    assert page.locator("#result_list tbody tr").count() == 1
    page.get_by_role("button", name="Start reviewing").click()
    page.get_by_role("heading", name="Spatial review").wait_for()
    press(page, "Control+Enter")

    # The other items do not have the word.
    page.get_by_text("0 results").wait_for()
    assert ReviewDecision.objects.get().item == items_of_all_agents[1]


def test_keyboard_edit_starts_in_first_field_and_survives_a_slip(page, items_of_all_agents):
    page.get_by_role("button", name="Start reviewing").click()
    press(page, "e")
    page.get_by_role("heading", name="Edit the output").wait_for()
    press(page, "End")
    page.keyboard.type(", Again")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.keyboard.press("Escape")
    with page.expect_event("dialog"):
        page.keyboard.press("q")

    assert asked == ["beforeunload"]
    assert page.get_by_label("Title").input_value() == "The Ferry at Low Water, Again"
    press(page, "Control+Enter")
    page.get_by_role("heading", name="Your changes").wait_for()
    assert page.locator(".look-over ins").inner_text() == "Water, Again"
    press(page, "Control+Enter")
    page.get_by_role("heading", name="Spatial review").wait_for()
    assert asked == ["beforeunload"]
    assert Scene.objects.get().title == "The Ferry at Low Water, Again"


def test_refusal_is_visible_above_the_sent_form(page, items_of_all_agents):
    page.get_by_role("button", name="Start reviewing").click()
    press(page, "Control+Backspace")
    page.keyboard.press("Control+Enter")

    said = page.get_by_text("Choose a reason or write a note.")
    said.wait_for()
    # Nothing covers it.
    assert said.evaluate(
        """(one) => {
          const { left, top, width, height } = one.getBoundingClientRect();
          return document.elementFromPoint(left + width / 2, top + height / 2) === one;
        }"""
    )
    assert page.evaluate("document.activeElement.id") == "reject-reason"


def test_escape_closes_the_panel_and_restores_keys(page, items_of_all_agents):
    page.set_viewport_size(NARROW)
    page.get_by_role("button", name="Start reviewing").click()
    press(page, "Control+Backspace")
    assert page.get_by_role("combobox", name="Reason").is_visible()
    page.keyboard.press("Escape")

    assert page.get_by_role("combobox", name="Reason").is_hidden()
    assert page.evaluate("document.activeElement.dataset.key") == "reject"
    # The place in the text is kept.
    assert page.evaluate("scrollY") == 0
    page.keyboard.press("n")
    page.get_by_role("heading", name="Spatial review").wait_for()
    assert not ReviewDecision.objects.exists()


@pytest.mark.parametrize("name", ["Reject", "Ask again", "Skip", "Hand over"])
def test_panel_opens_above_its_button_with_the_focus_in_it(page, second_reviewer, name):
    page.get_by_role("button", name="Start reviewing").click()
    page.locator("html[data-keys=on]").wait_for()
    button = page.locator(".decision-panel > summary", has_text=name)
    button.click()

    panel = page.locator(".decision-panel[open] form")
    assert panel.evaluate("(one) => one.contains(document.activeElement)")
    opened, pressed = panel.bounding_box(), button.bounding_box()
    assert opened is not None
    assert pressed is not None
    assert opened["x"] <= pressed["x"] < pressed["x"] + pressed["width"] <= opened["x"] + opened["width"] + 1
    assert 0 < pressed["y"] - (opened["y"] + opened["height"]) < 40
    assert opened["x"] >= 0
    assert opened["x"] + opened["width"] <= 1280

    # Also from where nothing is typed.
    panel.get_by_role("button", name=name).focus()
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert button.evaluate("(one) => one === document.activeElement")
    assert not ReviewDecision.objects.exists()


def test_escape_closes_the_panel_of_a_finding(page, items_of_all_agents):
    job = items_of_all_agents[0].job
    job.signals = sample_findings.signals(sample_findings.finding(rows.NARRATIVE["content"].split()[0]))
    job.save(update_fields=["signals"])
    page.get_by_role("button", name="Start reviewing").click()
    page.locator("html[data-keys=on]").wait_for()
    summary = page.locator(".finding summary")
    summary.click()
    page.locator(".finding input[name=reason]").focus()
    page.keyboard.press("Escape")

    assert page.locator(".finding input[name=reason]").is_hidden()
    assert summary.evaluate("(one) => one === document.activeElement")


def test_long_press_does_not_approve_the_next_item(page, items_of_all_agents):
    page.get_by_role("button", name="Start reviewing").click()
    pass_quiet_time(page)
    page.keyboard.down("Control")
    page.keyboard.down("Enter")
    page.get_by_role("heading", name="Spatial review").wait_for()
    pass_quiet_time(page)
    count_submits(page)
    # The key is still down, so this is the repeated event of the same press.
    page.keyboard.down("Enter")

    assert submits(page) == 0
    assert page.get_by_role("heading", name="Spatial review").is_visible()
    assert list(ReviewDecision.objects.values_list("item_id", flat=True)) == [items_of_all_agents[0].pk]


def test_unsent_comment_is_not_lost_by_a_key(page, items_of_all_agents):
    page.get_by_role("button", name="Start reviewing").click()
    press(page, "m")
    page.keyboard.type("Wait for Rudi")
    page.keyboard.press("Escape")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    for key in ("n", "Control+Enter"):
        with page.expect_event("dialog"):
            press(page, key)

    assert asked == ["beforeunload"] * 2
    assert not ReviewDecision.objects.exists()
    page.locator("#comment-text").focus()
    page.keyboard.press("Control+Enter")
    page.get_by_role("paragraph").filter(has_text="Wait for Rudi").wait_for()
    press(page, "Control+Enter")
    page.get_by_role("heading", name="Spatial review").wait_for()
    assert asked == ["beforeunload"] * 2


def test_undo_key_asks_before_it_undoes(page, items_of_all_agents):
    page.get_by_role("button", name="Start reviewing").click()
    press(page, "Control+Enter")
    page.get_by_role("heading", name="Spatial review").wait_for()
    press(page, "u")
    question = page.get_by_role("dialog", name="Undo your last verdict?")
    expect(question).to_contain_text("Approved: Mira leaves the town by the ferry.")
    # Stray keys: none of them answers.
    for key in ("u", "n", "Control+Backspace", "Escape"):
        press(page, key)

    expect(question).to_be_hidden()
    assert page.get_by_role("heading", name="Spatial review").is_visible()
    assert ReviewDecision.objects.get().undone_at is None
    press(page, "u")
    question.get_by_role("button", name="Keep").click()
    assert ReviewDecision.objects.get().undone_at is None
    press(page, "u")
    page.keyboard.press("Enter")
    page.get_by_text("Your verdict was undone. The item is open again.").wait_for()
    assert ReviewDecision.objects.get().undone_at is not None


def test_help_dialog_lists_keys_and_blocks_them(page, items_of_all_agents):
    page.get_by_role("button", name="Start reviewing").click()
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Keys")
    assert dialog.is_visible()
    # Each key is also shown where it acts, but for the two of the page as a whole.
    named = set(dialog.locator("dt kbd").all_inner_texts()) - {"Esc", "Backspace"}
    assert named <= set(page.locator("kbd:not(dialog kbd)").all_text_contents())
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")

    assert page.get_by_role("dialog").count() == 0
    assert not ReviewDecision.objects.exists()


def test_review_works_without_scripts(live_server, chromium, reviewer, items_of_all_agents):
    reviewer.set_password("a-password-for-tests")
    reviewer.save()
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{reverse('admin:login')}?next={QUEUE}")
    page.get_by_label("Username").fill(reviewer.username)
    page.get_by_label("Password").fill("a-password-for-tests")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Start reviewing").click()
    page.locator("summary", has_text="Ask again").click()
    page.locator("#again-note").fill("Let the ferryman speak.")
    page.locator("button[value=asked_again]").click()
    page.get_by_role("heading", name="Spatial review").wait_for()
    context.close()

    assert ReviewDecision.objects.get(item=items_of_all_agents[0]).note == "Let the ferryman speak."


def test_pages_respect_csp_and_width(page, items_of_all_agents, superuser_client):
    for name, url in {
        "index": "/",
        "overview": reverse("admin:index"),
        "queue": QUEUE,
        "review": reverse("admin:agents_reviewitem_change", args=[items_of_all_agents[0].pk]),
        "edit": reverse("admin:agents_reviewitem_change", args=[items_of_all_agents[1].pk]) + "?edit=1",
        "report": reverse("admin:agents_reviewitem_change", args=[items_of_all_agents[2].pk]),
        "jobs": reverse("admin:agents_agentjob_changelist"),
        "job": reverse("admin:agents_agentjob_change", args=[items_of_all_agents[0].job_id]),
    }.items():
        page.goto(url)
        for look in in_all_looks(page):
            assert too_wide(page) == 0, (name, look)
        if name == "jobs":
            cut = page.locator(".results").evaluate("(one) => one.scrollWidth - one.clientWidth")
            assert cut == 0


def test_api_docs_respect_csp(page):
    page.goto("/docs")
    page.locator(".swagger-ui .info .title").wait_for()
