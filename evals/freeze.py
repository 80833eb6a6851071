"""Move the texts of the held-out third from ``kinds/*.toml`` to their frozen file: ``python -m evals.freeze``.

For authors of new texts, before they commit them. It makes a new benchmark, whose checksum a test has to learn.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from evals.held_out import write_frozen
from evals.kinds import FOLDER, HELD_OUT_FILE, held_out_texts, tuning_texts

# An entry ends before a blank line, a comment, or the next entry.
_ENTRY: Final = re.compile(r"^\[\[(?:innocent|guilty)\]\]\n(?:(?!\[\[|#)[^\n]+\n)+\n?", re.MULTILINE)


def main() -> None:
    new = [text for text in tuning_texts() if text.is_held_out]
    texts = {text.id: text for text in (*held_out_texts(), *new)}
    write_frozen(HELD_OUT_FILE, (asdict(texts[id_]) for id_ in sorted(texts)))
    for path in FOLDER.glob("*.toml"):
        _remove(path, {text.text for text in new})


def _remove(path: Path, texts: set[str]) -> None:
    content = path.read_text(encoding="utf-8")
    for entry in _entries(content):
        parsed = tomllib.loads(entry)
        if next(iter(parsed.values()))[0]["text"] in texts:
            content = content.replace(entry, "", 1)
    path.write_text(content, encoding="utf-8")


def _entries(content: str) -> Iterator[str]:
    for match in _ENTRY.finditer(content):
        yield match[0]


if __name__ == "__main__":
    main()
