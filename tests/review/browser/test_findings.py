"""A finding marked as intentional and undone, in a real browser, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User

from agents.models import IntentionalFinding, ReviewItem
from tests.support import rows, sample_findings
from tests.support.browsing import in_all_looks, press, too_wide
from tests.support.facts import holder_name
from tests.support.pages import url_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = sample_findings.finding()


@pytest.fixture
def item(creator, low_marches) -> ReviewItem:
    rule = low_marches.world_rules.get(position=1)
    stored = sample_findings.signals(
        PHONE,
        sample_findings.finding("sighed", strength="likely", source_id=str(rule.pk), statement=rule.text),
        sample_findings.finding("a wizard with a needle" * 20, strength="hint"),
    )
    return rows.item_of(rows.finished_job(creator, low_marches, "consistency", signals=stored))


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


@pytest.mark.parametrize("scripts", [True, False])
def test_reviewer_marks_and_undoes(browse: Callable[..., Page], reviewer: User, item, scripts):
    page = browse(reviewer, url_of("change", item), java_script_enabled=scripts)
    if scripts:
        # The claim changes a line of the page, during a click in a busy test.
        page.get_by_text("Yours until").wait_for()
    finding = page.locator(f"#finding-{PHONE.id}")
    finding.locator("summary").click()
    finding.get_by_label("Reason").fill("A dream.")
    finding.get_by_role("button", name="Mark as intentional").click()

    finding.get_by_text("Marked by rosa").wait_for()
    assert IntentionalFinding.objects.get().reason == "A dream."
    assert "no longer counts" in finding.inner_text()
    finding.get_by_role("button", name="Undo intentional his smartphone").click()
    finding.locator("summary").wait_for()
    assert not IntentionalFinding.objects.exists()


def test_keyboard_alone_marks_and_stays_at_the_finding(browse: Callable[..., Page], reviewer: User, item):
    page = browse(reviewer, url_of("change", item))
    page.get_by_text("Yours until").wait_for()
    page.locator(f"#mark-{PHONE.id}").focus()
    press(page, "Enter")
    page.keyboard.press("Tab")
    # Letters typed into the reason are not shortcuts.
    page.keyboard.type("a sequel")
    page.keyboard.press("Enter")

    page.get_by_text("Marked by rosa").wait_for()
    assert IntentionalFinding.objects.get().reason == "a sequel"
    assert focused(page) == f"finding-{PHONE.id}"
    # The claim is kept on the way.
    assert holder_name(item) == "rosa"


def test_links_lead_to_the_text_and_to_the_rule(browse: Callable[..., Page], reviewer: User, item):
    page = browse(reviewer, url_of("change", item))

    page.get_by_role("link", name="his smartphone").click()
    assert page.locator("mark:target").inner_text().split() == ["his", "smartphone"]
    page.get_by_role("link", name="rule", exact=True).click()
    assert page.locator(":target").inner_text() == "No one can teleport."


@pytest.fixture
def ferry_item(creator, low_marches) -> ReviewItem:
    """A narrative with two findings in its text."""
    rule = low_marches.world_rules.get(position=1)
    job = rows.finished_job(creator, low_marches)
    first, last = rows.NARRATIVE["content"].split()[0], rows.NARRATIVE["content"].split()[-1].strip(".")
    stored = sample_findings.signals(
        sample_findings.finding(first, source_id=str(rule.pk), statement=rule.text),
        sample_findings.finding(last, strength="likely"),
    )
    job.signals = stored
    job.save()
    return rows.item_of(job)


def test_keys_walk_the_marks_and_accept_one(browse: Callable[..., Page], reviewer: User, ferry_item):
    page = browse(reviewer, url_of("change", ferry_item))
    page.get_by_text("Yours until").wait_for()
    words = page.locator(".output mark").all_inner_texts()
    note = page.locator("[data-mark-note]")

    press(page, ".")
    assert f"1 of {len(words)}: “{words[0]}” Against “No one can teleport.”." in note.inner_text()
    assert page.evaluate("document.activeElement.textContent") == words[0]
    page.keyboard.press(",")
    assert f"{len(words)} of {len(words)}: “{words[-1]}”" in note.inner_text()
    page.keyboard.press(".")
    page.keyboard.press("i")
    page.keyboard.type("a figure of speech")
    page.keyboard.press("Enter")
    page.get_by_text("Marked by rosa").wait_for()
    assert IntentionalFinding.objects.get().reason == "a figure of speech"

    press(page, "e")
    page.locator("#edit-form").wait_for()
    page.keyboard.press("Alt+Period")
    assert page.evaluate("String(getSelection())").strip() == words[0]
    assert "Marked as intentional." in note.inner_text() or "1 of" in note.inner_text()


def test_key_in_the_instant_after_opening_says_that_it_was_ignored(
    browse: Callable[..., Page], reviewer: User, ferry_item
):
    page = browse(reviewer, "/")
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => document.body.dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true })))"""
    )
    page.goto(url_of("change", ferry_item))

    assert "Press again." in page.locator("[data-key-note]").inner_text()
    ferry_item.refresh_from_db()
    assert ferry_item.state == "open"


def test_comment_completes_names_and_leaves_the_keys_free(
    browse: Callable[..., Page], reviewer: User, second_reviewer: User, ferry_item
):
    page = browse(reviewer, url_of("change", ferry_item))
    page.get_by_text("Yours until").wait_for()
    press(page, "m")
    page.keyboard.type("@ru")
    page.locator("#comment-names li", has_text="rudi").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type("look")
    page.keyboard.press("Control+Enter")
    page.locator(".comment-list p", has_text="@rudi look").wait_for()
    # A letter is a shortcut again, not a comment.
    press(page, "r")
    page.locator("#again-note").wait_for()
    assert page.evaluate("document.activeElement.id") == "again-note"
    assert [comment.text for comment in ferry_item.comments.all()] == ["@rudi look"]


def test_findings_fit_every_width(browse: Callable[..., Page], reviewer: User, item):
    page = browse(reviewer, url_of("change", item))
    page.evaluate("document.querySelectorAll('.finding details').forEach(one => one.open = true)")

    assert [look for look in in_all_looks(page) if too_wide(page)] == []
