"""Test of what a match in a line says of a person: whether the text asserts it of the scene."""

from __future__ import annotations

import re

from agents.engine.checks.characters.cast.people import Cast, Line


def happens(
    cast: Cast, line: Line, match: re.Match[str], *, may_be_past: bool = False, is_apposition: bool = False
) -> bool:
    """Return whether the text asserts what a match says of the person in its group ``who``."""
    reading = cast.reading
    start, end = line.span(*match.span())
    # The match may contain speech; its person must be named by the narrator.
    at = line.span(match.start("who"), match.end("who"))[0]
    if match.group()[0] in '”"':
        # "“…,” lied Petrov": the words that tell it stand before the name.
        at = start + 1
    if is_apposition and not reading.is_speech(at):
        # "Bran, the smith, was not there" tells the occupation as well.
        is_told = reading.is_presupposed(at, end)
    else:
        is_told = reading.is_asserted(at, end, in_speech=not reading.is_speech(at))
    return is_told and (may_be_past or not reading.is_past(start, end))
