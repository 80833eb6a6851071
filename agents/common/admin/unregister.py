"""Removal of third-party admin pages that this site does not use."""

from __future__ import annotations

from django.contrib import admin
from django_celery_beat.models import ClockedSchedule, SolarSchedule
from django_celery_results.models import GroupResult
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

# Periodic tasks use intervals and crontabs only; no task runs in a group; the sign-in manages its tokens itself.
for model in (ClockedSchedule, SolarSchedule, GroupResult, BlacklistedToken, OutstandingToken):
    admin.site.unregister(model)
