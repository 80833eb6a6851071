"""Changes to the admin pages of libraries: unused ones are removed, the others get plain names."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django_celery_beat.admin import IntervalScheduleAdmin, PeriodicTaskAdmin
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from django_celery_results.admin import TaskResultAdmin
from django_celery_results.models import GroupResult, TaskResult
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

NAMES = {"auth": "People", "django_celery_beat": "Periodic tasks", "django_celery_results": "Task results"}
for label, name in NAMES.items():
    apps.get_app_config(label).verbose_name = name

# Periodic tasks use intervals and crontabs only; no task runs in a group; the sign-in manages its tokens itself.
UNUSED = (ClockedSchedule, SolarSchedule, GroupResult, BlacklistedToken, OutstandingToken)
for model in (*UNUSED, IntervalSchedule, PeriodicTask, TaskResult):
    admin.site.unregister(model)


@admin.register(IntervalSchedule)
class IntervalsInWordsAdmin(IntervalScheduleAdmin):  # type: ignore[misc]
    list_display = ["in_words"]

    @admin.display(description="Interval")
    def in_words(self, interval: IntervalSchedule) -> str:
        return _interval(interval)


def _interval(interval: IntervalSchedule) -> str:
    number, unit = interval.every, str(interval.period)
    for smaller, larger in (("seconds", "minutes"), ("minutes", "hours")):
        if unit == smaller and number >= 60 and number % 60 == 0:
            number, unit = number // 60, larger
    return f"Every {unit[:-1]}" if number == 1 else f"Every {number} {unit}"


def _crontab(crontab: CrontabSchedule) -> str:
    """Put a daily crontab into words; others are shown as they are written."""
    days = (crontab.day_of_month, crontab.month_of_year, crontab.day_of_week)
    if set(days) == {"*"} and crontab.minute.isdigit() and crontab.hour.isdigit():
        return f"Every day at {int(crontab.hour):02}:{int(crontab.minute):02} {crontab.timezone}"
    return " ".join((crontab.minute, crontab.hour, *days, str(crontab.timezone)))


@admin.register(PeriodicTask)
class PeriodicTasksInWordsAdmin(PeriodicTaskAdmin):  # type: ignore[misc]
    list_display = ["title", "enabled", "runs", "last_run_at"]
    list_filter = ["enabled"]
    list_select_related = ["interval", "crontab"]
    date_hierarchy = None

    @admin.display(description="Name", ordering="name")
    def title(self, task: PeriodicTask) -> str:
        # Celery's own task, which it names itself.
        return "Delete old task results" if task.name == "celery.backend_cleanup" else str(task.name)

    @admin.display(description="Runs")
    def runs(self, task: PeriodicTask) -> str:
        if task.interval is not None:
            return _interval(task.interval)
        return _crontab(task.crontab) if task.crontab is not None else "–"


@admin.register(TaskResult)
class ReadOnlyTaskResultAdmin(TaskResultAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: TaskResult | None = None) -> bool:
        return False
