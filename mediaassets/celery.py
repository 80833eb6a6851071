"""The Celery application: workers and beat start it as `celery -A mediaassets`."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init, worker_ready, worker_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaassets.settings")

app = Celery("mediaassets")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_bad_configuration(**kwargs: Any) -> None:
    """As the web process does: with a DATABASE_URL that cannot be read a worker would serve an empty database."""
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    try:
        call_command("check", "--tag", "configuration", verbosity=0)
    except SystemCheckError as error:
        # Celery logs an exception of a receiver and goes on.
        raise SystemExit(str(error)) from None


@worker_ready.connect
def ring_for_turns(**kwargs: Any) -> None:
    from mediaassets import turns

    turns.start()


@worker_shutdown.connect
def stop_ringing(**kwargs: Any) -> None:
    from mediaassets import turns

    turns.stop()
