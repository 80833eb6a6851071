"""Permissions of reviewers and other staff in the admin."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agents.models import AgentJob, ReviewDecision, ReviewSkip
from tests.support.people import make_user

pytestmark = pytest.mark.django_db

SEEN = ["reviewitem", "reviewdecision", "agentjob", "agentjobevent", "modelcall"]
HIDDEN = [
    "agents_modelprice",
    "agents_languagemodel",
    "agents_userpreference",
    "agents_generationschedule",
    "auth_user",
    "auth_group",
    "django_celery_beat_periodictask",
    "django_celery_results_taskresult",
]


def posts(item) -> list[str]:
    """Return the URLs of a reviewer's actions other than verdicts."""
    verbs = ("next", "skip", "hand", "claim", "release", "break")
    return [
        reverse("admin:agents_reviewitem_start"),
        *(reverse(f"admin:agents_reviewitem_{verb}", args=[item.pk]) for verb in verbs),
    ]


@pytest.mark.parametrize("name", SEEN)
def test_reviewer_sees_the_review_pages(reviewer_client, ferry_item, name):
    assert reviewer_client.get(reverse(f"admin:agents_{name}_changelist")).status_code == 200


@pytest.mark.parametrize("name", HIDDEN)
def test_reviewer_sees_no_other_pages(reviewer_client, ferry_item, name):
    assert reviewer_client.get(reverse(f"admin:{name}_changelist")).status_code == 403


@pytest.mark.parametrize("name", ["universe", "element", "scene"])
def test_reviewer_has_read_only_access_to_universes(reviewer_client, low_marches, name):
    assert reviewer_client.get(reverse(f"admin:universes_{name}_changelist")).status_code == 200
    assert reviewer_client.get(reverse(f"admin:universes_{name}_add")).status_code == 403


def test_view_permission_does_not_allow_decisions(signed_in, decide, ferry_item, page_of):
    watcher = make_user("will", is_staff=True, permissions=("agents.view_reviewitem",))
    client = signed_in(watcher)

    for query in ("", "?edit=1"):
        page = client.get(page_of(ferry_item) + query).content.decode()
        assert "The Ferry at Low Water" in page
        assert 'name="verdict"' not in page
        assert 'data-key="n"' not in page
        assert "data-claim=" not in page
    assert "Start reviewing" not in client.get(reverse("admin:agents_reviewitem_changelist")).content.decode()
    for verdict in ("approved", "edited", "rejected", "asked_again"):
        assert decide(client, ferry_item, verdict, note="A note.").status_code == 403
    for url in posts(ferry_item):
        assert client.post(url).status_code == 403
    ferry_item.refresh_from_db()
    assert ferry_item.claimed_by is None
    assert not ReviewSkip.objects.exists()
    assert not ReviewDecision.objects.exists()
    assert AgentJob.objects.count() == 1


def test_staff_without_permission_see_no_reviews(signed_in, decide, ferry_item, page_of):
    client = signed_in(make_user("sam", is_staff=True))

    for url in (
        reverse("admin:agents_reviewitem_changelist"),
        page_of(ferry_item),
    ):
        assert client.get(url).status_code == 403
    for url in posts(ferry_item):
        assert client.post(url).status_code == 403
    assert decide(client, ferry_item, "approved").status_code == 403
    assert "Review queue" not in client.get(reverse("admin:index")).content.decode()
    assert not ReviewDecision.objects.exists()


def test_non_staff_are_redirected_to_the_login(signed_in, client, creator, ferry_item, page_of):
    for visitor in (signed_in(creator), client):
        response = visitor.get(page_of(ferry_item))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("admin:login"))
        url = reverse("admin:agents_reviewitem_decide", args=[ferry_item.pk])
        assert visitor.post(url, {"verdict": "approved"}).status_code == 302
    assert not ReviewDecision.objects.exists()
