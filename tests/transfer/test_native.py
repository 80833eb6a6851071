"""The native format: what is exported and imported again is equal, but for ids and what the report lists."""

from __future__ import annotations

import json

import pytest

from agents.learning import guides
from agents.models import Exemplar, StyleGuide, WorldFinding
from agents.worlds import recheck, work_list
from tests.transfer.comparing import exported, without_ids
from tests.transfer.running import as_json, lines, run_import
from universes.choices import EntryKind
from universes.errors import DomainError
from universes.models import CanonChange, Element, StoryEvent, Universe, WorldImport
from universes.services import canon, relations, timeline
from universes.services import universes as service
from universes.services.history import canon_origins
from universes.services.rules import RuleInput
from universes.transfer import undo

pytestmark = pytest.mark.django_db


def test_everything_of_a_world_comes_back_equal(creator, stranger, universe):
    """A world with something in each list, a history with steps of each kind, and what is gone since."""
    service.update_world_config(universe, genre="Salt punk", rules=[RuleInput("No one can fly.")], by=creator)
    teleport = RuleInput("No one can teleport.")
    kept = RuleInput("Nobody can fly.", universe.world_rules.get().pk)
    service.update_world_config(universe, rules=[teleport, kept], by=creator)
    made = [
        canon.add_element(universe, kind=kind, name=name, status="canon", by=creator)
        for kind, name in (("character", "Mira Voss"), ("character", "Tom Hale"), ("location", "Quay"))
    ]
    mira, tom, quay = (element.pk for element in made)
    gone = canon.add_element(universe, kind="item", name="Oar", by=creator)
    canon_origins.undo_change(CanonChange.objects.get(target_id=gone.pk).pk, creator)
    sister = relations.add_relation(universe, kind="sister", from_element=mira, to_element=tom, by=creator)
    relations.change_relation(universe, sister.pk, since="First tide", by=creator)
    lost = relations.add_relation(universe, kind="keeper", from_element=tom, to_element=quay, by=creator)
    relations.remove_relation(universe, lost.pk, by=creator)
    noon = canon.add_scene(
        universe, title="Noon", text="He teleported. He teleported across.", status="canon", by=creator
    )
    details = {"shots": [{"description": "A quay.", "camera": "close", "duration_s": 3}], "mood": "Grey."}
    video = canon.add_scene(
        universe, title="Reel", text="A quay.", kind="video_prompt", details=details, by=creator
    )
    landing = {
        "title": "Landing",
        "key": 2.5,
        "label": "Second tide",
        "place": quay,
        "participants": [mira, tom],
    }
    event = timeline.add_event(universe, landing, by=creator)
    timeline.change_event(universe, event.pk, {"kind": "death", "participants": [tom]}, by=creator)
    flood = timeline.add_event(universe, {"title": "Flood", "key": 1, "label": "First tide"}, by=creator)
    timeline.remove_event(universe, flood.pk, by=creator)
    timeline.place_scene(noon, key=3, label="Third tide", by=creator)
    timeline.place_scene(video, key=4, label="Fourth tide", by=creator)
    timeline.unplace_scene(video, by=creator)
    guides.save(universe.pk, "narrative", ["Use the past tense."], by=creator, note="Why")
    guides.save(universe.pk, "narrative", ["Use the past tense.", "No dashes."], by=creator)
    shots = [{"description": "A quay.", "camera": "Wide.", "duration_s": 4}]
    text = {"title": "Dawn", "content": "Fog."}
    for kind, output in (
        ("narrative", text),
        ("video_prompt", {**text, "shots": shots, "camera": "Wide.", "mood": "Calm."}),
    ):
        Exemplar.objects.create(
            universe=universe,
            agent_type="narrative",
            kind=kind,
            request="A dawn.",
            output=output,
            marked_by=creator,
        )
    recheck.recheck(universe.pk, budget_s=30)
    first, second = WorldFinding.objects.order_by("start")
    work_list.mark_intentional(universe, second.pk, by=creator, reason="A lie.")
    before = exported(universe)
    assert all(before[name] for name in ("findings", "marks", "guides", "exemplars", "events", "relations"))
    assert {step["target_kind"] for step in before["history"]} == set(EntryKind.values)

    row = run_import(stranger, as_json(before), "world.json")

    assert (row.status, row.error) == ("completed", "")
    target = row.universe
    assert target is not None
    assert without_ids(exported(target)) == without_ids(before)
    assert lines(row) == [
        "style guide narrative: Agents keep its 2 rules in this universe from now on.",
        "exemplars: Agents read 2 as examples in this universe from now on.",
        "history: Steps of the history have no account here: carla.",
    ]
    # The findings are those of the scenes here: a re-check finds the same, and the mark still counts.
    states = {row.start: row.now for row in work_list.findings_in(target)}
    recheck.recheck(target.pk, budget_s=30)
    assert {row.start: row.now for row in work_list.findings_in(target)} == states
    assert states == {first.start: "open", second.start: "intentional"}
    # Steps lead back to the entries here.
    step = CanonChange.objects.filter(universe=target, target_kind="event").latest("at")
    canon_origins.undo_change(step.pk, stranger)
    assert StoryEvent.objects.filter(universe=target, title="Flood").exists()
    assert undo.undo(run_import(stranger, as_json(before), "b.json", universe_id=target.pk), stranger)


def test_file_of_the_first_version_is_still_read(creator, stranger, universe):
    canon.add_element(universe, kind="item", name="Bell", by=creator)
    canon.add_scene(universe, title="Dawn", text="Fog.", by=creator)
    file = exported(universe)
    for name in ("events", "findings", "marks", "guides"):
        del file[name]
    for scene in file["scenes"]:
        for name in ("kind", "details", "moment", "receipt"):
            del scene[name]

    row = run_import(stranger, as_json(file | {"version": 1}), "world.json")

    assert (row.status, row.created) == ("completed", {"item": 1, "scene": 1})


def test_timeline_comes_into_a_universe_once_and_is_undone_with_the_import(creator, stranger, universe):
    bell = canon.add_element(universe, kind="item", name="Bell", by=creator)
    dawn = canon.add_scene(universe, title="Dawn", text="Fog.", by=creator)
    timeline.add_event(universe, {"title": "Toll", "key": 1, "label": "One", "participants": [bell.pk]})
    timeline.place_scene(dawn, key=2, label="Two")
    file = as_json(exported(universe))
    target = service.create_universe(stranger, name="Other")

    row = run_import(stranger, file, "world.json", universe_id=target.pk)

    assert row.created == {"item": 1, "scene": 1, "event of the timeline": 1, "moment": 1}
    again = run_import(stranger, file, "again.json", universe_id=target.pk)
    assert (again.created, again.updated, again.skipped) == ({}, 0, 4)
    changed = json.loads(file)
    changed["events"][0]["note"] = "Loud."
    changed["scenes"][0]["moment"]["label"] = "Three"
    third = run_import(stranger, as_json(changed), "third.json", universe_id=target.pk)
    assert sorted(lines(third, "conflict")) == [
        "Dawn: The scene has another moment here; it was kept.",
        "Toll: The event is there with another place, note or other participants.",
    ]
    theirs = {
        "title": "Theirs",
        "key": 3,
        "label": "Three",
        "participants": [Element.objects.get(universe=target).pk],
    }
    later = timeline.add_event(target, theirs, by=stranger)
    with pytest.raises(DomainError, match="Theirs"):
        undo.undo(row, stranger)
    timeline.remove_event(target, later.pk, by=stranger)
    undo.undo(row, stranger)
    assert not StoryEvent.objects.filter(universe=target).exists()
    assert not Element.objects.filter(universe=target).exists()


def test_step_of_a_file_can_write_nothing_but_the_content_of_its_kind(creator, stranger, universe):
    canon.add_element(universe, kind="item", name="Bell", by=creator)
    file = exported(universe)
    (step,) = file["history"]
    step["before"] = {**step["after"], "universe_id": str(universe.pk), "created_by_id": creator.pk}
    file["history"].append({**step, "before": {"name": 5}})

    row = run_import(stranger, as_json(file), "world.json")

    (stored,) = CanonChange.objects.filter(universe=row.universe)
    assert stored.before == stored.after
    assert [line for line in lines(row) if "does not fit" in line]


def test_guidance_comes_into_a_universe_and_goes_with_the_import(creator, stranger, universe):
    guides.save(universe.pk, "narrative", ["No dashes."], by=creator)
    output = {"title": "Dawn", "content": "Fog."}
    fields = {"universe": universe, "agent_type": "narrative", "kind": "narrative", "request": "A dawn."}
    Exemplar.objects.create(**fields, output=output, marked_by=creator)
    file = exported(universe)
    for odd in (
        {"agent": "painter"},
        {"agent": "consistency"},
        {"output": {"title": 5}},
        {"kind": "video_prompt"},
    ):
        file["exemplars"].append({**file["exemplars"][0], **odd})
    target = service.create_universe(stranger, name="Other")

    row = run_import(stranger, as_json(file), "world.json", universe_id=target.pk)

    assert row.created == {"guide": 1, "exemplar": 1}
    assert lines(row, "left out")[:4] == [
        f"exemplar {number}: It is no output of an agent that is known here." for number in (2, 3, 4, 5)
    ]
    again = run_import(stranger, as_json(file), "again.json", universe_id=target.pk)
    assert again.created == {}
    later = guides.save(target.pk, "narrative", ["No dashes.", "No rain."], by=stranger)
    with pytest.raises(DomainError, match="guide, version 2"):
        undo.undo(row, stranger)
    later.delete()
    undo.undo(row, stranger)
    assert not Exemplar.objects.filter(universe=target).exists()
    assert not StyleGuide.objects.filter(universe=target).exists()


def test_style_guide_is_its_owners_and_a_guide_that_is_there_stays(creator, editor, stranger, universe):
    guides.save(universe.pk, "narrative", ["No dashes."], by=creator)
    file = exported(universe)
    file["guides"].append({**file["guides"][0], "agent": "painter"})

    of_editor = run_import(editor, as_json(file), "world.json", universe_id=universe.pk)
    of_owner = run_import(creator, as_json(file), "world.json", universe_id=universe.pk)

    assert "style guides: Only the owner of the universe may change them." in lines(of_editor, "left out")
    assert lines(of_owner, "conflict") == [
        "style guide narrative, version 1: The universe has a style guide for this agent; it was kept."
    ]
    assert StyleGuide.objects.count() == 1
    assert "style guide painter, version 1" in str(lines(of_owner, "left out"))


def test_file_of_an_own_universe_adds_nothing_to_it(creator, universe):
    canon.add_element(universe, kind="item", name="Bell", summary="It rings.", by=creator)
    canon.add_scene(universe, title="Dawn", text="Fog.", by=creator)
    file = as_json(exported(universe))

    row = run_import(creator, file, "world.json", universe_id=universe.pk)

    assert (row.created, row.updated, row.skipped) == ({}, 0, 2)
    assert CanonChange.objects.count() == 2


def test_changed_source_updates_what_nobody_edited_and_reports_the_rest(creator, stranger, universe):
    for name in ("Bell", "Rope", "Oar"):
        canon.add_element(universe, kind="item", name=name, by=creator)
    first = run_import(stranger, as_json(exported(universe)), "world.json")
    target = first.universe
    assert target is not None
    file = exported(universe)
    for element in file["elements"]:
        element["summary"] = f"{element['name']}, changed at its source."
    canon.revise_element(
        Element.objects.get(universe=target, name="Rope"), summary="Edited here.", by=stranger
    )
    canon.retire(Element.objects.get(universe=target, name="Oar"), by=stranger)

    second = run_import(stranger, as_json(file), "world.json", universe_id=target.pk)

    assert (second.created, second.updated, second.skipped) == ({}, 1, 2)
    assert dict(Element.objects.filter(universe=target).values_list("name", "summary")) == {
        "Bell": "Bell, changed at its source.",
        "Rope": "Edited here.",
        "Oar": "",
    }
    assert sorted(lines(second, "conflict")) == [
        "Oar: It changed at its source, but was removed here; it stays so.",
        "Rope: It changed at its source and here; it was left as it is here.",
    ]
    third = run_import(stranger, as_json(file), "again.json", universe_id=target.pk)
    assert (third.created, third.updated, third.skipped) == ({}, 0, 3)


def test_dry_run_tells_all_and_stores_nothing(creator, stranger, universe):
    canon.add_element(universe, kind="item", name="Bell", by=creator)
    file = as_json(exported(universe))

    row = run_import(stranger, file, "world.json", dry_run=True)

    assert (row.status, row.created, row.universe) == ("completed", {"item": 1}, None)
    assert (Universe.objects.count(), Element.objects.count()) == (1, 1)


def test_import_into_a_foreign_universe_is_refused_at_once(viewer, creator, universe):
    file = as_json(exported(universe))

    with pytest.raises(Exception, match="this takes the role editor"):
        run_import(viewer, file, "world.json", universe_id=universe.pk)
    assert WorldImport.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda file: file.update(version=3), "version_too_new"),
        (lambda file: file["elements"][0].update(kind="dragon"), "wrong_format"),
        (lambda file: file["elements"].append(file["elements"][0]), "wrong_format"),
        (lambda file: file["universe"].pop("name"), "wrong_format"),
    ],
)
def test_file_that_does_not_fit_fails_with_a_sentence(creator, stranger, universe, change, code):
    canon.add_element(universe, kind="item", name="Bell", by=creator)
    file = exported(universe)
    change(file)

    row = run_import(stranger, as_json(file), "world.json")

    assert (row.status, row.error_code) == ("failed", code)
    assert Universe.objects.count() == 1
