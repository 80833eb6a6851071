"""Deterministic checks of a text against a world; every finding carries its proof."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from agents.engine.checks.characters.abilities import check_abilities
from agents.engine.checks.characters.ages import check_ages
from agents.engine.checks.characters.bodies import check_bodies
from agents.engine.checks.characters.builds import check_builds
from agents.engine.checks.characters.cast.people import Cast
from agents.engine.checks.characters.death.lives import check_lives
from agents.engine.checks.characters.kin.absent_kin import check_absent_kin
from agents.engine.checks.characters.kin.denials import check_denied_kin
from agents.engine.checks.characters.kin.kinship import check_kinship
from agents.engine.checks.characters.kin.other_names import check_names_of_kin
from agents.engine.checks.characters.life_stages import check_life_stages
from agents.engine.checks.characters.looks import check_looks
from agents.engine.checks.characters.membership import check_membership
from agents.engine.checks.characters.occupations import check_occupations
from agents.engine.checks.characters.ownership import check_ownership
from agents.engine.checks.facts.restated import Restated, restated
from agents.engine.checks.finding import Finding, is_proven, is_quoted
from agents.engine.checks.own_claims import check_own_claims
from agents.engine.checks.world.dated_rules import check_dated_rules
from agents.engine.checks.world.dates import check_dates
from agents.engine.checks.world.geography import check_geography
from agents.engine.checks.world.homes import check_homes
from agents.engine.checks.world.missing_parts import check_missing_parts
from agents.engine.checks.world.rules import check_counts, check_rules
from agents.engine.checks.world.tone import check_tone
from agents.engine.checks.world.whereabouts import check_whereabouts
from agents.engine.checks.world.words import check_foreign_words, check_words
from agents.engine.sources import sources_of
from agents.engine.text.languages.detection import language_of, probable_language
from agents.engine.text.languages.names import language_name
from agents.engine.text.lazy_pattern import compiling_s
from agents.engine.text.reading import Reading, read
from agents.engine.text.word_lists.lists import LISTED
from agents.engine.world import WorldView

__all__ = ["Finding", "Report", "check", "is_proven", "report"]

# Processor time that the checks of one text may take, in seconds: a busy machine leaves no check out.
BUDGET_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Report:
    """Findings in reading order, and in words what was not checked."""

    findings: tuple[Finding, ...] = ()
    not_checked: tuple[str, ...] = ()


class _OutOfTime(Exception):
    """The checks of a text have used up their time."""


def check(text: str, world: WorldView, allowed: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Return the findings of ``report``."""
    return report(text, world, allowed).findings


def report(
    text: str,
    world: WorldView,
    allowed: Iterable[str] = (),
    *,
    only_mentioned: Collection[str] = (),
    intentional: Collection[str] = (),
    budget_s: float = BUDGET_S,
) -> Report:
    """Return the contradictions between ``text`` and ``world``.

    ``allowed`` words belong to the request instead of the world, and contradict nothing. Facts about the characters
    ``only_mentioned`` do not apply. ``intentional`` are ids of findings that reviewers have accepted. Checks that
    would begin after ``budget_s`` seconds of processor time are left out, and named.
    """
    reading = read(text)
    if not reading.sentences:
        return Report()
    code = language_of(text) or probable_language(text) or "en"
    told = restated(world) if code == "en" else Restated(world, {})
    if code == "en":
        checks = _english_checks(told.world, reading, allowed, only_mentioned)
        not_checked = []
    else:
        checks = [("things and magic", lambda: check_foreign_words(world, reading, code, allowed))]
        checks = checks if code in LISTED else []
        what = "facts and rules, since the text is in" if code in LISTED else "the text, which is in"
        not_checked = [f"{what} {language_name(code)}"]
    ends_at = _own_time_s() + budget_s
    found: list[Finding] = []
    for name, run in checks:
        try:
            found += _within(run(), ends_at)
        except _OutOfTime:
            not_checked.append(f"{name}, for lack of time")
    sources = {source.id: source.text for source in sources_of(world)} if found else {}
    quoting = [told.in_own_words(finding, sources.get(finding.source_id, "")) for finding in found]
    return Report(_sorted(quoting, text, sources, intentional), tuple(not_checked))


def _english_checks(
    world: WorldView, reading: Reading, allowed: Iterable[str], only_mentioned: Collection[str]
) -> list[tuple[str, Callable[[], Iterable[Finding]]]]:
    cast = Cast(world, reading, only_mentioned)
    return [
        ("things and magic", lambda: check_words(world, reading, allowed)),
        ("tone", lambda: check_tone(world, reading)),
        ("rules", lambda: check_rules(world, reading, cast)),
        ("life and death", lambda: check_lives(cast)),
        ("looks", lambda: (*check_looks(cast), *check_bodies(cast), *check_builds(cast))),
        (
            "facts about characters",
            lambda: (
                *check_abilities(cast),
                *check_ages(cast),
                *check_life_stages(cast),
                *check_occupations(cast),
                *check_membership(cast),
            ),
        ),
        (
            "kinship",
            lambda: (
                *check_kinship(cast),
                *check_absent_kin(cast),
                *check_denied_kin(cast),
                *check_names_of_kin(cast),
            ),
        ),
        ("owners", lambda: check_ownership(world, cast)),
        (
            "geography",
            lambda: (
                *check_geography(world, reading),
                *check_missing_parts(world, reading),
                *check_whereabouts(world, reading),
                *check_homes(world, cast),
            ),
        ),
        ("what people say of themselves", lambda: check_own_claims(world, cast)),
        ("dates", lambda: (*check_dates(world, reading), *check_dated_rules(world, reading))),
        ("numbers", lambda: check_counts(world, reading)),
    ]


def _within(findings: Iterable[Finding], ends_at: float) -> Iterator[Finding]:
    if _own_time_s() > ends_at:
        raise _OutOfTime
    yield from findings


def _own_time_s() -> float:
    """Return the processor time of this thread, without that for patterns that its texts were the first to need."""
    return time.thread_time() - compiling_s()


def _sorted(
    found: Collection[Finding], text: str, sources: Mapping[str, str], intentional: Collection[str]
) -> tuple[Finding, ...]:
    """Return the proven findings in reading order, of several at one place and source the first.

    ``sources`` are the texts of the world's sources by their ids.
    """
    first: dict[tuple[str, int], Finding] = {}
    for finding in found:
        if is_quoted(finding, text, sources.get(finding.source_id, "")):
            first.setdefault((finding.source_id, finding.start), finding)
    marked = [
        replace(finding, is_intentional=finding.id in intentional) if intentional else finding
        for finding in first.values()
    ]
    return tuple(sorted(_without_doubles(marked), key=lambda finding: finding.start))


def _without_doubles(found: Collection[Finding]) -> Iterator[Finding]:
    """Yield findings without the likely ones that a proven one of the same source overlaps."""
    proven: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for finding in found:
        if finding.strength == "proven":
            proven[finding.source_id].append((finding.start, finding.end))
    for spans in proven.values():
        spans.sort()
    furthest = {source: list(accumulate((end for _, end in spans), max)) for source, spans in proven.items()}
    for finding in found:
        before = bisect_left(proven.get(finding.source_id, ()), (finding.end,))
        is_covered = before > 0 and furthest[finding.source_id][before - 1] > finding.start
        if finding.strength != "likely" or not is_covered:
            yield finding
