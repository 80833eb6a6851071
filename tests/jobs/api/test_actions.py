"""Retry and cancel over HTTP."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from agents.models import AgentJob
from tests.support.problems import problem_of
from tests.support.rows import make_job

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slash", ["", "/"])
def test_failed_job_is_retried(api, creator, slash):
    job = make_job(creator, status="failed", attempts=4)

    response = api.post(f"/agents/jobs/{job.pk}/retry{slash}")

    assert response.status_code == 202
    assert response["Location"] == f"/agents/jobs/{job.pk}"
    assert response["Retry-After"] == "2"
    assert list(response.json()) == [
        "job_id",
        "status",
        "agent_type",
        "universe_id",
        "input_data",
        "attempts",
        "created_at",
    ]
    assert (response.json()["status"], response.json()["attempts"]) == ("pending", 4)
    job.refresh_from_db()
    assert (job.status, job.error_code, job.error_message, job.attempt_limit) == ("pending", "", "", 8)
    assert [(event.kind, event.by) for event in job.events.all()] == [("retried", creator)]


@pytest.mark.parametrize("state", ["pending", "processing", "completed", "cancelled"])
def test_job_in_other_state_is_not_retried(api, creator, state):
    job = make_job(creator, status=state)

    response = api.post(f"/agents/jobs/{job.pk}/retry")

    body = problem_of(response, 409, "job_not_retryable")
    assert f"is {state};" in body["detail"]
    job.refresh_from_db()
    assert job.status == state
    assert not job.events.exists()


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("state", ["pending", "processing"])
def test_unfinished_job_is_cancelled(api, creator, state, slash):
    job = make_job(creator, status=state)

    response = api.post(f"/agents/jobs/{job.pk}/cancel{slash}")

    assert response.status_code == 202
    assert response.json()["status"] == "cancelled"
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert [event.kind for event in job.events.all()] == ["cancelled"]


@pytest.mark.parametrize("state", ["completed", "failed", "cancelled"])
def test_finished_job_is_not_cancelled(api, creator, state):
    job = make_job(creator, status=state)

    response = api.post(f"/agents/jobs/{job.pk}/cancel")

    body = problem_of(response, 409, "job_not_cancellable")
    assert f"is {state};" in body["detail"]
    job.refresh_from_db()
    assert job.status == state
    assert not job.events.exists()


def test_people_with_permission_retry_and_cancel_jobs_of_others(staff_api, creator, staff):
    staff.user_permissions.add(Permission.objects.get(codename="change_agentjob"))
    failed, pending = make_job(creator, status="failed"), make_job(creator)

    assert staff_api.post(f"/agents/jobs/{failed.pk}/retry").status_code == 202
    assert staff_api.post(f"/agents/jobs/{pending.pk}/cancel").status_code == 202
    assert failed.events.get().by == staff


@pytest.mark.parametrize(("action", "state"), [("retry", "failed"), ("cancel", "pending")])
def test_permission_to_view_is_not_enough(watcher_api, creator, action, state):
    job = make_job(creator, status=state)

    problem_of(watcher_api.post(f"/agents/jobs/{job.pk}/{action}"), 403, "forbidden")

    job.refresh_from_db()
    assert (job.status, job.events.count()) == (state, 0)


@pytest.mark.parametrize("action", ["retry", "cancel"])
def test_actions_require_post(api, creator, action):
    job = make_job(creator, status="failed")

    response = api.get(f"/agents/jobs/{job.pk}/{action}")

    problem_of(response, 405, "method_not_allowed")
    assert response["Allow"] == "POST, OPTIONS"


@pytest.mark.django_db(transaction=True)
def test_one_of_fifty_concurrent_retries_wins(creator, broker):
    job = make_job(creator, status="failed")
    token, answers = AccessToken.for_user(creator), []
    start = threading.Barrier(50)

    def retry() -> None:
        client = APIClient(raise_request_exception=False)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        start.wait(30)
        answers.append(client.post(f"/agents/jobs/{job.pk}/retry").status_code)
        connection.close()

    threads = [threading.Thread(target=retry) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert Counter(answers) == {202: 1, 409: 49}
    assert AgentJob.objects.get().events.count() == 1
    with broker.client() as client:
        assert client.llen("jobs") == 1
