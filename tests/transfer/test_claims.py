"""Claims of imports: one worker, one import of an account at a time, and another try after a worker died."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.support.threads import run_concurrently
from tests.transfer.running import as_json, sample
from universes.choices import ImportStatus
from universes.models import Element, Universe, WorldImport
from universes.transfer import imports
from universes.transfer.writing import Writer

NAME = "01_sillytavern_world_info.json"


def submit(owner, name=NAME):
    return imports.submit(owner, io.BytesIO(sample(name)), name=name)


@pytest.mark.django_db
def test_one_import_of_an_account_runs_at_a_time(creator, stranger):
    first, second, other = submit(creator), submit(creator), submit(stranger)

    claimed = [imports.claim(), imports.claim(), imports.claim()]

    assert [row.pk if row else None for row in claimed] == [first.pk, other.pk, None]
    assert claimed[0] is not None
    imports.run(claimed[0])
    following = imports.claim()
    assert following is not None
    assert following.pk == second.pk


@pytest.mark.django_db
def test_import_of_a_dead_worker_is_run_by_another_and_only_its_writes_count(creator):
    submit(creator)
    dead = imports.claim()
    assert dead is not None
    WorldImport.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))

    alive = imports.claim()
    assert alive is not None
    imports.run(dead)
    assert (Universe.objects.count(), Element.objects.count()) == (0, 0)
    imports.run(alive)

    row = WorldImport.objects.get()
    assert (row.status, row.attempts, Universe.objects.count()) == ("completed", 2, 1)


@pytest.mark.django_db
def test_import_that_kills_its_workers_fails(creator):
    submit(creator)
    for _ in range(imports.MAX_ATTEMPTS):
        assert imports.claim() is not None
        WorldImport.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))

    assert imports.claim() is None

    row = WorldImport.objects.get()
    assert (row.status, row.error_code, row.parts.count()) == ("failed", "import_crashed", 0)


@pytest.mark.django_db
def test_crash_stores_nothing(creator, monkeypatch):
    def crash(self):
        raise RuntimeError("boom")

    monkeypatch.setattr(Writer, "_write_relations", crash)
    submit(creator)

    imports.run_due()

    row = WorldImport.objects.get()
    assert (row.status, row.error_code, row.universe) == ("failed", "import_crashed", None)
    assert (Universe.objects.count(), Element.objects.count(), row.parts.count()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_same_file_sent_twice_is_imported_once(creator):
    submit(creator)
    submit(creator)

    def work():
        while WorldImport.objects.unfinished().exists():
            imports.run_due()

    run_concurrently(work, work)

    rows = list(WorldImport.objects.order_by("created_at", "id"))
    assert [row.status for row in rows] == [ImportStatus.COMPLETED] * 2
    assert [bool(row.created) for row in rows] == [True, False]
    assert (Universe.objects.count(), Element.objects.count()) == (1, 15)


@pytest.mark.django_db(transaction=True)
def test_two_accounts_add_the_same_names_to_one_universe(creator, editor, universe):
    book = as_json(
        {"entries": [{"comment": f"Bell {number}", "content": "It rings."} for number in range(30)]}
    )
    for owner in (creator, editor):
        imports.submit(owner, io.BytesIO(book), name="book.json", universe_id=universe.pk)

    run_concurrently(imports.run_due, imports.run_due)

    assert {row.status for row in WorldImport.objects.all()} == {"completed"}
    assert Element.objects.count() == 30
