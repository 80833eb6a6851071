"""The list of what needs a person now, each entry with a link to the rows that it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse

from agents.billing import budget_settings
from agents.common import permissions
from agents.jobs import failures, stats
from agents.models import Budget, GenerationSchedule, WorkerProcess
from agents.models.access import may_view_all
from agents.providers import status
from agents.review import queue_stats
from mediaassets.operations import beat
from mediaassets.operations.diagnosis import MAX_DUE_S

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that needs a person: ``count`` and ``text`` read on, as in "3" "failed jobs: overloaded"."""

    count: str
    text: str
    url: str = ""
    is_urgent: bool = False


def needs_of(user: User | AnonymousUser, live: queue_stats.QueueCounts | None) -> list[Need] | None:
    """Return what this person may see and do something about; None if there can never be any.

    ``live`` are the counts of the review queue, for people who may see it.
    """
    if not isinstance(user, User):
        return None
    sees_jobs = may_view_all(user, "agentjob")
    is_operator = user.has_perm(failures.OPERATE)
    if not sees_jobs and live is None:
        return None
    needs = list(_processes()) if is_operator else []
    needs += _jobs() if is_operator and sees_jobs else ()
    needs += _schedules(user) if is_operator else ()
    needs += _budgets(user)
    needs += _reviews(user, live) if live is not None else ()
    return needs


def _processes() -> Iterator[Need]:
    if not WorkerProcess.objects.alive().exists():
        yield Need("No", "worker is running, so jobs wait. Start one and see its log.", is_urgent=True)
    if beat.age_s() is None:
        text = "heartbeat of beat: schedules, batches, mail and clean-up pause. Start it and see its log."
        yield Need("No", text, is_urgent=True)
    for model in status.model_states():
        if causes := status.paused_by(model):
            url = f"{reverse('admin:index')}#quotas"
            yield Need("1", f"model is paused: {model.model}, {', '.join(causes)}", url, is_urgent=True)


def _jobs() -> Iterator[Need]:
    failed_url = reverse("admin:agents_agentjob_failures")
    for cause in failures.failed():
        text = f"failed {'job' if cause.count == 1 else 'jobs'}: {cause.code.replace('_', ' ')}"
        yield Need(f"{cause.count:,}", text, f"{failed_url}#{cause.code}", is_urgent=True)
    age_s = stats.oldest_due_age_s()
    if age_s is not None and age_s >= MAX_DUE_S:
        url = f"{reverse('admin:agents_agentjob_changelist')}?status__exact=pending"
        yield Need(f"{age_s / 60:,.0f}", "minutes is how long the oldest due job has waited", url)


def _schedules(user: User) -> Iterator[Need]:
    if not user.has_perm("agents.view_generationschedule"):
        return
    stopped = GenerationSchedule.objects.exclude(disabled_reason="").count()
    if stopped:
        url = f"{reverse('admin:agents_generationschedule_changelist')}?enabled__exact=0"
        yield Need(
            f"{stopped:,}", f"{'schedule' if stopped == 1 else 'schedules'} switched off after failures", url
        )


def _budgets(user: User) -> Iterator[Need]:
    if not user.has_perm("agents.view_budget"):
        return
    used = budget_settings.nearly_used(budget_settings.with_current_period(Budget.objects.order_by("id")))
    if used:
        url = reverse("admin:agents_budget_changelist")
        yield Need(
            f"{len(used):,}", f"{'budget is' if len(used) == 1 else 'budgets are'} nearly used up", url
        )


def _reviews(user: User, live: queue_stats.QueueCounts) -> Iterator[Need]:
    queue = reverse("admin:agents_reviewitem_changelist")
    if live["overdue"]:
        text = f"{'review is' if live['overdue'] == 1 else 'reviews are'} overdue"
        yield Need(f"{live['overdue']:,}", text, f"{queue}?{urlencode({'overdue': 'true'})}", is_urgent=True)
    if live["disputed"] and permissions.is_lead(user):
        text = f"{'disagreement waits' if live['disputed'] == 1 else 'disagreements wait'} for a lead"
        yield Need(f"{live['disputed']:,}", text, f"{queue}?{urlencode({'disputed': 'true'})}")
