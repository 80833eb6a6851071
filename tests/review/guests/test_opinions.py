"""Opinions of guests: read by reviewers who may be influenced, counted in the queue, without effect on the item."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents.choices import Verdict
from agents.errors import Conflict
from agents.models import GuestOpinion, ReviewItem
from agents.review.guests import links, opinions
from agents.review.verdicts import decisions
from tests.review.guests.addresses import path_of
from tests.support.problems import pointers_of
from tests.support.rows import make_review

pytestmark = pytest.mark.django_db


def test_opinion_is_read_by_reviewers_and_decides_nothing(guest, link, item, client_of, reviewer):
    sent = {"item_id": str(item.pk), "verdict": "rejected", "name": " Ann  Lee ", "comment": "Too dark."}

    answer = guest.post(path_of(link, "/opinions"), sent)

    assert answer.status_code == 201
    said = {"name": "Ann Lee", "verdict": "rejected", "comment": "Too dark.", "at": answer.json()["at"]}
    assert client_of(reviewer).get(f"/agents/reviews/{item.pk}").json()["guest_opinions"] == [said]
    assert guest.get(path_of(link)).json()["items"][0]["opinions"] == [said]
    item.refresh_from_db()
    assert (item.state, item.job.outcome) == ("open", "awaiting_review")
    events = {event.kind: event.data for event in item.job.events.all()}
    assert events["review_shared"] == {"link_id": str(link.pk), "label": "Studio North"}
    assert events["guest_opinion"]["name"] == "Ann Lee"
    assert "verdict" not in events["guest_opinion"]
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)


def test_opinion_sent_twice_is_recorded_once(link, item):
    for comment in ("Too dark.", "Too dark.", "Still too dark."):
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann", comment=comment)

    assert list(GuestOpinion.objects.order_by("at").values_list("comment", flat=True)) == [
        "Too dark.",
        "Still too dark.",
    ]


def test_opinion_of_a_guest_does_not_influence_independent_ones(link, item, client_of, reviewer):
    type(item).objects.update(opinions_wanted=2)
    opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann")

    def seen():
        return len(client_of(reviewer).get(f"/agents/reviews/{item.pk}").json()["guest_opinions"])

    assert seen() == 0
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    assert seen() == 1


def test_reviewer_who_opens_the_link_is_not_influenced_either(link, item, reviewer, reviewer_client):
    type(item).objects.update(opinions_wanted=2)
    opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann", comment="Vile.")

    def is_seen(client):
        return "Vile." in client.get(path_of(link, "/page")).content.decode()

    assert (is_seen(Client()), is_seen(reviewer_client)) == (True, False)
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    assert is_seen(reviewer_client)


def test_number_of_opinions_is_bounded(link, item, monkeypatch):
    monkeypatch.setattr(opinions, "MAX_OPINIONS", 1)
    give = {"verdict": "approved", "name": "Ann"}
    opinions.give_opinion(links.token_of(link), item.pk, **give)

    with pytest.raises(Conflict):
        opinions.give_opinion(links.token_of(link), item.pk, **give, comment="Lovely.")


class TestNumberOfAnswers:
    """The queue shows how many answers of guests an item has, and nothing else of them."""

    @pytest.fixture(autouse=True)
    def other(self, creator):
        return make_review(creator)

    @pytest.fixture(params=[1, 2])
    def wanted(self, request, item):
        """The opinions of reviewers that the item wants."""
        type(item).objects.filter(pk=item.pk).update(opinions_wanted=request.param)

    @pytest.mark.usefixtures("wanted")
    def test_row_of_the_queue_has_it(self, link, item, reviewer_client):
        queue = reverse("admin:agents_reviewitem_changelist")

        def shown(query=""):
            response = reviewer_client.get(queue + query)
            counts = {quick.label: quick.count for quick in response.context["quick_links"]}
            return response.content.decode(), counts.get("Answered by a guest")

        def given(page):
            return re.findall(r"\d answers? by [a ]*guests?", page)

        page, counted = shown()
        assert (given(page), counted) == ([], None)
        assert shown("?guests=true")[1] == 0
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann")
        page, counted = shown()
        assert (given(page), counted) == (["1 answer by a guest"], 1)
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Bo", comment="Vile.")

        page, counted = shown("?guests=true")
        assert (given(page), counted) == (["2 answers by guests"], 1)
        assert page.count('class="action-select"') == 1
        assert not re.search("Vile|rejected|Ann", page)

    def test_closed_row_keeps_it(self, link, item, reviewer, reviewer_client):
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann")
        decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

        page = reviewer_client.get(reverse("admin:agents_reviewitem_changelist"), {"state": "closed"})
        assert "1 answer by a guest" in page.content.decode()

    def test_page_says_that_answers_are_hidden(self, link, item, reviewer, reviewer_client):
        type(item).objects.filter(pk=item.pk).update(opinions_wanted=2)
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann", comment="Vile.")
        page = reverse("admin:agents_reviewitem_change", args=[item.pk])

        before = reviewer_client.get(page).content.decode()
        decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
        after = reviewer_client.get(page).content.decode()

        hidden = "1 answer by a guest, hidden until you have given your opinion."
        assert (hidden in before, "Vile." in before) == (True, False)
        assert (hidden in after, "Vile." in after) == (False, True)

    @pytest.mark.usefixtures("wanted")
    def test_api_has_it_in_lists_and_items(self, link, item, other, client_of, reviewer):
        api, before = client_of(reviewer), timezone.now()
        ReviewItem.objects.update(opened_at=before - timedelta(hours=1))
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann")

        def found(query):
            rows = api.get(f"/agents/reviews?{query}").json()["results"]
            return {row["id"]: row["guest_opinions_given"] for row in rows}

        assert found("") == {str(item.pk): 1, str(other.pk): 0}
        assert found("guests=true") == {str(item.pk): 1}
        assert found("guests=false") == {str(other.pk): 0}
        assert found(f"updated_since={before:%Y-%m-%dT%H:%M:%S.%fZ}") == {str(item.pk): 1}
        assert api.get(f"/agents/reviews/{item.pk}").json()["guest_opinions_given"] == 1
        assert api.post("/agents/reviews/next?guests=true").json()["id"] == str(item.pk)
        assert pointers_of(api.get("/agents/reviews?guests=maybe")).keys() == {"?guests"}

    def test_number_is_in_the_answer_of_a_hand_over(self, link, item, client_of, reviewer, second_reviewer):
        opinions.give_opinion(links.token_of(link), item.pk, verdict="rejected", name="Ann")

        body = {"to": second_reviewer.username}
        handed = client_of(reviewer).post(f"/agents/reviews/{item.pk}/hand", body).json()
        assert handed["guest_opinions_given"] == 1
