"""Structured logs: JSON lines in production, readable lines in development."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from mediaassets.settings import environment
from mediaassets.settings.base import DEBUG, EMBEDDED
from mediaassets.settings.environment import env

LOG_LEVEL = env.text("LOG_LEVEL", "INFO", environment.LOG_LEVEL).upper()
# OpenTelemetry, see agents/common/tracing.py.
TRACING = env.flag("TRACING", False)
# Whoever has the end of such an address may use it.
_SECRET_PATHS = re.compile(r"(/review-links/|/admin/password/[^/\s]+/)[^/\s]+")


def mask_secret_paths(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the secret part of addresses, in the lines of this project and in those of Django."""
    for key in ("event", "path"):
        if isinstance(event.get(key), str):
            event[key] = _SECRET_PATHS.sub(r"\1…", event[key])
    return event


_shared_processors: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    mask_secret_paths,
]


def without_traceback_of_refusals(record: logging.LogRecord) -> bool:
    """Keep a refused request to one line: its traceback says nothing that the status does not."""
    if getattr(record, "status_code", 500) < 500:
        record.exc_info = None
    return True


# Django's names of what a client sent and was refused: filters that no list has, and bodies over a limit.
_REFUSED_REQUESTS = (
    "DisallowedModelAdminLookup",
    "DisallowedModelAdminToField",
    "RequestDataTooBig",
    "TooManyFieldsSent",
    "TooManyFilesSent",
)


def as_warning(record: logging.LogRecord) -> bool:
    """Log a refused request in one line, as no error of this site; other suspicious ones stay errors."""
    record.levelno, record.levelname = logging.WARNING, "WARNING"
    record.exc_info = None
    return logging.getLogger(record.name).isEnabledFor(logging.WARNING)


structlog.configure(
    processors=[
        *_shared_processors,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": structlog.stdlib.ProcessorFormatter,
            # Records of the standard library, such as Django's of a failed request, carry a traceback as an object.
            "foreign_pre_chain": [*_shared_processors, structlog.processors.format_exc_info],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
                if EMBEDDED or DEBUG
                else structlog.processors.JSONRenderer(),
            ],
        }
    },
    "filters": {
        "refusals": {"()": lambda: without_traceback_of_refusals},
        "as_warning": {"()": lambda: as_warning},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"filters": ["refusals"]},
        **{f"django.security.{name}": {"filters": ["as_warning"]} for name in _REFUSED_REQUESTS},
        "httpx2": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        # One line a job, from agents.jobs.running.processing. Failed tasks are still logged.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "django_celery_beat": {"level": "WARNING"},
    },
}
