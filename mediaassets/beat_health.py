"""`python -m mediaassets.beat_health`: exit code 0 if beat has recently run a periodic task.

Health check of the beat container. Beat records its runs every three minutes; a living process proves nothing.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

import django

MAX_AGE = timedelta(minutes=10)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaassets.settings")
    django.setup()
    from django.db.models import Max
    from django.utils import timezone
    from django_celery_beat.models import PeriodicTask

    last_run = PeriodicTask.objects.filter(enabled=True).aggregate(at=Max("last_run_at"))["at"]
    if last_run is not None and timezone.now() - last_run < MAX_AGE:
        return 0
    sys.stderr.write(f"Beat last ran a task: {last_run or 'never'}.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
