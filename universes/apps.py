"""App config of the universes."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class UniversesConfig(AppConfig):
    name = "universes"
    verbose_name = "Universes"

    def ready(self) -> None:
        from universes import fulltext

        fulltext.listen()
        pre_migrate.connect(_drop, sender=self)
        post_migrate.connect(_create, sender=self)


def _drop(using: str, **kwargs: Any) -> None:
    from universes import fulltext

    fulltext.drop(using, (fulltext.ELEMENTS, fulltext.SCENES))


def _create(using: str, **kwargs: Any) -> None:
    from universes import fulltext

    fulltext.create(using, (fulltext.ELEMENTS, fulltext.SCENES))
