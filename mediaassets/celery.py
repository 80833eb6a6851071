"""The Celery application: workers and beat start as `celery -A mediaassets`."""

import os
import sys
import threading
from typing import Any

import structlog
from celery import Celery
from celery.signals import beat_init, celeryd_init, worker_init, worker_ready

from mediaassets import broker, garbage
from mediaassets.dev_stack import gate

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


@celeryd_init.connect
def load_without_collections(**kwargs: Any) -> None:
    garbage.pause()


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
    """Load the language model and the provider's SDK, so that no job waits for them, and begin with the patterns."""
    from agents.engine.text.languages.detection import load_model
    from agents.providers import factory

    try:
        load_model()
        factory.llm_client()
    finally:
        # Celery logs an error and goes on.
        threading.Thread(target=compile_patterns, name="patterns", daemon=True).start()


@worker_init.connect
def wait_for_database(**kwargs: Any) -> None:
    gate.pass_through()


# Patterns wait so long at most for a worker to be ready, which without a broker it never is.
MAX_START_S = 5.0
# After each pattern, which takes 3 ms: jobs come first.
PAUSE_S = 0.005
_is_ready = threading.Event()


@worker_ready.connect
def begin_with_patterns(**kwargs: Any) -> None:
    _is_ready.set()


@worker_ready.connect
def report_ready(**kwargs: Any) -> None:
    gate.report_ready()


def compile_patterns() -> None:
    """Compile the patterns of the checks beside the first jobs, which wait for a model before they are checked."""
    from agents.engine.text.lazy_pattern import compile_all

    try:
        _is_ready.wait(MAX_START_S)
        compile_all(pause_s=PAUSE_S)
        structlog.get_logger(__name__).info("patterns_compiled")
    finally:
        garbage.begin()
