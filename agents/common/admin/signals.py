"""Signals and their findings as the pages of jobs show them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString

from agents.common import findings
from agents.common.admin import display
from agents.engine.agents.consistency import THE_TEXT
from agents.engine.world import CONFIG_FIELDS
from agents.models import AgentJob
from universes.models import Element, WorldRule
from universes.services.world import TIMELINE

# Permissions to open the pages of rules and elements.
WORLD_PERMISSIONS: Final = ("universes.view_universe", "universes.view_element")
# Findings beyond these are only counted.
MAX_FINDINGS: Final = 50


@dataclass(frozen=True, slots=True)
class StrengthLook:
    """A strength on the page. ``rank`` orders the findings; ``effect`` is what a finding does to the confidence."""

    rank: int
    label: str
    tone: str
    effect: str
    meaning: str


STRENGTHS: Final[Mapping[str, StrengthLook]] = {
    "proven": StrengthLook(
        0,
        "Proven",
        "bad",
        "limits the confidence",
        "The words of the text contradict the words of the world.",
    ),
    "likely": StrengthLook(
        1, "Likely", "warn", "lowers the confidence", "Most texts that say this contradict the world."
    ),
    "hint": StrengthLook(
        2,
        "Hint",
        "quiet",
        "is only shown",
        "Possibly a contradiction, possibly a figure of speech: check it.",
    ),
}


@dataclass(frozen=True, slots=True)
class Source:
    """The kind or name of what a finding cites. ``url`` is its place on the page or in the admin, if it has one."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class FindingRow:
    id: str
    strength: StrengthLook
    quote: str
    statement: str
    source: Source
    why: str
    is_intentional: bool
    mark: findings.Mark | None


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal; ``more`` is the number of findings left out, ``is_perfect`` says that there is nothing to look at."""

    name: str
    value: SafeString | str
    is_weak: bool
    is_perfect: bool
    limit: str
    sentence: str
    findings: list[FindingRow]
    more: int


def rows_of(job: AgentJob, *, may_see_world: bool, on_page: Collection[str] = frozenset()) -> list[SignalRow]:
    """Return the signals of a job with the marks of today: the weakest first, then those not checked, then the perfect.

    ``may_see_world``: the person has ``WORLD_PERMISSIONS``. ``on_page``: anchors of the sources that the page itself
    shows.
    """
    signals = sorted(findings.signals_of(job, findings.marks_on([job])), key=_rank)
    cited = {finding["source_id"] for signal in signals for finding in signal["findings"]}
    sources = _sources(job, cited, may_see_world=may_see_world, on_page=on_page)
    shown: set[str] = set()
    return sorted((_row(signal, sources, shown) for signal in signals), key=lambda row: row.is_perfect)


def anchor_of(source_id: str) -> str:
    """Return the id of the place on the review page that shows a source."""
    return f"source-{source_id}".replace(" ", "-")


def _rank(signal: findings.MarkedSignal) -> tuple[int, float]:
    value = signal.get("value", 1.0)
    if value is None:
        return 1, 0.0
    return (0 if value < 1 else 2), value


def _row(signal: findings.MarkedSignal, sources: Mapping[str, Source], shown: set[str]) -> SignalRow:
    """Build the row of a signal, without findings that are ``shown`` already: a repeated sentence has one mark."""
    rows = []
    for finding in signal["findings"]:
        if finding["id"] not in shown:
            shown.add(finding["id"])
            rows.append(_finding(finding, sources))
    rows.sort(key=lambda row: (row.is_intentional, row.strength.rank))
    value = signal.get("value", 1.0)
    return SignalRow(
        name=str(signal.get("name", "")).replace("_", " "),
        value=display.signal_value(value),
        is_weak=value is not None and value < 1,
        is_perfect=value == 1 and not rows,
        limit="" if (limit := findings.limit_of(signal)) is None else f"{limit:.2f}",
        sentence=str(signal.get("sentence", "")),
        findings=rows[:MAX_FINDINGS],
        more=max(0, len(rows) - MAX_FINDINGS),
    )


def _finding(finding: findings.MarkedFinding, sources: Mapping[str, Source]) -> FindingRow:
    return FindingRow(
        id=finding["id"],
        strength=STRENGTHS[finding["strength"]],
        quote=finding["quote"],
        statement=finding["statement"],
        source=sources[finding["source_id"]],
        why=finding["why"],
        is_intentional=finding["is_intentional"],
        mark=finding["mark"],
    )


def _sources(
    job: AgentJob, cited: Iterable[str], *, may_see_world: bool, on_page: Collection[str]
) -> dict[str, Source]:
    """Name the cited sources, and link those that the page shows or that have a page in the admin."""
    labels = {source_id: _plain_label(source_id) for source_id in cited}
    urls: dict[str, str] = {}
    stored = [source_id for source_id in labels if _is_uuid(source_id)]
    if stored and job.universe_id is not None:
        rules = WorldRule.objects.filter(universe=job.universe_id, pk__in=stored)
        elements = Element.objects.filter(universe=job.universe_id, pk__in=stored)
        for rule_id in rules.values_list("pk", flat=True):
            labels[str(rule_id)] = "rule"
            urls[str(rule_id)] = reverse("admin:universes_universe_change", args=[job.universe_id])
        for element_id, name in elements.values_list("pk", "name"):
            labels[str(element_id)] = name
            urls[str(element_id)] = reverse("admin:universes_element_change", args=[element_id])
    if not may_see_world:
        urls.clear()
    urls |= {source_id: f"#{anchor_of(source_id)}" for source_id in labels if anchor_of(source_id) in on_page}
    return {source_id: Source(label, urls.get(source_id, "")) for source_id, label in labels.items()}


def _plain_label(source_id: str) -> str:
    if source_id in CONFIG_FIELDS:
        return source_id.replace("_", " ")
    if source_id == THE_TEXT:
        return "the text itself"
    if source_id.startswith(TIMELINE):
        return "the timeline"
    # The rules and elements of a request have no id of their own; those of a universe may be gone.
    return "no longer in this world" if _is_uuid(source_id) else "from the request"


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
