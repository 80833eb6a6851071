"""Outcomes of the jobs so far; totals of jobs are made anew by outcome, those of verdicts get their new names."""

from django.db import migrations
from django.db.models import Case, CharField, Count, F, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Concat

FINISHED = ("completed", "failed", "cancelled")
VERDICTS = ("approved", "edited", "rejected", "asked_again")


def fill(apps, schema_editor):
    AgentJob = apps.get_model("agents", "AgentJob")
    ReviewDecision = apps.get_model("agents", "ReviewDecision")
    verdicts = (
        ReviewDecision.objects.filter(item__job=OuterRef("pk"), takes_effect=True, undone_at__isnull=True)
        .exclude(item__kind="gold")
        .order_by("-at", "-id")
    )
    outcome = Case(
        When(status__in=("failed", "cancelled"), then=F("status")),
        When(human_review_required=True, then=Value("awaiting_review")),
        default=Coalesce(Subquery(verdicts.values("verdict")[:1]), Value("trusted")),
        output_field=CharField(),
    )
    AgentJob.objects.filter(status__in=FINISHED).order_by().update(outcome=outcome)
    AgentJob.objects.filter(counted_as="completed").order_by().update(counted_as=F("outcome"))


def count_anew(apps, schema_editor):
    AgentJob = apps.get_model("agents", "AgentJob")
    JobTotal = apps.get_model("agents", "JobTotal")
    JobTotal.objects.filter(outcome__in=VERDICTS).update(outcome=Concat(Value("verdict "), F("outcome")))
    JobTotal.objects.filter(outcome="completed").delete()
    counted = AgentJob.objects.exclude(counted_as__in=("", "failed", "cancelled")).order_by()
    for columns in (("agent_type", "counted_as"), ("requested_by", "agent_type", "counted_as")):
        rows = counted.values_list(*columns).annotate(Count("pk"), Sum("confidence_score", default=0.0))
        JobTotal.objects.bulk_create(
            JobTotal(
                requested_by_id=person[0] if person else None,
                agent_type=agent,
                outcome=name,
                number=number,
                confidence_sum=confidence,
            )
            for *person, agent, name, number, confidence in rows
        )


class Migration(migrations.Migration):
    dependencies = [("agents", "0025_job_outcomes")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
