"""Admin pages of libraries that operators need."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from django_celery_results.models import TaskResult

from agents.choices import Verdict
from agents.common import dispatch
from agents.review.verdicts import decisions
from tests.support.pages import words

pytestmark = pytest.mark.django_db


def test_periodic_tasks_can_be_edited_without_inline_scripts(admin_client):
    task = PeriodicTask.objects.get(name="Clean up old jobs")

    page = admin_client.get(reverse("admin:django_celery_beat_periodictask_change", args=[task.pk]))

    assert page.status_code == 200
    scripts = [part.partition(">")[0] for part in page.content.decode().split("<script")[1:]]
    assert scripts
    assert all("src=" in script or "application/json" in script for script in scripts)


def test_overview_hides_unused_models(admin_client):
    page = admin_client.get(reverse("admin:index")).content.decode()

    assert "Periodic tasks" in page
    for unused in ("Solar", "Clocked", "Group results", "Blacklisted", "Outstanding"):
        assert unused not in page


def test_admin_without_trailing_slash_opens(admin_client):
    assert admin_client.get("/admin", follow=True).status_code == 200


def test_times_have_the_same_format_as_our_pages():
    moment = datetime(2026, 11, 2, 18, 9, tzinfo=UTC)

    assert date_format(moment, "DATETIME_FORMAT") == "2026-11-02 18:09 UTC"
    assert date_format(moment, "DATE_FORMAT") == "2026-11-02"


def test_library_pages_have_plain_names(admin_client):
    page = admin_client.get(reverse("admin:index")).content.decode()

    for name in ("People", "Periodic tasks", "Task results"):
        assert f">{name}</a>" in page.replace("\n", "").replace("  ", "")
    assert "Celery" not in page


def test_intervals_are_listed_in_words_and_results_only_read(admin_client):
    intervals = admin_client.get(reverse("admin:django_celery_beat_intervalschedule_changelist"))

    assert "Every 5 minutes" in intervals.content.decode()
    assert admin_client.get(reverse("admin:django_celery_results_taskresult_add")).status_code == 403


def test_results_of_tasks_are_shown_in_words(admin_client):
    url = reverse("admin:django_celery_results_taskresult_changelist")
    assert "kept for 7 days" in admin_client.get(url).content.decode()
    done, failed = (
        TaskResult.objects.create(task_id=name, task_name=f"tasks.{name}", status=status, **more)
        for name, status, more in (
            ("clean", "SUCCESS", {"result": '{"deleted": 3}', "periodic_task_name": "Delete old jobs"}),
            ("count", "FAILURE", {"result": '{"exc_type": "OSError"}', "traceback": "OSError: disk <full>"}),
        )
    )

    rows = words(admin_client.get(url))
    only_failed = words(admin_client.get(f"{url}?state=FAILURE"))
    pages = [
        words(admin_client.get(reverse("admin:django_celery_results_taskresult_change", args=[row.pk])))
        for row in (done, failed)
    ]

    assert "Delete old jobs Succeeded just now" in rows
    assert "tasks.count Failed just now" in rows
    assert "DateTime" not in "".join([rows, *pages])
    assert "<Task" not in "".join(pages)
    assert "Delete old jobs" not in only_failed
    assert '"deleted": 3' in pages[0]
    assert "OSError: disk <full>" in pages[1]


def test_periodic_tasks_say_in_words_when_they_run(admin_client):
    hourly = IntervalSchedule.objects.create(every=3600, period="seconds")
    nightly = CrontabSchedule.objects.create(minute="0", hour="4")
    weekly = CrontabSchedule.objects.create(minute="5", hour="4", day_of_week="1")
    PeriodicTask.objects.create(name="Hourly", task="one", interval=hourly)
    PeriodicTask.objects.create(name="celery.backend_cleanup", task="two", crontab=nightly)
    PeriodicTask.objects.create(name="Weekly", task="three", crontab=weekly)

    page = admin_client.get(reverse("admin:django_celery_beat_periodictask_changelist")).content.decode()

    for sentence in ("Every hour", "Delete old task results", "Every day at 04:00 UTC", "5 4 * * 1 UTC"):
        assert sentence in page
    assert ">celery.backend_cleanup</a>" not in page


@pytest.fixture
def form_page() -> str:
    return reverse("admin:django_celery_beat_periodictask_add")


def fields_of(**fields):
    empty = dict.fromkeys(("regtask", "task", "interval", "crontab", "queue", "expire_seconds"), "")
    moments = dict.fromkeys(("start_time_0", "start_time_1", "expires_0", "expires_1"), "")
    return {"name": "Mine", "enabled": "on", "args": "[]", "kwargs": "{}", **empty, **moments, **fields}


def test_form_of_a_periodic_task_is_in_plain_words(admin_client, form_page):
    page = words(admin_client.get(form_page))

    for label in ("Task:", "Other task:", "Not after:", "Seconds to wait:", "Positional arguments:"):
        assert label in page
    for odd in ("registered", "custom", "timedelta", "Datetime", "AMQP", "Exchange", "encoded", "Override"):
        assert odd not in page


def test_task_of_the_list_is_chosen_there(admin_client, form_page):
    every = IntervalSchedule.objects.create(every=5, period="hours")
    admin_client.post(form_page, fields_of(regtask=dispatch.LEARN, interval=every.pk))
    admin_client.post(form_page, fields_of(name="Other", task="other.task", interval=every.pk))

    task = PeriodicTask.objects.get(name="Mine")
    assert task.task == dispatch.LEARN
    assert PeriodicTask.objects.get(name="Other").task == "other.task"
    page = admin_client.get(reverse("admin:django_celery_beat_periodictask_change", args=[task.pk]))
    shown = page.context["adminform"].form
    assert (shown["regtask"].value(), shown["task"].value()) == (dispatch.LEARN, "")


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"regtask": ""}, "regtask", "Choose a task, or enter the name of another."),
        ({"interval": ""}, "interval", "Choose an interval or a crontab, not both."),
        (
            {"args": "[1"},
            "args",
            "This is not valid JSON: Expecting ',' delimiter: line 1 column 3 (char 2).",
        ),
        (
            {"expires_0": "2026-11-02", "expires_1": "10:00", "expire_seconds": "9"},
            "expires",
            "Enter a time or a number of seconds, not both.",
        ),
    ],
)
def test_errors_of_a_periodic_task_are_in_plain_words(admin_client, form_page, fields, field, sentence):
    every = IntervalSchedule.objects.create(every=5, period="hours")
    answer = admin_client.post(
        form_page, fields_of(**{"regtask": dispatch.LEARN, "interval": every.pk, **fields})
    )

    assert answer.context["adminform"].form.errors == {field: [sentence]}
    assert not PeriodicTask.objects.filter(name="Mine").exists()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("auth_user", "Users"),
        ("django_celery_beat_periodictask", "Periodic tasks"),
        ("agents_guestsdecide", "Universes where guests decide"),
        ("agents_reviewitem", "Review queue"),
    ],
)
def test_lists_are_named_after_what_they_show(admin_client, address, name):
    list_url = reverse(f"admin:{address}_changelist")
    page = admin_client.get(list_url).content.decode()

    assert f"<h1>{name}</h1>" in page
    assert f"<title>{name} | " in page
    assert (
        "<h1>Select " in admin_client.get(f"{list_url}?_popup=1").content.decode() or name == "Review queue"
    )


def test_empty_fields_have_one_sign(admin_client, ferry_item, reviewer):
    decisions.decide(ferry_item.pk, Verdict.APPROVED, by=reviewer)

    page = admin_client.get(reverse("admin:agents_reviewdecision_changelist")).content.decode()
    assert '<td class="field-reason nowrap">–</td>' in page
    assert ">-<" not in page
