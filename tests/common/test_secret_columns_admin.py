"""What must not sway a reviewer is not found out by asking a list for it, in whatever list it stands."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from agents.choices import EventKind, ReviewKind
from agents.models import AgentJobEvent, GoldStandard
from tests.admin import makers

pytestmark = pytest.mark.django_db

JOBS = reverse("admin:agents_agentjob_changelist")
EVENTS = reverse("admin:agents_agentjobevent_changelist")
QUEUE = reverse("admin:agents_reviewitem_changelist")


@pytest.mark.parametrize(
    "query",
    [
        "confidence_score__gte=0.9",
        "human_review_required__exact=0",
        "signals__icontains=word",
        "gold__isnull=0",
        "review_items__kind=audit",
        "requested_by__password__startswith=a",
    ],
)
def test_jobs_are_narrowed_down_by_their_filters_and_nothing_else(reviewing, job, query):
    assert reviewing.get(f"{JOBS}?{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["status__exact=completed", "agent_type__exact=narrative", "review=waits", "is_mock__exact=1"]
)
def test_the_filters_of_jobs_still_narrow_them_down(reviewing, item, query):
    assert reviewing.get(f"{JOBS}?{query}").context["cl"].result_count == 1


def test_order_by_review_does_not_part_blind_audits_from_blind_doubts(reviewing, creator, universe):
    made = []
    for is_audit in (True, False, True, False):
        job = makers.make_job(creator, universe, human_review_required=not is_audit)
        kind = ReviewKind.AUDIT if is_audit else ReviewKind.DOUBT
        makers.make_review(job, kind=kind, is_blind=True)
        made.append(job.pk)
    columns = reviewing.get(JOBS).context["cl"].list_display
    for sign in ("", "-"):
        found = reviewing.get(f"{JOBS}?o={sign}{columns.index('review')}").context["cl"].result_list
        # All wait alike, so that only the id is left to order them by.
        assert [job.pk for job in found] in (sorted(made), sorted(made, reverse=True))


def test_steps_that_tell_an_audit_are_in_no_list_until_it_is_decided(reviewing, creator, universe):
    job = makers.make_job(creator, universe, human_review_required=False)
    AgentJobEvent.objects.create(job=job, kind=EventKind.CANON_ADDED, attempt=1, data={"name": "Emberfall"})
    item = makers.make_review(job, kind=ReviewKind.AUDIT, is_blind=True)

    def kinds():
        found = reviewing.get(f"{EVENTS}?q={job.pk}").context["cl"].result_list
        return {event.kind for event in found}

    assert kinds() == {"submitted", "claimed", "completed"}
    item.delete()
    assert kinds() == {"submitted", "claimed", "completed", "canon_added"}


def test_verdict_on_a_job_that_one_has_as_gold_is_in_no_list(
    reviewing, ana_reviewing, creator, universe, reviewer
):
    job = makers.make_job(creator, universe)
    closed = makers.make_review(job, state="closed")
    AgentJobEvent.objects.create(
        job=job, kind=EventKind.REVIEW_DECIDED, attempt=1, data={"verdict": "rejected"}
    )
    GoldStandard.objects.create(job=job, answer="refuse", why="Known.", added_by=creator)
    makers.make_review(job, kind=ReviewKind.GOLD, only_for=reviewer, is_blind=True)

    for client, is_seen in ((reviewing, False), (ana_reviewing, True)):
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
def test_words_that_no_database_can_hold_are_refused_on_the_page(reviewing, item, verb, sent):
    assert reviewing.post(makers.url_of(verb, item), sent).status_code == 200
    item.refresh_from_db()
    assert item.state == "open"


@pytest.mark.parametrize(
    ("query", "status"),
    [("agent_type__exact=%00", 400), ("reviewer=%00&state=closed", 400), (f"q={'a+' * 3000}", 200)],
)
def test_addresses_that_no_database_could_answer_do_no_harm(reviewing, item, query, status):
    assert reviewing.get(f"{QUEUE}?{query}").status_code == status


@pytest.mark.parametrize("count", [0, 600])
def test_bulk_verdict_on_no_items_or_too_many_is_refused_in_words(reviewing, item, count):
    ids = [str(uuid.uuid4()) for _ in range(count)]
    url = reverse("admin:agents_reviewitem_bulk")

    page = reviewing.post(url, {"verdict": "rejected", "id": ids}, follow=True).content.decode()

    assert ("at most 500" if count else "Name at least one.") in page


def test_bulk_verdict_is_told_however_many_were_left_out_before(reviewing, item):
    left = [str(uuid.uuid4()) for _ in range(600)]
    url = reverse("admin:agents_reviewitem_bulk")

    page = reviewing.post(url, {"verdict": "approved", "id": [str(item.pk)], "left": left}, follow=True)

    assert "1 item approved." in page.content.decode()
