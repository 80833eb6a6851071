"""Quick filters of the review queue, shown as links above the list with their counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from agents.choices import ReviewState
from agents.models.review import item

# The condition for items that a value of a filter shows to somebody at a time.
Condition = Callable[[User, datetime], Q]

_OPEN: Final = Q(state=ReviewState.OPEN)


class QuickFilter(admin.SimpleListFilter):
    """A filter with a link above the list instead of choices in the side panel; ``conditions`` are by value."""

    conditions: ClassVar[Mapping[str, Condition]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, value.capitalize()) for value in self.conditions]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        condition = self.conditions.get(self.value() or "")
        # Only signed-in people see the queue.
        user: Any = request.user
        return queryset if condition is None else queryset.filter(condition(user, timezone.now()))


class ClaimFilter(QuickFilter):
    """Filter by claim: ``mine`` (claimed by or handed to the viewer), ``free`` (of both) or ``taken``."""

    title = "claim"
    parameter_name = "claim"
    conditions: ClassVar = {
        "mine": lambda user, now: _OPEN & item.is_of_reviewer(user, now),
        "free": lambda user, now: _OPEN & item.is_free(now),
        "taken": lambda user, now: _OPEN & item.is_claimed(now),
    }


class OverdueFilter(QuickFilter):
    title = "due"
    parameter_name = "overdue"
    conditions: ClassVar = {"true": lambda user, now: _OPEN & Q(due_at__lt=now)}


class AskedAgainFilter(QuickFilter):
    """Filter for jobs that follow a reviewer's request for changes."""

    title = "asked again"
    parameter_name = "asked_again"
    conditions: ClassVar = {"true": lambda user, now: Q(job__follows__isnull=False)}


class DisputedFilter(QuickFilter):
    """Filter for items that wait for a lead."""

    title = "disputed"
    parameter_name = "disputed"
    conditions: ClassVar = {"true": lambda user, now: _OPEN & Q(disputed_at__isnull=False)}


class VariantsFilter(QuickFilter):
    """Filter for items whose request has other outputs, to choose between."""

    title = "variants"
    parameter_name = "variants"
    conditions: ClassVar = {"true": lambda user, now: _OPEN & Q(job__variants_id__isnull=False)}


class GuestsFilter(QuickFilter):
    """Filter for items on which a guest has given an opinion."""

    title = "guests"
    parameter_name = "guests"
    conditions: ClassVar = {"true": lambda user, now: item.is_answered_by_guest()}


@dataclass(frozen=True, slots=True)
class LinkKind:
    """A link above the list, to one value of a filter; an occasional one is shown only where it finds something."""

    label: str
    filter: type[QuickFilter]
    value: str = "true"
    is_occasional: bool = False
    is_for_leads: bool = False

    @property
    def parameter(self) -> str:
        return str(self.filter.parameter_name)

    @property
    def key(self) -> str:
        return f"{self.parameter}_{self.value}"

    def condition(self, user: User, now: datetime) -> Q:
        return self.filter.conditions[self.value](user, now)


VARIANTS: Final = LinkKind("Variants", VariantsFilter, is_occasional=True)
LINK_KINDS: Final = (
    LinkKind("Mine", ClaimFilter, "mine"),
    LinkKind("Unclaimed", ClaimFilter, "free"),
    LinkKind("Overdue", OverdueFilter),
    LinkKind("Asked again", AskedAgainFilter),
    VARIANTS,
    LinkKind("Answered by a guest", GuestsFilter, is_occasional=True),
    LinkKind("Disputed", DisputedFilter, is_for_leads=True),
)


@dataclass(frozen=True, slots=True)
class QuickLink:
    label: str
    count: int
    query_string: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class QuickLinks:
    """The links above the list, which count the open items that match ``criterion``; all open items if that is empty.

    ``first``: only that many of the items found by a search are counted.
    """

    criterion: SafeString | str
    links: list[QuickLink]
    first: int | None

    def __iter__(self) -> Iterator[QuickLink]:
        return iter(self.links)
