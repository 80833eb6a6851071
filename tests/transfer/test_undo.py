"""Undoing an import as a whole."""

from __future__ import annotations

import pytest

from tests.support.problems import problem_of
from tests.transfer.running import as_json, run_import, run_sample
from universes.models import CanonChange, Element, ImportedEntry, Relation, Universe, WorldImport, WorldRule
from universes.services import canon, relations, rules
from universes.services import universes as service

pytestmark = pytest.mark.django_db

KANKA = "08_kanka_campaign.zip"
WORLD_INFO = "01_sillytavern_world_info.json"


def undo(api, row):
    return api.post(f"/universes/imports/{row.pk}/undo")


def test_universe_that_it_made_is_deleted(api, creator):
    row = run_sample(creator, WORLD_INFO)

    undone = undo(api, row)

    assert (undone.status_code, undone.data["status"], undone.data["universe_id"]) == (200, "undone", None)
    assert (Universe.objects.count(), Element.objects.count()) == (0, 0)
    problem_of(undo(api, row), 409, "import_not_undoable")
    assert run_sample(creator, WORLD_INFO).created["rule"] == 1


def test_universe_that_was_there_is_as_before_and_can_be_imported_into_again(api, creator, universe):
    bell = canon.add_element(universe, kind="item", name="Bell", by=creator)
    rules.add_rule(universe, text="Iron burns elves.")
    service.update_universe(universe, description="Wet.")
    row = run_sample(creator, KANKA, universe_id=universe.pk)
    lore = run_sample(creator, WORLD_INFO, universe_id=universe.pk)

    assert undo(api, lore).status_code == 200
    assert undo(api, row).status_code == 200

    assert list(Element.objects.all()) == [bell]
    assert Relation.objects.count() == 0
    assert list(WorldRule.objects.values_list("position", "text")) == [(1, "Iron burns elves.")]
    assert ImportedEntry.objects.count() == 0
    withdrawn = CanonChange.objects.filter(action="withdrawn", user=creator)
    assert withdrawn.count() == CanonChange.objects.filter(world_import__isnull=False).count()
    again = run_sample(creator, KANKA, universe_id=universe.pk)
    assert again.created == row.created


def test_update_goes_back_to_the_words_before(api, creator, universe):
    def book(text):
        return as_json({"name": "Lore", "entries": [{"uid": 1, "comment": "Bell", "content": text}]})

    run_import(creator, book("It rings."), "lore.json", universe_id=universe.pk)
    row = run_import(creator, book("It is cracked."), "lore.json", universe_id=universe.pk)
    assert (row.updated, Element.objects.get().summary) == (1, "It is cracked.")

    undo(api, row)

    assert Element.objects.get().summary == "It rings."
    again = run_import(creator, book("It is cracked."), "lore.json", universe_id=universe.pk)
    assert (again.created, again.updated) == ({}, 1)


def test_later_change_of_the_world_is_named_in_words(api, creator):
    row = run_sample(creator, WORLD_INFO)
    assert row.universe is not None
    service.update_world_config(row.universe, genre="Salt punk")

    refused = problem_of(undo(api, row), 409, "import_built_on")

    assert refused["detail"] == "Later work builds on this import: World config."


@pytest.mark.parametrize("later", ["edit", "relation", "rule"])
def test_later_work_is_named_and_keeps_the_import(api, creator, universe, later):
    row = run_sample(creator, WORLD_INFO, universe_id=universe.pk)
    mira, hope = (Element.objects.get(name=name) for name in ("Mira Voss", "Hope Arden"))
    count = Element.objects.count()
    if later == "edit":
        canon.revise_element(mira, summary="Edited.", by=creator)
    elif later == "relation":
        relations.add_relation(universe, kind="friend", from_element=mira.pk, to_element=hope.pk)
    else:
        rules.change_rule(universe, WorldRule.objects.get().pk, text="Smoke is allowed.")
    named = {"edit": "Mira Voss", "relation": str(Relation.objects.first()), "rule": "Smoke is allowed."}[
        later
    ]

    refused = problem_of(undo(api, row), 409, "import_built_on")

    assert refused["detail"] == f"Later work builds on this import: {named}."
    assert (Element.objects.count(), WorldImport.objects.get().status) == (count, "completed")


def test_addition_to_the_universe_that_it_made_keeps_it(api, creator):
    row = run_sample(creator, WORLD_INFO)
    assert row.universe is not None
    canon.add_scene(row.universe, title="Dawn", text="Fog.", by=creator)

    assert "builds on this import: Dawn." in problem_of(undo(api, row), 409, "import_built_on")["detail"]


def test_dry_run_and_other_accounts(api, stranger_api, creator):
    dry = run_sample(creator, WORLD_INFO, dry_run=True)
    row = run_sample(creator, WORLD_INFO)

    problem_of(undo(api, dry), 409, "import_not_undoable")
    problem_of(undo(stranger_api, row), 404, "import_not_found")


@pytest.mark.parametrize(
    ("status", "fields", "is_new", "is_kept"),
    [
        ("processing", {}, True, True),
        ("completed", {"outcome": "awaiting_review"}, True, True),
        ("completed", {"outcome": "trusted"}, True, False),
        ("processing", {}, False, True),
        ("completed", {"outcome": "awaiting_review"}, False, False),
    ],
)
def test_job_that_builds_on_an_import_is_named(
    api, creator, universe, make_job, status, fields, is_new, is_kept
):
    row = run_sample(creator, WORLD_INFO, **({} if is_new else {"universe_id": universe.pk}))
    job = make_job(status, universe=row.universe, **fields)

    if is_kept:
        refused = problem_of(undo(api, row), 409, "import_built_on")
        assert refused["detail"] == f"Later work builds on this import: job {job.pk}."
        assert Element.objects.count() == 15
    else:
        assert undo(api, row).status_code == 200
