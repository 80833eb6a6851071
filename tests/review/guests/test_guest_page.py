"""The page that a guest sees."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from agents.choices import Verdict
from agents.models import GuestOpinion
from agents.review.guests import links
from agents.review.verdicts import decisions
from tests.review.guests.addresses import path_of
from tests.support.rows import make_review

pytestmark = pytest.mark.django_db


def test_page_of_a_guest_shows_and_takes_an_opinion(link, item, reviewer_client):
    page, client = path_of(link, "/page"), Client()
    shown = client.get(page)
    assert "ferryman" in shown.content.decode()
    assert (shown["Referrer-Policy"], shown["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "0.45" not in shown.content.decode()

    refused = client.post(
        page, {"item": str(item.pk), "verdict": "approved", "name": " ", "comment": "Kept."}
    )
    assert (refused.status_code, "Kept." in refused.content.decode()) == (400, True)
    client.post(page, {"item": str(item.pk), "verdict": "approved", "name": "Ann"})

    assert GuestOpinion.objects.get().name == "Ann"
    own = reviewer_client.get(reverse("admin:agents_reviewitem_change", args=[item.pk])).content.decode()
    assert page in own
    assert "Would approve it." in own


def test_page_remembers_the_name_for_its_link_alone(link, item, creator, reviewer):
    other = make_review(creator)
    elsewhere = links.make_link([other.pk], label="Other", expires_in_h=1, by=reviewer)
    client = Client()
    client.post(path_of(link, "/page"), {"item": str(item.pk), "verdict": "approved", "name": "Zoë Ng"})

    assert 'value="Zoë Ng"' in client.get(path_of(link, "/page")).content.decode()
    kept = client.cookies["guest_name"]
    assert (kept["path"], kept["httponly"], kept["max-age"]) == (path_of(link, "/page"), True, "")
    assert kept["path"] != path_of(elsewhere, "/page")


def test_page_shows_the_answer_to_whom_gave_it(link, item, reviewer):
    page, client = path_of(link, "/page"), Client()
    sent = {"item": str(item.pk), "verdict": "approved", "name": " Ann  Lee ", "comment": "Good."}
    answer = client.post(page, sent)
    assert answer["Location"] == f"{page}#answer-{item.pk}"

    shown = client.get(page).content.decode()
    assert "The reviewers have your answer." in shown
    assert "Your answer: <strong>Approve it.</strong>" in shown
    assert "Change your answer" in shown
    other = Client().get(page).content.decode()
    assert "Your answer" not in other
    assert "Ann Lee: <strong>Approve it.</strong>" in other

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    shown = client.get(page).content.decode()
    assert "This text has been decided." in shown
    assert "Your answer: <strong>Approve it.</strong>" in shown
    assert "Change your answer" not in shown


def test_refused_change_of_an_answer_is_kept_open(link, item):
    page, client = path_of(link, "/page"), Client()
    client.post(page, {"item": str(item.pk), "verdict": "approved", "name": "Ann"})

    refused = client.post(
        page, {"item": str(item.pk), "verdict": "maybe", "name": "Ann", "comment": "Hm."}
    ).content.decode()
    assert '<details class="more" open>' in refused
    assert "Hm.</textarea>" in refused
