"""Comparison of everything that the jobs of a scenario have left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from agents.choices import EventKind, JobOutcome, JobStatus
from agents.models import AgentJob, AgentJobEvent, ModelCall, ReviewItem
from agents.models.jobs.job import AgentJobQuerySet
from agents.models.jobs.states import FINISHED
from universes.models import CanonChange, Scene

ENDS = (EventKind.COMPLETED, EventKind.FAILED, EventKind.CANCELLED)


@dataclass(frozen=True)
class Verdict:
    """Counts of a scenario's jobs; ``wrong`` names each promise that was broken, with an example."""

    jobs: int
    lost: int
    doubled: int
    extra_calls: int
    unknown_calls: int
    repeated_webhooks: int
    wrong: list[str] = field(default_factory=list)


def check(
    jobs: AgentJobQuerySet,
    *,
    accepted: Collection[str],
    told: AgentJobQuerySet,
    webhooks: Mapping[str, int],
    repeated_webhooks: int,
) -> Verdict:
    """Check jobs that had time to end.

    ``accepted`` are the ids that clients got, ``webhooks`` the messages about each of the jobs ``told``.
    """
    found = {str(job.pk): job for job in jobs.defer("output_data", "signals", "input_data")}
    ends = _count_events(jobs, Q(kind__in=ENDS))
    calls = list(
        ModelCall.objects.filter(job__in=jobs).values_list("job", "attempt", "error_code", "prompt_name")
    )
    lost = [job for job in accepted if job not in found or found[job].status not in FINISHED]
    lost += [pk for pk, job in found.items() if job.status not in FINISHED and pk not in accepted]
    doubled = [pk for pk in found if ends[pk] > 1]
    problems = {
        "accepted jobs did not end": lost,
        "jobs ended twice": doubled,
        "jobs failed": [
            pk for pk, job in found.items() if job.status != JobStatus.COMPLETED and pk not in lost
        ],
        **_wrong_calls(found, calls, _count_events(jobs, Q(kind=EventKind.RESCUED))),
        **_wrong_effects(jobs, found),
        "ends were not told to the webhook exactly once": [
            pk for pk in map(str, told.values_list("pk", flat=True)) if webhooks.get(pk, 0) != 1
        ],
    }
    # A retry is a call that a directive asked for.
    needed = len(found) + jobs.filter(input_data__prompt__icontains="[mock:fail-once]").count()
    return Verdict(
        jobs=len(found),
        lost=len(lost),
        doubled=len(doubled),
        extra_calls=len(calls) - needed,
        unknown_calls=sum(code == "worker_lost" for _, _, code, _ in calls),
        repeated_webhooks=repeated_webhooks,
        wrong=[f"{len(ids)} {what}, for instance {ids[0]}" for what, ids in problems.items() if ids],
    )


def _wrong_calls(
    found: Mapping[str, AgentJob], calls: Collection[tuple[object, int, str, str]], rescued: Counter[str]
) -> dict[str, list[str]]:
    # One attempt asks with several prompts if it repairs its answer.
    answered = Counter((str(job), attempt, prompt) for job, attempt, code, prompt in calls if not code)
    answers = {(job, attempt) for job, attempt, _ in answered}
    unknown = Counter(str(job) for job, _, code, _ in calls if code == "worker_lost")
    completed = [(pk, job) for pk, job in found.items() if job.status == JobStatus.COMPLETED]
    return {
        "completed jobs without their answer in the ledger": [
            pk for pk, job in completed if (pk, job.attempts) not in answers
        ],
        "answers are twice in the ledger": [pk for (pk, _, _), times in answered.items() if times > 1],
        "calls of unknown cost without a lost attempt": [
            pk for pk, times in unknown.items() if times > rescued[pk]
        ],
    }


def _wrong_effects(jobs: AgentJobQuerySet, found: Mapping[str, AgentJob]) -> dict[str, list[str]]:
    items = Counter(str(job) for job in ReviewItem.objects.filter(job__in=jobs).values_list("job", flat=True))
    placed = Counter(
        CanonChange.objects.filter(universe__in=jobs.values("universe")).values_list("origin_ref", flat=True)
    )
    wanted = dict(jobs.filter(universe__isnull=False).values_list("universe", "universe__trusted_output"))
    scenes = list(
        Scene.objects.filter(universe__in=wanted).values_list("origin_ref", "universe", "canon_status")
    )
    made = Counter(origin for origin, _, _ in scenes)
    in_doubt = {pk for pk, job in found.items() if job.outcome == JobOutcome.AWAITING_REVIEW}
    trusted = {
        pk
        for pk, job in found.items()
        if job.outcome == JobOutcome.TRUSTED and job.agent_type == "narrative" and job.universe_id
    }
    return {
        "jobs have a wrong number of review items": [pk for pk in found if items[pk] != (pk in in_doubt)],
        "jobs have a wrong number of steps in canon": [pk for pk in found if placed[pk] != (pk in trusted)],
        "jobs have a wrong number of scenes": [pk for pk in found if made[pk] != (pk in trusted)],
        "scenes are of no job": [origin or "one by hand" for origin in made if origin not in found],
        "scenes have another status than their universe wants": [
            origin for origin, universe, status in scenes if status != wanted[universe]
        ],
    }


def _count_events(jobs: AgentJobQuerySet, which: Q) -> Counter[str]:
    events = AgentJobEvent.objects.filter(which, job__in=jobs)
    return Counter(str(job) for job in events.values_list("job", flat=True))
