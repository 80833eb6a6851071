"""Several opinions on one item, hidden from reviewers who have not given theirs."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agents.choices import ReviewState, Verdict
from agents.models import ReviewDecision, ReviewItem
from agents.review.verdicts import decisions
from tests.support import rows
from tests.support.facts import holder_name
from tests.support.pages import url_of
from tests.support.people import make_user

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:agents_reviewitem_changelist")
EDIT = {**rows.NARRATIVE, "title": "The Ferry at High Water"}


@pytest.fixture
def item(ferry_job) -> ReviewItem:
    """An item that takes two opinions."""
    return rows.item_of(ferry_job, opinions_wanted=2)


@pytest.fixture
def disputed(item, reviewer, second_reviewer):
    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, reason="badly_written", note="Flat.")
    decisions.decide(item.pk, Verdict.EDITED, by=second_reviewer, edited=EDIT, note="Wrong tide.")
    item.refresh_from_db()
    return item


def test_opinion_is_stored_and_the_item_stays_open(reviewer_client, decide, item, page_of):
    page = decide(reviewer_client, item, "rejected", note="Flat.").content.decode()

    assert "Your opinion was saved; other opinions are still missing: Mira leaves" in page
    item.refresh_from_db()
    assert (item.state, item.disputed_at) == (ReviewState.OPEN, None)
    page = reviewer_client.get(page_of(item)).content.decode()
    assert "You have given your opinion. Other opinions are still missing." in page
    assert "Rejected by rosa" in page
    assert "Undo my verdict" in page
    assert 'name="verdict"' not in page
    assert "data-claim-form" not in page
    assert "data-claims-by-itself" not in page


def test_second_reviewer_sees_the_count_but_not_the_opinions(
    reviewer_client, second_reviewer_client, decide, item, page_of
):
    decide(reviewer_client, item, "rejected", note="Flat as a pond.")

    page = second_reviewer_client.get(page_of(item)).content.decode()

    assert "1 of 2 opinions" in page
    assert "Flat as a pond." not in page
    assert "Rejected" not in page
    assert 'value="approved"' in page
    assert "1 of 2 opinions" in second_reviewer_client.get(QUEUE).content.decode()


def test_undone_verdict_is_hidden_from_the_next_reviewer(
    reviewer_client, second_reviewer_client, signed_in, decide, item, page_of
):
    for client in (reviewer_client, second_reviewer_client):
        decide(client, item, "rejected", note="Flat as a pond.")
    for client in (second_reviewer_client, reviewer_client):
        client.post(url_of("undo", item))
        client.post(url_of("release", item))
    third = signed_in(make_user("tilda", is_staff=True, groups=("Reviewers",)))

    page = third.get(page_of(item)).content.decode()

    assert "0 of 2 opinions" in page
    assert "A verdict was undone" in page
    assert "Rejected" not in page
    assert "Flat as a pond." not in page


def test_reviewers_are_told_that_a_lead_settles_a_dispute(
    reviewer_client, second_reviewer_client, decide, item, page_of
):
    decide(reviewer_client, item, "rejected", note="Flat as a pond.")
    page = decide(second_reviewer_client, item, "approved").content.decode()

    assert "Your opinion was saved; the reviewers disagree, and a lead decides" in page
    page = second_reviewer_client.get(page_of(item)).content.decode()
    assert "The reviewers disagree. A lead decides." in page
    assert "Flat as a pond." not in page
    assert '<span class="badge badge-warn">disputed</span>' in page
    assert 'name="verdict"' not in page


def test_lead_sees_all_opinions_and_settles_the_dispute(lead_client, decide, lead, disputed, page_of):
    page = lead_client.get(page_of(disputed)).content.decode()
    for text in (
        "2 of 2 opinions",
        "Rejected by rosa",
        "Badly written",
        "Flat.",
        "Edited and approved by rudi",
        "The Ferry at <ins>High</ins> Water",
        "Wrong tide.",
        "Your verdict settles it.",
    ):
        assert text in page, text

    page = decide(lead_client, disputed, "approved").content.decode()

    assert "Approved: Mira leaves" in page
    disputed.refresh_from_db()
    assert (disputed.state, disputed.decision.by, disputed.decision.is_lead) == ("closed", lead, True)


def test_lead_can_start_from_a_reviewers_edit(lead_client, disputed, page_of):
    opinion = ReviewDecision.objects.get(verdict="edited")

    page = lead_client.get(page_of(disputed), {"edit": "1", "from": str(opinion.pk)}).content.decode()

    assert 'value="The Ferry at High Water"' in page
    assert "data-edited" in page


def test_edit_of_another_is_not_reachable_by_id(
    second_reviewer_client, reviewer_client, decide, item, page_of, second_reviewer
):
    decisions.decide(item.pk, Verdict.EDITED, by=second_reviewer, edited=EDIT)
    opinion = ReviewDecision.objects.get()

    page = reviewer_client.get(page_of(item), {"edit": "1", "from": str(opinion.pk)}).content.decode()

    assert 'value="The Ferry at Low Water"' in page
    assert "The Ferry at High Water" not in page


def test_closed_item_shows_all_opinions(reviewer_client, lead_client, decide, disputed, page_of):
    decide(lead_client, disputed, "approved")

    page = reviewer_client.get(page_of(disputed)).content.decode()

    for text in (
        "Approved by lena",
        "Rejected by rosa",
        "Edited and approved by rudi",
        "The Ferry at <ins>High</ins>",
    ):
        assert text in page, text
    assert "Start from this edit" not in page


def test_leads_have_a_link_to_disputes(lead_client, reviewer_client, disputed, three_items):
    links = {link.label: link.count for link in lead_client.get(QUEUE).context["quick_links"]}
    assert links["Disputed"] == 1
    assert list(lead_client.get(f"{QUEUE}?disputed=true").context["cl"].result_list) == [disputed]
    assert "Disputed" not in {link.label for link in reviewer_client.get(QUEUE).context["quick_links"]}


def test_next_gives_disputes_to_leads_only(reviewer_client, lead_client, disputed):
    start = reverse("admin:agents_reviewitem_start")

    page = reviewer_client.post(start, follow=True).content.decode()
    assert "Nothing left for you: the remaining items belong to other reviewers." in page
    lead_client.post(start)

    assert holder_name(disputed) == "lena"


def test_opinion_past_the_undo_time_has_no_button(
    reviewer_client, second_reviewer_client, decide, item, page_of
):
    decide(reviewer_client, item, "approved")
    decide(second_reviewer_client, item, "approved")

    page = reviewer_client.get(page_of(item)).content.decode()

    assert "Approved by rudi" in page
    assert "Undo my verdict" not in page
    refused = reviewer_client.post(url_of("undo", item), follow=True).content.decode()
    assert "The others have given their opinions, and the item was decided." in refused
