"""Check that docstrings open with a verb or a noun phrase: ``python -m dev.wording [files or folders …]``.

ruff's D401 covers the mood of function docstrings. This check covers the rest: it reports each docstring, also of
modules, classes and tests, that opens with a word like "What", "Who" or "Whether", so that the reader has to guess the
subject.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (
    "agents",
    "universes",
    "studio",
    "mediaassets",
    "dev",
    "evals",
    "tests",
    "conftest.py",
)
OPENERS = re.compile(
    r"\W*(what|who|whom|whose|how|whether|where|when|which|why|those|that|of|such|as|all|nothing|nobody|somebody|from|for"
    r"|it|this|there|if|in|with|by|to|not|so|than)\b",
    re.IGNORECASE,
)


def findings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line number and first line of each docstring of a file that matches ``OPENERS``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        docstring = ast.get_docstring(node)
        if docstring and OPENERS.match(docstring):
            yield getattr(node, "lineno", 1), docstring.splitlines()[0]


def python_files(names: list[str]) -> Iterator[Path]:
    for name in names:
        path = ROOT / name
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def main() -> int:
    count = 0
    for path in python_files(sys.argv[1:] or list(FOLDERS)):
        if "migrations" in path.parts:
            continue
        for line, text in findings(path):
            count += 1
            print(f"{path.relative_to(ROOT)}:{line}: open with a verb or a noun phrase: {text}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
