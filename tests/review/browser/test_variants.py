"""Pairs of variants, judged side by side by keyboard alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import AgentJob, ReviewDecision, ReviewItem
from agents.review.creators import variants
from tests.support import browsing, rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pairs_by_keyboard_alone(browse, reviewer, creator, low_marches):
    now = timezone.now()
    sets = [
        rows.make_variants(creator, low_marches, models, opened_at=now - timedelta(hours=9 - number))
        for number, models in enumerate(
            [("one", "two"), ("one", "two", "three"), ("one", "two"), ("one", "two")]
        )
    ]
    page = browse(reviewer, reverse("admin:agents_reviewitem_changelist"))

    def turn(*keys: str) -> None:
        page.evaluate("document.documentElement.dataset.old = 'yes'")
        for key in keys:
            browsing.press(page, key)
        page.locator("html[data-keys=on]:not([data-old])").wait_for()

    def is_at(number: int) -> bool:
        return str(sets[number][0].variants_id) in page.url

    turn("v")
    assert is_at(0)
    assert page.get_by_role("heading", name="Variant 2").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    # A key pressed before the page could be read decides nothing.
    page.reload()
    page.locator("html[data-keys=on]").wait_for()
    page.keyboard.press("2")
    assert page.get_by_text("Too early").is_visible()
    assert not ReviewDecision.objects.exists()
    turn("2")
    assert is_at(1)
    assert page.get_by_text("Chosen; the others are rejected.").is_visible()
    turn("3")
    turn("u", "Enter")
    assert is_at(1)
    turn("3")
    assert is_at(2)
    turn("n")
    assert is_at(3)
    browsing.press(page, "?")
    assert page.get_by_role("dialog", name="Keys").get_by_text("equally good").is_visible()
    page.keyboard.press("Escape")
    turn("t")
    assert page.get_by_text("Equally good: the first is approved; the others are rejected.").is_visible()
    assert is_at(2)
    turn("1")
    assert page.get_by_text("The queue is empty.").first.is_visible()

    reasons = dict(
        ReviewDecision.objects.in_force().filter(verdict="rejected").values_list("item__job", "reason__code")
    )
    chosen = [jobs[at] for jobs, at in zip(sets, (1, 2, 0, 0), strict=True)]
    assert set(AgentJob.objects.filter(outcome="approved")) == set(chosen)
    for number, jobs in enumerate(sets):
        left = {reasons[job.pk] for job in jobs if job not in chosen}
        assert left == {"as_good_as_another" if number == 3 else "another_was_better"}
    assert not ReviewItem.objects.filter(closed_at=None).exists()
    found = variants.stats()
    assert (found.choices, found.ties) == (4, 1)
    assert found.by_model == [
        {"model": "one", "shown": 4, "chosen": 1},
        {"model": "three", "shown": 1, "chosen": 1},
        {"model": "two", "shown": 4, "chosen": 1},
    ]

    page.goto(reverse("admin:agents_reviewitem_variant_stats"))
    assert page.get_by_text("4 choices in 90 days, 1 tie.").is_visible()
    assert page.get_by_role("row", name="three 1 1 100%").is_visible()


def test_buttons_of_a_variant_fit_one_row(browse, reviewer, second_reviewer, creator, low_marches):
    job, _ = rows.make_variants(creator, low_marches, ("one", "two"))
    page = browse(reviewer, reverse("admin:agents_reviewitem_change", args=[job.review_items.get().pk]))
    page.locator("html[data-keys=on]").wait_for()
    buttons = page.locator(".decision-row .action:visible")

    assert [text.split()[0] for text in buttons.all_inner_texts()] == [
        "Approve",
        "Compare",
        "Edit",
        "Reject",
        "Ask",
        "Skip",
        "Hand",
        "Next",
    ]
    assert len({round(one.bounding_box()["y"]) for one in buttons.all()}) == 1
    assert buttons.first.get_attribute("title") == "Approving adds it to the universe’s scenes."
