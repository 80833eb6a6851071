"""Context for parsing the arguments of Celery's commands."""

from __future__ import annotations

from mediaassets.celery import app


class Context:
    """The attributes that Celery's commands read while they parse their arguments."""

    app = app
    no_color = True
    quiet = True
