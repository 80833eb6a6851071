"""Entries added by the review policy: retiring, revising and undoing them."""

from __future__ import annotations

import pytest

from universes.errors import Conflict
from universes.models import CanonChange, Element, Scene
from universes.services import canon
from universes.services import universes as service
from universes.services.history import canon_origins

pytestmark = pytest.mark.django_db


def steps(origin_ref):
    changes = CanonChange.objects.filter(origin_ref=origin_ref).order_by("at", "id").select_related("user")
    return [(change.action, change.user and change.user.username) for change in changes]


def last(origin_ref):
    step = canon_origins.latest_change(origin_ref)
    assert step is not None
    return step


def refused(change, by, code):
    before = CanonChange.objects.count()
    with pytest.raises(Conflict) as caught:
        canon_origins.undo_change(change.pk, by)
    assert (caught.value.code, CanonChange.objects.count()) == (code, before)
    return caught.value.message


@pytest.fixture
def trusted(universe):
    return canon.add_scene(universe, title="Dawn", text="Fog over the marsh.", origin_ref="job-7")


@pytest.fixture
def tower(universe):
    return canon.add_element(
        universe, kind="location", name="Tower", summary="Leans.", origin_ref="job-8", status="canon"
    )


# --- Finding by origin ---------------------------------------------------------------------------------------


def test_latest_change_is_found_in_every_status(universe, trusted, owner):
    assert last("job-7").action == "added"
    canon.set_status(trusted, "canon", by=owner)
    assert (last("job-7").action, last("job-7").user) == ("promoted", owner)
    canon.retire(trusted, by=owner)
    assert last("job-7").action == "retired"

    assert canon_origins.latest_change("job-0") is None
    Scene.objects.all().delete()
    assert canon_origins.latest_change("job-7") is None


def test_entry_from_finds_entry_by_origin(trusted, tower):
    assert canon_origins.entry_from("job-7") == trusted
    assert canon_origins.entry_from("job-8") == tower
    assert canon_origins.entry_from("job-0") is None
    assert canon_origins.entry_from("") is None


# --- Retiring unedited entries ------------------------------------------------------------------------------


def test_untouched_entry_is_retired(trusted, editor):
    step = canon_origins.retire_untouched("job-7", editor)

    assert step is not None
    assert (step.action, step.user, step.after["canon_status"]) == ("retired", editor, "retired")
    trusted.refresh_from_db()
    assert trusted.canon_status == "retired"
    assert steps("job-7") == [("added", None), ("retired", "edgar")]


EDITS = {
    "revised": lambda scene, by: canon.revise_scene(scene, title="Dusk", by=by),
    "promoted": lambda scene, by: canon.set_status(scene, "canon", by=by),
    "retired": lambda scene, by: canon.retire(scene, by=by),
}


@pytest.mark.parametrize("action", EDITS)
def test_entry_edited_by_user_is_not_retired(trusted, owner, editor, action):
    EDITS[action](trusted, owner)
    before = Scene.objects.values().get()

    assert canon_origins.is_touched("job-7")
    assert canon_origins.retire_untouched("job-7", editor) is None

    assert Scene.objects.values().get() == before
    assert steps("job-7") == [("added", None), (action, "carla")]


def test_unknown_origin_retires_nothing(universe, editor):
    assert canon_origins.retire_untouched("job-0", editor) is None
    assert not canon_origins.is_touched("job-0")


def test_undone_step_does_not_count_as_an_edit(trusted, editor):
    for _ in range(2):
        canon.set_status(Scene.objects.get(), "canon", by=editor)
        canon_origins.undo_change(last("job-7").pk, editor)
        assert not canon_origins.is_touched("job-7")

    assert canon_origins.retire_untouched("job-7", editor) is not None


def test_edit_before_an_undone_step_still_counts(trusted, owner, editor):
    canon.revise_scene(trusted, title="Dusk", by=owner)
    canon.set_status(Scene.objects.get(), "canon", by=editor)
    canon_origins.undo_change(last("job-7").pk, editor)

    assert canon_origins.is_touched("job-7")
    assert canon_origins.retire_untouched("job-7", editor) is None


def test_archived_universe_refuses_retiring(trusted, universe, editor):
    service.archive(universe)

    with pytest.raises(Conflict) as caught:
        canon_origins.retire_untouched("job-7", editor)

    assert caught.value.code == "universe_archived"
    trusted.refresh_from_db()
    assert trusted.canon_status == "draft"


# --- Undo ---------------------------------------------------------------------------------------------------


def test_undo_of_add_deletes_entry_and_keeps_both_records(trusted, editor):
    added = last("job-7")

    withdrawn = canon_origins.undo_change(added.pk, editor)

    assert not Scene.objects.exists()
    assert steps("job-7") == [("added", None), ("withdrawn", "edgar")]
    assert withdrawn is not None
    assert (withdrawn.before, withdrawn.after, withdrawn.target_id) == (added.after, {}, trusted.pk)


def test_undo_of_promotion_restores_text_and_status(universe, trusted, editor):
    before = Scene.objects.values().get()
    canon.add_scene(universe, title="Dusk", text="Rain.", origin_ref="job-7", status="canon", by=editor)
    promoted = last("job-7")

    withdrawn = canon_origins.undo_change(promoted.pk, editor)

    after = Scene.objects.values().get()
    assert {**after, "updated_at": 0} == {**before, "updated_at": 0}
    assert (after["word_count"], after["canon_status"]) == (4, "draft")
    assert withdrawn is not None
    assert (withdrawn.before, withdrawn.after) == (promoted.after, promoted.before)


def test_undo_of_retirement_restores_traits(tower, owner, editor):
    canon.revise_element(tower, traits={"atmosphere": "Grim."}, by=owner)
    canon.retire(Element.objects.get(), by=editor)

    canon_origins.undo_change(last("job-8").pk, editor)

    back = Element.objects.get()
    assert (back.name, back.canon_status, back.traits) == ("Tower", "canon", {"atmosphere": "Grim."})
    assert steps("job-8")[-2:] == [("retired", "edgar"), ("withdrawn", "edgar")]


@pytest.mark.parametrize("is_renaming", [False, True])
def test_undo_refuses_name_taken_meanwhile(universe, tower, owner, editor, is_renaming):
    if is_renaming:
        canon.revise_element(tower, name="Keep", by=editor)
    else:
        canon.retire(tower, by=editor)
    canon.add_element(universe, kind="location", name="TOWER", by=owner)

    message = refused(last("job-8"), editor, "element_name_taken")

    assert message == "“Low Marsh” has another location called “TOWER”."
    tower.refresh_from_db()
    assert (tower.name, tower.canon_status) == (("Keep", "canon") if is_renaming else ("Tower", "retired"))


def test_undo_refuses_step_that_is_not_the_last(trusted, owner, editor):
    canon.set_status(trusted, "canon", by=editor)
    promoted = last("job-7")
    canon.revise_scene(trusted, title="Dusk", by=owner)

    assert refused(promoted, editor, "canon_moved_on") == "carla has changed “Dusk” in the universe since."

    trusted.refresh_from_db()
    assert (trusted.title, trusted.canon_status) == ("Dusk", "canon")


def test_undo_works_once(trusted, editor):
    canon.set_status(trusted, "canon", by=editor)
    promoted = last("job-7")
    canon_origins.undo_change(promoted.pk, editor)

    refused(promoted, editor, "canon_moved_on")

    assert Scene.objects.get().canon_status == "draft"


def test_undo_refuses_deleted_entry(trusted, editor):
    canon.set_status(trusted, "canon", by=editor)
    promoted = last("job-7")
    Scene.objects.all().delete()

    message = refused(promoted, editor, "canon_moved_on")

    assert message == "What it had put into the universe is gone since."
    assert not Scene.objects.exists()


def test_undo_refuses_archived_universe(trusted, universe, editor):
    added = last("job-7")
    service.archive(universe)

    refused(added, editor, "universe_archived")

    assert Scene.objects.count() == 1


def test_undo_without_universe_does_nothing(trusted, universe, editor):
    added = last("job-7")
    universe.delete()

    assert canon_origins.undo_change(added.pk, editor) is None


def test_undone_entry_can_be_added_again(universe, trusted, editor):
    canon_origins.undo_change(last("job-7").pk, editor)

    again = canon.add_scene(
        universe, title="Dawn", text="Fog.", origin_ref="job-7", status="canon", by=editor
    )

    assert (Scene.objects.get(), again.canon_status) == (again, "canon")
    assert steps("job-7") == [("added", None), ("withdrawn", "edgar"), ("added", "edgar")]


# --- Revising canon -----------------------------------------------------------------------------------------


def test_repeated_origin_revises_canon_only_with_revise(universe, owner, editor):
    canon.add_scene(universe, title="Dawn", text="Fog.", origin_ref="job-9", status="canon")
    edit = {"title": "Dusk", "text": "Rain at dusk.", "origin_ref": "job-9", "status": "canon", "by": editor}

    assert canon.add_scene(universe, **edit).title == "Dawn"
    assert steps("job-9") == [("added", None)]

    revised = canon.add_scene(universe, **edit, revise=True)

    assert (revised.title, revised.word_count, revised.canon_status) == ("Dusk", 3, "canon")
    assert steps("job-9") == [("added", None), ("revised", "edgar")]
    assert canon.add_scene(universe, **edit, revise=True).title == "Dusk"
    assert steps("job-9") == [("added", None), ("revised", "edgar")]


def test_repeated_origin_does_not_revise_retired_entry(universe, trusted, owner, editor):
    canon.retire(trusted, by=owner)

    again = canon.add_scene(
        universe, title="Dusk", text="Rain.", origin_ref="job-7", status="canon", revise=True, by=editor
    )

    assert (again.title, again.canon_status) == ("Dawn", "retired")


def test_repeated_draft_does_not_revise_draft(universe, trusted, editor):
    again = canon.add_scene(universe, title="Dusk", text="Rain.", origin_ref="job-7", revise=True, by=editor)

    assert (again.title, again.canon_status) == ("Dawn", "draft")


def test_revised_element_gets_a_free_name(universe, tower, owner, editor):
    canon.add_element(universe, kind="location", name="Keep", by=owner)

    revised = canon.add_element(
        universe,
        kind="location",
        name="keep",
        summary="Straight.",
        origin_ref="job-8",
        status="canon",
        revise=True,
        by=editor,
    )

    assert (revised.pk, revised.name, revised.summary) == (tower.pk, "keep (2)", "Straight.")
    assert last("job-8").action == "revised"
