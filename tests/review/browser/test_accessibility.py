"""Accessibility of every page of the review, checked by axe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, get_args

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.choices import NotificationKind, Verdict
from agents.engine.checks.finding import Strength
from agents.models import AgentJob, ReviewItem
from agents.notify import notifications
from agents.review import claims, comments, intentional
from agents.review.creators import variants
from agents.review.verdicts import decisions
from tests.support import browsing, pages, review_rows, rows, sample_findings

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
SERIOUS = {"serious", "critical"}
# Contrast, the slowest rule, depends on the colour scheme and hardly on the width; the other rules the other way round.
CONTRAST = "color-contrast"
RUNS: tuple[tuple[ViewportSize, Literal["light", "dark"], dict[str, Any]], ...] = (
    (browsing.WIDE, "light", {}),
    (browsing.WIDE, "dark", {"runOnly": [CONTRAST]}),
    (browsing.NARROW, "light", {"rules": {CONTRAST: {"enabled": False}}}),
)
RUN_AXE = """
(options) => axe.run({...options, resultTypes: ["violations"]})
  .then(({ passes, violations }) => ({ passes: passes.length, violations }))
"""
QUEUE = reverse("admin:agents_reviewitem_changelist")


@pytest.fixture
def items(lead, creator, reviewer, second_reviewer, low_marches) -> dict[str, ReviewItem]:
    """An item for each state of the pages."""
    now = timezone.now()
    found = {
        name: rows.item_of(
            rows.finished_job(creator, low_marches, agent_type),
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
    claims.claim(found["held"].pk, second_reviewer)
    claims.hand_to(found["handed"].pk, lead, by=second_reviewer, note="You know the town.")
    edit = {**rows.NARRATIVE, "content": "Mira gave the coins to the ferryman, and he counted them again."}
    decisions.decide(found["disputed"].pk, Verdict.EDITED, by=second_reviewer, edited=edit)
    decisions.decide(found["disputed"].pk, Verdict.REJECTED, by=reviewer, note="It says nothing.")
    decisions.decide(
        found["edited"].pk, Verdict.EDITED, by=second_reviewer, edited=edit, note="He counts them, not she."
    )
    decisions.decide(found["rejected"].pk, Verdict.REJECTED, by=second_reviewer, note="It says nothing.")
    _add_findings(found["report"], reviewer)
    comments.add_comment(found["overdue"].pk, "Is this the old ferry, @lena?", by=second_reviewer)
    comments.add_comment(found["edited"].pk, "Better now.", by=reviewer)
    notifications.notify([lead], NotificationKind.DISPUTE, found["disputed"], by=None)
    return found


def _add_findings(item: ReviewItem, by: User) -> None:
    """Store findings of every strength, one of them marked as intentional."""
    phone = sample_findings.finding()
    hints = [sample_findings.finding(f"a {name} thing", strength=name) for name in get_args(Strength)]
    AgentJob.objects.filter(pk=item.job_id).update(signals=sample_findings.signals(phone, *hints))
    intentional.mark(item.pk, phone.id, by=by, reason="A dream.")


@pytest.fixture
def page(live_server, static_files_cached, chromium: Browser, lead, items) -> Iterator[Page]:
    """A browser of a lead, who sees the most. CSP violations are ignored here, because axe causes some."""
    context = browsing.signed_in_browser(chromium, live_server.url, lead)
    yield context.new_page()
    browsing.leave(context)


def findings(page: Page) -> list[str]:
    """Return the serious findings of axe and any overflow, in both colour schemes, wide and narrow."""
    page.evaluate(AXE)
    found = []
    for size, scheme, options in RUNS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        # A running colour transition would show colours of neither scheme.
        page.evaluate("document.getAnimations().forEach(one => one.finish())")
        found += [f"{scheme}, {size['width']} px: {finding}" for finding in _findings(page, options)]
    page.set_viewport_size(browsing.WIDE)
    return found


def _findings(page: Page, options: dict[str, Any]) -> list[str]:
    found: dict[str, Any] = page.evaluate(RUN_AXE, options)
    assert found["passes"], "Axe has looked at nothing."
    findings = [
        f"{row['id']} {node['target']} {node['failureSummary']}"
        for row in found["violations"]
        if row["impact"] in SERIOUS
        for node in row["nodes"]
    ]
    too_wide = browsing.too_wide(page)
    return [*findings, *([f"{too_wide} px wider than the window"] if too_wide > 0 else [])]


def opened(page: Page, urls: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the findings by page, with all details opened; pages without findings are left out."""
    found = {}
    for name, url in urls.items():
        page.goto(url)
        page.evaluate("document.querySelectorAll('details:not([name])').forEach(one => one.open = true)")
        found[name] = findings(page)
    assert found
    return {name: said for name, said in found.items() if said}


def test_review_page(page, items):
    assert opened(page, {look: pages.url_of("change", item) for look, item in items.items()}) == {}


def test_panels(page, items):
    for verb in ("Reject", "Ask again", "Skip", "Hand over"):
        page.goto(pages.url_of("change", items["overdue"]))
        page.locator("summary", has_text=verb).click()

        assert findings(page) == [], verb


def test_edit_forms(page, items):
    forms = {agent: pages.url_of("change", items[agent]) for agent in ("overdue", "place", "report")}

    assert opened(page, {agent: f"{url}?edit=1" for agent, url in forms.items()}) == {}


def test_edit_preview_and_refused_edit(page, items):
    page.goto(pages.url_of("change", items["place"]) + "?edit=1")
    page.get_by_label("Atmosphere").fill("Rain, bread and argument.")
    page.get_by_role("button", name="Fix + approve").click()
    page.get_by_role("heading", name="Your changes").wait_for()
    to_look_over = findings(page)
    page.goto(pages.url_of("change", items["overdue"]) + "?edit=1")
    page.get_by_label("Content").fill(" ")
    page.get_by_role("button", name="Fix + approve").click()
    page.locator("#edit-form .error").wait_for()

    assert [to_look_over, findings(page)] == [[], []]


def test_queue_and_keyboard_help(page):
    queries = ("?state=closed", "?q=nothing-like-it", "")
    queue = opened(page, {query: QUEUE + query for query in queries})
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()

    assert [queue, findings(page)] == [{}, []]


def test_bulk_confirmation(page):
    for action in ("Approve selected", "Reject selected"):
        page.goto(QUEUE)
        page.locator("#action-toggle").check()
        page.get_by_role("button", name=action).click()
        page.locator("#bulk-form").wait_for()

        assert findings(page) == [], action


def test_lists(page):
    lists = ("agents_notification", "agents_reviewdecision", "agents_agentjob")
    urls = {name: reverse(f"admin:{name}_changelist") for name in lists}

    assert opened(page, urls) == {}

    page.locator("#changelist-filter summary").first.click()
    assert findings(page) == []


def test_variants(page, creator, reviewer, low_marches):
    chosen, waiting = (rows.make_variants(creator, low_marches)[0] for _ in range(2))
    assert chosen.variants_id is not None
    variants.choose(chosen.variants_id, chosen.pk, by=reviewer)
    urls = {
        "comparison": reverse("admin:agents_reviewitem_variants", args=[waiting.variants_id]),
        "choices": reverse("admin:agents_reviewitem_variant_stats"),
    }

    assert opened(page, urls) == {}


def test_pages_with_figures(page, creator, reviewer, second_reviewer, low_marches):
    reviewers = [reviewer, second_reviewer]
    review_rows.simulate(creator, reviewers, [low_marches], seed=5, count=160, now=timezone.now(), days=80)
    review_rows.gold(creator, reviewer, "approved")
    urls = {
        "index": reverse("admin:index"),
        "usage": reverse("admin:agents_modelcall_usage"),
        "reviewers": reverse("admin:agents_reviewitem_reviewers"),
        "reviewer": reverse("admin:agents_reviewitem_reviewer", args=[second_reviewer.pk]),
    }

    assert opened(page, urls) == {}


def test_jobs_and_their_receipts(page, items):
    urls = {
        f"{name} of {look}": reverse(f"admin:agents_agentjob_{name}", args=[items[look].job_id])
        for name in ("change", "receipt")
        for look in ("edited", "blind")
    }

    assert opened(page, urls) == {}


def test_axe_reports_known_violations(page, items):
    page.goto(pages.url_of("change", items["overdue"]))
    page.evaluate(
        "document.querySelector('h1').insertAdjacentHTML('beforeend', '<button></button>Pale');"
        "document.querySelector('h1').attributeStyleMap.set('color', 'light-dark(#eee, #333)')"
    )

    assert [finding.split(" [")[0] for finding in findings(page)] == [
        "light, 1280 px: button-name",
        "light, 1280 px: color-contrast",
        "dark, 1280 px: color-contrast",
        "light, 390 px: button-name",
    ]
