"""The periodic tasks that the migrations create."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken

from agents.common import dispatch
from agents.notify import mail
from agents.notify import tasks as mail_tasks
from agents.tasks import flush_expired_tokens
from mediaassets.idempotency.tasks import delete_old_idempotency_keys

pytestmark = pytest.mark.django_db


def test_every_periodic_task_is_registered():
    named = set(PeriodicTask.objects.filter(task__startswith="agents.").values_list("task", flat=True))

    assert named == {
        dispatch.RUN_DUE_SCHEDULES,
        dispatch.CLEANUP_OLD_JOBS,
        dispatch.GET_JOB_STATS,
        dispatch.FLUSH_EXPIRED_TOKENS,
        dispatch.REFRESH_REVIEW_REPORTS,
        dispatch.MAIL_NOTIFICATIONS,
        dispatch.MAIL_OVERDUE_DIGEST,
        dispatch.PLANT_GOLD,
        dispatch.CHECK_LANGUAGE_MODELS,
        dispatch.COMPUTE_PROMISES,
        dispatch.LEARN,
        dispatch.COUNT_TOTALS,
        dispatch.READ_DUE_TEXTS,
        dispatch.RECHECK_WORLDS,
        dispatch.SEND_BATCHES,
        dispatch.POLL_BATCHES,
    }
    assert named <= set(current_app.tasks)


def test_old_idempotency_keys_are_deleted_hourly():
    task = PeriodicTask.objects.get(task=delete_old_idempotency_keys.name)

    assert (task.interval.every, task.interval.period, task.enabled) == (3600, "seconds", True)
    route = current_app.amqp.router.route({}, task.task)
    assert route["queue"].name == "maintenance"


def test_mail_runs_every_minute_and_the_digest_daily():
    often = PeriodicTask.objects.get(task=dispatch.MAIL_NOTIFICATIONS)
    daily = PeriodicTask.objects.get(task=dispatch.MAIL_OVERDUE_DIGEST)

    assert (often.interval.every, often.interval.period, often.enabled) == (30, "seconds", True)
    assert (daily.crontab.hour, daily.crontab.minute, str(daily.crontab.timezone)) == ("7", "15", "UTC")


def test_mail_tasks_send_due_mail(monkeypatch):
    monkeypatch.setattr(mail, "mail_notifications", lambda: {"sent": 2, "failed": 0})
    monkeypatch.setattr(mail, "mail_overdue_digest", lambda: {"sent": 3, "failed": 1})

    assert mail_tasks.mail_notifications() == {"sent": 2, "failed": 0}
    assert mail_tasks.mail_overdue_digest() == {"sent": 3, "failed": 1}


def test_maintenance_tasks_do_not_use_the_jobs_queue():
    routes = {name: current_app.amqp.router.route({}, name)["queue"].name for name in current_app.tasks}

    assert routes[dispatch.PROCESS_AGENT_JOB] == dispatch.JOBS_QUEUE
    assert {routes[name] for name in routes if name.startswith("agents.")} == {"jobs", "maintenance"}
    assert routes[dispatch.GET_JOB_STATS] == "maintenance"


def test_expired_tokens_are_deleted(creator):
    RefreshToken.for_user(creator)
    RefreshToken.for_user(creator)
    old = OutstandingToken.objects.order_by("pk")[0]
    OutstandingToken.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    flush_expired_tokens()

    assert OutstandingToken.objects.filter(pk=old.pk).exists() is False
    assert OutstandingToken.objects.count() == 1
