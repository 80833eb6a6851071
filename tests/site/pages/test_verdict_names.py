"""One name for the outcome of an edited output, on all pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agents.choices import JobOutcome, Verdict
from agents.review.verdicts import decisions
from tests.support import rows
from tests.support.pages import url_of

pytestmark = pytest.mark.django_db


def test_edited_output_has_one_name(client, superuser, creator, reviewer, ferry_item):
    edited = {**rows.NARRATIVE, "title": "The Last Ferry"}
    decisions.decide(ferry_item.pk, Verdict.EDITED, by=reviewer, edited=edited)
    job = ferry_item.job_id
    pages = {
        superuser: [
            url_of("change", ferry_item),
            reverse("admin:agents_reviewitem_changelist") + "?state=closed",
            reverse("admin:agents_reviewitem_reviewers"),
            reverse("admin:agents_reviewitem_reviewer", args=[reviewer.pk]),
            reverse("admin:agents_reviewdecision_changelist"),
            reverse("admin:agents_agentjob_changelist"),
            reverse("admin:agents_agentjob_change", args=[job]),
            reverse("admin:agents_agentjob_receipt", args=[job]),
        ],
        creator: [
            "/studio/jobs",
            f"/studio/jobs/{job}",
            f"/studio/jobs/{job}/receipt",
            "/studio/me/preferences",
        ],
    }

    assert Verdict.EDITED.label == JobOutcome.EDITED.label == "Edited and approved"
    for user, addresses in pages.items():
        client.force_login(user)
        for address in addresses:
            page = client.get(address).content.decode()
            assert "edited and approved" in page.lower(), address
            for other in (">Edited<", ">edited<", ">Approved, edited<", "<strong>Edited</strong>"):
                assert other not in page, address
