"""Pages of long lists, whose cost does not grow with the table."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.core.paginator import Page, Paginator
from django.db.models.sql.where import WhereNode

# Rows beyond these are neither counted nor on a page: a person filters instead.
MAX_COUNTED: Final = 10_000

# Django's paginator is generic for the type checker only.
if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
else:
    AnyPaginator = Paginator


class BoundedPaginator(AnyPaginator):
    """Django's paginator over the first ``MAX_COUNTED`` rows of a queryset."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MAX_COUNTED].count())

    @property
    def is_cut_off(self) -> bool:
        return self.count >= MAX_COUNTED

    def page(self, number: Any) -> Page[Any]:
        """Find the ids of the page first, so that joins and annotations are made for its rows only."""
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        rows: Any = self.object_list
        ids = rows.values("pk")[bottom : min(bottom + self.per_page, self.count)]
        page = rows.all()
        # The ids have passed the filters; to plan for them again misleads the database.
        page.query.where = WhereNode()
        return Page(page.filter(pk__in=ids), number, self)
