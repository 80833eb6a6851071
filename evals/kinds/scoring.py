"""Scores of the checks by kind of mistake and by language.

A finding accuses if it is proven or likely; a hint limits nothing. An innocent text is *accused* by one such finding. A
guilty text is *found* by one that overlaps the quoted words and cites their source. It is *astray* if another finding
accuses something else in it, or if none of its findings is the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from agents.engine import checks
from agents.engine.checks.finding import Finding
from evals.kinds.texts import Text, worlds
from evals.scoring import cited_source, overlaps

Check = Callable[[Text], Iterable[Finding]]


def check_by_rule(text: Text) -> tuple[Finding, ...]:
    return checks.check(text.text, worlds()[text.world])


@dataclass(slots=True)
class Score:
    """Counts of texts; ``hinted`` and ``hinted_at`` have only a hint where a finding would accuse or find."""

    innocent: int = 0
    accused: int = 0
    hinted: int = 0
    guilty: int = 0
    found: int = 0
    hinted_at: int = 0
    astray: int = 0

    def add(self, text: Text, findings: Iterable[Finding]) -> None:
        accusing, hints = split(findings)
        if not text.is_guilty:
            self.innocent += 1
            self.accused += bool(accusing)
            self.hinted += bool(hints) and not accusing
            return
        is_found = any(_finds(finding, text) for finding in accusing)
        self.guilty += 1
        self.found += is_found
        self.hinted_at += not is_found and any(_finds(hint, text) for hint in hints)
        self.astray += any(not (is_found and _concerns(finding, text)) for finding in accusing)

    @property
    def precision(self) -> float | None:
        return _share(self.found, self.found + self.accused + self.astray)


@dataclass(slots=True)
class Scores:
    """Scores of all texts, and by kind and by language."""

    all: Score = field(default_factory=Score)
    kinds: dict[str, Score] = field(default_factory=dict)
    languages: dict[str, Score] = field(default_factory=dict)


def score(texts: Iterable[Text], check: Check = check_by_rule) -> Scores:
    scores = Scores()
    for text in texts:
        findings = tuple(check(text))
        scores.all.add(text, findings)
        scores.kinds.setdefault(text.kind, Score()).add(text, findings)
        scores.languages.setdefault(text.language, Score()).add(text, findings)
    return scores


def table(scores: Scores) -> list[str]:
    """Return lines to print, with a row for all texts, for each kind and for each language."""
    heads = ("innocent", "accused", "share", "hints", "guilty", "found", "share", "hints", "astray", "prec.")
    return [
        f"  {'':<22}{''.join(f'{head:>9}' for head in heads)}",
        _row("all", scores.all),
        *(_row(kind, row) for kind, row in sorted(scores.kinds.items())),
        "",
        *(_row(language, row) for language, row in sorted(scores.languages.items())),
    ]


def misses(texts: Iterable[Text], check: Check = check_by_rule) -> Iterator[str]:
    """Yield a description of each text that is innocent and accused, or guilty and not found.

    Refuses held-out texts with ``ValueError``: nobody may look at their misses.
    """
    for text in texts:
        if text.is_held_out:
            raise ValueError(f"{text.id} is held out.")
        findings = tuple(check(text))
        alone = Score()
        alone.add(text, findings)
        if alone.accused or alone.found < alone.guilty or alone.astray:
            yield "\n".join(_description(text, findings))


def split(findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that accuse, and the hints."""
    findings = list(findings)
    return (
        [finding for finding in findings if finding.strength != "hint"],
        [finding for finding in findings if finding.strength == "hint"],
    )


def _concerns(finding: Finding, text: Text) -> bool:
    return overlaps(finding, text) or cited_source(finding.source_id) == text.cites


def _finds(finding: Finding, text: Text) -> bool:
    return overlaps(finding, text) and cited_source(finding.source_id) == text.cites


def _description(text: Text, findings: Iterable[Finding]) -> Iterator[str]:
    label = f"guilty of {text.cites}: “{text.quote}”" if text.is_guilty else "innocent"
    yield f"{text.id} ({text.world}, {text.language}), {label}"
    yield f"    {text.text}"
    yield from (f"  {finding.strength}: {finding.sentence}" for finding in findings)


def _row(name: str, row: Score) -> str:
    cells = (
        row.innocent,
        row.accused,
        _percent(_share(row.accused, row.innocent)),
        row.hinted,
        row.guilty,
        row.found,
        _percent(_share(row.found, row.guilty)),
        row.hinted_at,
        row.astray,
        _percent(row.precision),
    )
    return f"  {name:<22}{''.join(f'{cell:>9}' for cell in cells)}"


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
