"""The queue and the page of a review item."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from agents.models import AgentJob, ReviewItem
from tests.support import rows

QUEUE = reverse("admin:agents_reviewitem_changelist")


def shown(response) -> list[ReviewItem]:
    return list(response.context["cl"].result_list)


@pytest.fixture
def see(reviewer_client, page_of):
    return lambda item: reviewer_client.get(page_of(item)).content.decode()


@pytest.fixture
def items(creator, low_marches) -> list[ReviewItem]:
    """Four open items, oldest first, and an even older closed one."""
    other = rows.make_universe(creator, "Glass Harbour", "glass-harbour")
    now = timezone.now()
    specs = [
        ("narrative", low_marches, 0.10, "|word_range|", "open"),
        ("spatial", other, 0.25, "|landmarks_present|", "open"),
        ("consistency", low_marches, 0.50, "|quotes_verified|complete|", "open"),
        ("narrative", None, 0.75, "|complete|", "open"),
        ("narrative", low_marches, 0.30, "|word_range|", "closed"),
    ]
    return [
        rows.item_of(
            rows.finished_job(creator, place, kind),
            confidence=confidence,
            reason_codes=codes,
            state=state,
            opened_at=now - timedelta(hours=9 if state == "closed" else 5 - number),
        )
        for number, (kind, place, confidence, codes, state) in enumerate(specs)
    ]


@pytest.fixture
def held(
    items: list[ReviewItem], reviewer: User, second_reviewer: User, ferry_job: AgentJob
) -> list[ReviewItem]:
    """Four open items: claimed by rosa, by rudi until a minute ago, by rudi, and assigned to rosa and overdue."""
    now = timezone.now()
    for item, user, minutes in (
        (items[0], reviewer, 10),
        (items[1], second_reviewer, -1),
        (items[2], second_reviewer, 10),
    ):
        ReviewItem.objects.filter(pk=item.pk).update(
            claimed_by=user, claimed_at=now, claimed_until=now + timedelta(minutes=minutes)
        )
    ReviewItem.objects.filter(pk=items[3].pk).update(assigned_to=reviewer, due_at=now - timedelta(hours=2))
    AgentJob.objects.filter(pk=items[2].job_id).update(follows=ferry_job)
    return items
