from __future__ import annotations

import importlib

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "mediaassets.operations"
    label = "operations"

    def ready(self) -> None:
        # The tasks of all apps are then those of this application.
        importlib.import_module("mediaassets.celery")
