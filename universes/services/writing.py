"""The gate that every write inside a universe passes."""

from __future__ import annotations

import uuid

from universes import limits
from universes.errors import Conflict, FieldError, Invalid, NotFound
from universes.models import Universe


def lock_universe(universe_id: uuid.UUID) -> Universe:
    """The universe as it is now, held until the caller's transaction ends.

    Writers of one universe wait for each other here, so that what a writer has read (names that are taken,
    rules that are there) is still so when it writes. Rows that merely refer to the universe are not held up.
    """
    universe = Universe.objects.select_for_update(no_key=True).filter(pk=universe_id).first()
    if universe is None:
        raise NotFound(f"There is no universe {universe_id}.", code="universe_not_found")
    return universe


def open_universe(universe_id: uuid.UUID) -> Universe:
    """``lock_universe`` for a write to its content; an archived one is refused."""
    universe = lock_universe(universe_id)
    refuse_archived(universe)
    return universe


def refuse_archived(universe: Universe) -> None:
    if universe.archived:
        raise Conflict(
            f"{universe.name} is archived and can only be read; its owner may reopen it.",
            code="universe_archived",
        )


def one_line(text: str, pointer: str, *, limit: int = limits.NAME) -> str:
    """``text`` with single spaces; ``Invalid`` names ``pointer`` if it is empty or too long."""
    return within(" ".join(text.split()), pointer, limit=limit, required=True)


def within(text: str, pointer: str, *, limit: int, required: bool = False) -> str:
    if required and not text.strip():
        raise _field_problem(pointer, "This must not be empty.", "blank")
    if len(text) > limit:
        raise _field_problem(pointer, f"This has {len(text)} characters; {limit} are allowed.", "max_length")
    if "\x00" in text:
        raise _field_problem(pointer, "This contains a NUL character.", "invalid_text")
    return text


def in_range(value: float, pointer: str, *, low: float, high: float) -> None:
    """``Invalid`` names ``pointer`` unless ``value`` is a number from ``low`` to ``high``, both included."""
    if not low <= value <= high:
        raise _field_problem(pointer, f"This is a number from {low} to {high}.", "out_of_range")


def _field_problem(pointer: str, detail: str, code: str) -> Invalid:
    return Invalid(f"Not valid: {pointer.lstrip('/')}.", [FieldError(pointer, detail, code)])
