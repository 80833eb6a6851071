"""The overview and the reviewer pages in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from agents.models import ReviewItem, ReviewReport
from agents.quality import reports
from tests.support import review_rows, rows
from tests.support.browsing import in_all_looks, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def verdicts(live_server, creator, reviewer, second_reviewer, low_marches) -> None:
    now = timezone.now()
    # Long names.
    other = rows.make_universe(creator, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "long")
    review_rows.simulate(
        creator, [reviewer, second_reviewer], [low_marches, other], seed=3, count=300, now=now, days=80
    )
    review_rows.gold(creator, second_reviewer, "approved")
    review_rows.gold(creator, second_reviewer, "rejected")
    for hours, fields in (
        (30, {}),
        (3, {"claimed_by": second_reviewer, "claimed_at": now, "claimed_until": now + timedelta(minutes=9)}),
        (1, {"disputed_at": now}),
    ):
        item = rows.item_of(rows.finished_job(creator, low_marches), opened_at=now - timedelta(hours=hours))
        ReviewItem.objects.filter(pk=item.pk).update(**fields)


@pytest.fixture
def page(browse: Callable[..., Page], superuser: User, verdicts: None) -> Page:
    return browse(superuser, reverse("admin:index"))


def test_pages_respect_csp_and_width(page, second_reviewer, superuser):
    for name, url in {
        "overview": reverse("admin:index") + "?days=90",
        "budgets": reverse("admin:agents_budget_add"),
        "usage": reverse("admin:agents_modelcall_usage") + "?from=&group=day&group=model&group=universe",
        "reviewers": reverse("admin:agents_reviewitem_reviewers"),
        "reviewer": reverse("admin:agents_reviewitem_reviewer", args=[second_reviewer.pk]),
        "nothing": reverse("admin:agents_reviewitem_reviewer", args=[superuser.pk]),
    }.items():
        page.goto(url)
        for summary in page.locator(".figures summary").all():
            summary.click()
        for look in in_all_looks(page):
            assert too_wide(page) == 0, (name, look)


def test_period_and_refresh_buttons_work(page):
    page.goto(reverse("admin:index"))
    page.get_by_role("link", name="7 days").click()
    assert page.get_by_role("link", name="7 days").get_attribute("aria-current") == "true"
    assert "days=7" in page.url
    before = reports.latest(7).computed_at
    ReviewReport.objects.filter(days=7).update(computed_at=before - timedelta(minutes=5))

    page.get_by_role("button", name="Refresh").click()

    page.get_by_text("Metrics computed at").wait_for()
    assert "days=7" in page.url
    assert reports.latest(7).computed_at > before


def test_cards_leave_no_holes(page):
    boxes = [
        card.bounding_box() for card in page.locator(".figures-columns > .figure:not(.figure-wide)").all()
    ]
    columns: dict[float, list[tuple[float, float]]] = {}
    for box in boxes:
        columns.setdefault(box["x"], []).append((box["y"], box["y"] + box["height"]))

    assert sorted(map(len, columns.values())) == [2, 3]
    for cards in columns.values():
        ends = [bottom for _, bottom in sorted(cards)]
        starts = [top for top, _ in sorted(cards)]
        assert [round(top - end) for end, top in zip(ends, starts[1:], strict=False)] == [16] * (
            len(cards) - 1
        )
    wide = page.locator(".figures-columns > .figure-wide").bounding_box()
    assert round(wide["y"] - max(end for cards in columns.values() for _, end in cards)) == 16
