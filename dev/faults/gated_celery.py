"""Celery whose attempts wait between their claim and their call for as long as the file ``FAULTS_GATE`` exists."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from celery.__main__ import main
from celery.signals import worker_init

_gate = Path(os.environ["FAULTS_GATE"])


@worker_init.connect
def put_up_gate(**kwargs: Any) -> None:
    # Imports models, which are loaded by now.
    from agents.jobs.running.answer_source import DirectSource, RunContext
    from agents.llm.turns import turns

    read = DirectSource.context

    def context(self: DirectSource) -> RunContext:
        # Without a turn, so that the others come as far.
        with turns.given_up():
            while _gate.exists():
                time.sleep(0.05)
        return read(self)

    DirectSource.context = context  # type: ignore[method-assign]


main()
