"""Every button of the review page, by a real POST."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from agents.choices import JobStatus, ReviewState
from agents.models import AgentJob, ReviewDecision, ReviewItem
from tests.support import rows
from universes.models import Element, Scene

pytestmark = pytest.mark.django_db


def test_approved_scene_enters_canon(reviewer_client, decide, ferry_item, ferry_job, reviewer):
    response = decide(reviewer_client, ferry_item, "approved")

    assert "Approved: Mira leaves the town by the ferry." in response.content.decode()
    decision = ReviewDecision.objects.get(item=ferry_item)
    assert (decision.verdict, decision.by, decision.after) == ("approved", reviewer, None)
    scene = Scene.objects.get(origin_ref=str(ferry_job.pk))
    assert (scene.title, scene.canon_status) == ("The Ferry at Low Water", "canon")
    assert scene.text == rows.NARRATIVE["content"]


def test_approved_place_becomes_a_location(reviewer_client, decide, creator, low_marches):
    item = rows.item_of(rows.finished_job(creator, low_marches, "spatial"))

    decide(reviewer_client, item, "approved")

    element = Element.objects.get(origin_ref=str(item.job_id))
    assert (element.kind, element.name, element.canon_status) == ("location", "Emberfall", "canon")


def test_edit_keeps_text_before_and_after(reviewer_client, decide, ferry_item, ferry_job):
    decide(
        reviewer_client,
        ferry_item,
        "edited",
        **{
            "output-title": "The Ferry",
            "output-content": "A shorter text.\r\n\r\nIn two parts.",
            "note": "Shorter.",
        },
    )

    decision = ReviewDecision.objects.get(item=ferry_item)
    assert decision.verdict == "edited"
    assert decision.note == "Shorter."
    assert decision.before == rows.NARRATIVE
    assert decision.after == {
        **rows.NARRATIVE,
        "title": "The Ferry",
        "content": "A shorter text.\n\nIn two parts.",
        "word_count": 6,
    }
    scene = Scene.objects.get(origin_ref=str(ferry_job.pk))
    assert (scene.title, scene.text) == ("The Ferry", "A shorter text.\n\nIn two parts.")


def test_unchanged_edit_is_an_approval(reviewer_client, decide, ferry_item):
    decide(
        reviewer_client,
        ferry_item,
        "edited",
        **{
            "output-title": rows.NARRATIVE["title"],
            "output-content": str(rows.NARRATIVE["content"]).replace("\n", "\r\n"),
        },
    )

    assert ReviewDecision.objects.get(item=ferry_item).verdict == "approved"


def test_invalid_edit_keeps_what_was_typed(reviewer_client, decide, ferry_item):
    response = decide(
        reviewer_client, ferry_item, "edited", **{"output-title": "A new title", "output-content": "  "}
    )

    page = response.content.decode()
    assert 'value="A new title"' in page
    assert "may not be blank" in page
    assert 'id="output-content-error"' in page
    ferry_item.refresh_from_db()
    assert ferry_item.state == ReviewState.OPEN
    assert not ReviewDecision.objects.exists()
    assert not Scene.objects.exists()


def test_rejection_without_reason_is_refused(reviewer_client, decide, ferry_item):
    response = decide(reviewer_client, ferry_item, "rejected", note="   ")

    assert "Choose a reason or write a note." in response.content.decode()
    ferry_item.refresh_from_db()
    assert ferry_item.state == ReviewState.OPEN
    assert not ReviewDecision.objects.exists()


def test_rejection_stores_the_reason_and_keeps_canon(reviewer_client, decide, ferry_item):
    decide(reviewer_client, ferry_item, "rejected", note="Too short for a scene.")

    decision = ReviewDecision.objects.get(item=ferry_item)
    assert (decision.verdict, decision.note) == ("rejected", "Too short for a scene.")
    assert not Scene.objects.exists()


def test_overlong_note_keeps_what_was_typed(reviewer_client, decide, ferry_item):
    note = "long " * 1001

    page = decide(reviewer_client, ferry_item, "asked_again", note=note).content.decode()

    assert "At most 5000 characters." in page
    assert note.strip() in page
    assert not ReviewDecision.objects.exists()


def test_ask_again_makes_a_new_job_with_the_note(reviewer_client, decide, ferry_item, ferry_job):
    decide(reviewer_client, ferry_item, "asked_again", note="Let the ferryman speak.")

    follow_up = AgentJob.objects.get(follows=ferry_job)
    assert follow_up.revision_note == "Let the ferryman speak."
    assert follow_up.status == JobStatus.PENDING
    assert follow_up.requested_by == ferry_job.requested_by
    assert ReviewDecision.objects.get(item=ferry_item).follow_up == follow_up
    assert not Scene.objects.exists()


def test_second_decision_names_who_decided_first(reviewer_client, superuser_client, decide, ferry_item):
    decide(reviewer_client, ferry_item, "rejected", note="No.")

    response = decide(superuser_client, ferry_item, "approved")

    page = response.content.decode()
    assert "rosa has already decided this item: rejected" in page
    assert "Nothing was changed." in page
    assert 'value="approved"' not in page
    assert ReviewDecision.objects.get(item=ferry_item).verdict == "rejected"
    assert not Scene.objects.exists()


def test_archived_universe_refuses_with_a_message(reviewer_client, decide, ferry_item, low_marches):
    low_marches.archived = True
    low_marches.save()

    page = decide(reviewer_client, ferry_item, "approved").content.decode()

    assert "archived" in page
    ferry_item.refresh_from_db()
    assert ferry_item.state == ReviewState.OPEN
    assert not ReviewDecision.objects.exists()


def test_unknown_verdict_decides_nothing(reviewer_client, decide, ferry_item):
    page = decide(reviewer_client, ferry_item, "published").content.decode()

    assert "Choose a verdict." in page
    assert not ReviewDecision.objects.exists()


def test_missing_item_redirects_with_a_message(reviewer_client, decide, ferry_item):
    ReviewItem.objects.filter(pk=ferry_item.pk).delete()

    response = decide(reviewer_client, ferry_item, "approved")

    assert response.status_code == 200
    assert "doesn’t exist" in response.content.decode()


def test_decision_requires_post(reviewer_client, ferry_item):
    response = reviewer_client.get(reverse("admin:agents_reviewitem_decide", args=[ferry_item.pk]))

    assert response.status_code == 405
    assert not ReviewDecision.objects.exists()


def test_post_without_csrf_token_is_refused(reviewer, ferry_item):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reviewer)

    url = reverse("admin:agents_reviewitem_decide", args=[ferry_item.pk])

    assert client.post(url, {"verdict": "approved"}).status_code == 403
    assert not ReviewDecision.objects.exists()


def test_next_item_opens_after_a_decision(reviewer_client, decide, three_items, page_of):
    response = decide(reviewer_client, three_items[0], "approved")

    assert response.redirect_chain == [(page_of(three_items[1]), 302)]


def test_most_urgent_item_opens_after_the_last(reviewer_client, decide, three_items, page_of):
    response = decide(reviewer_client, three_items[2], "approved")

    assert response.redirect_chain == [(page_of(three_items[0]), 302)]


def test_queue_filter_is_kept_between_items(reviewer_client, decide, three_items, page_of):
    kept = "?_changelist_filters=agent_type__exact%3Dnarrative"

    response = decide(reviewer_client, three_items[0], "approved", query=kept)

    assert response.redirect_chain == [(page_of(three_items[2]) + kept, 302)]


def test_empty_queue_says_so(reviewer_client, decide, ferry_item):
    response = decide(reviewer_client, ferry_item, "approved")

    assert response.redirect_chain == [(reverse("admin:agents_reviewitem_changelist"), 302)]
    assert "The queue is empty." in response.content.decode()
