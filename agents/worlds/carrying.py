"""Findings, their marks and style guides in the native format of worlds: written to a file, and read from one.

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

from agents.choices import AgentType, FindingState, GuideCause
from agents.engine.checks.finding import Finding, id_at
from agents.errors import Conflict, Invalid
from agents.learning.guides import checked_rules
from agents.models import IntentionalFinding, StyleGuide, WorldFinding
from agents.review.intentional import refuse_another_mark
from agents.review.notes import MAX_NOTE_CHARS
from universes.choices import Role
from universes.models import Membership, Scene, Universe
from universes.transfer import parts
from universes.transfer.parts import Target

_CHUNK = 500
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

    def write(self, rows: Sequence[Mapping[str, Any]], target: Target) -> int:
        if not target.row.is_new_universe:
            why = f"{len(rows)} of a world that is added to another one; a re-check finds those of this one."
            target.report.add("left out", "findings", why)
            return 0
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
        return len(added)


class MarksPart:
    """Marks of findings that are intentional."""

    name = "marks"

    def rows(self, universe: Universe) -> Iterator[dict[str, Any]]:
        marks = IntentionalFinding.objects.filter(universe=universe).order_by("created_at", "pk")
        for mark in marks.iterator(_CHUNK):
            yield {**{name: getattr(mark, name) for name in _MARK}, "at": mark.created_at.isoformat()}

    def write(self, rows: Sequence[Mapping[str, Any]], target: Target) -> int:
        texts = list(Scene.objects.filter(universe=target.universe).values_list("text", flat=True))
        known = set(
            IntentionalFinding.objects.filter(universe=target.universe).values_list("finding_id", flat=True)
        )
        count = 0
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
            IntentionalFinding.objects.create(
                universe=target.universe,
                finding_id=finding_id,
                source_id=_source_here(row["source_id"], target),
                statement=row["statement"],
                quote=row["quote"],
                reason=row["reason"][:MAX_NOTE_CHARS],
                marked_by=target.by,
                created_at=_instant(row["at"]) or timezone.now(),
            )
            count += 1
        return count


class GuidesPart:
    """Style guides, in all versions."""

    name = "guides"

    def rows(self, universe: Universe) -> Iterator[dict[str, Any]]:
        guides = StyleGuide.objects.filter(universe=universe).order_by("agent_type", "version")
        for guide in guides.iterator(_CHUNK):
            yield {
                "agent": str(guide.agent_type),
                **{
                    name: getattr(guide, name)
                    for name in ("version", "rules", "note", "on_trial", "trial_result")
                },
                "cause": str(guide.cause),
                "at": guide.at.isoformat(),
                "trial_ended_at": guide.trial_ended_at.isoformat() if guide.trial_ended_at else None,
            }

    def write(self, rows: Sequence[Mapping[str, Any]], target: Target) -> int:
        universe, report = target.universe, target.report
        members = Membership.objects.filter(universe=universe, user=target.by, role=Role.OWNER)
        if not members.exists():
            report.add("left out", "style guides", "Only the owner of the universe may change them.")
            return 0
        there = set(StyleGuide.objects.filter(universe=universe).values_list("agent_type", flat=True))
        added: dict[tuple[str, int], StyleGuide] = {}
        for row in sorted(rows, key=lambda row: (row["agent"], row["version"])):
            where = f"style guide {row['agent']}, version {row['version']}"
            if row["agent"] not in AgentType.values or (row["agent"], row["version"]) in added:
                report.add("left out", where, "There is no such agent, or the version is there twice.")
            elif row["agent"] in there:
                report.add("conflict", where, "The universe has a style guide for this agent; it was kept.")
            else:
                try:
                    texts = checked_rules([rule["text"] for rule in row["rules"]])
                except Invalid as refusal:
                    report.add("left out", where, " ".join(error.detail for error in refusal.errors))
                    continue
                added[row["agent"], row["version"]] = _guide(row, texts, target)
        StyleGuide.objects.bulk_create(added.values())
        newest = {guide.agent_type: guide for guide in added.values()}
        for guide in newest.values():
            if guide.rules:
                why = f"Agents keep its {len(guide.rules)} rules in this universe from now on."
                report.add("kept", f"style guide {guide.agent_type}", why)
        return len(added)


def _guide(row: Mapping[str, Any], texts: Sequence[str], target: Target) -> StyleGuide:
    rules = [{"id": rule["id"], "text": text} for rule, text in zip(row["rules"], texts, strict=True)]
    ids = {rule["id"] for rule in rules}
    return StyleGuide(
        universe=target.universe,
        agent_type=row["agent"],
        version=row["version"],
        rules=rules,
        cause=row["cause"] if row["cause"] in GuideCause.values else GuideCause.EDITED,
        note=row["note"],
        by=target.by,
        at=_instant(row["at"]) or timezone.now(),
        on_trial=[rule_id for rule_id in row["on_trial"] if rule_id in ids],
        trial_ended_at=_instant(row["trial_ended_at"]),
        trial_result=row["trial_result"],
    )


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


for _part in (FindingsPart(), MarksPart(), GuidesPart()):
    parts.register(_part)
