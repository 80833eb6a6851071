"""Hidden columns cannot be revealed by filters or sorting of any admin list."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse

from agents.choices import EventKind, ReviewKind
from agents.models import AgentJobEvent, GoldStandard, ReviewDecision
from tests.support import pages, rows

pytestmark = pytest.mark.django_db

JOBS = reverse("admin:agents_agentjob_changelist")
EVENTS = reverse("admin:agents_agentjobevent_changelist")
CALLS = reverse("admin:agents_modelcall_changelist")
DECISIONS = reverse("admin:agents_reviewdecision_changelist")
QUEUE = reverse("admin:agents_reviewitem_changelist")


@pytest.mark.parametrize(
    "query",
    [
        "confidence_score__gte=0.9",
        "outcome__exact=trusted",
        "signals__icontains=word",
        "gold__isnull=0",
        "review_items__kind=audit",
        "requested_by__password__startswith=a",
    ],
)
def test_jobs_accept_only_the_declared_filters(reviewer_client, ferry_job, query):
    assert reviewer_client.get(f"{JOBS}?{query}").status_code == 400


@pytest.mark.parametrize(
    "query",
    ["status__exact=completed", "agent_type__exact=narrative", "outcome=awaiting_review", "is_mock__exact=1"],
)
def test_declared_job_filters_work(reviewer_client, ferry_item, query):
    assert reviewer_client.get(f"{JOBS}?{query}").context["cl"].result_count == 1


@pytest.mark.parametrize(
    ("url", "sortable"), [(JOBS, ["submitted"]), (EVENTS, []), (CALLS, ["at"]), (DECISIONS, ["at"])]
)
def test_heads_of_the_lists_of_what_happened_sort_by_time_alone(
    superuser_client, reviewer, ferry_item, url, sortable
):
    ReviewDecision.objects.create(item=ferry_item, by=reviewer, verdict="approved", before={})
    html = superuser_client.get(url).content.decode()

    assert re.findall(r'class="sortable column-(\w+)', html) == sortable


@pytest.mark.parametrize("column", ["confidence_shown", "outcome_shown"])
def test_jobs_are_not_sorted_by_what_may_be_hidden(superuser_client, ferry_item, column):
    plain = superuser_client.get(JOBS).context["cl"]
    asked = superuser_client.get(f"{JOBS}?o={plain.list_display.index(column)}").context["cl"]

    assert set(asked.queryset.query.order_by) == set(plain.queryset.query.order_by)


def test_events_revealing_an_audit_are_hidden_until_decided(reviewer_client, creator, low_marches):
    job = rows.finished_job(creator, low_marches, outcome="trusted")
    AgentJobEvent.objects.create(job=job, kind=EventKind.CANON_ADDED, attempt=1, data={"name": "Emberfall"})
    item = rows.item_of(job, kind=ReviewKind.AUDIT, is_blind=True)

    def kinds():
        found = reviewer_client.get(f"{EVENTS}?q={job.pk}").context["cl"].result_list
        return {event.kind for event in found}

    assert kinds() == {"submitted", "claimed", "completed"}
    item.delete()
    assert kinds() == {"submitted", "claimed", "completed", "canon_added"}


def test_verdict_on_own_gold_job_is_in_no_list(
    reviewer_client, second_reviewer_client, creator, low_marches, reviewer
):
    job = rows.finished_job(creator, low_marches)
    closed = rows.item_of(job, state="closed")
    AgentJobEvent.objects.create(
        job=job, kind=EventKind.REVIEW_DECIDED, attempt=1, data={"verdict": "rejected"}
    )
    GoldStandard.objects.create(job=job, answer="refuse", why="Known.", added_by=creator)
    rows.item_of(job, kind=ReviewKind.GOLD, only_for=reviewer, is_blind=True)

    for client, is_seen in ((reviewer_client, False), (second_reviewer_client, True)):
        events = client.get(f"{EVENTS}?kind__exact=review_decided").context["cl"].result_count
        items = client.get(f"{QUEUE}?state=closed").context["cl"].result_list
        assert (events == 1, closed in items) == (is_seen, is_seen)


@pytest.mark.parametrize(
    ("verb", "sent"),
    [
        ("hand", {"to": "a\x00b"}),
        ("decide", {"verdict": "rejected", "reason": "a\x00b"}),
    ],
)
def test_unstorable_text_is_refused_on_the_page(reviewer_client, ferry_item, verb, sent):
    assert reviewer_client.post(pages.url_of(verb, ferry_item), sent).status_code == 200
    ferry_item.refresh_from_db()
    assert ferry_item.state == "open"


@pytest.mark.parametrize(
    ("query", "status"),
    [("agent_type__exact=%00", 302), ("reviewer=%00&state=closed", 302), (f"q={'a+' * 3000}", 200)],
)
def test_unanswerable_query_strings_do_no_harm(reviewer_client, ferry_item, query, status):
    assert reviewer_client.get(f"{QUEUE}?{query}").status_code == status


@pytest.mark.parametrize("count", [0, 600])
def test_bulk_on_no_items_or_too_many_is_refused(reviewer_client, ferry_item, count):
    ids = [str(uuid.uuid4()) for _ in range(count)]
    url = reverse("admin:agents_reviewitem_bulk")

    page = reviewer_client.post(url, {"verdict": "rejected", "id": ids}, follow=True).content.decode()

    assert ("at most 500" if count else "Name at least one.") in page


def test_bulk_result_is_shown_despite_many_skipped_ids(reviewer_client, ferry_item):
    left = [str(uuid.uuid4()) for _ in range(600)]
    url = reverse("admin:agents_reviewitem_bulk")

    page = reviewer_client.post(
        url, {"verdict": "approved", "id": [str(ferry_item.pk)], "left": left}, follow=True
    )

    assert "1 item approved." in page.content.decode()
