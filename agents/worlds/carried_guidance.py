"""Style guides and exemplars in the native format of worlds: written to a file, and read from one.

Both are read by agents, so that only the owner of a universe brings them in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from agents.choices import AgentType, GuideCause
from agents.engine.envelope import canonical_json
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.errors import Invalid
from agents.learning.exemplars import MAX_EXEMPLARS
from agents.learning.guides import checked_rules
from agents.models import Exemplar, StyleGuide
from universes.choices import Role
from universes.models import Membership, Universe
from universes.transfer.parts import Target

_CHUNK = 500


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

    def write(self, rows: Sequence[Mapping[str, Any]], target: Target) -> list[str]:
        universe, report = target.universe, target.report
        if not _is_owner(target):
            report.add("left out", "style guides", "Only the owner of the universe may change them.")
            return []
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
        return [str(guide.pk) for guide in added.values()]

    def built_on(self, universe: Universe, ids: Sequence[str]) -> Iterator[str]:
        """Yield the guides that have later versions than those of the import."""
        agents = StyleGuide.objects.filter(universe=universe, pk__in=ids).values("agent_type")
        later = StyleGuide.objects.filter(universe=universe, agent_type__in=agents).exclude(pk__in=ids)
        yield from map(str, later)

    def take_back(self, universe: Universe, ids: Sequence[str]) -> None:
        StyleGuide.objects.filter(universe=universe, pk__in=ids).delete()


class ExemplarsPart:
    """Accepted outputs that later jobs read as examples, without the jobs and people that they came from."""

    name = "exemplars"

    def rows(self, universe: Universe) -> Iterator[dict[str, Any]]:
        exemplars = Exemplar.objects.filter(universe=universe).order_by("marked_at", "pk")
        for exemplar in exemplars.iterator(_CHUNK):
            yield {
                "agent": str(exemplar.agent_type),
                "kind": exemplar.kind,
                "request": exemplar.request,
                "output": exemplar.output,
                "at": exemplar.marked_at.isoformat(),
            }

    def write(self, rows: Sequence[Mapping[str, Any]], target: Target) -> list[str]:
        universe, report = target.universe, target.report
        if not _is_owner(target):
            report.add("left out", "exemplars", "Only the owner of the universe may change them.")
            return []
        there = Exemplar.objects.filter(universe=universe)
        known = {
            canonical_json([agent, kind, request, output])
            for agent, kind, request, output in there.values_list("agent_type", "kind", "request", "output")
        }
        counts = Counter(there.values_list("agent_type", flat=True))
        added = []
        for number, row in enumerate(rows, start=1):
            where = f"exemplar {number}"
            output = _output(row)
            if output is None:
                report.add("left out", where, "It is no output of an agent that is known here.")
                continue
            key = canonical_json([row["agent"], row["kind"], row["request"], output])
            if key in known:
                continue
            if counts[row["agent"]] >= MAX_EXEMPLARS:
                report.add("left out", where, f"There are {MAX_EXEMPLARS} exemplars for this agent.")
                continue
            known.add(key)
            counts[row["agent"]] += 1
            added.append(
                Exemplar(
                    universe=universe,
                    agent_type=row["agent"],
                    kind=row["kind"],
                    request=row["request"],
                    output=output,
                    marked_by=target.by,
                    marked_at=_instant(row["at"]) or timezone.now(),
                )
            )
        Exemplar.objects.bulk_create(added, batch_size=_CHUNK)
        if added:
            why = f"Agents read {len(added)} as examples in this universe from now on."
            report.add("kept", "exemplars", why)
        return [str(exemplar.pk) for exemplar in added]

    def built_on(self, universe: Universe, ids: Sequence[str]) -> Iterator[str]:
        yield from ()

    def take_back(self, universe: Universe, ids: Sequence[str]) -> None:
        Exemplar.objects.filter(universe=universe, pk__in=ids).delete()


def _output(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the fields of an output that a person could have edited; None unless it fits its agent."""
    if row["agent"] not in AgentType.values or row["agent"] == AgentType.CONSISTENCY:
        return None
    agent = get_agent(row["agent"])
    original = {"type": row["kind"], "model": "", "tokens_used": 0, "word_count": 0}
    try:
        output = agent.check_edit(row["output"], original)
    except InvalidInput:
        return None
    return {name: value for name, value in output.items() if name not in agent.fixed_fields}


def _is_owner(target: Target) -> bool:
    members = Membership.objects.filter(universe=target.universe, user=target.by, role=Role.OWNER)
    return members.exists()


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


def _instant(at: str | None) -> datetime | None:
    return datetime.fromisoformat(at) if at else None
