"""Walk from three rejections to a rule, its receipt and its effect, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from agents.choices import Verdict
from agents.common import guidance
from agents.learning import tasks
from agents.models import AgentJob
from agents.review.verdicts import decisions
from tests.support.browsing import in_all_looks, too_wide
from tests.support.fake_llm import weak_answer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULE = "Read every sentence aloud before you keep it."


def test_three_rejections_become_a_rule_that_the_next_job_reads(
    browse, open_review, submit, run, llm, universe, reviewer, lead, monkeypatch
):
    monkeypatch.setattr(guidance, "_is_drawn", lambda job_id, version: False)
    for prompt in ("Rain on the causeway.", "Fog over the marsh.", "Snow in the square."):
        item = open_review(prompt=prompt)
        decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, reason="badly_written", note="Clumsy.")
    assert tasks.learn()["proposed"] == 1

    # The proposal, with its three verdicts, is accepted in other words.
    page: Page = browse(lead, reverse("admin:agents_ruleproposal_changelist"))
    page.get_by_text("reject again and again").click()
    page.get_by_role("link", name="Decide on the page of the guide").click()
    assert page.get_by_role("link", name="verdict").count() == 3
    page.get_by_label("Rule", exact=True).fill(RULE)
    for look in in_all_looks(page):
        assert too_wide(page) == 0, look
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("Accepted: version 1 applies").wait_for()
    guide_url = page.url

    # The next job reads it, and its receipt says so.
    llm.will(weak_answer)
    job: AgentJob = run(submit(universe=universe, prompt="Dawn by the ferry."))
    page.goto(reverse("admin:agents_agentjob_receipt", args=[job.pk]))
    page.get_by_text("Style guide, version 1").wait_for()
    assert page.get_by_text(RULE).count() == 1

    # Its effect is on the page, which does not say more than one verdict can.
    decisions.decide(job.review_items.get().pk, Verdict.APPROVED, by=reviewer)
    page.goto(guide_url)
    page.get_by_text("Not enough yet: 1 with the new rules and 0 without").wait_for()
    assert page.get_by_role("row", name="With 1").count() == 1
    assert page.get_by_role("button", name="Accept").count() == 0
