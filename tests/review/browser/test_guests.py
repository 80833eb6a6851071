"""A guest with a link, in a browser without an account."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from agents.models import GuestOpinion
from agents.review.guests import links, opinions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_guest_reads_and_sends_an_opinion(
    live_server, static_files_cached, chromium: Browser, reviewer, items_of_all_agents
):
    item = items_of_all_agents[0]
    link = links.make_link([item.pk], label="Studio North", expires_in_h=24, by=reviewer)
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    page.goto(urlsplit(links.address_of(link)).path)

    expect(page.get_by_role("heading", name="A text to review")).to_be_visible()
    page.get_by_label("Your name").fill("Nora North")
    page.get_by_label("Comment").fill("The tide is lovely.")
    page.get_by_role("button", name="I would approve it").click()

    answer = page.get_by_role("status")
    expect(answer).to_contain_text("Thank you. The reviewers have your answer.")
    expect(answer).to_contain_text("Your answer: Approve it. The tide is lovely.")
    expect(page.get_by_label("Comment")).to_be_hidden()
    opinion = GuestOpinion.objects.get()
    assert (opinion.item, opinion.name, opinion.verdict) == (item, "Nora North", "approved")

    page.get_by_text("Change your answer").click()
    expect(page.get_by_label("Comment")).to_have_value("The tide is lovely.")
    page.get_by_label("Comment").fill("It is too long.")
    page.get_by_role("button", name="I would reject it").click()
    expect(answer).to_contain_text("Your answer: Reject it. It is too long.")
    expect(page.get_by_text("Nora North: Approve it. The tide is lovely.")).to_be_visible()
    assert list(GuestOpinion.objects.values_list("verdict", flat=True)) == ["approved", "rejected"]

    context.clear_cookies()
    page.get_by_text("Change your answer").click()
    page.get_by_label("Your name").fill("Nora North")
    page.get_by_role("button", name="I would reject it").click()
    expect(page.get_by_role("heading", name="The form was not sent")).to_be_visible()
    context.close()


def test_reviewer_learns_of_the_answer_and_finds_it(browse, reviewer, items_of_all_agents):
    item = items_of_all_agents[0]
    link = links.make_link([item.pk], label="Studio North", expires_in_h=24, by=reviewer)
    page = browse(reviewer, reverse("admin:agents_reviewitem_changelist"))
    expect(page.get_by_role("link", name="Answered by a guest")).to_be_hidden()
    for comment in ("Lovely.", "On second thoughts, no."):
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Nora", comment=comment)

    page.reload()
    expect(page.get_by_role("row").filter(has_text="2 answers by guests")).to_have_count(1)
    page.get_by_role("link", name="Answered by a guest 1").click()
    expect(page.get_by_text("1 of 3 waiting items matches the filters.")).to_be_visible()
    page.get_by_role("link", name="Notifications 1 unread").click()
    expect(page.get_by_text("2 opinions by the link for Studio North, the last by Nora")).to_be_visible()
    expect(page.get_by_text("Lovely.")).to_be_hidden()
    page.get_by_role("link", name="Mira leaves the town").click()

    expect(page.get_by_text("Would reject it. Lovely.")).to_be_visible()
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
