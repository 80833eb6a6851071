"""The demo as its reviewer and its creator see it in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from agents.batches.answer_source import process_job
from agents.demo import seed
from agents.jobs.submission import JobRequest, submit_job
from agents.mock.client import MockClient
from agents.models import ReviewItem
from universes.models import Element, Universe

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def demo(monkeypatch) -> Universe:
    """Load the demo without its archive of past weeks, which takes most of the time."""
    monkeypatch.setattr(seed, "_past", lambda people: None)
    assert seed.load("a long enough one") is True
    return Universe.objects.get(name=seed.UNIVERSE)


def test_demo_has_an_item_asked_again_an_example_price_and_a_world_that_holds_together(browse, demo):
    page: Page = browse(User.objects.get(username="reviewer"), reverse("admin:agents_reviewitem_changelist"))

    # Written again with a reviewer's note, it waits in the queue, at a price that is only an example.
    page.get_by_role("link", name=re.compile("Asked again.*1")).click()
    row = page.locator("#result_list tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("asked again")
    row.get_by_role("link", name="A saltwright's apprentice breaks her first block.").click()
    expect(page.get_by_text("A reviewer asked again:")).to_be_visible()
    expect(page.get_by_text("What does she hear, and what does she lose?").first).to_be_visible()
    expect(page.locator("dd", has_text="(example)")).to_have_text(re.compile(r"^\$0\.000\d+ \(example\)$"))

    # Everybody whom a request names is somebody of this world.
    asked = {
        name
        for item in ReviewItem.objects.filter(universe=demo)
        for name in item.job.input_data.get("characters", [])
    }
    assert asked == {"Mira Vance", "Odran Pell", "Isolde Carrow"}
    page.goto(f"{reverse('admin:universes_element_changelist')}?universe__id__exact={demo.pk}&kind=character")
    for name in asked:
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()

    # A scene of the mock model keeps to the place and the person that it was asked for.
    kind, request = (
        "narrative",
        {"prompt": "A toll is paid on the Harrow Causeway.", "characters": ["Mira Vance"]},
    )
    job = submit_job(JobRequest(by=demo.owner, agent_type=kind, input_data=request, universe_id=demo.pk))
    process_job(job.pk, MockClient())
    page = browse(demo.owner, f"/studio/jobs/{job.pk}")
    text = page.locator(".sheet").first
    expect(text).to_contain_text("Mira Vance")
    expect(text).to_contain_text("Harrow Causeway")
    for element in Element.objects.filter(universe=demo).exclude(name__in=("Mira Vance", "Harrow Causeway")):
        expect(text).not_to_contain_text(element.name.split()[-1])
