"""Reject reasons in the admin."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agents.choices import Verdict
from agents.models import RejectReason
from agents.review.verdicts import decisions
from tests.support.pages import messages_of

pytestmark = pytest.mark.django_db

LIST = reverse("admin:agents_rejectreason_changelist")


def page_of(reason, verb="change"):
    return reverse(f"admin:agents_rejectreason_{verb}", args=[reason.pk])


@pytest.fixture
def dull(db):
    return RejectReason.objects.create(code="dull", name="Dull", position=5)


def test_renamed_reason_keeps_its_code(superuser_client):
    superuser_client.post(
        reverse("admin:agents_rejectreason_add"),
        {"name": "Dull", "code": "dull", "position": "5", "is_active": "on"},
    )
    reason = RejectReason.objects.get(code="dull")
    assert (reason.name, reason.position, reason.is_active) == ("Dull", 5, True)

    superuser_client.post(page_of(reason), {"name": "Rather dull", "code": "other_code", "position": "7"})

    reason.refresh_from_db()
    assert (reason.name, reason.code, reason.position, reason.is_active) == ("Rather dull", "dull", 7, False)


def test_order_and_activity_are_edited_in_the_list(superuser_client, dull):
    rows = list(RejectReason.objects.order_by("position", "name", "id"))
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "_save": "Save"}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-id": row.pk, f"form-{number}-position": 100 - number}
        if row != dull:
            data[f"form-{number}-is_active"] = "on"

    assert superuser_client.post(LIST, data).status_code == 302

    assert list(RejectReason.objects.order_by("position")) == rows[::-1]
    assert list(RejectReason.objects.filter(is_active=False)) == [dull]


def test_used_reason_cannot_be_deleted(superuser_client, dull, ferry_item, reviewer):
    decisions.decide(ferry_item.pk, Verdict.REJECTED, by=reviewer, reason="dull")

    for answer in (
        superuser_client.get(page_of(dull, "delete"), follow=True),
        superuser_client.post(page_of(dull, "delete"), {"post": "yes"}, follow=True),
    ):
        assert messages_of(answer) == [
            "“Dull” was given once and cannot be deleted. Make it inactive instead."
        ]
    assert RejectReason.objects.filter(pk=dull.pk).exists()


def test_unused_reason_can_be_deleted(superuser_client, dull):
    assert superuser_client.post(page_of(dull, "delete"), {"post": "yes"}).status_code == 302

    assert not RejectReason.objects.filter(pk=dull.pk).exists()


def test_reviewers_have_read_only_access(reviewer_client, dull):
    assert reviewer_client.get(LIST).status_code == 200
    assert reviewer_client.post(page_of(dull), {"name": "Mine", "position": "1"}).status_code == 403
    assert reviewer_client.post(page_of(dull, "delete"), {"post": "yes"}).status_code == 403
    assert reviewer_client.get(reverse("admin:agents_rejectreason_add")).status_code == 403

    dull.refresh_from_db()
    assert dull.name == "Dull"
