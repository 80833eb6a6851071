"""Imports as jobs: submitted with their file, claimed by a worker, run in one transaction, told in a report."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from datetime import timedelta
from typing import IO, Any, Final

import structlog
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from universes import limits
from universes.choices import ImportStatus, Role
from universes.errors import Busy, DomainError, Forbidden, NotFound
from universes.models import ImportFilePart, Universe, WorldImport
from universes.services import access
from universes.services.locks import lock_writable_universe, refuse_archived
from universes.services.universes import create_universe
from universes.transfer.files.refusal import refused
from universes.transfer.files.source import MAX_BYTES, Source, check_members, open_source
from universes.transfer.fitting import fit
from universes.transfer.formats.detection import format_of, read_world
from universes.transfer.world import Options, World
from universes.transfer.writing import Writer

log = structlog.get_logger(__name__)

# Renewed with each step of the work, the longest of which is to read the file.
LEASE = timedelta(minutes=1)
MAX_ATTEMPTS: Final = 3
MAX_UNFINISHED: Final = 10
_PART_BYTES: Final = 1_000_000


class Superseded(Exception):
    """Another worker has claimed the import: its transaction counts, and not this one."""


def submit(
    owner: User,
    file: IO[bytes],
    *,
    name: str,
    format_name: str = "",
    universe_id: uuid.UUID | None = None,
    dry_run: bool = False,
    include_private: bool = False,
) -> WorldImport:
    """Store an import with its file for a worker.

    The file is opened here and everything in it that could be hostile is looked at, so that it is refused at once and
    nothing of it is stored. Raises ``Invalid`` with the code of the refusal, what ``access.find_universe`` raises,
    ``Conflict`` ``universe_archived``, ``Busy`` ``too_many_imports``.
    """
    if universe_id is not None:
        refuse_archived(access.find_universe(owner, universe_id, at_least=Role.EDITOR))
    name = " ".join(name.replace("\x00", "").split())[-limits.FILE_NAME :] or "file"
    file.seek(0, 2)
    if file.tell() > MAX_BYTES:
        raise refused("file_too_large", f"The file is over {MAX_BYTES:,} bytes.")
    source = open_source(file, name)
    found = format_of(source, format_name)
    check_members(source)
    if WorldImport.objects.filter(owner=owner).unfinished().count() >= MAX_UNFINISHED:
        raise Busy(f"{MAX_UNFINISHED} of your imports are waiting. Try again.", code="too_many_imports")
    with transaction.atomic():
        row = WorldImport(
            owner=owner,
            universe_id=universe_id,
            file_name=name,
            format=found,
            dry_run=dry_run,
            include_private=include_private,
        )
        row.file_hash = _hash(file)
        row.save(force_insert=True)
        file.seek(0)
        for number, data in enumerate(iter(lambda: file.read(_PART_BYTES), b"")):
            ImportFilePart.objects.create(world_import=row, number=number, data=data)
    return row


def find_import(owner: User, import_id: uuid.UUID) -> WorldImport:
    row = WorldImport.objects.filter(owner=owner, pk=import_id).first()
    if row is None:
        raise NotFound(f"There is no import {import_id} among yours.", code="import_not_found")
    return row


def run_due() -> int:
    """Run the imports that are due, one after the other; return how many were run."""
    count = 0
    while (row := claim()) is not None:
        run(row)
        count += 1
    return count


def claim() -> WorldImport | None:
    """Claim a due import, the oldest first; of one account only one is claimed at a time."""
    now = timezone.now()
    for candidate in WorldImport.objects.due(now).order_by("created_at", "id"):
        if candidate.attempts >= MAX_ATTEMPTS:
            _fail(candidate, "import_crashed", "Its worker died, several times.")
            continue
        mine = WorldImport.objects.due(now).filter(pk=candidate.pk, attempts=candidate.attempts)
        try:
            with transaction.atomic():
                claimed = mine.update(
                    status=ImportStatus.RUNNING,
                    attempts=candidate.attempts + 1,
                    claimed_until=now + LEASE,
                )
        except IntegrityError:
            # Another import of this account is running.
            continue
        if claimed:
            return WorldImport.objects.select_related("owner", "universe").get(pk=candidate.pk)
    return None


def run(row: WorldImport) -> None:
    """Run a claimed import to its end; a refusal of the domain becomes its error."""
    try:
        world = _read(row)
        _apply(row, world)
    except DomainError as error:
        _fail(row, error.code, error.message)
    except Superseded:
        log.info("import_superseded", import_id=str(row.pk))
    except Exception:
        log.exception("import_crashed", import_id=str(row.pk))
        _fail(row, "import_crashed", "The import failed by a fault of ours; nothing was stored.")


def _read(row: WorldImport) -> World:
    with tempfile.TemporaryFile() as file:
        for data in row.parts.order_by("number").values_list("data", flat=True).iterator(chunk_size=1):
            file.write(data)
        source: Source = open_source(file, row.file_name)
        world = read_world(source, row.format, Options(include_private=row.include_private))
    _progress(row, done=0, total=world.size())
    fit(world)
    _progress(row, done=world.size() // 2, total=world.size())
    return world


def _apply(row: WorldImport, world: World) -> None:
    """Write the world and the end of the import in one transaction."""
    owner = User.objects.get(pk=row.owner_id)
    if not owner.is_active:
        raise Forbidden("The account is no longer active.", code="account_inactive")
    given = row.universe_id
    with transaction.atomic():
        universe = _universe(row, world, owner)
        writer = Writer(universe, world, row, owner)
        writer.write()
        row.created, row.updated, row.skipped = dict(writer.created), writer.updated, writer.skipped
        if not any((row.created, row.updated)):
            world.report.add(
                "unchanged", universe.name, "Everything of the file is there already; nothing was added."
            )
        if row.dry_run:
            # Nothing of it counts but what it would have done.
            transaction.set_rollback(True)
        else:
            _complete(row, world)
    if row.dry_run:
        row.universe_id, row.is_new_universe = given, False
        row.before = {}
        _complete(row, world)


def _complete(row: WorldImport, world: World) -> None:
    row.report = world.report.as_json()
    result = ("created", "updated", "skipped", "report", "before", "universe_id", "is_new_universe")
    fields = {name: getattr(row, name) for name in result}
    _end(row, ImportStatus.COMPLETED, done=row.total, **fields)


def _fail(row: WorldImport, code: str, message: str) -> None:
    try:
        _end(row, ImportStatus.FAILED, error_code=code, error=message)
    except Superseded:
        log.info("import_superseded", import_id=str(row.pk))


def _end(row: WorldImport, status: ImportStatus, **fields: Any) -> None:
    """Write the end of an import and delete its file; raise ``Superseded`` if the claim was lost."""
    now = timezone.now()
    with transaction.atomic():
        mine = WorldImport.objects.unfinished().filter(pk=row.pk, attempts=row.attempts)
        if not mine.update(**fields, status=status, claimed_until=None, finished_at=now):
            raise Superseded
        ImportFilePart.objects.filter(world_import=row).delete()


def _universe(row: WorldImport, world: World, owner: User) -> Universe:
    """Return the locked universe to write to: the given one, the one that has this file already, or a new one."""
    universe_id = row.universe_id or _earlier(row)
    if universe_id is not None:
        access.find_universe(owner, universe_id, at_least=Role.EDITOR)
        row.universe_id, row.is_new_universe = universe_id, False
        return lock_writable_universe(universe_id)
    made = create_universe(owner, name=world.name, description=world.description)
    row.universe_id, row.is_new_universe = made.pk, True
    return lock_writable_universe(made.pk)


def _earlier(row: WorldImport) -> uuid.UUID | None:
    """Return the owner's universe into which this very file was imported before."""
    earlier = WorldImport.objects.filter(
        owner_id=row.owner_id,
        file_hash=row.file_hash,
        include_private=row.include_private,
        status=ImportStatus.COMPLETED,
        dry_run=False,
        is_new_universe=True,
        universe__archived=False,
        universe__owner_id=row.owner_id,
    )
    return earlier.order_by("-created_at").values_list("universe_id", flat=True).first()


def _progress(row: WorldImport, *, done: int, total: int) -> None:
    """Tell how far it is, and renew the claim."""
    row.done, row.total = done, total
    mine = WorldImport.objects.filter(pk=row.pk, status=ImportStatus.RUNNING, attempts=row.attempts)
    if not mine.update(done=done, total=total, claimed_until=timezone.now() + LEASE):
        raise Superseded


def _hash(file: IO[bytes]) -> str:
    file.seek(0)
    found = hashlib.sha256()
    for data in iter(lambda: file.read(_PART_BYTES), b""):
        found.update(data)
    return found.hexdigest()
