"""Failures that fuzzing has found, each kind once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Findings:
    """Count requests by status, and keep the first example of each kind of failure."""

    statuses: Counter[int] = field(default_factory=Counter)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def requests(self) -> int:
        return self.statuses.total()

    def add(self, where: str, what: str, example: str) -> None:
        self.counts[where, what] += 1
        self.examples.setdefault((where, what), example)

    def report(self) -> str:
        by_class = Counter[str]()
        for status, count in self.statuses.items():
            by_class[f"{status // 100}xx"] += count
        lines = [
            f"{self.requests} requests: {', '.join(f'{n} {name}' for name, n in sorted(by_class.items()))}."
        ]
        for (where, what), example in self.examples.items():
            lines.append(f"\n{self.counts[where, what]} × {where}: {what}\n{example}")
        lines.append(f"\n{len(self.examples)} kinds of failure.")
        return "\n".join(lines)
