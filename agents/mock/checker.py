"""Check a text as the mock model does: report what the engine's deterministic checks find."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from agents.engine.checks import Finding, report
from agents.engine.world import WorldView
from agents.mock.sentences import SENTENCES

MAX_QUOTE_WORDS: Final = 25

_TEXTS: Final = SENTENCES["consistency"]
_SEVERITIES: Final = {"tech": "critical", "magic": "critical", "rule": "critical", "tone": "minor"}


def check_text(content: str, world: WorldView, directives: Collection[str]) -> dict[str, Any]:
    if "weak" in directives:
        return dict(SENTENCES["weak"]["consistency"])
    read = report(content, world)
    findings = [finding for finding in read.findings if finding.strength != "hint"]
    violations = [_violation(finding) for finding in findings]
    suggestions = [_suggestion(finding) for finding in findings]
    if "inconsistent" in directives:
        violations.append(_TEXTS["forged"])
        suggestions.append(_TEXTS["suggestion"]["forged"])
    # The forged one is not quoted, because it is in no text.
    verdict = ("none", "one", "many")[min(len(findings), 2)]
    explanation = f"{_TEXTS['checked']} {_TEXTS['verdict'][verdict]}".replace("{count}", str(len(findings)))
    if read.not_checked:
        not_checked = _TEXTS["not_checked"].replace("{what}", "; ".join(read.not_checked))
        explanation = f"{explanation} {not_checked}" if violations else not_checked
    return {
        "is_consistent": not violations,
        "violations": violations,
        "explanation": explanation,
        "suggestions": list(dict.fromkeys(suggestions)),
    }


def _violation(finding: Finding) -> dict[str, str]:
    sentence = finding.passage
    # A long sentence would hide the fault, and one with a blanked directive is not in the text as it was sent.
    is_quotable = (
        finding.quote in sentence and len(sentence.split()) <= MAX_QUOTE_WORDS and "  " not in sentence
    )
    return {
        "source_id": finding.source_id,
        "rule": finding.statement,
        "quote": sentence if is_quotable else finding.quote,
        "severity": _SEVERITIES.get(finding.kind, "major") if finding.strength == "proven" else "minor",
        "explanation": finding.why,
    }


def _suggestion(finding: Finding) -> str:
    suggestions = _TEXTS["suggestion"]
    template: str = suggestions.get(finding.kind, suggestions["other"])
    return template.replace("{statement}", finding.statement.rstrip(".")).replace("{quote}", finding.quote)
