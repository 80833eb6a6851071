"""A typed client generated from the schema works against a real server."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework_simplejwt.tokens import AccessToken

from agents.models import AgentJob

pytestmark = pytest.mark.django_db(transaction=True)

PACKAGE = "asset_client"


@pytest.fixture
def generated(schema, tmp_path, monkeypatch):
    """Import modules of a client that is generated from the schema."""
    (tmp_path / "schema.json").write_text(json.dumps(schema))
    (tmp_path / "config.yml").write_text(f"post_hooks: []\npackage_name_override: {PACKAGE}\n")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", "schema.json"]
    command += ["--config", "config.yml", "--meta", "none", "--output-path", PACKAGE, "--fail-on-warning"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.syspath_prepend(tmp_path)

    def load(name: str) -> ModuleType:
        return importlib.import_module(f"{PACKAGE}.{name}")

    return load


@pytest.mark.usefixtures("broker")
def test_generated_client_submits_reads_lists_and_cancels(generated, port):
    user = User.objects.create(username="carla")
    models: Any = generated("models")
    submit, read, rows, cancel = (
        generated(f"api.jobs.agents_jobs_{name}") for name in ("create", "retrieve", "list", "cancel_create")
    )
    body = models.JobInRequest(
        agent_type="narrative", input_data=models.NarrativeInput(prompt="Dawn over the marsh.")
    )
    pending = models.AgentsJobsListStatusItem.PENDING

    with generated("client").AuthenticatedClient(
        base_url=f"http://127.0.0.1:{port}", token=str(AccessToken.for_user(user))
    ) as client:
        accepted = submit.sync(client=client, body=body, idempotency_key="a-key")
        again = submit.sync(client=client, body=body, idempotency_key="a-key")
        job = read.sync(accepted.job_id, client=client)
        listed = rows.sync(client=client, status=[pending])
        cancelled = cancel.sync(accepted.job_id, client=client)
        refused = cancel.sync(accepted.job_id, client=client)

    assert isinstance(accepted, models.JobAccepted)
    assert again == accepted
    assert (job.job_id, job.status) == (accepted.job_id, models.JobStatus.PENDING)
    assert job.input_data["prompt"] == "Dawn over the marsh."
    assert [row.job_id for row in listed.results] == [accepted.job_id]
    assert cancelled.status == models.JobStatus.CANCELLED
    assert isinstance(refused, models.Problem)
    assert (refused.status, AgentJob.objects.get().status) == (409, "cancelled")
