"""``Idempotency-Key`` at the API: one effect, one answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from agents.jobs import submission
from agents.models import AgentJob, Budget, ReviewDecision
from mediaassets.idempotency import keys
from mediaassets.idempotency.abandoned import Abandoned
from mediaassets.idempotency.models import IdempotentRequest
from mediaassets.idempotency.tasks import delete_old_idempotency_keys
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import make_review
from tests.support.site.servers import ROOT, database_url, wait_until
from tests.support.threads import run_concurrently
from universes.models import Universe
from universes.services import universes

pytestmark = pytest.mark.django_db

JOB = {"agent_type": "narrative", "input_data": {"prompt": "Dawn."}}


def submit(client, body=JOB, key="k-1", path="/agents/jobs"):
    return client.post(path, body, headers={"Idempotency-Key": key})


def make_old(**age):
    IdempotentRequest.objects.update(created_at=timezone.now() - timedelta(**age))


def leave_claim(api, user, *, seconds_left):
    """Leave a claim as a process does that dies before it answers."""
    body = json.dumps(JOB).encode()
    claim = keys.claim(user.pk, keys.scope_of("POST", "/agents/jobs", "k-1"), keys.hash_of("", body))
    until = timezone.now() + timedelta(seconds=seconds_left)
    IdempotentRequest.objects.update(claimed_until=until)
    return claim


def test_repetition_gets_the_same_answer_and_makes_nothing(api):
    first, again = submit(api), submit(api)

    assert (first.status_code, first.headers.get("Idempotency-Replayed")) == (202, None)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (202, "true")
    assert again.content == first.content
    # Each answer names its own request.
    own = {"Idempotency-Replayed": "true", "X-Request-ID": again.headers["X-Request-ID"]}
    assert {**again.headers} == {**first.headers, **own}
    assert again.headers["Location"] == f"/agents/jobs/{first.json()['job_id']}"
    assert AgentJob.objects.count() == 1


def test_without_a_key_each_request_counts(api):
    api.post("/agents/jobs", JOB)
    api.post("/agents/jobs", JOB)

    assert AgentJob.objects.count() == 2
    assert not IdempotentRequest.objects.exists()


def test_another_body_with_the_key_is_refused(api):
    submit(api)

    problem_of(submit(api, {**JOB, "priority": "batch"}), 422, "idempotency_key_reused")

    assert AgentJob.objects.count() == 1


def test_order_and_spacing_of_the_body_do_not_matter(api):
    submit(api)

    body = json.dumps(dict(reversed(JOB.items())), indent=3)
    again = api.generic("POST", "/agents/jobs/", body, "application/json", headers={"Idempotency-Key": "k-1"})

    assert again.headers["Idempotency-Replayed"] == "true"
    assert AgentJob.objects.count() == 1


def test_other_filters_make_another_request(reviewer_api, creator):
    make_review(creator)

    first = submit(reviewer_api, None, path="/agents/reviews/next")
    other = submit(reviewer_api, None, path="/agents/reviews/next?agent_type=spatial")

    assert first.status_code == 200
    problem_of(other, 422, "idempotency_key_reused")


def test_key_counts_for_one_account_and_one_path(api, stranger_api):
    jobs = [submit(api).json()["job_id"], submit(stranger_api).json()["job_id"]]
    universe = submit(api, {"name": "Low Marsh"}, path="/universes")

    assert universe.status_code == 201
    assert len(set(jobs)) == 2


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\u00e9"])
def test_unusable_key_is_refused(api, key):
    problem_of(submit(api, key=key), 400, "idempotency_key_invalid")

    assert not AgentJob.objects.exists()


def test_key_of_a_caller_without_token_is_not_kept(client):
    response = client.post("/agents/jobs", JOB, "application/json", headers={"Idempotency-Key": "k-1"})

    problem_of(response, 401, "not_authenticated")
    assert not IdempotentRequest.objects.exists()


def test_invalid_body_leaves_the_key_free(api):
    assert pointers_of(submit(api, {**JOB, "priority": 5})) == {"/priority": "invalid_choice"}

    assert submit(api).status_code == 202


def test_refusal_is_an_answer(api, creator):
    budget = Budget.objects.create(scope="user", user=creator, period="day", limit_usd=0)
    first = submit(api)
    budget.delete()
    again = submit(api)

    assert (first.status_code, again.status_code) == (402, 402)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert not AgentJob.objects.exists()
    assert submit(api, key="k-2").status_code == 202


def test_refusal_that_asks_for_another_try_is_not_kept(api, monkeypatch):
    monkeypatch.setattr(universes, "_MAX_SLUG_ATTEMPTS", 0)
    busy = submit(api, {"name": "Low Marsh"}, path="/universes")
    monkeypatch.undo()

    assert (busy.status_code, busy.headers["Retry-After"]) == (409, "1")
    assert submit(api, {"name": "Low Marsh"}, path="/universes").status_code == 201


def test_crash_undoes_the_work_and_frees_the_key(api, monkeypatch):
    create = submission.create_job

    def create_and_crash(prepared):
        create(prepared)
        raise RuntimeError("power cut")

    monkeypatch.setattr(submission, "create_job", create_and_crash)
    crashed = submit(api)
    monkeypatch.undo()

    assert crashed.status_code == 500
    assert not AgentJob.objects.exists()
    again = submit(api)
    assert (again.status_code, again.headers.get("Idempotency-Replayed")) == (202, None)
    assert AgentJob.objects.count() == 1


def test_running_request_is_not_repeated(api, creator):
    leave_claim(api, creator, seconds_left=30)

    response = submit(api)

    problem_of(response, 409, "idempotency_key_in_use")
    assert response.headers["Retry-After"] == "1"
    assert not AgentJob.objects.exists()


def test_claim_of_a_dead_process_is_taken_over(api, creator):
    leave_claim(api, creator, seconds_left=-1)

    first, again = submit(api), submit(api)

    assert (first.status_code, first.headers.get("Idempotency-Replayed")) == (202, None)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert AgentJob.objects.count() == 1


def test_process_that_wakes_up_after_a_take_over_counts_for_nothing(api, creator, monkeypatch):
    create = submission.create_job

    def stall(prepared):
        monkeypatch.setattr(submission, "create_job", create)
        job = create(prepared)
        # Meanwhile the claim runs out, and a repetition takes it over.
        IdempotentRequest.objects.update(token="00000000-0000-0000-0000-000000000001")
        return job

    monkeypatch.setattr(submission, "create_job", stall)
    response = submit(api)

    problem_of(response, 409, "idempotency_key_in_use")
    assert not AgentJob.objects.exists()


@pytest.mark.parametrize("broken", ["_free", "_claim"], ids=["while it is freed", "while it is claimed"])
@pytest.mark.django_db(transaction=True)
def test_key_is_free_again_when_the_database_is_back(api, creator, broker, monkeypatch, broken):
    work, is_away = getattr(keys, broken), True

    def break_off(*arguments):
        # A claim may be committed all the same.
        result = work(*arguments) if broken == "_claim" or not is_away else None
        if is_away:
            raise OperationalError("the server closed the connection unexpectedly")
        return result

    monkeypatch.setattr(keys, broken, break_off)
    abandoned: Abandoned[keys.Claim] = Abandoned(lambda claim: keys._free(claim), interval_s=0.01)
    monkeypatch.setattr(keys, "_abandoned", abandoned)
    with monkeypatch.context() as away:
        away.setattr(submission, "submit_job", raise_operational_error)
        assert submit(api).status_code == 503
    assert not AgentJob.objects.exists()

    is_away = False
    wait_until(lambda: not IdempotentRequest.objects.exists(), within_s=10, what="the key is free")

    assert submit(api).status_code == 202
    assert AgentJob.objects.count() == 1


def raise_operational_error(request):
    raise OperationalError("the server closed the connection unexpectedly")


def test_answer_is_kept_for_a_day(api):
    submit(api)
    make_old(hours=23, minutes=59)
    assert delete_old_idempotency_keys() == 0
    assert submit(api).headers["Idempotency-Replayed"] == "true"

    make_old(hours=24, minutes=1)
    assert "Idempotency-Replayed" not in submit(api).headers
    make_old(hours=24, minutes=1)
    assert delete_old_idempotency_keys() == 1

    assert AgentJob.objects.count() == 2


def test_verdict_sent_twice_is_one_decision(reviewer_api, creator):
    item = make_review(creator)
    path = f"/agents/reviews/{item.pk}/decision"

    first = submit(reviewer_api, {"verdict": "approved"}, path=path)
    again = submit(reviewer_api, {"verdict": "approved"}, path=path)

    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert ReviewDecision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_one_job_and_one_bill(client_of, creator, broker, settings):
    settings.ANTHROPIC_API_KEY = "a-key"
    price = client_of(creator).post("/agents/jobs", {**JOB, "dry_run": True}).json()["price_usd"]["high"]
    budget = Budget.objects.create(scope="user", user=creator, period="day", limit_usd=100)

    answers = run_concurrently(*[lambda: submit(client_of(creator))] * 20)

    ids = {answer.json()["job_id"] for answer in answers if answer.status_code == 202}
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert len(ids) == 1
    refused = [answer for answer in answers if answer.status_code == 409]
    assert {answer.headers["Retry-After"] for answer in refused} <= {"1"}
    job = AgentJob.objects.get()
    bill = client_of(creator).get(f"/agents/budgets/{budget.pk}").json()["reserved_usd"]
    assert Decimal(bill) == Decimal(price) > 0
    assert submit(client_of(creator)).json()["job_id"] == str(job.pk)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_after_a_death_are_one_job(client_of, creator, api, broker):
    leave_claim(api, creator, seconds_left=-1)

    answers = run_concurrently(*[lambda: submit(client_of(creator))] * 20)

    assert 202 in {answer.status_code for answer in answers} <= {202, 409}
    assert AgentJob.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_universes_of_one_key_are_one(client_of, creator):
    run_concurrently(*[lambda: submit(client_of(creator), {"name": "Low Marsh"}, path="/universes")] * 20)

    assert Universe.objects.count() == 1
    assert connection.in_atomic_block is False


# Submits a job in a process that ends in the middle, as by a power cut.
DYING = """
import json, os, sys, django
django.setup()
from django.contrib.auth.models import User
from rest_framework.test import APIClient
from agents.common import dispatch
from agents.jobs import submission

moment, username, job = sys.argv[1:]
create = submission.create_job

def die_before_commit(prepared):
    create(prepared)
    os._exit(9)

if moment == "before":
    submission.create_job = die_before_commit
else:
    dispatch.enqueue = lambda jobs: os._exit(9)
client = APIClient()
client.force_authenticate(User.objects.get(username=username))
client.post(
    "/agents/jobs", json.loads(job), headers={"Idempotency-Key": "k-1", "Host": "localhost"}, format="json"
)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("moment", "jobs_left", "is_replayed"), [("before", 0, None), ("after", 1, "true")])
def test_process_that_dies_leaves_all_or_nothing(api, creator, broker, moment, jobs_left, is_replayed):
    settings_module = {"DJANGO_SETTINGS_MODULE": "mediaassets.settings"}
    died = subprocess.run(
        [sys.executable, "-c", DYING, moment, creator.username, json.dumps(JOB)],
        env={**os.environ, **settings_module, "DATABASE_URL": database_url(connection.settings_dict)},
        cwd=ROOT,
        check=False,
    )
    assert died.returncode == 9
    assert AgentJob.objects.count() == jobs_left
    IdempotentRequest.objects.filter(answered_at=None).update(claimed_until=timezone.now())

    response = submit(api)

    assert (response.status_code, response.headers.get("Idempotency-Replayed")) == (202, is_replayed)
    assert AgentJob.objects.get().pk.hex == response.json()["job_id"].replace("-", "")
