"""Versions of the small tables that every process keeps in memory."""

from __future__ import annotations

from django.db import models

from agents.choices import VersionedData


class DataVersion(models.Model):
    """Stamp of a table that triggers replace with every change of its rows, in the transaction of the change.

    A random text and not a number, so that a restored or emptied database never repeats a stamp.
    """

    name = models.CharField(max_length=32, primary_key=True, choices=VersionedData)
    stamp = models.CharField(max_length=36)

    class Meta:
        db_table = "agent_data_versions"

    def __str__(self) -> str:
        return f"{self.name} {self.stamp}"
