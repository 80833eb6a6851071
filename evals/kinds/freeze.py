"""Move the texts of the held-out third from ``kinds/*.toml`` to their frozen file: ``python -m evals.kinds.freeze``.

For authors of new texts, before they commit them. It makes a new benchmark, whose checksum a test has to learn.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import asdict
from typing import Final

from evals.held_out import write_frozen
from evals.kinds.texts import FOLDER, HELD_OUT_FILE, held_out_texts, tuning_texts

# An entry ends before a blank line, a comment, or the next entry.
_ENTRY: Final = re.compile(r"^\[\[(?:innocent|guilty)\]\]\n(?:(?!\[\[|#)[^\n]+\n)+\n?", re.MULTILINE)


def main() -> None:
    new = [text for text in tuning_texts() if text.is_held_out]
    texts = {text.id: text for text in (*held_out_texts(), *new)}
    write_frozen(HELD_OUT_FILE, (asdict(texts[id_]) for id_ in sorted(texts)))
    for path in FOLDER.glob("*.toml"):
        content = path.read_text(encoding="utf-8")
        path.write_text(remove_entries(content, {text.text for text in new}), encoding="utf-8")


def remove_entries(content: str, texts: Collection[str]) -> str:
    """Return a TOML file without the entries that hold one of ``texts``."""
    return _ENTRY.sub(lambda entry: "" if _text_of(entry[0]) in texts else entry[0], content)


def _text_of(entry: str) -> str:
    (written,) = tomllib.loads(entry).values()
    text: str = written[0]["text"]
    return text


if __name__ == "__main__":
    main()
