"""App config of the universes."""

from __future__ import annotations

from django.apps import AppConfig


class UniversesConfig(AppConfig):
    name = "universes"
    verbose_name = "Universes"
