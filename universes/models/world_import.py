"""Imports of worlds: the upload, its progress, its report, and what each entry came from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from universes import limits
from universes.choices import ImportStatus
from universes.ids import new_id
from universes.models.universe import Universe


class WorldImportQuerySet(models.QuerySet["WorldImport"]):
    def due(self, now: datetime) -> Self:
        """Select imports that wait, and running ones whose worker has died."""
        return self.filter(
            Q(status=ImportStatus.PENDING) | Q(status=ImportStatus.RUNNING, claimed_until__lt=now)
        )

    def unfinished(self) -> Self:
        return self.filter(status__in=[ImportStatus.PENDING, ImportStatus.RUNNING])

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class WorldImport(models.Model):
    """An import of a file into a universe, run by a worker.

        pending -> running -> completed -> undone
                      |  ^
                      |  '-- the worker died: another one claims it, attempts + 1
                      '----> failed

    ``attempts`` is the fence of a worker's writes. The file is deleted when the import ends. Of one account, one import
    runs at a time, so that the same file sent twice is imported once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The universe that it adds to, or that it has made.
    universe = models.ForeignKey(
        Universe, null=True, blank=True, on_delete=models.SET_NULL, related_name="imports"
    )
    is_new_universe = models.BooleanField(default=False)
    file_name = models.CharField(max_length=limits.FILE_NAME)
    file_hash = models.CharField(max_length=64)
    format = models.CharField(max_length=20)
    dry_run = models.BooleanField(default=False)
    include_private = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=ImportStatus.choices, default=ImportStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    created: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    report: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(default=list)
    # Rules and world config before it, and ids of what other apps added: none has a record of its own. For undoing.
    before: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    error_code = models.CharField(max_length=50, blank=True, default="")
    error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = WorldImportQuerySet.as_manager()

    class Meta:
        db_table = "world_imports"
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=Q(status="running"), name="import_one_runs_per_owner"
            ),
            models.CheckConstraint(condition=Q(status__in=ImportStatus.values), name="import_status_known"),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="import_newest"),
            models.Index(
                fields=["created_at"],
                condition=Q(status__in=["pending", "running"]),
                name="import_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.status})"


class ImportFilePart(models.Model):
    """A piece of an uploaded file, so that no process ever holds all of it for the database."""

    world_import = models.ForeignKey(WorldImport, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        db_table = "world_import_parts"
        constraints = [
            models.UniqueConstraint(fields=["world_import", "number"], name="import_part_once"),
        ]

    def __str__(self) -> str:
        return f"part {self.number}"


class ImportedEntry(models.Model):
    """The origin of an entry: which entry of which source it came from, and its content then.

    ``source_hash`` is of the source, so that a later import sees whether that has changed; ``stored_hash`` is of the
    entry as it was stored, so that it sees whether somebody has edited it here since.
    """

    universe = models.ForeignKey(Universe, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=20)
    key = models.CharField(max_length=limits.SOURCE_KEY)
    # A rule has no record of steps, and so is no entry kind.
    target_kind = models.CharField(max_length=10)
    target_id = models.UUIDField()
    source_hash = models.CharField(max_length=64)
    stored_hash = models.CharField(max_length=64)
    world_import = models.ForeignKey(WorldImport, on_delete=models.CASCADE, related_name="entries")

    class Meta:
        db_table = "imported_entries"
        constraints = [
            models.UniqueConstraint(
                fields=["universe", "source", "target_kind", "key"], name="imported_entry_once"
            ),
        ]
        indexes = [models.Index(fields=["target_id"], name="imported_entry_target")]

    def __str__(self) -> str:
        return self.key
