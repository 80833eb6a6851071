"""Jobs in the admin: read by reviewers, changed by operators."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.choices import EventKind, JobOutcome, JobStatus
from agents.models import AgentJob, AgentJobEvent
from tests.support import rows

pytestmark = pytest.mark.django_db

LIST = reverse("admin:agents_agentjob_changelist")


@pytest.fixture
def failed(creator, low_marches) -> AgentJob:
    return rows.finished_job(
        creator,
        low_marches,
        status=JobStatus.FAILED,
        output_data=None,
        confidence_score=None,
        error_code="overloaded",
        error_message="The model was overloaded.",
    )


@pytest.fixture
def pending(creator, low_marches) -> AgentJob:
    return rows.finished_job(
        creator,
        low_marches,
        status=JobStatus.PENDING,
        output_data=None,
        confidence_score=None,
        completed_at=None,
    )


def page_of(job: AgentJob) -> str:
    return reverse("admin:agents_agentjob_change", args=[job.pk])


def status_of(job: AgentJob) -> str:
    return AgentJob.objects.get(pk=job.pk).status


def test_page_shows_everything_read_only(superuser_client, ferry_job):
    response = superuser_client.get(page_of(ferry_job))

    page = response.content.decode()
    for text in (
        str(ferry_job.pk),
        "Completed",
        "0.45",
        "Mira leaves the town by the ferry.",
        "Claimed by a worker",
    ):
        assert text in page
    assert "Save" not in page
    assert superuser_client.post(page_of(ferry_job), {"status": "failed"}).status_code == 403
    assert status_of(ferry_job) == JobStatus.COMPLETED


def test_retry_button_makes_a_failed_job_pending(superuser_client, superuser, failed):
    assert (
        f'action="{reverse("admin:agents_agentjob_retry", args=[failed.pk])}"'
        in superuser_client.get(page_of(failed)).content.decode()
    )

    response = superuser_client.post(reverse("admin:agents_agentjob_retry", args=[failed.pk]), follow=True)

    assert "1 job queued again." in response.content.decode()
    assert status_of(failed) == JobStatus.PENDING
    assert AgentJobEvent.objects.get(job=failed, kind=EventKind.RETRIED).by == superuser


def test_cancel_button_cancels_a_pending_job(superuser_client, pending):
    response = superuser_client.post(reverse("admin:agents_agentjob_cancel", args=[pending.pk]), follow=True)

    assert "1 job cancelled." in response.content.decode()
    assert status_of(pending) == JobStatus.CANCELLED


def test_completed_job_has_no_buttons_and_says_why_it_is_kept(superuser_client, ferry_job):
    page = superuser_client.get(page_of(ferry_job)).content.decode()
    assert "/retry/" not in page
    assert "/cancel/" not in page

    response = superuser_client.post(reverse("admin:agents_agentjob_retry", args=[ferry_job.pk]), follow=True)

    assert f"Job {ferry_job.pk} is completed; only failed jobs can be retried." in response.content.decode()
    assert status_of(ferry_job) == JobStatus.COMPLETED


def test_list_action_retries_failed_jobs_and_names_the_others(superuser_client, failed, ferry_job):
    data = {"action": "retry", "_selected_action": [str(failed.pk), str(ferry_job.pk)]}

    page = superuser_client.post(LIST, data, follow=True).content.decode()

    assert "1 job queued again." in page
    assert f"Job {ferry_job.pk} is completed; only failed jobs can be retried." in page
    assert (status_of(failed), status_of(ferry_job)) == (JobStatus.PENDING, JobStatus.COMPLETED)


def test_list_action_cancels(superuser_client, pending):
    superuser_client.post(LIST, {"action": "cancel", "_selected_action": [str(pending.pk)]}, follow=True)

    assert status_of(pending) == JobStatus.CANCELLED


def test_actions_require_post(superuser_client, failed):
    assert superuser_client.get(reverse("admin:agents_agentjob_retry", args=[failed.pk])).status_code == 405
    assert status_of(failed) == JobStatus.FAILED


def test_reviewer_has_read_only_access(reviewer_client, failed, pending):
    page = reviewer_client.get(page_of(failed)).content.decode()
    assert "The model was overloaded." in page
    assert "/retry/" not in page
    assert 'name="action"' not in reviewer_client.get(LIST).content.decode()

    assert reviewer_client.post(reverse("admin:agents_agentjob_retry", args=[failed.pk])).status_code == 403
    assert reviewer_client.post(reverse("admin:agents_agentjob_cancel", args=[pending.pk])).status_code == 403
    reviewer_client.post(LIST, {"action": "cancel", "_selected_action": [str(pending.pk)]}, follow=True)
    assert (status_of(failed), status_of(pending)) == (JobStatus.FAILED, JobStatus.PENDING)


@pytest.mark.parametrize(
    "query", ["status__exact=failed", "q=overloaded-nobody", "agent_type__exact=narrative"]
)
def test_list_filters(superuser_client, failed, ferry_job, query):
    found = {
        "status__exact=failed": {failed.pk},
        "q=overloaded-nobody": set(),
        "agent_type__exact=narrative": {failed.pk, ferry_job.pk},
    }[query]

    assert {row.pk for row in superuser_client.get(f"{LIST}?{query}").context["cl"].result_list} == found


def test_job_is_found_by_the_end_of_its_id(superuser_client, failed, ferry_job):
    response = superuser_client.get(LIST, {"q": ferry_job.pk.hex[-8:]})

    assert [row.pk for row in response.context["cl"].result_list] == [ferry_job.pk]


def test_query_count_does_not_grow_with_rows(superuser_client, creator, low_marches, ferry_job):
    superuser_client.get(LIST)
    with CaptureQueriesContext(connection) as for_one:
        superuser_client.get(LIST)
    for _ in range(30):
        rows.finished_job(creator, low_marches)

    with CaptureQueriesContext(connection) as for_many:
        superuser_client.get(LIST)

    assert len(for_many) == len(for_one)
    assert len(for_many) <= 10


def test_hostile_text_is_escaped(superuser_client, creator, low_marches):
    job = rows.finished_job(
        creator,
        low_marches,
        input_data={"prompt": "<script>alert(1)</script>\u202e"},
        revision_note="<img src=x>",
    )

    page = superuser_client.get(page_of(job)).content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "\u202e" not in page


@pytest.mark.parametrize(
    ("agent_type", "input_data"),
    [
        ("narrative", {"prompt": "Mira counts the coins."}),
        ("spatial", {"location_name": "Mira counts the coins.", "details": "Low."}),
        ("consistency", {"content": "Mira counts the coins."}),
    ],
)
def test_list_shows_the_input(superuser_client, creator, agent_type, input_data):
    job = rows.finished_job(creator, None, agent_type, input_data=input_data)

    page = superuser_client.get(LIST).content.decode()

    assert f'{page_of(job)}">' in page
    assert "Mira counts the coins." in page


def test_list_truncates_long_text(superuser_client, creator):
    rows.finished_job(creator, None, "consistency", input_data={"content": "word " * 10_000})

    page = superuser_client.get(LIST).content.decode()

    assert "word word …" in page
    assert page.count("word ") < 20


def test_page_shows_which_part_of_a_large_world_was_read(superuser_client, creator, low_marches):
    choice = {
        "budget_tokens": 500,
        "tokens": 432,
        "elements_in_world": 40,
        "chosen": [{"id": "1", "name": "Odd <b>", "why": "named"}],
        "left_out": 39,
    }
    job = rows.finished_job(creator, low_marches, world_choice=choice)

    page = superuser_client.get(page_of(job)).content.decode()

    assert "1 of 40 elements, 432 tokens of 500:" in page
    assert "Odd &lt;b&gt;" in page
    assert "(named)" in page


# --- By cause


FAILURES = reverse("admin:agents_agentjob_failures")
ACT = reverse("admin:agents_agentjob_act_on_cause")


@pytest.fixture
def three_failed(creator, low_marches, failed) -> list[AgentJob]:
    others = [
        rows.finished_job(
            creator,
            low_marches,
            status=JobStatus.FAILED,
            output_data=None,
            confidence_score=None,
            outcome=JobOutcome.FAILED,
            error_code=code,
            error_message=f"It was {code}.",
        )
        for code in ("overloaded", "refused")
    ]
    return [failed, *others]


def test_failed_jobs_are_counted_by_cause_and_linked(superuser_client, three_failed, pending):
    page = superuser_client.get(FAILURES)

    assert [(cause.code, cause.count) for cause in page.context["failed"]] == [
        ("overloaded", 2),
        ("refused", 1),
    ]
    assert page.context["waiting"] == []
    link = f"{LIST}?status__exact=failed&amp;error_code=overloaded"
    assert link in page.content.decode()
    found = superuser_client.get(link.replace("&amp;", "&")).context["cl"].result_list
    assert {job.pk for job in found} == {three_failed[0].pk, three_failed[1].pk}


def test_all_of_a_cause_are_retried_and_others_stay(superuser_client, three_failed):
    page = superuser_client.post(ACT, {"status": "failed", "code": "overloaded"}, follow=True)

    assert "2 jobs queued again." in page.content.decode()
    assert [status_of(job) for job in three_failed] == ["pending", "pending", "failed"]


def test_all_that_wait_after_an_error_are_cancelled(superuser_client, pending):
    AgentJob.objects.filter(pk=pending.pk).update(error_code="rate_limited", error_message="Later.")
    assert [cause.code for cause in superuser_client.get(FAILURES).context["waiting"]] == ["rate_limited"]

    page = superuser_client.post(ACT, {"status": "pending", "code": "rate_limited"}, follow=True)

    assert "1 job cancelled." in page.content.decode()
    assert status_of(pending) == JobStatus.CANCELLED


def test_bulk_action_says_how_many_are_left(superuser_client, three_failed, monkeypatch):
    monkeypatch.setattr("agents.jobs.failures.MAX_AT_ONCE", 1)

    page = superuser_client.post(ACT, {"status": "failed", "code": "overloaded"}, follow=True)

    assert "1 more has this cause." in page.content.decode()


@pytest.mark.parametrize("status", ["completed", "", "x"])
def test_other_jobs_have_no_bulk_action(superuser_client, ferry_job, status):
    superuser_client.post(ACT, {"status": status, "code": ""}, follow=True)

    assert status_of(ferry_job) == JobStatus.COMPLETED


def test_list_shows_the_error_and_filters_by_cause_universe_and_model(
    superuser_client, three_failed, low_marches
):
    page = superuser_client.get(f"{LIST}?status__exact=failed")

    assert "overloaded: The model was overloaded." in page.content.decode()
    titles = {spec.title for spec in page.context["cl"].filter_specs}
    assert {"cause", "universe"} <= titles
    for query, count in (("error_code=refused", 1), (f"universe={low_marches.pk}", 3), ("model=none", 0)):
        found = superuser_client.get(f"{LIST}?status__exact=failed&{query}").context["cl"]
        assert found.result_count == count


def test_page_leaves_out_what_a_job_has_nothing_for(superuser_client, ferry_job, failed):
    completed = superuser_client.get(page_of(ferry_job)).content.decode()
    broken = superuser_client.get(page_of(failed)).content.decode()

    assert "Failed" in broken
    for label in ("overloaded", "Feedback", "Revision note", "Reused from", "Guidance"):
        assert label not in completed


def test_page_reads_as_a_page(superuser_client, ferry_job):
    content = superuser_client.get(page_of(ferry_job)).content.decode()

    assert content.index("What happened") < content.index("The Ferry at Low Water") < content.index("As JSON")
    assert '<h3 class="title" dir="auto">The Ferry at Low Water</h3>' in content


def test_page_says_an_error_once_and_first(superuser_client, submit, run, llm):
    llm.will(llm.refusal())
    job = run(submit("narrative"))

    content = superuser_client.get(page_of(job)).content.decode()
    assert job.status == JobStatus.FAILED
    assert f"<strong>{job.error_code}:</strong>" in content
    assert content.count(job.error_message) == 1
    assert content.index(job.error_message) < content.index("What happened")
