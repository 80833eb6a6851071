"""Celery with a clock that is wrong by ``FAULTS_CLOCK_SHIFT_S`` seconds."""

from __future__ import annotations

import os
import time
from datetime import timedelta

from django.utils import timezone

_shift_s = float(os.environ["FAULTS_CLOCK_SHIFT_S"])
_time, _now = time.time, timezone.now


def _shifted_time() -> float:
    return _time() + _shift_s


time.time = _shifted_time
timezone.now = lambda: _now() + timedelta(seconds=_shift_s)

from celery.__main__ import main  # noqa: E402  after the clock is wrong

main()
