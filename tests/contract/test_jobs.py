"""The documented requests around jobs: list, retry and statistics."""

from __future__ import annotations

from tests.contract.documented import (
    ACCEPTED_FIELDS,
    JOB_FIELDS,
    LIST_FIELDS,
    STATS_FIELDS,
    consistency,
    narrative,
    spatial,
)

REFUSED = narrative(prompt="A wizard discovers an artifact. [mock:refuse]")


def listed_ids(api, query):
    response = api.get(f"/agents/jobs{query}")
    assert response.status_code == 200, response.json()
    return [job["job_id"] for job in response.json()["results"]]


def test_list_pages_jobs_newest_first(api, submit):
    job_ids = [submit(body)["job_id"] for body in (narrative(), spatial(), consistency())]

    page = api.get("/agents/jobs?limit=2&offset=0&include=input,output").json()

    assert page.keys() >= LIST_FIELDS
    assert (page["count"], page["limit"], page["offset"], page["previous"]) == (3, 2, 0, None)
    assert [job["job_id"] for job in page["results"]] == [job_ids[2], job_ids[1]]
    assert all(job.keys() >= JOB_FIELDS for job in page["results"])
    assert [job["job_id"] for job in api.get(page["next"]).json()["results"]] == [job_ids[0]]


def test_list_leaves_out_inputs_and_outputs_alone(api, submit):
    submit(narrative())

    (row,) = api.get("/agents/jobs").json()["results"]

    assert JOB_FIELDS - row.keys() == {"input_data", "output_data"}


def test_list_filters_by_universe(api, submit):
    universe_id = api.post("/universes", {"name": "Aethermoor"}).json()["id"]
    submit(narrative())
    accepted = submit({**narrative(), "universe_id": universe_id})

    assert listed_ids(api, f"?universe_id={universe_id}") == [accepted["job_id"]]


def test_list_filters_by_agent_status_and_review(api, submit, submit_and_run):
    weak = submit_and_run(narrative(prompt="A wizard discovers an artifact. [mock:weak]"))
    pending = submit(spatial())

    assert (weak["status"], weak["human_review_required"]) == ("completed", True)
    assert listed_ids(api, "?agent_type=spatial") == [pending["job_id"]]
    assert listed_ids(api, "?status=completed") == [weak["job_id"]]
    assert listed_ids(api, "?human_review_required=true") == [weak["job_id"]]


def test_list_filters_by_creation_time(api, submit):
    accepted = submit(narrative())

    assert listed_ids(api, "?created_after=2020-01-01T00:00:00Z") == [accepted["job_id"]]
    assert listed_ids(api, "?created_before=2020-01-01T00:00:00Z") == []


def test_retry_requeues_a_failed_job(api, submit_and_run):
    job = submit_and_run(REFUSED)
    assert (job["status"], job["output_data"]) == ("failed", None)
    assert job["error_message"]

    response = api.post(f"/agents/jobs/{job['job_id']}/retry")

    assert response.status_code == 202
    assert response.json().keys() >= ACCEPTED_FIELDS
    assert (response.json()["job_id"], response.json()["status"]) == (job["job_id"], "pending")
    assert api.get(f"/agents/jobs/{job['job_id']}").json()["status"] == "pending"


def test_retry_of_a_completed_job_is_a_conflict(api, submit_and_run):
    job = submit_and_run(narrative())

    response = api.post(f"/agents/jobs/{job['job_id']}/retry")

    assert response.status_code == 409
    assert "completed" in response.json()["detail"]
    assert api.get(f"/agents/jobs/{job['job_id']}").json() == job


def test_stats_count_jobs_by_status_and_agent(api, submit, submit_and_run):
    completed = submit_and_run(narrative())
    submit_and_run(REFUSED)
    submit(spatial())

    stats = api.get("/agents/stats").json()

    assert stats.keys() >= STATS_FIELDS
    assert stats["total_jobs"] == 3
    counts = {status: count for status, count in stats["status_counts"].items() if count}
    assert counts == {"completed": 1, "failed": 1, "pending": 1}
    agents = {agent: count for agent, count in stats["agent_type_counts"].items() if count}
    assert agents == {"narrative": 2, "spatial": 1}
    assert stats["avg_confidence"] == completed["confidence_score"]
    assert stats["avg_confidence_by_type"]["narrative"] == completed["confidence_score"]
    assert stats["human_review_required"] == int(completed["human_review_required"])
