"""Facts about the test run that pytest's hooks and fixtures share."""

from __future__ import annotations

import os
from pathlib import Path

NO_CHROMIUM = "no Chromium"
# Environment variable with the directory of the run.
RUN_DIRECTORY = "TEST_RUN_DIRECTORY"


def process_number() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def broker_directory(run_directory: Path) -> Path:
    return run_directory / f"valkey-{process_number()}"
