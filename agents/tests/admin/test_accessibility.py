"""What people with other eyes, hands or readers meet: every page of the review is put before axe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from agents.choices import NotificationKind, Verdict
from agents.models import ReviewItem
from agents.services import notifications, review_comments, review_queue, reviews
from agents.tests.admin import makers
from agents.tests.services import review_rows

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
SERIOUS = {"serious", "critical"}
QUEUE = reverse("admin:agents_reviewitem_changelist")


@pytest.fixture
def lead(live_server) -> User:
    return makers.make_user("vera", is_staff=True, groups=("Lead reviewers",))


@pytest.fixture
def items(lead, creator, reviewer, ana, universe) -> dict[str, ReviewItem]:
    """One item for each look that the pages have, and verdicts of some weeks behind the figures."""
    now = timezone.now()
    review_rows.simulate(creator, [reviewer, ana], [universe], seed=5, count=160, now=now, days=80)
    review_rows.gold(creator, reviewer, "approved")
    found = {
        name: makers.make_review(
            makers.make_job(creator, universe, agent_type),
            opened_at=now - timedelta(hours=hours),
            **fields,
        )
        for name, agent_type, hours, fields in (
            ("overdue", "narrative", 40, {}),
            ("place", "spatial", 23, {}),
            ("report", "consistency", 9, {}),
            ("blind", "narrative", 8, {"is_blind": True}),
            ("held", "narrative", 7, {}),
            ("handed", "spatial", 6, {}),
            ("disputed", "narrative", 5, {"opinions_wanted": 2}),
            ("rejected", "narrative", 4, {}),
            ("edited", "narrative", 3, {}),
        )
    }
    review_queue.claim(found["held"].pk, ana)
    review_queue.hand_to(found["handed"].pk, lead, by=ana, note="You know the town.")
    edit = {**makers.NARRATIVE, "content": "Mira gave the coins to the ferryman, and he counted them again."}
    reviews.decide(found["disputed"].pk, Verdict.EDITED, by=ana, edited=edit)
    reviews.decide(found["disputed"].pk, Verdict.REJECTED, by=reviewer, note="It says nothing.")
    reviews.decide(found["edited"].pk, Verdict.EDITED, by=ana, edited=edit, note="He counts them, not she.")
    reviews.decide(found["rejected"].pk, Verdict.REJECTED, by=ana, note="It says nothing.")
    review_comments.add_comment(found["overdue"].pk, "Is this the old ferry, @vera?", by=ana)
    review_comments.add_comment(found["edited"].pk, "Better now.", by=reviewer)
    notifications.notify([lead], NotificationKind.DISPUTE, found["disputed"], by=None)
    return found


@pytest.fixture
def page(live_server, chromium: Browser, lead, items) -> Iterator[Page]:
    """A lead reviewer, who sees the most, is signed in."""
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    page.goto(f"{reverse('admin:login')}?next={QUEUE}")
    page.get_by_label("Username").fill(lead.username)
    page.get_by_label("Password").fill(makers.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Start reviewing").wait_for()
    yield page
    page.goto("about:blank")
    page.wait_for_timeout(300)
    context.close()


def findings(page: Page) -> list[str]:
    """What axe calls serious or critical, and what sticks out of the window; in both schemes, wide and narrow."""
    said = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # Colours on their way from one scheme to the other are those of neither.
            page.evaluate("document.getAnimations().forEach(one => one.finish())")
            said += [f"{scheme}, {width} px: {one}" for one in _looked_at(page)]
    return said


def _looked_at(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    assert found["passes"], "Axe has looked at nothing."
    said = [
        f"{one['id']} {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*said, *([f"{too_wide} px wider than the window"] if too_wide > 0 else [])]


def opened(page: Page, url: str) -> list[str]:
    """Findings on a page with all that unfolds on it."""
    page.goto(url)
    page.evaluate("document.querySelectorAll('details:not([name])').forEach(one => one.open = true)")
    return findings(page)


LOOKS = ("overdue", "place", "report", "blind", "held", "handed", "disputed", "rejected", "edited")


@pytest.mark.parametrize("look", LOOKS)
def test_the_review_page(page, items, look):
    assert opened(page, makers.url_of("change", items[look])) == []


@pytest.mark.parametrize("verb", ["Reject", "Ask again", "Skip", "Hand over"])
def test_the_panel_of_a_verb(page, items, verb):
    page.goto(makers.url_of("change", items["overdue"]))
    page.locator("summary", has_text=verb).click()

    assert findings(page) == []


@pytest.mark.parametrize("agent", ["overdue", "place", "report"])
def test_the_edit_form(page, items, agent):
    assert opened(page, makers.url_of("change", items[agent]) + "?edit=1") == []


def test_an_edit_to_look_over_and_one_that_was_refused(page, items):
    page.goto(makers.url_of("change", items["place"]) + "?edit=1")
    page.get_by_label("Atmosphere").fill("Rain, bread and argument.")
    page.get_by_role("button", name="Fix + approve").click()
    page.get_by_role("heading", name="What you have changed").wait_for()
    to_look_over = findings(page)
    page.goto(makers.url_of("change", items["overdue"]) + "?edit=1")
    page.get_by_label("Content").fill(" ")
    page.get_by_role("button", name="Fix + approve").click()
    page.locator("#edit-form .error").wait_for()

    assert [to_look_over, findings(page)] == [[], []]


def test_the_queue_and_its_keys(page):
    queue = opened(page, QUEUE)
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()

    assert [queue, findings(page)] == [[], []]


@pytest.mark.parametrize("query", ["?state=closed", "?q=nothing-like-it"])
def test_the_queue_filtered(page, query):
    assert opened(page, QUEUE + query) == []


@pytest.mark.parametrize("action", ["Approve selected", "Reject selected"])
def test_the_confirmation_of_many(page, action):
    page.goto(QUEUE)
    page.locator("#action-toggle").check()
    page.get_by_role("button", name=action).click()
    page.locator("#bulk-form").wait_for()

    assert findings(page) == []


@pytest.mark.parametrize(
    "name",
    [
        "index",
        "agents_notification_changelist",
        "agents_reviewdecision_changelist",
        "agents_agentjob_changelist",
    ],
)
def test_the_pages_beside_the_queue(page, name):
    assert opened(page, reverse(f"admin:{name}")) == []


def test_the_reviewers(page, ana):
    table = opened(page, reverse("admin:agents_reviewitem_reviewers"))

    assert [table, opened(page, reverse("admin:agents_reviewitem_reviewer", args=[ana.pk]))] == [[], []]


@pytest.mark.parametrize("name", ["change", "receipt"])
@pytest.mark.parametrize("look", ["edited", "blind"])
def test_a_job_and_its_receipt(page, items, name, look):
    assert opened(page, reverse(f"admin:agents_agentjob_{name}", args=[items[look].job_id])) == []


def test_axe_would_find_it(page, items):
    page.goto(makers.url_of("change", items["overdue"]))
    page.evaluate("document.querySelector('h1').append(document.createElement('button'))")

    assert {said.split(" ")[3] for said in findings(page)} == {"button-name"}
