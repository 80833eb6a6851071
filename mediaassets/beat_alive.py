"""`python -m mediaassets.beat_alive`: exit code 0 when beat has run a periodic task within the last minutes.

The health check of the beat container: that its process exists proves nothing, that it writes down what it ran
does. Beat writes every three minutes.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

import django

FRESH_WITHIN = timedelta(minutes=10)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaassets.settings")
    django.setup()
    from django.db.models import Max
    from django.utils import timezone
    from django_celery_beat.models import PeriodicTask

    last = PeriodicTask.objects.filter(enabled=True).aggregate(last=Max("last_run_at"))["last"]
    if last is not None and timezone.now() - last < FRESH_WITHIN:
        return 0
    sys.stderr.write(f"Beat last ran a task: {last or 'never'}.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
