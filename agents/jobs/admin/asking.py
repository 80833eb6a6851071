"""Admin page on which administrators submit jobs."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agents.choices import JobPriority
from agents.common.admin.asking import Asked, UniverseForm, asking_page
from agents.common.admin.base import signed_in_staff
from agents.jobs import submission
from agents.models import AgentJob
from agents.providers import factory

MAX_VARIANTS: Final = 4


class JobForm(UniverseForm):
    variants = forms.TypedChoiceField(
        choices=[(number, str(number)) for number in range(1, MAX_VARIANTS + 1)],
        coerce=int,
        initial=1,
        help_text="A reviewer compares them side by side.",
    )
    batch = forms.BooleanField(
        required=False, label="Send in a batch", help_text="Half the price, finished within hours."
    )
    may_reuse = forms.BooleanField(
        required=False,
        label="Reuse an earlier output",
        help_text="Use an earlier output for exactly the same request, at no cost.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["universe"].required = False
        self.fields["universe"].help_text = "Empty: no universe."
        if not factory.has_batch_lane():
            del self.fields["batch"]


def ask_view(request: HttpRequest) -> HttpResponse:
    user = signed_in_staff(request)

    def wanted(asked: Asked) -> submission.JobRequest:
        around = asked.around.cleaned_data
        universe = around["universe"]
        return submission.JobRequest(
            by=user,
            agent_type=asked.work.agent_type,
            universe_id=universe and universe.pk,
            input_data=asked.values,
            priority=JobPriority.BATCH if around.get("batch") else JobPriority.NORMAL,
            may_reuse=around["may_reuse"],
        )

    def preview(asked: Asked) -> dict[str, Any]:
        return {"run": submission.preview_job(wanted(asked)), "count": asked.around.cleaned_data["variants"]}

    def send(asked: Asked) -> HttpResponse:
        count = asked.around.cleaned_data["variants"]
        if count == 1:
            job = submission.submit_job(wanted(asked))
            messages.success(request, "Submitted.")
            return HttpResponseRedirect(reverse("admin:agents_agentjob_change", args=[job.pk]))
        submission.submit_variants(wanted(asked), count)
        messages.success(request, f"{count} variants submitted.")
        return HttpResponseRedirect(reverse("admin:agents_agentjob_changelist"))

    return asking_page(
        request, AgentJob, JobForm, title="Ask an agent", button="Submit", preview=preview, send=send
    )
