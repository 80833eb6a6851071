"""The world: universes, their rules, their people and places, and what is true in them."""

from __future__ import annotations

from django.apps import AppConfig


class UniversesConfig(AppConfig):
    name = "universes"
    verbose_name = "Universes"
