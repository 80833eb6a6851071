"""Submit, retry and cancel: stored rows, messages and refusals."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction

from agents.common import dispatch
from agents.errors import Conflict, Forbidden, Invalid, JobNotCancellable, JobNotRetryable, NotFound
from agents.jobs import actions, maintenance, submission
from agents.jobs.submission import JobRequest
from agents.models import AgentJob, AgentJobEvent
from agents.models.jobs.job import AgentJobQuerySet
from tests.support.facts import event_kinds
from universes.choices import Role
from universes.services import universes

pytestmark = pytest.mark.django_db


def test_submitted_job_is_pending_with_requester_and_input(submit, creator, universe):
    job = submit("spatial", universe=universe, details="At low tide.")

    stored = AgentJob.objects.get()
    assert (stored.pk, stored.status, stored.agent_type) == (job.pk, "pending", "spatial")
    assert (stored.requested_by, stored.universe) == (creator, universe)
    assert stored.input_data == {
        "location_name": "Harrow Causeway",
        "type": "structure",
        "details": "At low tide.",
    }
    assert (stored.attempts, stored.attempt_limit) == (0, 4)
    assert stored.available_at == stored.sent_at == stored.created_at
    assert [(e.kind, e.attempt, e.by) for e in stored.events.all()] == [("submitted", 0, creator)]


def test_editor_may_submit_in_the_universe(submit, editor, universe):
    assert submit(universe=universe, by=editor).universe == universe


@pytest.mark.parametrize("retries", [0, 2])
def test_attempt_limit_is_a_site_setting(submit, settings, retries):
    settings.JOB_MAX_RETRIES = retries

    assert submit().attempt_limit == retries + 1


@pytest.fixture
def nothing_stored(db):
    yield
    assert (AgentJob.objects.count(), AgentJobEvent.objects.count()) == (0, 0)


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize(
    ("agent_type", "input_data", "pointer", "code"),
    [
        ("narrative", {}, "/input_data/prompt", "required"),
        ("narrative", {"prompt": "  "}, "/input_data/prompt", "blank"),
        ("narrative", {"prompt": 7}, "/input_data/prompt", "wrong_type"),
        ("narrative", {"prompt": "x" * 20_001}, "/input_data/prompt", "too_long"),
        ("narrative", {"prompt": "Go.", "promt": "Go."}, "/input_data/promt", "unknown_field"),
        ("narrative", {"prompt": "Go.", "type": "poem"}, "/input_data/type", "invalid_choice"),
        ("narrative", {"prompt": "Go.", "characters": [{}]}, "/input_data/characters/0/name", "required"),
        ("narrative", {"prompt": "A\x00B"}, "/input_data/prompt", "invalid_text"),
        ("spatial", {}, "/input_data/location_name", "required"),
        ("poet", {"prompt": "Go."}, "/agent_type", "unknown_agent_type"),
    ],
)
def test_invalid_request_names_the_field_and_stores_nothing(creator, agent_type, input_data, pointer, code):
    with pytest.raises(Invalid) as refusal:
        submission.submit_job(JobRequest(by=creator, agent_type=agent_type, input_data=input_data))

    assert [(error.pointer, error.code) for error in refusal.value.errors] == [(pointer, code)]


@pytest.mark.usefixtures("nothing_stored")
def test_lone_surrogate_is_refused(creator):
    with pytest.raises(Invalid) as refusal:
        submission.submit_job(
            JobRequest(by=creator, agent_type="consistency", input_data={"content": "A \ud800 B"})
        )

    assert [error.pointer for error in refusal.value.errors] == ["/input_data/content"]


@pytest.mark.usefixtures("nothing_stored")
def test_foreign_universe_is_not_found(submit, stranger, universe):
    with pytest.raises(NotFound) as refusal:
        submit(universe=universe, by=stranger)

    assert refusal.value.code == "universe_not_found"


@pytest.mark.usefixtures("nothing_stored")
def test_missing_universe_is_refused_in_the_same_words(creator):
    with pytest.raises(NotFound) as refusal:
        submission.submit_job(
            JobRequest(
                by=creator, agent_type="narrative", input_data={"prompt": "Go."}, universe_id=uuid.uuid4()
            )
        )

    assert refusal.value.code == "universe_not_found"


@pytest.mark.usefixtures("nothing_stored")
def test_viewer_may_not_submit(submit, viewer, universe):
    with pytest.raises(Forbidden) as refusal:
        submit(universe=universe, by=viewer)

    assert refusal.value.code == "role_too_low"


@pytest.mark.usefixtures("nothing_stored")
def test_archived_universe_refuses_jobs(submit, universe):
    universes.archive(universe)

    with pytest.raises(Conflict) as refusal:
        submit(universe=universe)

    assert refusal.value.code == "universe_archived"


@pytest.mark.parametrize(("change", "refused"), [("archive", Conflict), ("delete_universe", NotFound)])
def test_universe_that_closed_after_the_check_gets_no_job(creator, universe, change, refused):
    request = JobRequest(
        by=creator, agent_type="narrative", input_data={"prompt": "Go."}, universe_id=universe.pk
    )
    prepared = submission.prepare_job(request, *submission.check_request(request))
    getattr(universes, change)(universe)

    with pytest.raises(refused):
        submission.create_job(prepared)

    assert not AgentJob.objects.exists()


# --- Messages to the broker -------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_message_is_sent_after_commit(broker, submit):
    with transaction.atomic():
        submit()
        assert dispatch.queue_length() == 0

    assert dispatch.queue_length() == 1


@pytest.mark.django_db(transaction=True)
def test_rolled_back_job_sends_no_message(broker, submit):
    with transaction.atomic():
        submit()
        transaction.set_rollback(True)

    assert dispatch.queue_length() == 0
    assert not AgentJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_job_stored_without_broker_is_enqueued_by_the_sweeper(broker, submit):
    broker.go_away()

    job = submit()

    job.refresh_from_db()
    assert (job.status, job.sent_at) == ("pending", None)
    assert maintenance.enqueue_due_jobs() == {"sent": 0, "broker_away": 1}
    broker.start()
    assert maintenance.enqueue_due_jobs() == {"sent": 1}
    assert dispatch.queue_length() == 1
    job.refresh_from_db()
    assert job.sent_at is not None


# --- Retry and cancel ---------------------------------------------------------------------------------------


def test_retry_makes_failed_job_pending_and_records_the_user(make_job, creator):
    job = make_job("failed", attempts=4)

    retried = actions.retry_job(job.pk, by=creator)

    assert (retried.status, retried.attempts, retried.attempt_limit) == ("pending", 4, 8)
    assert [(e.kind, e.attempt, e.by) for e in job.events.all()] == [("retried", 4, creator)]


@pytest.mark.parametrize("status", ["pending", "processing", "completed", "cancelled"])
def test_only_failed_jobs_can_be_retried(make_job, creator, status):
    job = make_job(status)

    with pytest.raises(JobNotRetryable) as refusal:
        actions.retry_job(job.pk, by=creator)

    assert refusal.value.message == f"Job {job.pk} is {status}; only failed jobs can be retried."
    job.refresh_from_db()
    assert (job.status, event_kinds(job)) == (status, [])


@pytest.mark.parametrize(("status", "was_running"), [("pending", False), ("processing", True)])
def test_cancelled_job_says_whether_it_was_running(make_job, creator, status, was_running):
    job = make_job(status)

    cancelled = actions.cancel_job(job.pk, by=creator)

    assert (cancelled.status, cancelled.claimed_until) == ("cancelled", None)
    assert cancelled.completed_at is not None
    assert [(e.kind, e.by, e.data) for e in job.events.all()] == [
        ("cancelled", creator, {"was_running": was_running})
    ]


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_finished_job_cannot_be_cancelled(make_job, creator, status):
    job = make_job(status)

    with pytest.raises(JobNotCancellable) as refusal:
        actions.cancel_job(job.pk, by=creator)

    assert refusal.value.message == (
        f"Job {job.pk} is {status}; only pending and processing jobs can be cancelled."
    )
    job.refresh_from_db()
    assert (job.status, event_kinds(job)) == (status, [])


@pytest.mark.parametrize("action", [actions.retry_job, actions.cancel_job, actions.get_job])
def test_foreign_job_is_not_found(make_job, stranger, action):
    job = make_job("failed")

    with pytest.raises(NotFound) as refusal:
        action(job.pk, by=stranger)

    assert refusal.value.code == "job_not_found"
    job.refresh_from_db()
    assert (job.status, event_kinds(job)) == ("failed", [])


def test_operator_may_retry_any_job(make_job, staff):
    staff.user_permissions.add(Permission.objects.get(codename="change_agentjob"))
    job = make_job("failed")

    actions.retry_job(job.pk, by=staff)

    assert job.events.get().by == staff


@pytest.mark.parametrize("action", [actions.retry_job, actions.cancel_job])
def test_permission_to_view_does_not_change_jobs(make_job, watcher, action):
    job = make_job("failed" if action is actions.retry_job else "pending")
    assert actions.get_job(job.pk, watcher) == job

    with pytest.raises(Forbidden):
        action(job.pk, by=watcher)

    before = job.status
    job.refresh_from_db()
    assert (job.status, event_kinds(job)) == (before, [])


@pytest.mark.parametrize(
    ("leave", "refusal"), [("out", NotFound), ("viewer", Forbidden), ("archive", Conflict)]
)
def test_job_is_not_retried_if_requester_left_the_universe(make_job, editor, universe, leave, refusal):
    job = make_job("failed", requested_by=editor, universe=universe)
    match leave:
        case "out":
            universes.remove_member(universe, editor.pk)
        case "viewer":
            universes.change_role(universe, editor.pk, Role.VIEWER)
        case "archive":
            universes.archive(universe)

    with pytest.raises(refusal):
        actions.retry_job(job.pk, by=editor)

    job.refresh_from_db()
    assert (job.status, event_kinds(job)) == ("failed", [])


@pytest.mark.parametrize(("action", "change"), [(actions.retry_job, "retry"), (actions.cancel_job, "cancel")])
def test_job_deleted_during_the_action_is_not_found(make_job, creator, monkeypatch, action, change):
    job = make_job("failed")

    def deleted_just_now(*args, **kwargs):
        job.delete()
        return False

    monkeypatch.setattr(AgentJobQuerySet, change, deleted_just_now)

    with pytest.raises(NotFound):
        action(job.pk, by=creator)
