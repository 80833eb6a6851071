"""The Celery application: workers and beat start as `celery -A mediaassets`."""

import gc
import os
import sys
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

from mediaassets import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaassets.settings")

# Celery would run all checks, for which it would load every page, and ignore what they find. The configuration is
# checked below, and everything by `make check`.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
broker.use()
app = Celery("mediaassets")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# By name, because the modules import models, which Django has not loaded yet.
app.steps["worker"].add("mediaassets.admission_notifier:AdmissionNotifier")
app.steps["worker"].add("mediaassets.upkeep:Upkeep")


# Turn of a thread at the interpreter, 5 ms by default: threads then take it from each other in the middle of their
# work. A thread that waits for a socket gives its turn up at once.
SWITCH_INTERVAL_S = 0.01


@worker_init.connect
def take_longer_turns(**kwargs: Any) -> None:
    sys.setswitchinterval(SWITCH_INTERVAL_S)


@worker_init.connect
@beat_init.connect
def refuse_invalid_configuration(**kwargs: Any) -> None:
    """Exit when a setting is invalid; with an unreadable DATABASE_URL a worker would serve an empty database."""
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    try:
        call_command("check", "--tag", "configuration", verbosity=0)
    except SystemCheckError as error:
        # Celery logs other exceptions of a signal handler and continues.
        raise SystemExit(str(error)) from None


# Before the threads of the upkeep, which take due jobs at once.
@worker_init.connect
def prepare(**kwargs: Any) -> None:
    """Load the language model, the patterns and the provider's SDK, so that no job waits for them.

    Then take what is loaded out of the garbage collector's hands.
    """
    from agents.engine.text.languages.detection import load_model
    from agents.engine.text.lazy_pattern import compile_all
    from agents.providers import factory

    load_model()
    compile_all()
    factory.llm_client()
    _spare_the_garbage_collector()


def _spare_the_garbage_collector() -> None:
    # Hundreds of thousands of objects of the code live as long as the process; each full collection would look through
    # them. By default a collection begins after 700 new objects, of which a single job makes more.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
