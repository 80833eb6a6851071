"""The Celery application: workers and beat start it as `celery -A mediaassets`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaassets.settings")

app = Celery("mediaassets")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
