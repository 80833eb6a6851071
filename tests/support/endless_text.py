"""Settings of a worker that reads one text for as long as a test wants, as the slowest text imaginable would be.

``ENDLESS_TEXT`` is the text. In the folder ``ENDLESS_TEXT_FOLDER``, the file "reading" is made when its checks begin,
and they go on until there is a file "end".
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from agents.engine.agents import consistency
from agents.engine.checks import Report, report
from mediaassets.settings import *  # noqa: F403

_FOLDER = Path(os.environ["ENDLESS_TEXT_FOLDER"])


def _report(text: str, *arguments: Any, **options: Any) -> Report:
    if text == os.environ["ENDLESS_TEXT"]:
        (_FOLDER / "reading").touch()
        while not (_FOLDER / "end").exists():
            # The interpreter is taken, as by a pattern or a loop over words.
            sum(range(10_000))
    return report(text, *arguments, **options)


# Not in ``checks``, which the mock model uses as well: a job that waits for its model holds nobody up.
vars(consistency)["report"] = _report
