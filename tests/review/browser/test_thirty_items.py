"""Thirty items reviewed by keyboard alone, with every verdict and action."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from agents.choices import NotificationKind, Verdict
from agents.models import (
    AgentJob,
    IntentionalFinding,
    Notification,
    ReviewComment,
    ReviewDecision,
    ReviewItem,
    ReviewSkip,
)
from agents.review.verdicts import decisions
from tests.support import rows, sample_findings
from tests.support.browsing import pass_quiet_time
from universes.models import Element, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUEUE = reverse("admin:agents_reviewitem_changelist")
GUARDED = {"Control+Enter", "n"}


class Desk:
    """A reviewer who uses the keyboard only."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lost_focus: list[str] = []

    def press(self, *keys: str) -> None:
        for key in keys:
            if key in GUARDED:
                pass_quiet_time(self.page)
            self.page.keyboard.press(key)

    def turn(self, *keys: str) -> None:
        """Press keys, the last of which opens another page, and check that something there has the focus."""
        self.page.evaluate("document.documentElement.dataset.old = 'yes'")
        self.press(*keys)
        self.arrive()

    def arrive(self) -> None:
        self.page.locator("html[data-keys=on]:not([data-old])").wait_for()
        if self.page.evaluate("document.activeElement === document.body"):
            self.lost_focus.append(self.page.url)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def is_at(self, item: ReviewItem) -> bool:
        return str(item.pk) in self.page.url

    def tab_to(self, selector: str) -> None:
        """Go from field to field until the one that the selector names has the focus."""
        for _ in range(99):
            if self.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"No key leads to {selector}.")

    def reject_four(self) -> None:
        self.press(*"jjkxjxjxjx")
        self.turn("Control+Backspace")
        assert self.focused() == "bulk-reason"
        self.type("Badly")
        self.turn("Control+Enter")
        assert self.page.get_by_text("4 items rejected.").is_visible()

    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.id || document.activeElement.tagName"))


# Items by what is special about them.
PLACE, MARKED, SECOND_OPINION, NAMESAKE, BLIND, REEL, REPORT = 13, 16, 17, 18, 19, 20, 21


@pytest.fixture
def items(creator, low_marches, second_reviewer) -> list[ReviewItem]:
    """Thirty items, most urgent first; narratives, unless named above."""
    now = timezone.now()
    agents = {PLACE: "spatial", NAMESAKE: "spatial", REPORT: "consistency"}
    fields: dict[int, dict[str, Any]] = {SECOND_OPINION: {"opinions_wanted": 2}, BLIND: {"is_blind": True}}
    reel = {"type": "video_prompt", "shots": [{"description": "A quay.", "camera": "Wide.", "duration_s": 4}]}
    of_jobs: dict[int, dict[str, Any]] = {
        MARKED: {
            "signals": sample_findings.signals(sample_findings.finding(rows.NARRATIVE["content"].split()[0]))
        },
        REEL: {"output_data": {**rows.NARRATIVE, **reel, "camera": "Wide.", "mood": "Grey."}},
    }
    made = []
    for number in range(30):
        job = rows.finished_job(
            creator, low_marches, agents.get(number, "narrative"), **of_jobs.get(number, {})
        )
        opened_at = now - timedelta(minutes=100 - number)
        made.append(rows.item_of(job, opened_at=opened_at, **fields.get(number, {})))
    decisions.decide(made[SECOND_OPINION].pk, Verdict.APPROVED, by=second_reviewer)
    return made


@pytest.fixture
def desk(browse, reviewer: User, items) -> Desk:
    return Desk(browse(reviewer, QUEUE))


def test_thirty_items_by_keyboard_alone(desk: Desk, items, reviewer, second_reviewer):
    page = desk.page
    desk.arrive()

    # Four are approved in bulk and four rejected, each after a confirmation; the rejection is taken back once.
    desk.press(*"jxjxjxjx")
    assert page.get_by_text("4 of 30 selected").is_visible()
    desk.turn("Control+Enter")
    assert page.get_by_role("heading", name="4 items will be approved").is_visible()
    desk.turn("Control+Enter")
    assert page.get_by_text("4 items approved.").is_visible()
    desk.reject_four()
    desk.turn("u", "Enter")
    assert page.get_by_text("4 items reopened.").is_visible()
    assert not ReviewDecision.objects.in_force().filter(verdict="rejected").exists()
    desk.reject_four()

    desk.turn("n")
    assert desk.is_at(items[8])
    desk.turn("Control+Enter")

    # Fix + approve, with a preview of the diff.
    desk.turn("e")
    assert desk.focused() == "output-title"
    assert page.get_by_role("button", name="Approve", exact=False).inner_text().startswith("Approve")
    desk.press("End")
    desk.type(" Again")
    assert page.get_by_role("button", name="Fix + approve").is_visible()
    desk.turn("Control+Enter")
    assert page.locator(".look-over ins").inner_text() == "Again"
    assert not ReviewDecision.objects.filter(item=items[9]).exists()
    assert page.evaluate("document.activeElement.innerText").startswith("Send")
    desk.turn("Control+Enter")

    # In a non-empty text field the same key deletes a word.
    assert desk.is_at(items[10])
    desk.press("Control+Backspace")
    assert desk.focused() == "reject-reason"
    desk.type("Not what")
    desk.press("Tab")
    desk.type("A ferry was wrongg")
    desk.press("Control+Backspace")
    desk.type("asked for.")
    desk.turn("Control+Enter")

    assert desk.is_at(items[11])
    desk.press("r")
    desk.type("Let the ferryman speak.")
    desk.turn("Control+Enter")

    assert desk.is_at(items[12])
    desk.press("s")
    desk.type("not mine")
    desk.turn("Control+Enter")

    # One landmark is added and one removed.
    assert desk.is_at(items[PLACE])
    desk.turn("e")
    desk.press(*["Tab"] * 4, "Space", *["Tab"] * 4, "Enter")
    desk.type("The Well")
    desk.press("Tab")
    desk.type("Dry since spring.")
    desk.turn("Control+Enter")
    desk.turn("Control+Enter")

    assert desk.is_at(items[14])
    desk.press("h")
    desk.type("rudi")
    desk.press("Tab")
    desk.type("Yours, I think.")
    desk.turn("Control+Enter")

    assert desk.is_at(items[15])
    desk.press("m")
    desk.type("@rudi is this right?")
    desk.turn("Control+Enter")
    assert desk.is_at(items[15])
    assert desk.focused().startswith("comment-")

    # An item assigned to somebody else is claimed by a key and not on view.
    desk.turn("q")
    desk.press("j", "j")
    desk.turn("Enter")
    assert desk.is_at(items[14])
    assert page.get_by_text("Not claimed yet.").is_visible()
    desk.press("c")
    page.get_by_text("Yours until ").wait_for()
    desk.turn("Control+Enter")

    assert desk.is_at(items[15])
    desk.turn("Control+Enter")
    assert page.get_by_role("button", name="Undo").is_visible()
    desk.turn("u", "Enter")
    assert desk.is_at(items[15])
    desk.press("Control+Backspace")
    desk.type("Breaks")
    desk.turn("Control+Enter")

    # Words that contradict the world: found, looked at and accepted.
    assert desk.is_at(items[MARKED])
    pass_quiet_time(page)
    desk.press(".")
    assert "Against “medieval”." in page.locator("[data-mark-text]").inner_text()
    desk.press("i")
    desk.type("a dream")
    desk.turn("Enter")
    assert page.get_by_text("Marked by rosa").is_visible()
    desk.turn("Control+Enter")

    assert desk.is_at(items[SECOND_OPINION])
    desk.turn("Control+Enter")

    # The name of the place is taken by then.
    assert desk.is_at(items[NAMESAKE])
    desk.turn("Control+Enter")
    assert not ReviewDecision.objects.filter(item=items[NAMESAKE]).exists()
    desk.tab_to("[name=merge_into]")
    desk.press("Space")
    desk.turn("Control+Enter")

    assert desk.is_at(items[BLIND])
    assert page.get_by_text("Hidden until decided").is_visible()
    desk.turn("Control+Enter")
    assert desk.is_at(items[REEL])
    desk.turn("Control+Enter")
    assert desk.is_at(items[REPORT])
    desk.turn("Control+Enter")

    assert desk.is_at(items[22])
    desk.turn("n")
    # A panel that was opened by mistake is left.
    desk.press("Control+Backspace", "Escape")
    for item in items[23:29]:
        assert desk.is_at(item)
        desk.turn("Control+Enter")
    assert desk.is_at(items[29])
    desk.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    desk.press("Escape")
    desk.turn("Control+Enter")

    # Skipped items come last, least recently skipped first.
    assert desk.is_at(items[12])
    desk.turn("Control+Enter")
    assert desk.is_at(items[22])
    desk.turn("Control+Enter")
    assert page.get_by_text("The queue is empty.").first.is_visible()
    assert desk.lost_focus == []

    standing = {
        decision.item_id: decision
        for decision in ReviewDecision.objects.in_force().select_related("reason")
        if decision.takes_effect
    }
    verdicts = [standing[item.pk].verdict for item in items]
    special = dict.fromkeys((4, 5, 6, 7, 10, 15), "rejected") | {
        9: "edited",
        11: "asked_again",
        PLACE: "edited",
    }
    assert verdicts == [special.get(number, "approved") for number in range(30)]
    said = [standing[items[number].pk] for number in (4, 7, 10, 15)]
    assert [(row.reason and row.reason.code, row.note) for row in said] == [
        ("badly_written", ""),
        ("badly_written", ""),
        ("not_what_was_asked", "A ferry was asked for."),
        ("breaks_a_rule", ""),
    ]
    scene, place = standing[items[9].pk].after, standing[items[PLACE].pk].after
    assert scene is not None
    assert place is not None
    assert scene["title"] == "The Ferry at Low Water Again"
    assert [mark["name"] for mark in place["landmarks"]] == ["Weighhouse", "The Well"]
    undone = ReviewDecision.objects.filter(undone_at__isnull=False).order_by("at", "item__due_at")
    assert [(row.item, row.verdict) for row in undone] == [
        *((items[number], "rejected") for number in range(4, 8)),
        (items[15], "approved"),
    ]
    assert set(undone.values_list("undone_by", flat=True)) == {reviewer.pk}
    assert dict(ReviewSkip.objects.values_list("item_id", "reason")) == {
        items[12].pk: "not mine",
        items[22].pk: "",
    }
    assert AgentJob.objects.get(follows=items[11].job).revision_note == "Let the ferryman speak."
    assert IntentionalFinding.objects.get().reason == "a dream"
    comment = ReviewComment.objects.get()
    assert (comment.item, comment.by, comment.text) == (items[15], reviewer, "@rudi is this right?")
    told = Notification.objects.filter(to=second_reviewer).values_list("kind", "item")
    assert set(told) == {
        (NotificationKind.HAND_OVER, items[14].pk),
        (NotificationKind.MENTION, items[15].pk),
    }
    assert Scene.objects.filter(canon_status="canon").count() == 20
    assert Scene.objects.get(kind="video_prompt").details["mood"] == "Grey."
    assert Element.objects.filter(kind="location", canon_status="canon").count() == 1
