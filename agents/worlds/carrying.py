"""Findings and their marks in the native format of worlds: written to a file, and read from one.

The id of a finding has the id of its source in it, which differs from site to site. It is made anew from the words of
the scene, and only if those still give the id that the file has.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from agents.choices import FindingState, JobOutcome
from agents.engine.checks.finding import Finding, id_at
from agents.engine.text.languages.detection import language_of
from agents.errors import Conflict
from agents.models import AgentJob, IntentionalFinding, WorldFinding
from agents.review.intentional import refuse_another_mark
from agents.review.notes import MAX_NOTE_CHARS
from agents.worlds.carried_guidance import ExemplarsPart, GuidesPart
from universes.models import Scene, Universe, WorldImport
from universes.transfer import parts
from universes.transfer.parts import Target

_CHUNK = 500
# A refusal names fewer.
_MAX_JOBS = 20
_FINDING = (
    "finding_id",
    "kind",
    "strength",
    "source_id",
    "statement",
    "quote",
    "start",
    "end",
    "why",
    "state",
)
_MARK = ("finding_id", "source_id", "statement", "quote", "reason")


class FindingsPart:
    """The work list."""

    name = "findings"

    def rows(self, universe: Universe) -> Iterator[dict[str, Any]]:
        found = WorldFinding.objects.filter(universe=universe).order_by("found_at", "pk")
        for row in found.iterator(_CHUNK):
            yield {
                "scene": str(row.scene_id),
                **{name: getattr(row, name) for name in _FINDING},
                "found_at": row.found_at.isoformat(),
                "closed_at": row.closed_at.isoformat() if row.closed_at else None,
            }

    def write(self, rows: Sequence[Mapping[str, Any]], target: Target) -> list[str]:
        if not target.row.is_new_universe:
            why = f"{len(rows)} of a world that is added to another one; a re-check finds those of this one."
            target.report.add("left out", "findings", why)
            return []
        texts = dict(Scene.objects.filter(universe=target.universe).values_list("pk", "text"))
        added: dict[tuple[uuid.UUID, str], WorldFinding] = {}
        lost = 0
        for row in rows:
            scene_id = target.ids.get(row["scene"])
            text = texts.get(scene_id) if scene_id else None
            finding_id = None if text is None else _id_here(row, row["start"], text, target)
            if finding_id is None and row["state"] != FindingState.OPEN:
                # It is no longer in the text: it only tells what was mended.
                finding_id = row["finding_id"]
            if scene_id is None or text is None or finding_id is None:
                lost += 1
                continue
            fields = {name: row[name] for name in _FINDING}
            fields |= {"finding_id": finding_id, "source_id": _source_here(row["source_id"], target)}
            added.setdefault(
                (scene_id, finding_id),
                WorldFinding(
                    universe=target.universe,
                    scene_id=scene_id,
                    **fields,
                    found_at=_instant(row["found_at"]) or timezone.now(),
                    closed_at=_instant(row["closed_at"]),
                ),
            )
        WorldFinding.objects.bulk_create(added.values(), batch_size=_CHUNK)
        if lost:
            why = f"{lost} whose words are not in their scene; a re-check finds what there is."
            target.report.add("left out", "findings", why)
        return [str(row.pk) for row in added.values()]

    def built_on(self, universe: Universe, ids: Sequence[str]) -> Iterator[str]:
        yield from ()

    def take_back(self, universe: Universe, ids: Sequence[str]) -> None:
        WorldFinding.objects.filter(universe=universe, pk__in=ids).delete()


class MarksPart:
    """Marks of findings that are intentional."""

    name = "marks"

    def rows(self, universe: Universe) -> Iterator[dict[str, Any]]:
        marks = IntentionalFinding.objects.filter(universe=universe).order_by("created_at", "pk")
        for mark in marks.iterator(_CHUNK):
            yield {**{name: getattr(mark, name) for name in _MARK}, "at": mark.created_at.isoformat()}

    def write(self, rows: Sequence[Mapping[str, Any]], target: Target) -> list[str]:
        texts = list(Scene.objects.filter(universe=target.universe).values_list("text", flat=True))
        known = set(
            IntentionalFinding.objects.filter(universe=target.universe).values_list("finding_id", flat=True)
        )
        added = []
        for row in rows:
            finding_id = next(_ids_in(texts, row, target), None)
            if finding_id is None:
                why = "A mark of words that are in no scene of this world."
                target.report.add("left out", row["quote"] or "marks", why)
                continue
            if finding_id in known:
                continue
            try:
                refuse_another_mark(target.universe)
            except Conflict as refusal:
                target.report.add("left out", row["quote"], refusal.message)
                continue
            known.add(finding_id)
            mark = IntentionalFinding.objects.create(
                universe=target.universe,
                finding_id=finding_id,
                source_id=_source_here(row["source_id"], target),
                statement=row["statement"],
                quote=row["quote"],
                reason=row["reason"][:MAX_NOTE_CHARS],
                marked_by=target.by,
                created_at=_instant(row["at"]) or timezone.now(),
            )
            added.append(str(mark.pk))
        return added

    def built_on(self, universe: Universe, ids: Sequence[str]) -> Iterator[str]:
        yield from ()

    def take_back(self, universe: Universe, ids: Sequence[str]) -> None:
        IntentionalFinding.objects.filter(universe=universe, pk__in=ids).delete()


def _ids_in(texts: Sequence[str], row: Mapping[str, Any], target: Target) -> Iterator[str]:
    """Yield the ids here of a mark, for each place in the texts that has the id of the file."""
    quote = row["quote"]
    if not quote.strip():
        return
    for text in texts:
        start = text.find(quote)
        while start >= 0:
            if (found := _id_here(row, start, text, target)) is not None:
                yield found
            start = text.find(quote, start + 1)


def _id_here(row: Mapping[str, Any], start: int, text: str, target: Target) -> str | None:
    """Return the id here of a finding at a place of a text; None unless it has the id of the file there."""
    there = Finding("rule", row["source_id"], row["statement"], row["quote"], start, "")
    if not text.startswith(there.quote, start) or id_at(there, text) != row["finding_id"]:
        return None
    return id_at(replace(there, source_id=_source_here(row["source_id"], target)), text)


def _source_here(source_id: str, target: Target) -> str:
    """Return the id here of a rule or an element; a field of the world has its name everywhere."""
    return str(target.ids.get(source_id, source_id))


def _instant(at: str | None) -> datetime | None:
    return datetime.fromisoformat(at) if at else None


def _jobs_on(row: WorldImport) -> Iterator[str]:
    """Yield the jobs of the universe that are unfinished; if it would be deleted, also those that wait for review."""
    jobs = AgentJob.objects.filter(universe=row.universe_id).order_by("pk")
    building = jobs.unfinished()
    if row.is_new_universe:
        building = jobs.filter(pk__in=building.values("pk")) | jobs.filter(outcome=JobOutcome.AWAITING_REVIEW)
    elif row.finished_at is not None:
        building = building.filter(created_at__gte=row.finished_at)
    yield from (f"job {job_id}" for job_id in building.values_list("pk", flat=True)[:_MAX_JOBS])


parts.register_work(_jobs_on)
parts.register_languages(language_of)
for _part in (FindingsPart(), MarksPart(), GuidesPart(), ExemplarsPart()):
    parts.register(_part)
