from __future__ import annotations

import pytest
from django.db import transaction

from universes.errors import Conflict, Invalid, NotFound
from universes.models import CanonChange, Element, Scene
from universes.services import canon
from universes.services.history import canon_origins


def steps(entry):
    """Return an entry's steps as (action, username), oldest first."""
    changes = CanonChange.objects.filter(target_id=entry.pk).order_by("at", "id").select_related("user")
    return [(change.action, change.user and change.user.username) for change in changes]


@pytest.fixture
def scene(universe, owner):
    return canon.add_scene(universe, title="Dawn", text="Fog over the marsh.", origin_ref="job-1", by=owner)


@pytest.fixture
def mira(universe, owner):
    return canon.add_element(universe, kind="character", name="Mira", traits={"age": 31}, by=owner)


def test_add_scene_counts_words_and_records_step(universe, owner):
    scene = canon.add_scene(universe, title=" At  dawn ", text=" Fog over\n\nthe marsh. ", by=owner)

    scene.refresh_from_db()
    assert (scene.title, scene.text, scene.word_count) == ("At dawn", "Fog over\n\nthe marsh.", 4)
    assert (scene.canon_status, scene.created_by, scene.origin_ref) == ("draft", owner, "")
    change = CanonChange.objects.get()
    assert (change.target_kind, change.target_id, change.before) == ("scene", scene.pk, None)
    assert change.after == {
        "canon_status": "draft",
        "title": "At dawn",
        "kind": "narrative",
        "details": {},
        "text": "Fog over\n\nthe marsh.",
        "mentions": [],
    }


def test_policy_adds_entries_without_user(universe):
    scene = canon.add_scene(universe, title="Dawn", text="Fog.", origin_ref="job-1", status="canon")

    assert scene.created_by is None
    assert steps(scene) == [("added", None)]
    assert CanonChange.objects.get().origin_ref == "job-1"


def test_repeated_origin_returns_existing_entry(universe, scene, owner):
    again = canon.add_scene(universe, title="Dusk", text="Rain.", origin_ref="job-1", by=owner)

    assert (again.pk, again.title) == (scene.pk, "Dawn")
    assert steps(scene) == [("added", "carla")]


def test_repeated_origin_promotes_draft_with_edited_text(universe, scene, editor):
    again = canon.add_scene(
        universe, title="Dawn", text="Fog, as edited.", origin_ref="job-1", status="canon", by=editor
    )

    scene.refresh_from_db()
    assert again.pk == scene.pk
    assert (scene.text, scene.word_count, scene.canon_status) == ("Fog, as edited.", 3, "canon")
    assert steps(scene) == [("added", "carla"), ("promoted", "edgar")]
    promoted = CanonChange.objects.get(action="promoted")
    assert promoted.before == {
        "canon_status": "draft",
        "title": "Dawn",
        "kind": "narrative",
        "details": {},
        "text": "Fog over the marsh.",
        "mentions": [],
    }
    assert promoted.after == {
        "canon_status": "canon",
        "title": "Dawn",
        "kind": "narrative",
        "details": {},
        "text": "Fog, as edited.",
        "mentions": [],
    }


@pytest.mark.parametrize("status", ["canon", "retired"])
def test_repeated_origin_does_not_change_canon_or_retired(universe, scene, owner, status):
    canon.set_status(scene, status, by=owner)

    again = canon.add_scene(
        universe, title="Dusk", text="Rain.", origin_ref="job-1", status="canon", by=owner
    )

    assert (again.pk, again.title, again.canon_status) == (scene.pk, "Dawn", status)
    assert Scene.objects.count() == 1
    assert CanonChange.objects.count() == 2


def test_callers_rollback_removes_the_entry(universe):
    with transaction.atomic():
        canon.add_scene(universe, title="Dawn", text="Fog.", origin_ref="job-1", status="canon")
        transaction.set_rollback(True)

    assert not Scene.objects.exists()
    assert not CanonChange.objects.exists()


def test_taken_name_is_refused_by_hand_but_numbered_for_a_job(universe, mira, owner):
    with pytest.raises(Conflict) as caught:
        canon.add_element(universe, kind="character", name="MIRA", by=owner)
    assert caught.value.code == "element_name_taken"
    assert caught.value.message == "“Low Marsh” has another character called “Mira”."

    second = canon.add_element(universe, kind="character", name="Mira", origin_ref="job-1")
    third = canon.add_element(universe, kind="character", name="MIRA", origin_ref="job-2")
    place = canon.add_element(universe, kind="location", name="Mira", origin_ref="job-3")

    assert [second.name, third.name, place.name] == ["Mira (2)", "MIRA (3)", "Mira"]
    mira.refresh_from_db()
    assert (mira.name, mira.traits) == ("Mira", {"age": 31})


def test_long_name_is_cut_to_fit_its_number(universe):
    canon.add_element(universe, kind="item", name="x" * 200)

    second = canon.add_element(universe, kind="item", name="x" * 200, origin_ref="job-1")

    assert second.name == "x" * 192 + " (2)"


def test_promoted_element_keeps_its_numbered_name(universe, mira):
    canon.add_element(universe, kind="character", name="Mira", origin_ref="job-1")

    promoted = canon.add_element(
        universe, kind="character", name="Mira", summary="Another.", origin_ref="job-1", status="canon"
    )

    assert (promoted.name, promoted.summary, promoted.canon_status) == ("Mira (2)", "Another.", "canon")
    assert Element.objects.count() == 2


def test_repeated_origin_with_other_kind_is_a_conflict(universe):
    canon.add_element(universe, kind="character", name="Mira", origin_ref="job-1")

    with pytest.raises(Conflict) as caught:
        canon.add_element(universe, kind="location", name="Mira", origin_ref="job-1")

    assert caught.value.code == "origin_ref_taken"
    assert Element.objects.get().kind == "character"


def test_revision_changes_given_fields_and_records_both_states(mira, editor):
    revised = canon.revise_element(mira, summary=" Tired. ", traits={"age": 32}, by=editor)

    revised.refresh_from_db()
    assert (revised.name, revised.summary, revised.traits) == ("Mira", "Tired.", {"age": 32})
    assert steps(mira) == [("added", "carla"), ("revised", "edgar")]
    change = CanonChange.objects.get(action="revised")
    assert change.before is not None
    assert (change.before["traits"], change.after["traits"]) == ({"age": 31}, {"age": 32})


def test_unchanged_revision_leaves_no_record(mira, scene, owner):
    canon.revise_element(mira, name=" Mira ", traits={"age": 31}, by=owner)
    canon.revise_scene(scene, text="Fog over the marsh.", status="draft", by=owner)

    assert steps(mira) == [("added", "carla")]
    assert steps(scene) == [("added", "carla")]


def test_rename_checks_uniqueness_and_updates_name_key(universe, mira, owner):
    ana = canon.add_element(universe, kind="character", name="Ana", by=owner)

    with pytest.raises(Conflict) as caught:
        canon.revise_element(mira, name="ana", by=owner)
    assert caught.value.code == "element_name_taken"
    canon.revise_element(mira, name="MIRA", by=owner)

    mira.refresh_from_db()
    ana.refresh_from_db()
    assert (mira.name, mira.name_key, ana.name) == ("MIRA", "mira", "Ana")


def test_only_documented_status_transitions_are_allowed(universe, owner):
    scenes = {
        start: canon.add_scene(universe, title=start, text="Fog.", status="draft", by=owner)
        for start in ("draft", "canon", "retired")
    }
    canon.set_status(scenes["canon"], "canon", by=owner)
    canon.retire(scenes["retired"], by=owner)

    for start, target in (("canon", "draft"), ("retired", "draft"), ("retired", "canon")):
        with pytest.raises(Conflict) as caught:
            canon.set_status(scenes[start], target, by=owner)
        assert caught.value.code == "canon_status_final"
        scenes[start].refresh_from_db()
        assert scenes[start].canon_status == start

    assert canon.retire(scenes["draft"], by=owner).canon_status == "retired"
    assert canon.retire(scenes["canon"], by=owner).canon_status == "retired"
    assert steps(scenes["canon"]) == [("added", "carla"), ("promoted", "carla"), ("retired", "carla")]


def test_entry_cannot_start_retired(universe):
    with pytest.raises(Conflict) as caught:
        canon.add_scene(universe, title="Dawn", text="Fog.", status="retired")

    assert caught.value.code == "canon_status_final"
    assert not Scene.objects.exists()


def test_retired_entry_cannot_change(scene, owner):
    canon.retire(scene, by=owner)

    with pytest.raises(Conflict) as caught:
        canon.revise_scene(scene, title="Dusk", by=owner)

    scene.refresh_from_db()
    assert (caught.value.code, scene.title) == ("entry_retired", "Dawn")


def test_retiring_twice_records_once(scene, owner):
    canon.retire(scene, by=owner)
    canon.retire(scene, by=owner)

    assert steps(scene) == [("added", "carla"), ("retired", "carla")]


def test_deleted_entry_is_not_found(scene):
    Scene.objects.filter(pk=scene.pk).delete()

    with pytest.raises(NotFound) as caught:
        canon.retire(scene)

    assert caught.value.code == "scene_not_found"


@pytest.mark.parametrize(
    ("write", "pointer"),
    [
        (lambda u: canon.add_scene(u, title=" ", text="Fog."), "/title"),
        (lambda u: canon.add_scene(u, title="Dawn", text=" \n"), "/text"),
        (lambda u: canon.add_scene(u, title="Dawn", text="x" * 100_001), "/text"),
        (lambda u: canon.add_scene(u, title="Dawn", text="a\x00b"), "/text"),
        (lambda u: canon.add_scene(u, title="Dawn", text="Fog.", origin_ref="x" * 101), "/origin_ref"),
        (lambda u: canon.add_element(u, kind="spell", name="Fire"), "/kind"),
        (lambda u: canon.add_element(u, kind="item", name=""), "/name"),
        (lambda u: canon.add_element(u, kind="item", name="Bell", summary="x" * 10_001), "/summary"),
        (lambda u: canon.add_element(u, kind="item", name="Bell", traits={"owner": 1}), "/traits/owner"),
    ],
)
def test_invalid_entry_names_its_field(universe, write, pointer):
    with pytest.raises(Invalid) as caught:
        write(universe)

    assert [error.pointer for error in caught.value.errors] == [pointer]
    assert not CanonChange.objects.exists()


def test_canon_origin_refs_returns_origins_of_canon(universe, owner, django_assert_num_queries):
    canon.add_scene(universe, title="Dawn", text="Fog.", origin_ref="scene-canon", status="canon")
    canon.add_scene(universe, title="Dusk", text="Fog.", origin_ref="scene-draft")
    canon.add_element(universe, kind="location", name="Tower", origin_ref="place-canon", status="canon")
    canon.add_element(universe, kind="location", name="Mill", origin_ref="place-draft")
    canon.retire(canon.add_scene(universe, title="Noon", text="Fog.", origin_ref="retired", status="canon"))
    canon.add_scene(universe, title="By hand", text="Fog.", status="canon")
    refs = ["scene-canon", "scene-draft", "place-canon", "place-draft", "retired", "unknown", ""]

    with django_assert_num_queries(2):
        canon_refs = canon_origins.canon_origin_refs(refs)

    assert canon_refs == {"scene-canon", "place-canon"}
