"""Changes to the admin pages of libraries: unused ones are removed, the others get plain names."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib import admin
from django_celery_beat.admin import (
    CrontabScheduleAdmin,
    PeriodicTaskAdmin,
    PeriodicTaskForm,
    TaskChoiceField,
)
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from django_celery_results.models import GroupResult
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from agents.common.admin.base import WordedForm

NAMES = {"auth": "People", "django_celery_beat": "Periodic tasks", "django_celery_results": "Task results"}
for label, name in NAMES.items():
    apps.get_app_config(label).verbose_name = name

# Periodic tasks use intervals and crontabs only; no task runs in a group; the sign-in manages its tokens itself.
UNUSED = (ClockedSchedule, SolarSchedule, GroupResult, BlacklistedToken, OutstandingToken)
for model in (*UNUSED, CrontabSchedule, PeriodicTask):
    admin.site.unregister(model)


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


def _title(task: PeriodicTask) -> str:
    # Celery's own task, which it names itself.
    return "Delete old task results" if task.name == "celery.backend_cleanup" else str(task.name)


# Only pages print these rows: lists, headings, choices and histories. Beat reads their columns.
IntervalSchedule.__str__ = _interval
CrontabSchedule.__str__ = _crontab
PeriodicTask.__str__ = _title


@admin.register(CrontabSchedule)
class CrontabsInWordsAdmin(CrontabScheduleAdmin):  # type: ignore[misc]
    list_display = ["__str__"]
    fields = ["minute", "hour", "day_of_month", "month_of_year", "day_of_week", "timezone"]


class PeriodicTaskInWordsForm(PeriodicTaskForm):  # type: ignore[misc]
    """The library's form, with the task chosen where it is one of the list, and errors in plain words."""

    regtask = TaskChoiceField(label="Task", required=False)
    task = forms.CharField(
        label="Other task",
        required=False,
        max_length=200,
        help_text="The name of a task that is not in the list.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.task in dict(self.fields["regtask"].widget.choices):
            self.initial |= {"regtask": self.instance.task, "task": ""}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = forms.ModelForm.clean(self) or self.cleaned_data
        data["task"] = data.get("regtask") or data.get("task")
        if not data["task"] and "task" not in self.errors:
            self.add_error("regtask", "Choose a task, or enter the name of another.")
        if data.get("expires") and data.get("expire_seconds"):
            self.add_error("expires", "Enter a time or a number of seconds, not both.")
        if bool(data.get("interval")) == bool(data.get("crontab")):
            self.add_error("interval", "Choose an interval or a crontab, not both.")
            # The model would say it again, in other words.
            self._validate_unique = False
        return data

    def _clean_json(self, field: str) -> str:
        try:
            json.loads(self.cleaned_data[field])
        except ValueError as error:
            raise forms.ValidationError(f"This is not valid JSON: {error}.") from None
        return str(self.cleaned_data[field])


@admin.register(PeriodicTask)
class PeriodicTasksInWordsAdmin(WordedForm, PeriodicTaskAdmin):  # type: ignore[misc]
    list_display = ["title", "enabled", "runs", "last_run"]
    list_filter = ["enabled"]
    list_select_related = ["interval", "crontab"]
    date_hierarchy = None
    form = PeriodicTaskInWordsForm
    # As the library has them, without the kinds of schedule and the routing that nothing here uses.
    fieldsets = [
        (None, {"fields": ["name", "regtask", "task", "enabled", "description"]}),
        ("Schedule", {"fields": ["interval", "crontab", "start_time", "one_off", "last_run"]}),
        ("Arguments", {"classes": ["collapse"], "fields": ["args", "kwargs"]}),
        ("Options", {"classes": ["collapse"], "fields": ["expires", "expire_seconds", "queue"]}),
    ]
    readonly_fields = ["last_run"]
    labels: ClassVar = {
        "interval": "Interval",
        "crontab": "Crontab",
        "start_time": "Not before",
        "one_off": "Run once",
        "args": "Positional arguments",
        "kwargs": "Keyword arguments",
        "expires": "Not after",
        "expire_seconds": "Seconds to wait",
        "queue": "Queue",
    }
    help_texts: ClassVar = {
        "name": "",
        "enabled": "",
        "description": "",
        "interval": "An interval or a crontab, not both.",
        "crontab": "",
        "start_time": "",
        "one_off": "The task is switched off after its next run.",
        "args": 'A JSON list, such as ["a text", 30].',
        "kwargs": 'A JSON object, such as {"days": 30}.',
        "expires": "",
        "expire_seconds": "A run that no worker has begun by then is dropped.",
        "queue": "Empty: the queue of the task.",
    }

    @admin.display(description="Name", ordering="name")
    def title(self, task: PeriodicTask) -> str:
        return _title(task)

    @admin.display(description="Runs")
    def runs(self, task: PeriodicTask) -> str:
        return str(task.interval or task.crontab or "–")

    @admin.display(description="Last run", ordering="last_run_at")
    def last_run(self, task: PeriodicTask) -> datetime | str:
        return task.last_run_at or "–"
