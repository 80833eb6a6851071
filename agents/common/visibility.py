"""What is kept from those who have still to judge, so that nothing but the output sways them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When

from agents.choices import ReviewKind, ReviewState
from agents.common import permissions
from agents.models import AgentJob, ReviewDecision, ReviewItem
from agents.models.decision import ReviewDecisionQuerySet
from agents.models.job import AgentJobQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


# --- Of an item


def confidence_of(item: ReviewItem) -> float | None:
    """None while reviewers have to judge without it."""
    return None if item.is_hidden else item.confidence


def kind_of(item: ReviewItem) -> str | None:
    """Told once it is closed, so that all are judged alike."""
    return item.kind if item.state == ReviewState.CLOSED else None


# --- Of a job


def withheld_from(reader: User) -> Q:
    """The jobs whose confidence and fate this person must not see yet, because it could sway a verdict.

    That is while an item is open and blind, or wants this person's opinion beside those of others. Leads and whoever
    asked for the work see them all the same; of gold that they have to judge nobody does. A job that used the output
    again tells as much of it, and that it counted.
    """
    of_job = ReviewItem.objects.open().filter(Q(job=OuterRef("pk")) | Q(job=OuterRef("reused_from")))
    own_gold = Exists(of_job.filter(kind=ReviewKind.GOLD, only_for=reader.pk))
    if permissions.is_lead(reader):
        return Q(own_gold)
    has_judged = ReviewDecision.objects.standing().filter(item=OuterRef("pk"), by=reader.pk)
    undecided = of_job.exclude(kind=ReviewKind.GOLD).filter(
        Q(is_blind=True) | Q(opinions_wanted__gt=1) & ~Exists(has_judged)
    )
    return Q(own_gold) | Q(Exists(undecided)) & ~Q(requested_by=reader.pk)


def mark_withheld(jobs: AgentJobQuerySet, reader: User) -> AgentJobQuerySet:
    """Each with ``is_withheld``."""
    if not _may_have_to_judge(reader):
        return jobs.annotate(is_withheld=Value(False))
    is_withheld = Case(When(withheld_from(reader), then=True), default=False, output_field=BooleanField())
    return jobs.annotate(is_withheld=is_withheld)


def not_withheld(jobs: AgentJobQuerySet, reader: User) -> AgentJobQuerySet:
    """Those of which nothing is withheld: what is must not be found out by filtering."""
    return jobs.exclude(withheld_from(reader)) if _may_have_to_judge(reader) else jobs


def is_withheld(job: AgentJob, reader: User) -> bool:
    return _may_have_to_judge(reader) and AgentJob.objects.filter(withheld_from(reader), pk=job.pk).exists()


def _may_have_to_judge(reader: User) -> bool:
    # Others read only their own jobs; what one has asked for is withheld from nobody.
    return reader.is_staff and permissions.is_reviewer(reader)


# --- Opinions and decisions


def may_see_opinions(item: ReviewItem, user: User) -> bool:
    """Whether what others think of it is no secret from this person: it is decided, or theirs to settle."""
    return item.state == ReviewState.CLOSED or (item.disputed_at is not None and permissions.is_lead(user))


def visible_decisions(user: User | AnonymousUser) -> ReviewDecisionQuerySet:
    """All decisions but those that could sway somebody who has still to judge, and those on the gold of others.

    Of an item that wants several opinions one's own is seen alone until it is closed; leads see the opinions that
    they have to settle. What was once decided of a job is not seen while one has it as gold.
    """
    may_be_seen = Q(by=user.pk) | ~Q(item__state=ReviewState.OPEN) | Q(item__opinions_wanted=1)
    if permissions.is_lead(user):
        may_be_seen |= Q(item__disputed_at__isnull=False)
    own_gold = ReviewItem.objects.all().gold_to_judge(user).values("job")
    is_mine_or_nobodys = Q(item__only_for=user.pk) | Q(item__only_for__isnull=True) & ~Q(
        item__job__in=own_gold
    )
    found = ReviewDecision.objects.filter(is_mine_or_nobodys, may_be_seen)
    assert isinstance(found, ReviewDecisionQuerySet)
    return found
