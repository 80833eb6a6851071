"""Gold in the admin: marked by leads on the page of a decided item, invisible to others."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from agents.choices import Verdict
from agents.models import GoldStandard, ReviewItem
from agents.quality import gold
from agents.review.verdicts import decisions
from tests.support.pages import messages_of

pytestmark = pytest.mark.django_db

LIST = reverse("admin:agents_goldstandard_changelist")


@pytest.fixture
def decided(ferry_item, reviewer):
    decisions.decide(ferry_item.pk, Verdict.REJECTED, by=reviewer, note="Dull.")
    ferry_item.refresh_from_db()
    return ferry_item


def mark_url(item):
    return reverse("admin:agents_goldstandard_mark", args=[item.pk])


def form_of(item, user):
    request = RequestFactory().get("/")
    request.user = user
    return render_to_string("admin/agents/reviewitem/gold.html", {"item": item}, request)


def test_lead_marks_and_retires_gold(lead_client, lead, decided):
    form = form_of(decided, lead)
    assert f'action="{mark_url(decided)}"' in form

    response = lead_client.post(mark_url(decided), {"answer": "refuse", "why": "It is <dull>."}, follow=True)

    assert messages_of(response) == [
        "Marked as gold. No reviewer gets it, because planting is off (GOLD_AFTER is 0)."
    ]
    known = GoldStandard.objects.get()
    assert (known.job_id, known.answer, known.added_by) == (decided.job_id, "refuse", lead)
    shown = form_of(ReviewItem.objects.get(pk=decided.pk), lead)
    assert "The right verdict is known: reject." in shown
    assert "It is &lt;dull&gt;." in shown
    assert "<form" not in shown
    assert "It is &lt;dull&gt;." in lead_client.get(LIST).content.decode()

    response = lead_client.post(LIST, {"action": "retire", "_selected_action": [known.pk]}, follow=True)

    assert messages_of(response) == ["1 gold item retired."]
    assert GoldStandard.objects.get().is_active is False
    assert "<form" in form_of(ReviewItem.objects.get(pk=decided.pk), lead)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"answer": "refuse", "why": " "}, "Say what makes it right or wrong."),
        ({"answer": "", "why": "Dull."}, "Use one of: accept, refuse."),
    ],
)
def test_missing_fields_are_named(lead_client, decided, data, message):
    assert messages_of(lead_client.post(mark_url(decided), data, follow=True)) == [message]
    assert not GoldStandard.objects.exists()


def test_open_item_cannot_be_gold(lead_client, lead, ferry_item):
    assert form_of(ferry_item, lead).strip() == ""

    response = lead_client.post(mark_url(ferry_item), {"answer": "refuse", "why": "Dull."}, follow=True)

    assert messages_of(response) == [f"The review of job {ferry_item.job_id} is not closed by a verdict."]
    assert not GoldStandard.objects.exists()


def test_reviewers_see_no_gold(reviewer_client, reviewer, lead, decided):
    gold.mark_gold(decided.job_id, "refuse", "Dull.", lead)
    page = reverse("admin:agents_goldstandard_change", args=[GoldStandard.objects.get().pk])

    assert form_of(decided, reviewer).strip() == ""
    for url in (LIST, page):
        assert reviewer_client.get(url).status_code == 403
    assert reviewer_client.post(mark_url(decided), {"answer": "accept", "why": "Fine."}).status_code == 403
    assert LIST not in reviewer_client.get(reverse("admin:index")).content.decode()
    assert GoldStandard.objects.get().answer == "refuse"


def test_gold_has_no_add_change_or_delete_form(lead_client, superuser_client, lead, decided):
    known = gold.mark_gold(decided.job_id, "refuse", "Dull.", lead)

    for client in (lead_client, superuser_client):
        assert client.get(reverse("admin:agents_goldstandard_add")).status_code == 403
        page = reverse("admin:agents_goldstandard_change", args=[known.pk])
        assert client.get(page).status_code == 200
        assert client.post(page, {"answer": "accept"}).status_code == 403
        assert client.post(reverse("admin:agents_goldstandard_delete", args=[known.pk])).status_code == 403
    assert GoldStandard.objects.get().answer == "refuse"


def test_marking_requires_post_and_an_existing_item(lead_client, ferry_job, decided):
    assert lead_client.get(mark_url(decided)).status_code == 405
    decided.pk = ferry_job.pk
    assert lead_client.post(mark_url(decided), {"answer": "refuse", "why": "Dull."}).status_code == 404
