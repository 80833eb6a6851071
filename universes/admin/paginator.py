"""Pages of long lists, whose cost does not grow with the table."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.core.paginator import Page, Paginator
from django.db.models.sql.where import WhereNode

from universes import found_pages
from universes.found_pages import FoundRows, is_search

# Rows beyond these are neither counted nor on a page: a person filters instead.
MAX_COUNTED: Final = 10_000

# Django's paginator is generic for the type checker only.
if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
else:
    AnyPaginator = Paginator


class BoundedPaginator(AnyPaginator):
    """Django's paginator over the first ``MAX_COUNTED`` rows of a queryset, of a search those of ``found_pages``."""

    @cached_property
    def _found(self) -> FoundRows | None:
        rows: Any = self.object_list
        return FoundRows(rows) if is_search(rows) else None

    @cached_property
    def count(self) -> int:
        if self._found:
            return self._found.count()
        rows: Any = self.object_list
        return int(rows.order_by()[:MAX_COUNTED].count())

    @property
    def is_cut_off(self) -> bool:
        return self.count >= (found_pages.MAX_COUNTED if self._found else MAX_COUNTED)

    def page(self, number: Any) -> Page[Any]:
        """Find the ids of the page first, so that joins and annotations are made for its rows only."""
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        top = min(bottom + self.per_page, self.count)
        rows: Any = self.object_list
        ids = self._found.ids(bottom, top) if self._found else rows.values("pk")[bottom:top]
        page = rows.all()
        # The ids have passed the filters; to plan for them again misleads the database.
        page.query.where = WhereNode()
        return Page(page.filter(pk__in=ids), number, self)
