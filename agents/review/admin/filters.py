"""Filters of the review queue in the admin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Literal

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.contrib.auth.models import User
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.choices import ReviewState
from agents.common import permissions
from agents.common.admin import display
from agents.engine.confidence.signals import SIGNAL_WEIGHTS
from agents.models import ReviewDecision, ReviewItem
from agents.models.review.item import is_answered_by_guest
from universes import found_pages

# Blind items: no filter and no order may reveal their confidence or reasons.
HIDDEN = Q(is_blind=True, state=ReviewState.OPEN)
# The length of the list to choose from; any name works in the URL.
MAX_REVIEWERS = 50


def state_of(query: Mapping[str, str]) -> str:
    """Return the state that a query string selects; open by default."""
    return query.get(StateFilter.parameter_name, ReviewState.OPEN)


class StateFilter(admin.SimpleListFilter):
    """Filter by state, with open items as the default."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(ReviewState.OPEN, "Open"), (ReviewState.CLOSED, "Closed"), ("all", "All")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for value, title in self.lookup_choices:
            yield {
                "selected": str(value) == (self.value() or ReviewState.OPEN),
                "query_string": changelist.get_query_string(
                    {} if value == ReviewState.OPEN else {self.parameter_name: str(value)},
                    [self.parameter_name],
                ),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "all":
                return queryset
            case ReviewState.CLOSED:
                return queryset.filter(state=ReviewState.CLOSED)
            case _:
                return queryset.open()


class ConfidenceFilter(admin.SimpleListFilter):
    title = "confidence"
    parameter_name = "confidence"

    # name: (label, inclusive lower bound, exclusive upper bound)
    RANGES = {
        "lowest": ("below 0.25", 0.0, 0.25),
        "low": ("0.25 to 0.50", 0.25, 0.5),
        "middle": ("0.50 to 0.75", 0.5, 0.75),
        "high": ("0.75 or more", 0.75, 1.01),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _, _) in self.RANGES.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.RANGES.get(self.value() or "")
        if chosen is None:
            return queryset
        _, low, high = chosen
        return queryset.filter(~HIDDEN, confidence__gte=low, confidence__lt=high)


class ReasonFilter(admin.SimpleListFilter):
    """Filter by weak signals."""

    title = "weak signal"
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name.replace("_", " ").capitalize()) for name in SIGNAL_WEIGHTS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        name = self.value()
        if name not in SIGNAL_WEIGHTS:
            return queryset
        return queryset.filter(~HIDDEN, reason_codes__contains=f"|{name}|")


class _QuickFilter(admin.SimpleListFilter):
    """A filter shown as a link above the list instead of in the side panel."""

    values: tuple[str, ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, value.capitalize()) for value in self.values]


class ClaimFilter(_QuickFilter):
    """Filter by claim: ``mine`` (claimed by or handed to the viewer), ``free`` (of both) or ``taken``."""

    title = "claim"
    parameter_name = "claim"
    values = ("mine", "free", "taken")

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now = timezone.now()
        match self.value():
            case "mine":
                return queryset.of_reviewer(request.user, now)
            case "free":
                return queryset.free(now)
            case "taken":
                return queryset.claimed(now)
            case _:
                return queryset


class OverdueFilter(_QuickFilter):
    title = "due"
    parameter_name = "overdue"
    values = ("true",)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.overdue(timezone.now()) if self.value() == "true" else queryset


class AskedAgainFilter(_QuickFilter):
    """Filter for jobs that follow a reviewer's request for changes."""

    title = "asked again"
    parameter_name = "asked_again"
    values = ("true",)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(job__follows__isnull=False) if self.value() == "true" else queryset


class DisputedFilter(_QuickFilter):
    """Filter for items that wait for a lead."""

    title = "disputed"
    parameter_name = "disputed"
    values = ("true",)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.open().filter(disputed_at__isnull=False) if self.value() == "true" else queryset


class VariantsFilter(_QuickFilter):
    """Filter for items whose request has other outputs, to choose between."""

    title = "variants"
    parameter_name = "variants"
    values = ("true",)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.open().filter(job__variants_id__isnull=False) if self.value() == "true" else queryset


class GuestsFilter(_QuickFilter):
    """Filter for items on which a guest has given an opinion."""

    title = "guests"
    parameter_name = "guests"
    values = ("true",)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(is_answered_by_guest()) if self.value() == "true" else queryset


class ReviewerFilter(admin.SimpleListFilter):
    """Filter closed items by reviewer."""

    title = "reviewer"
    parameter_name = "reviewer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if state_of(request.GET) == ReviewState.OPEN:
            return []
        decisions = ReviewDecision.objects.filter(by=OuterRef("pk"))
        names = User.objects.filter(Exists(decisions)).order_by("username").values_list("username", flat=True)
        return [(name, name) for name in names[:MAX_REVIEWERS]]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        name = self.value()
        if not name:
            return queryset
        own = ReviewDecision.objects.in_force().filter(item=OuterRef("pk"), by__username=name)
        return queryset.filter(Exists(own), state=ReviewState.CLOSED)


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


VARIANTS = "Variants"
# Shown while there are such items.
OCCASIONAL = ("variants", "guests")
QUICK = {
    "mine": ("Mine", ClaimFilter.parameter_name, "mine"),
    "free": ("Unclaimed", ClaimFilter.parameter_name, "free"),
    "overdue": ("Overdue", OverdueFilter.parameter_name, "true"),
    "asked_again": ("Asked again", AskedAgainFilter.parameter_name, "true"),
    "variants": (VARIANTS, VariantsFilter.parameter_name, "true"),
    "guests": ("Answered by a guest", GuestsFilter.parameter_name, "true"),
    "disputed": ("Disputed", DisputedFilter.parameter_name, "true"),
}


class UniverseFilter(admin.RelatedOnlyFieldListFilter):
    """Django's filter with a label for items without a universe."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_value_display = SafeString("no universe")

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        # One item of each universe is looked up; Django reads the universes of all items.
        has_items = Exists(model_admin.get_queryset(request).filter(universe=OuterRef("pk")))
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, limit_choices_to=Q(has_items), ordering=ordering)


def _opinions_given() -> Coalesce:
    given = ReviewDecision.objects.in_force().filter(item=OuterRef("pk")).order_by().values("item")
    counted = Subquery(given.annotate(count=Count("pk")).values("count"), output_field=IntegerField())
    return Coalesce(counted, 0)


def _items(count: int) -> str:
    return "item" if count == 1 else "items"


class ReviewQueue(ChangeList):
    """The list, without the large columns that only the item's page shows."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        items = super().get_queryset(request, exclude_parameters)
        # Cells depend on the viewer, but a column method has no access to the request.
        items = items.annotate(viewer_id=Value(request.user.pk), opinions_given=_opinions_given())
        items = items.with_guest_opinions()
        if not self.is_of_open:
            items = items.with_decisions()
        return items.defer("job__output_data", "job__signals", "universe__description")

    @property
    def is_of_open(self) -> bool:
        return state_of(self.params) == ReviewState.OPEN

    def head(self, waiting: int) -> SafeString:
        """Say what the list shows of the ``waiting`` items, as in "6 of 51 waiting items match “ferry”."."""
        found = f"{self.result_count}{' or more' if self.paginator.is_cut_off else ''}"
        verb = "matches" if self.result_count == 1 else "match"
        criterion = self._criterion({StateFilter.parameter_name})
        matches = format_html(" {} {}", verb, criterion) if criterion else ""
        if not self.is_of_open:
            state = "closed" if state_of(self.params) == ReviewState.CLOSED else "open and closed"
            rest = f" {waiting} {'is' if waiting == 1 else 'are'} waiting." if waiting else ""
            return format_html("{} {} {}{}.{}", found, state, _items(self.result_count), matches, rest)
        if criterion:
            return format_html("{} of {} waiting {}{}.", found, waiting, _items(waiting), matches)
        if waiting == 0:
            return format_html("{}", "The queue is empty.")
        order = "" if waiting == 1 or ORDER_VAR in self.params else ", most urgent first"
        return format_html(
            "{} {} {} waiting{}.", waiting, _items(waiting), "is" if waiting == 1 else "are", order
        )

    def _criterion(self, ignored: AbstractSet[str]) -> SafeString | str:
        """Name what an item must match to be in the list, without the filters ``ignored``; "" if nothing."""
        has_filters = bool(self.get_filters_params().keys() - ignored)
        if not self.query:
            return "the filters" if has_filters else ""
        return format_html("“{}”{}", display.isolated(self.query), " and the filters" if has_filters else "")

    def get_ordering_field_columns(self) -> dict[int, Literal["desc", "asc"]]:
        # Closed items have an order that is not a column's.
        is_by_column = self.is_of_open or ORDER_VAR in self.params
        return super().get_ordering_field_columns() if is_by_column else {}

    @property
    def side_filters(self) -> list[Any]:
        return [spec for spec in self.filter_specs if not isinstance(spec, _QuickFilter)]

    def quick_links(self, request: HttpRequest) -> QuickLinks:
        """Build the links above the list, each with its count under the search and the other filters."""
        now, me = timezone.now(), request.user.pk
        items: Any = ReviewItem.objects.shown_to(request.user).open()
        for spec in self.side_filters:
            # The links lead to open items, which no reviewer has decided.
            if not isinstance(spec, StateFilter | ReviewerFilter):
                narrowed = spec.queryset(request, items)
                items = items if narrowed is None else narrowed
        items, _ = self.model_admin.get_search_results(request, items, self.query)
        is_cut_off = False
        if found_pages.is_search(items):
            found = found_pages.FoundRows(items).ids(0, found_pages.MAX_COUNTED)
            is_cut_off = len(found) == found_pages.MAX_COUNTED
            items = ReviewItem.objects.filter(pk__in=found)
        is_claimed = Q(claimed_until__gte=now)
        counts = items.order_by().aggregate(
            all=Count("pk"),
            mine=Count("pk", filter=is_claimed & Q(claimed_by=me) | Q(assigned_to=me)),
            free=Count(
                "pk",
                filter=Q(assigned_to__isnull=True)
                & (Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)),
            ),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            asked_again=Count("pk", filter=Q(job__follows__isnull=False)),
            variants=Count("pk", filter=Q(job__variants_id__isnull=False)),
            guests=Count("pk", filter=is_answered_by_guest()),
            disputed=Count("pk", filter=Q(disputed_at__isnull=False)),
        )
        names = {name for _, name, _ in QUICK.values()}
        dropped = [*names, StateFilter.parameter_name, ReviewerFilter.parameter_name]
        criterion, is_open = self._criterion({*dropped}), self.is_of_open
        chosen = {name: request.GET[name] for name in names if name in request.GET}
        # With a criterion, the words before the links say of what they are all.
        every = "All" if criterion else "All open"
        links = [QuickLink(every, counts["all"], self.get_query_string({}, dropped), is_open and not chosen)]
        for key, (label, name, value) in QUICK.items():
            if key == "disputed" and not permissions.is_lead(request.user):
                continue
            if key in OCCASIONAL and not counts[key] and chosen.get(name) != value:
                continue
            link = self.get_query_string({name: value}, [other for other in dropped if other != name])
            links.append(QuickLink(label, counts[key], link, is_open and chosen.get(name) == value))
        return QuickLinks(criterion, links, counts["all"] if is_cut_off else None)
