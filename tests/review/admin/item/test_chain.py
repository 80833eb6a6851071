"""Chains of follow-ups: earlier outputs with the decisions on them."""

from __future__ import annotations

import pytest

from agents.choices import Verdict
from agents.models import AgentJob, ReviewItem
from agents.review.admin.item.chain import MAX_REVISIONS, chain_of
from agents.review.verdicts import decisions
from tests.support import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(creator, low_marches):
    """Make a scene with a title, as a follow-up of another."""

    def make(title: str, follows: AgentJob | None = None) -> AgentJob:
        output = {**rows.NARRATIVE, "title": title}
        return rows.finished_job(creator, low_marches, follows=follows, output_data=output)

    return make


def test_chain_shows_verdicts_and_the_last_difference(
    write, reviewer, second_reviewer, reviewer_client, page_of
):
    first = write("The Ferry")
    decisions.decide(rows.item_of(first).pk, Verdict.ASKED_AGAIN, by=second_reviewer, note="Say which ferry.")
    second = write("The Old Ferry", first)
    decisions.decide(rows.item_of(second).pk, Verdict.ASKED_AGAIN, by=reviewer, note="Not so old.")
    item = rows.item_of(write("The New Ferry", second))

    chain = chain_of(item)
    page = reviewer_client.get(page_of(item)).content.decode()

    assert chain is not None
    assert [(link.number, link.output["title"]) for link in chain.links] == [
        (2, "The Old Ferry"),
        (1, "The Ferry"),
    ]
    assert [link.decision.note for link in chain.links if link.decision] == [
        "Not so old.",
        "Say which ferry.",
    ]
    assert "Output 2: asked again by rosa" in page
    assert "Output 1: asked again by rudi" in page
    assert "The <del>Old</del> Ferry" in page
    assert "The <ins>New</ins> Ferry" in page
    assert not chain.has_more


def test_job_without_follow_up_has_no_chain(ferry_item, reviewer_client, page_of):
    assert chain_of(ferry_item) is None
    assert "asked for again" not in reviewer_client.get(page_of(ferry_item)).content.decode()


def test_identical_revision_is_pointed_out(write, reviewer_client, page_of):
    item = rows.item_of(write("The Ferry", write("The Ferry")))

    assert (
        "Nothing has changed since the last version." in reviewer_client.get(page_of(item)).content.decode()
    )


@pytest.mark.parametrize(("earlier", "has_more"), [(MAX_REVISIONS, False), (MAX_REVISIONS + 1, True)])
def test_long_chain_is_cut(write, reviewer_client, page_of, earlier, has_more):
    job = write("Number 0")
    for number in range(1, earlier + 1):
        job = write(f"Number {number}", job)
    item: ReviewItem = rows.item_of(job)

    chain = chain_of(item)

    assert chain is not None
    assert (len(chain.links), chain.has_more) == (10, has_more)
    assert (
        "Older versions are not shown." in reviewer_client.get(page_of(item)).content.decode()
    ) == has_more
