"""The list of the review queue, with the sentence and the links above it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any, Literal

from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.choices import ReviewState
from agents.common import permissions
from agents.common.admin import display
from agents.models import ReviewDecision, ReviewItem
from agents.review.admin.filters import ReviewerFilter, StateFilter, state_of
from agents.review.admin.quick_filters import LINK_KINDS, QuickFilter, QuickLink, QuickLinks
from universes import found_pages


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
        return [spec for spec in self.filter_specs if not isinstance(spec, QuickFilter)]

    def quick_links(self, request: HttpRequest) -> QuickLinks:
        """Build the links above the list, each with its count under the search and the other filters."""
        user: Any = request.user
        now = timezone.now()
        items: Any = ReviewItem.objects.shown_to(user).open()
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
        counts = items.order_by().aggregate(
            all=Count("pk"),
            **{kind.key: Count("pk", filter=kind.condition(user, now)) for kind in LINK_KINDS},
        )
        parameters = {kind.parameter for kind in LINK_KINDS}
        dropped = [*parameters, StateFilter.parameter_name, ReviewerFilter.parameter_name]
        criterion, is_open = self._criterion({*dropped}), self.is_of_open
        chosen = {name: request.GET[name] for name in parameters if name in request.GET}
        # With a criterion, the words before the links say of what they are all.
        every = "All" if criterion else "All open"
        links = [QuickLink(every, counts["all"], self.get_query_string({}, dropped), is_open and not chosen)]
        for kind in LINK_KINDS:
            is_chosen = chosen.get(kind.parameter) == kind.value
            if kind.is_for_leads and not permissions.is_lead(user):
                continue
            if kind.is_occasional and not counts[kind.key] and not is_chosen:
                continue
            others = [name for name in dropped if name != kind.parameter]
            link = self.get_query_string({kind.parameter: kind.value}, others)
            links.append(QuickLink(kind.label, counts[kind.key], link, is_open and is_chosen))
        return QuickLinks(criterion, links, counts["all"] if is_cut_off else None)
