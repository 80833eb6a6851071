"""Messages of webhooks: what writes them, what is sent, and what becomes of failures."""

from __future__ import annotations

import json

import pytest
from django.db import transaction
from django.utils import timezone

from agents.batches.answer_source import process_job
from agents.choices import Verdict
from agents.engine.results import AgentFailure
from agents.errors import BudgetExceeded
from agents.jobs import actions
from agents.jobs.running import outcomes
from agents.models import Budget, WebhookDelivery, WebhookEndpoint
from agents.notify.webhooks import endpoints, sending
from agents.review.verdicts.decisions import decide
from universes.services import canon

pytestmark = pytest.mark.django_db


def events_of(hook):
    return list(hook.deliveries.order_by("pk").values_list("event", flat=True))


def test_end_of_a_job_is_told_to_its_requester(hook, submit, run, llm, stranger):
    foreign = endpoints.create_endpoint(stranger, url=hook.url, events=endpoints.EVENTS)

    job = run(submit("spatial"))

    told = hook.deliveries.get()
    assert (told.event, told.attempts, told.delivered_at) == ("job.completed", 0, None)
    assert told.due_at <= timezone.now()
    assert events_of(foreign) == []
    assert json.loads(sending.body_of(told))["data"] == {
        "job_id": str(job.pk),
        "agent_type": "spatial",
        "status": "completed",
        "outcome": "trusted",
    }


def test_failure_and_cancellation_are_told(hook, submit, make_job):
    actions.cancel_job(submit().pk, by=hook.owner)
    job = make_job("processing")
    outcomes.record_failure(job, AgentFailure("refused", "No.", kind="permanent"), [])

    assert events_of(hook) == ["job.cancelled", "job.failed"]


def test_verdict_and_canon_are_told(hook, review_item, reviewer):
    WebhookDelivery.objects.all().delete()

    decide(review_item.pk, by=reviewer, verdict=Verdict.APPROVED)

    told = {row.event: row.data for row in hook.deliveries.all()}
    assert sorted(told) == ["canon.changed", "review.decided"]
    assert told["review.decided"]["verdict"] == "approved"
    assert told["canon.changed"]["job_id"] == str(review_item.job_id)


def test_change_of_canon_is_told_to_each_member(hook, universe, viewer, stranger):
    of_viewer, foreign = (
        endpoints.create_endpoint(person, url=hook.url, events=["canon.changed"])
        for person in (viewer, stranger)
    )

    scene = canon.add_scene(universe, title="One", text="Once.", by=hook.owner)

    assert [events_of(endpoint) for endpoint in (hook, of_viewer, foreign)] == [
        ["canon.changed"],
        ["canon.changed"],
        [],
    ]
    assert str(scene.pk) in sending.body_of(hook.deliveries.get())


def test_exceeded_budget_is_told_once_a_period(hook, submit):
    Budget.objects.create(scope="user", user=hook.owner, period="day", limit_usd=0)

    for _ in range(2):
        with pytest.raises(BudgetExceeded):
            submit()

    assert events_of(hook) == ["budget.exceeded"]
    assert hook.deliveries.get().data["scope"] == "user"


@pytest.mark.parametrize("change", [{"events": ["job.failed"]}, {"is_active": False}])
def test_unwanted_event_leaves_no_message(hook, submit, change):
    endpoints.change_endpoint(hook, change)

    actions.cancel_job(submit().pk, by=hook.owner)

    assert events_of(hook) == []


def test_message_is_undone_with_what_it_tells_of(hook, submit):
    job = submit()
    with transaction.atomic():
        actions.cancel_job(job.pk, by=hook.owner)
        assert events_of(hook) == ["job.cancelled"]
        transaction.set_rollback(True)

    assert events_of(hook) == []


def test_end_of_work_does_not_fail_with_a_deleted_endpoint(hook, submit, llm):
    job = submit("spatial")
    WebhookEndpoint.objects.all().delete()

    process_job(job.pk)

    job.refresh_from_db()
    assert (job.status, WebhookDelivery.objects.count()) == ("completed", 0)
