"""Changes to the admin pages of libraries: unused ones are removed, the others get plain names."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django_celery_beat.admin import IntervalScheduleAdmin
from django_celery_beat.models import ClockedSchedule, IntervalSchedule, SolarSchedule
from django_celery_results.admin import TaskResultAdmin
from django_celery_results.models import GroupResult, TaskResult
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

NAMES = {"auth": "People", "django_celery_beat": "Periodic tasks", "django_celery_results": "Task results"}
for label, name in NAMES.items():
    apps.get_app_config(label).verbose_name = name

# Periodic tasks use intervals and crontabs only; no task runs in a group; the sign-in manages its tokens itself.
UNUSED = (ClockedSchedule, SolarSchedule, GroupResult, BlacklistedToken, OutstandingToken)
for model in (*UNUSED, IntervalSchedule, TaskResult):
    admin.site.unregister(model)


@admin.register(IntervalSchedule)
class IntervalsInWordsAdmin(IntervalScheduleAdmin):  # type: ignore[misc]
    list_display = ["in_words"]

    @admin.display(description="Interval")
    def in_words(self, interval: IntervalSchedule) -> str:
        number, unit = interval.every, str(interval.period)
        if unit == "seconds" and number >= 60 and number % 60 == 0:
            number, unit = number // 60, "minutes"
        return f"Every {unit[:-1]}" if number == 1 else f"Every {number} {unit}"


@admin.register(TaskResult)
class ReadOnlyTaskResultAdmin(TaskResultAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: TaskResult | None = None) -> bool:
        return False
