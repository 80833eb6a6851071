"""The admin page of batches: counts of waiting, answered and released jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.batches import admin
from agents.models import BatchItem, MessageBatch
from tests.support import rows

pytestmark = pytest.mark.django_db

LIST = reverse("admin:agents_messagebatch_changelist")


@pytest.fixture
def batch(creator, low_marches) -> MessageBatch:
    """Five jobs: one applied, one answered, one expired, one that left, one waiting."""
    now = timezone.now()
    batch = MessageBatch.objects.create(
        provider_id="msgbatch_1",
        model="claude-haiku-5-5",
        state="running",
        requests=5,
        sent_at=now,
        fall_back_at=now + timedelta(hours=6),
        error="500: <b>busy</b>",
    )
    items: list[dict[str, Any]] = [
        {"outcome": "succeeded", "arrived_at": now, "applied_at": now},
        {"outcome": "succeeded", "arrived_at": now},
        {"outcome": "expired", "arrived_at": now, "applied_at": now},
        {"applied_at": now},
        {},
    ]
    for number, values in enumerate(items):
        job = rows.finished_job(creator, low_marches)
        BatchItem.objects.create(batch=batch, job=job, attempt=1, custom_id=f"job-{number}", **values)
    return batch


def test_list_counts_results(superuser_client, batch):
    (row,) = superuser_client.get(LIST).context["cl"].result_list

    assert (row.seen_waiting, row.seen_answered, row.seen_unanswered, row.seen_applied) == (1, 2, 2, 1)
    assert "In progress" in superuser_client.get(LIST).content.decode()


def test_page_lists_unfinished_jobs_first(superuser_client, batch, monkeypatch):
    monkeypatch.setattr(admin, "MAX_JOBS", 3)

    page = superuser_client.get(reverse("admin:agents_messagebatch_change", args=[batch.pk])).content.decode()

    waits = batch.items.get(custom_id="job-4").job
    assert reverse("admin:agents_agentjob_change", args=[waits.pk]) in page
    assert "Waits</span>" in page
    assert "Not reached in time" not in page
    assert "and 2 more" in page
    assert "500: &lt;b&gt;busy" in page


def test_batches_are_read_only(superuser_client, batch):
    page = reverse("admin:agents_messagebatch_change", args=[batch.pk])

    assert superuser_client.post(page, {"model": "x"}).status_code == 403
    assert superuser_client.get(reverse("admin:agents_messagebatch_add")).status_code == 403
    batch.refresh_from_db()
    assert batch.model == "claude-haiku-5-5"


def test_reviewers_have_no_access(reviewer_client, batch):
    assert reviewer_client.get(LIST).status_code == 403


def test_job_page_links_to_its_batch_given_permission(superuser_client, reviewer_client, batch):
    job = batch.items.get(custom_id="job-4").job
    page = reverse("admin:agents_agentjob_change", args=[job.pk])
    to_batch = f'href="{reverse("admin:agents_messagebatch_change", args=[batch.pk])}"'

    assert to_batch in superuser_client.get(page).content.decode()
    assert to_batch not in reviewer_client.get(page).content.decode()


def test_empty_list_explains_itself(superuser_client):
    assert "No batches yet." in superuser_client.get(LIST).content.decode()

    page = superuser_client.get(LIST, {"q": "msgbatch_2"}).content.decode()
    assert "No results." in page
    assert "No batches yet." not in page
