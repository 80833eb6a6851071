"""Strict reading of query parameters."""

from __future__ import annotations

from collections.abc import Collection

from django.http import QueryDict
from rest_framework.request import Request

from universes.errors import FieldError, Invalid


def query_errors(
    request: Request, known: Collection[str], *, may_be_empty: Collection[str] = ()
) -> list[FieldError]:
    return errors_of(request.query_params, known, may_be_empty=may_be_empty)


def errors_of(
    query: QueryDict, known: Collection[str], *, may_be_empty: Collection[str] = ()
) -> list[FieldError]:
    """Return an error for each parameter that is unknown, given twice, empty, or cannot be stored.

    Django reads the last of two values and takes an empty one for a filter that is not there: both would return
    other rows than the client means.
    """
    errors: list[FieldError] = []
    for name, values in query.lists():
        if name not in known:
            there_are = f"There is no filter {name!r}; there are: {', '.join(sorted(known))}."
            detail = there_are if known else "This request takes no query parameters."
            errors.append(FieldError(f"?{name}", detail, "unknown_filter"))
        elif len(values) > 1:
            errors.append(FieldError(f"?{name}", f"{name} is given {len(values)} times.", "repeated_filter"))
        elif not values[0].strip() and name not in may_be_empty:
            errors.append(FieldError(f"?{name}", f"{name} is empty; leave it out.", "empty_filter"))
        elif "\x00" in values[0]:
            errors.append(FieldError(f"?{name}", f"{name} contains a NUL character."))
    return errors


def refuse_query(request: Request, known: Collection[str], *, may_be_empty: Collection[str] = ()) -> None:
    """Raise ``Invalid`` for a query with one of ``query_errors``."""
    if errors := query_errors(request, known, may_be_empty=may_be_empty):
        raise Invalid("The query has invalid values.", errors)
