"""Checkers to measure: the deterministic checks alone, and the consistency agent with a model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from agents.engine import checks
from agents.engine.registry import get_agent
from agents.engine.results import AgentFailure, RunSettings
from agents.engine.text.matching import flatten
from agents.llm.base import LLMClient
from evals.cases import Case
from evals.material import HERE, settings
from evals.scoring import Flag

_ENGINE: Final = HERE.parent / "agents" / "engine"


def check_by_rule(case: Case) -> Iterator[Flag]:
    """Yield the findings of the deterministic checks, except hints, which limit nothing."""
    for finding in checks.check(case.text, settings()[case.world].world):
        if finding.strength != "hint":
            yield Flag(finding.source_id, finding.start, finding.end)


def checks_version() -> str:
    """Return twelve hex digits that change with the source of the deterministic checks."""
    folders = (_ENGINE / "checks", _ENGINE / "text")
    found = (path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".toml"))
    files = sorted([*found, _ENGINE / "sources.py"])
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:12]


class AgentChecker:
    """Checker that runs the consistency agent; ``version`` is that of the prompt last used."""

    def __init__(self, model: str, llm: LLMClient) -> None:
        self._settings = RunSettings(model=model, threshold=0.7)
        self._llm = llm
        self.version = ""
        self.failures: list[str] = []

    def __call__(self, case: Case) -> Iterator[Flag]:
        world = settings()[case.world].world
        try:
            result = get_agent("consistency").run({"content": case.text}, world, self._settings, self._llm)
        except AgentFailure as failure:
            self.failures.append(f"{case.id}: {failure.code}")
            return
        self.version = result.calls[0].prompt_version
        for violation in result.output["violations"]:
            yield _flag(violation, case.text)


def _flag(violation: dict[str, Any], text: str) -> Flag:
    """Locate a quotation; one whose punctuation differs from the text is located by its first characters."""
    quote = str(violation["quote"])
    start = text.find(quote)
    if start < 0:
        start = flatten(text).find(flatten(quote)[:20])
    return Flag(str(violation["source_id"]), max(start, 0), max(start, 0) + len(quote))
