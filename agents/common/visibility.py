"""Fields hidden from reviewers who have not decided yet, so that only the output influences them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from agents.choices import ReviewKind, ReviewState
from agents.common import permissions
from agents.models import AgentJob, ReviewDecision, ReviewItem
from agents.models.jobs.job import AgentJobQuerySet
from agents.models.review.decision import ReviewDecisionQuerySet
from agents.models.review.item import ReviewItemQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


# --- Fields of an item


def confidence_of(item: ReviewItem) -> float | None:
    """Return the confidence of an item, or None while the item is open and blind."""
    return None if item.is_hidden else item.confidence


def kind_of(item: ReviewItem) -> str | None:
    """Return the kind of an item; None while it is open, so that all kinds are judged alike.

    A flag is no secret: its reason has to be read.
    """
    return item.kind if item.state == ReviewState.CLOSED or item.kind == ReviewKind.FLAG else None


# --- Fields of a job


def withheld_from(reader: User) -> Q:
    """Build the condition for jobs whose confidence and fate this person must not see yet.

    These are jobs with an open item that is blind or still requires this person's independent opinion. Leads and the
    requester see them nevertheless, except for gold items they have to judge themselves. Jobs that reused the output
    are included, because they reveal that it counted.
    """
    of_job = ReviewItem.objects.open().filter(Q(job=OuterRef("pk")) | Q(job=OuterRef("reused_from")))
    own_gold, undecided = _withholding(of_job, reader)
    withheld = Q(Exists(own_gold))
    if undecided is not None:
        withheld |= Q(Exists(undecided)) & ~Q(requested_by=reader.pk)
    return withheld


def _withholding(
    items: ReviewItemQuerySet, reader: User
) -> tuple[ReviewItemQuerySet, ReviewItemQuerySet | None]:
    """Narrow open items to the reader's gold, and to those to judge independently; None for leads."""
    own_gold = items.filter(kind=ReviewKind.GOLD, only_for=reader.pk)
    if permissions.is_lead(reader):
        return own_gold, None
    has_judged = ReviewDecision.objects.in_force().filter(item=OuterRef("pk"), by=reader.pk)
    undecided = items.exclude(kind=ReviewKind.GOLD).filter(
        Q(is_blind=True) | Q(opinions_wanted__gt=1) & ~Exists(has_judged)
    )
    return own_gold, undecided


def mark_withheld(jobs: AgentJobQuerySet, reader: User) -> AgentJobQuerySet:
    """Annotate each job with ``is_withheld``."""
    if not _may_have_to_judge(reader):
        return jobs.annotate(is_withheld=Value(False))
    is_withheld = Case(When(withheld_from(reader), then=True), default=False, output_field=BooleanField())
    return jobs.annotate(is_withheld=is_withheld)


def not_withheld(jobs: AgentJobQuerySet, reader: User) -> AgentJobQuerySet:
    """Exclude jobs with hidden fields, so that filters cannot reveal them."""
    if not _may_have_to_judge(reader):
        return jobs
    return jobs.exclude(pk__in=withheld_ids(reader))


def withheld_ids(reader: User) -> QuerySet[Any, Any]:
    """Return the ids of the jobs of ``withheld_from``, for filters: the open items are read once, not for each job."""
    own_gold, undecided = _withholding(ReviewItem.objects.open(), reader)
    gold_ids = own_gold.order_by().values("job")
    parts = [gold_ids, AgentJob.objects.filter(reused_from__in=gold_ids).order_by().values("pk")]
    if undecided is not None:
        undecided = undecided.order_by()
        copies = AgentJob.objects.filter(reused_from__in=undecided.values("job")).order_by()
        parts.append(undecided.exclude(job__requested_by=reader.pk).values("job"))
        parts.append(copies.exclude(requested_by=reader.pk).values("pk"))
    return parts[0].union(*parts[1:], all=True)


def is_withheld(job: AgentJob, reader: User) -> bool:
    return _may_have_to_judge(reader) and AgentJob.objects.filter(withheld_from(reader), pk=job.pk).exists()


def _may_have_to_judge(reader: User) -> bool:
    return permissions.is_reviewer(reader)


# --- Opinions and decisions


def may_see_opinions(item: ReviewItem, user: User) -> bool:
    """Return whether this person may see the opinions of others: the item is closed, or theirs to settle."""
    return item.state == ReviewState.CLOSED or (item.disputed_at is not None and permissions.is_lead(user))


def visible_decisions(user: User | AnonymousUser) -> ReviewDecisionQuerySet:
    """Return the decisions visible to this person: none that could influence an opinion still to be given.

    While an item requires several opinions, a reviewer sees only their own; leads see the opinions that they have to
    settle. Past decisions on a job are hidden from a reviewer who currently has it as a gold item.
    """
    items = ReviewItem.objects.order_by()
    undecided = items.open().filter(opinions_wanted__gt=1)
    if permissions.is_lead(user):
        undecided = undecided.filter(disputed_at__isnull=True)
    gold_of_others = items.filter(kind=ReviewKind.GOLD).exclude(only_for=user.pk)
    own_gold = items.gold_to_judge(user).values("job")
    others_of_own_gold = items.filter(job__in=own_gold).exclude(kind=ReviewKind.GOLD)
    # The hidden items are few, so that the database can leave out theirs without reading the items of all.
    return (
        ReviewDecision.objects.exclude(item__in=gold_of_others.values("pk"))
        .exclude(item__in=others_of_own_gold.values("pk"))
        .exclude(~Q(by=user.pk), item__in=undecided.values("pk"))
    )
