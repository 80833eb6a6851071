"""Twenty items reviewed by keyboard alone, with every verdict and action."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from agents.choices import NotificationKind
from agents.models import AgentJob, Notification, ReviewComment, ReviewDecision, ReviewItem, ReviewSkip
from tests.support import rows
from tests.support.browsing import pass_quiet_time
from universes.models import Element, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUEUE = reverse("admin:agents_reviewitem_changelist")
GUARDED = {"Control+Enter", "n", "u"}


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

    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.id || document.activeElement.tagName"))


@pytest.fixture
def items(creator, low_marches) -> list[ReviewItem]:
    """Twenty items, most urgent first; the tenth is a place."""
    now = timezone.now()
    return [
        rows.item_of(
            rows.finished_job(creator, low_marches, "spatial" if number == 9 else "narrative"),
            opened_at=now - timedelta(minutes=100 - number),
        )
        for number in range(20)
    ]


@pytest.fixture
def desk(browse, reviewer: User, items) -> Desk:
    return Desk(browse(reviewer, QUEUE))


def test_twenty_items_by_keyboard_alone(desk: Desk, items, reviewer, second_reviewer):
    page = desk.page
    desk.arrive()

    # Two are approved in bulk and two rejected, each after a confirmation.
    desk.press("j", "x", "j", "x")
    assert page.get_by_text("2 of 20 selected").is_visible()
    desk.turn("Control+Enter")
    assert page.get_by_role("heading", name="2 items will be approved").is_visible()
    desk.turn("Control+Enter")
    assert page.get_by_text("2 items approved.").is_visible()
    desk.press("j", "x", "j", "x")
    desk.turn("Control+Backspace")
    assert desk.focused() == "bulk-reason"
    desk.type("Badly")
    desk.turn("Control+Enter")
    assert page.get_by_text("2 items rejected.").is_visible()

    desk.turn("n")
    assert desk.is_at(items[4])
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
    assert not ReviewDecision.objects.filter(item=items[5]).exists()
    assert page.evaluate("document.activeElement.innerText").startswith("Send")
    desk.turn("Control+Enter")

    # In a non-empty text field the same key deletes a word.
    assert desk.is_at(items[6])
    desk.press("Control+Backspace")
    assert desk.focused() == "reject-reason"
    desk.type("Not what")
    desk.press("Tab")
    desk.type("A ferry was wrongg")
    desk.press("Control+Backspace")
    desk.type("asked for.")
    desk.turn("Control+Enter")

    assert desk.is_at(items[7])
    desk.press("r")
    desk.type("Let the ferryman speak.")
    desk.turn("Control+Enter")

    assert desk.is_at(items[8])
    desk.press("s")
    desk.type("not mine")
    desk.turn("Control+Enter")

    # One landmark is added and one removed.
    assert desk.is_at(items[9])
    desk.turn("e")
    desk.press(*["Tab"] * 4, "Space", *["Tab"] * 4, "Enter")
    desk.type("The Well")
    desk.press("Tab")
    desk.type("Dry since spring.")
    desk.turn("Control+Enter")
    desk.turn("Control+Enter")

    assert desk.is_at(items[10])
    desk.press("h")
    desk.type("rudi")
    desk.press("Tab")
    desk.type("Yours, I think.")
    desk.turn("Control+Enter")

    assert desk.is_at(items[11])
    desk.press("m")
    desk.type("@rudi is this right?")
    desk.turn("Control+Enter")
    assert desk.is_at(items[11])
    assert desk.focused().startswith("comment-")

    # An item assigned to somebody else is claimed by a key and not on view.
    desk.turn("q")
    desk.press("j", "j")
    desk.turn("Enter")
    assert desk.is_at(items[10])
    assert page.get_by_text("Unclaimed.").is_visible()
    desk.press("c")
    page.get_by_text("Yours until ").wait_for()
    desk.turn("Control+Enter")

    assert desk.is_at(items[11])
    desk.turn("Control+Enter")
    assert page.get_by_role("button", name="Undo").is_visible()
    desk.turn("u")
    assert desk.is_at(items[11])
    desk.press("Control+Backspace")
    desk.type("Breaks")
    desk.turn("Control+Enter")

    assert desk.is_at(items[12])
    desk.turn("n")
    for item in items[13:19]:
        assert desk.is_at(item)
        desk.turn("Control+Enter")
    desk.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    desk.press("Escape")
    desk.turn("Control+Enter")

    # Skipped items come last, least recently skipped first.
    assert desk.is_at(items[8])
    desk.turn("Control+Enter")
    assert desk.is_at(items[12])
    desk.turn("Control+Enter")
    assert page.get_by_text("The queue is empty.").first.is_visible()
    assert desk.lost_focus == []

    standing = {
        decision.item_id: decision for decision in ReviewDecision.objects.in_force().select_related("reason")
    }
    verdicts = [standing[item.pk].verdict for item in items]
    special = {
        2: "rejected",
        3: "rejected",
        5: "edited",
        6: "rejected",
        7: "asked_again",
        9: "edited",
        11: "rejected",
    }
    assert verdicts == [special.get(number, "approved") for number in range(20)]
    said = [standing[items[number].pk] for number in (2, 3, 6, 11)]
    assert [(row.reason and row.reason.code, row.note) for row in said] == [
        ("badly_written", ""),
        ("badly_written", ""),
        ("not_what_was_asked", "A ferry was asked for."),
        ("breaks_a_rule", ""),
    ]
    scene, place = standing[items[5].pk].after, standing[items[9].pk].after
    assert scene is not None
    assert place is not None
    assert scene["title"] == "The Ferry at Low Water Again"
    assert [mark["name"] for mark in place["landmarks"]] == ["Weighhouse", "The Well"]
    undone = ReviewDecision.objects.get(undone_at__isnull=False)
    assert (undone.item, undone.verdict, undone.undone_by) == (items[11], "approved", reviewer)
    assert dict(ReviewSkip.objects.values_list("item_id", "reason")) == {
        items[8].pk: "not mine",
        items[12].pk: "",
    }
    assert AgentJob.objects.get(follows=items[7].job).revision_note == "Let the ferryman speak."
    comment = ReviewComment.objects.get()
    assert (comment.item, comment.by, comment.text) == (items[11], reviewer, "@rudi is this right?")
    told = Notification.objects.filter(to=second_reviewer).values_list("kind", "item")
    assert set(told) == {
        (NotificationKind.HAND_OVER, items[10].pk),
        (NotificationKind.MENTION, items[11].pk),
    }
    assert Scene.objects.filter(canon_status="canon").count() == 14
    assert Element.objects.filter(kind="location", canon_status="canon").count() == 1
