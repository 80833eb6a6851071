"""A signed-in client, and a worker in process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from celery import current_app
from django.contrib.auth.models import User
from rest_framework.test import APIClient

PASSWORD = "a long enough password"

Submit = Callable[[Mapping[str, Any]], dict[str, Any]]


@pytest.fixture(autouse=True)
def _no_sign_in_limit(settings: Any) -> None:
    """Each test signs in, from one address."""
    settings.SIGN_IN_RATE = "1000/min"


@pytest.fixture
def api(db: None) -> APIClient:
    """Client with the access token of ``POST /auth/token``."""
    User.objects.create_user("creator", password=PASSWORD)
    client = APIClient(raise_request_exception=False)
    tokens = client.post("/auth/token", {"username": "creator", "password": PASSWORD}).json()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
    return client


@pytest.fixture
def submit(api: APIClient) -> Submit:
    """Submit a job and return the body of the answer, which must be 202."""

    def post(body: Mapping[str, Any]) -> dict[str, Any]:
        response = api.post("/agents/jobs", body)
        assert response.status_code == 202, response.json()
        accepted: dict[str, Any] = response.json()
        return accepted

    return post


@pytest.fixture
def submit_and_run(api: APIClient, submit: Submit) -> Submit:
    """Submit a job, run it as a worker does, and return the job as the API shows it."""
    # Registers the tasks, as a starting worker does.
    current_app.loader.import_default_modules()

    def run(body: Mapping[str, Any]) -> dict[str, Any]:
        job_id = submit(body)["job_id"]
        current_app.tasks["agents.process_agent_job"](job_id)
        job: dict[str, Any] = api.get(f"/agents/jobs/{job_id}").json()
        return job

    return run
