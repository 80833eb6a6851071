"""Pages of a list by position, without counting it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest

from universes.found_pages import FoundRows, is_search

MAX_PAGE = 2000


class PageOf:
    """Rows of one page; ``newer`` and ``older`` are the addresses of its neighbours, or empty.

    ``first`` is the number of its first row, counted from 1.
    """

    def __init__(self, request: HttpRequest, rows: QuerySet[Any], size: int) -> None:
        raw = request.GET.get("p", "")
        number = min(int(raw), MAX_PAGE) if raw.isascii() and raw.isdigit() and 0 < len(raw) < 6 else 1
        number = max(1, number)
        begin, end = (number - 1) * size, number * size + 1
        self.first = begin + 1
        if is_search(rows):
            rows = rows.filter(pk__in=FoundRows(rows).ids(begin, end))
            begin, end = 0, size + 1
        # A union of two tables cannot be filtered.
        elif number > 1 and not rows.query.combinator:
            # Skip rows by their keys alone, without what is loaded with them.
            rows = rows.filter(pk__in=rows.values("pk")[begin:end])
            begin, end = 0, size + 1
        found = list(rows[begin:end])
        self.rows = found[:size]
        self.newer = self._address(request, number - 1) if number > 1 else ""
        self.older = self._address(request, number + 1) if len(found) > size else ""

    @staticmethod
    def _address(request: HttpRequest, number: int) -> str:
        query = {name: value for name, value in request.GET.items() if name != "p" and value}
        return f"?{urlencode({**query, 'p': number})}"
