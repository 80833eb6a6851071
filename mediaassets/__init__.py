"""Composition of the site: settings, URLs, processes. Django and Celery load it by name; no app imports it."""

from mediaassets.celery import app as celery_app

__all__ = ["celery_app"]
