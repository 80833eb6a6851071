"""The composition: settings, URLs, processes. Nothing imports it; Django and Celery load it by name."""

from mediaassets.celery import app as celery_app

__all__ = ["celery_app"]
