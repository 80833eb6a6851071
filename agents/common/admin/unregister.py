"""Pages of other applications that nobody here has a use for: they would only be in the way."""

from __future__ import annotations

from django.contrib import admin
from django_celery_beat.models import ClockedSchedule, SolarSchedule
from django_celery_results.models import GroupResult
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

# Periodic tasks run by interval or crontab; no task is a group; tokens are the sign-in's own business.
for model in (ClockedSchedule, SolarSchedule, GroupResult, BlacklistedToken, OutstandingToken):
    admin.site.unregister(model)
