"""API of a creator's word on their own work."""

from __future__ import annotations

import pytest

from agents.choices import JobStatus
from agents.models import AgentJob
from tests.support import rows
from universes.models import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(creator, universe):
    return rows.make_job(creator, universe=universe, status=JobStatus.COMPLETED)


def test_an_accepted_output_becomes_canon_as_it_was_edited(api, job):
    output = {**rows.NARRATIVE, "title": "Low Water"}

    response = api.post(f"/agents/jobs/{job.pk}/accept", {"output": output}, format="json")

    scene = Scene.objects.get()
    assert response.status_code == 200
    assert response.json()["entry"] == {
        "kind": "scene",
        "id": str(scene.pk),
        "name": "Low Water",
        "status": "canon",
    }


def test_an_edit_that_violates_the_type_is_refused_with_its_pointer(api, job):
    response = api.post(f"/agents/jobs/{job.pk}/accept", {"output": {"title": 1}}, format="json")

    assert response.status_code == 400
    assert "/output/title" in {error["pointer"] for error in response.json()["errors"]}
    assert not Scene.objects.exists()


def test_a_discarded_output_is_retired(api, job, universe):
    Scene.objects.create(universe=universe, title="One", text="Once.", origin_ref=str(job.pk))

    response = api.post(f"/agents/jobs/{job.pk}/discard", {"reason": "Dull."}, format="json")

    assert (response.status_code, Scene.objects.get().canon_status) == (204, "retired")


def test_asking_again_answers_with_the_new_job(api, job):
    response = api.post(f"/agents/jobs/{job.pk}/again", {"note": "Shorter."}, format="json")

    again = AgentJob.objects.get(pk=response.json()["job_id"])
    assert (response.status_code, again.follows_id, again.revision_note) == (202, job.pk, "Shorter.")
