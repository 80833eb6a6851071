"""The timeline: events, scenes at moments, and what they contradict."""

from __future__ import annotations

import pytest

from agents.models import WorldFinding, WorldRecheck
from agents.worlds import recheck
from tests.support.fake_llm import FIVE_WORDS
from tests.support.problems import pointers_of, problem_of
from universes.models import CanonChange, SceneMoment, StoryEvent
from universes.services import canon, relations, timeline
from universes.services.world import world_snapshot

pytestmark = pytest.mark.django_db

TEXT = "Tom Voss walked into the hall and sat down. “Good evening,” he said to Ada."


@pytest.fixture
def tom(universe):
    return canon.add_element(universe, kind="character", name="Tom Voss", summary="A pilot.", status="canon")


@pytest.fixture
def quay(universe):
    return canon.add_element(universe, kind="location", name="Quay", status="canon")


@pytest.fixture
def scenes(universe):
    placed = {}
    for title, key in (("Before", 1), ("Then", 5), ("After", 9)):
        placed[title] = canon.add_scene(universe, title=title, text=TEXT, status="canon")
        timeline.place_scene(placed[title], key=key, label=f"Tide {key}")
    return placed


def kill(universe, tom, key=5):
    fields = {
        "kind": "death",
        "title": "The flood",
        "key": key,
        "label": "Fifth tide",
        "participants": [tom.pk],
    }
    return timeline.add_event(universe, fields)


def open_titles(universe):
    recheck.recheck(universe.pk, budget_s=30)
    return set(WorldFinding.objects.filter(state="open").values_list("scene__title", flat=True))


def test_who_died_before_the_moment_of_a_scene_cannot_appear_in_it(universe, tom, scenes):
    assert open_titles(universe) == set()
    event = kill(universe, tom)

    assert open_titles(universe) == {"After"}
    (finding,) = WorldFinding.objects.all()
    assert finding.why == "Tom Voss is dead, and cannot take part in the scene."
    assert TEXT[finding.start : finding.end] == finding.quote

    timeline.change_event(universe, event.pk, {"key": 0})
    assert open_titles(universe) == {"Before", "Then", "After"}
    timeline.remove_event(universe, event.pk)
    assert open_titles(universe) == set()


def test_moving_a_scene_reads_it_alone(universe, tom, scenes):
    kill(universe, tom)
    recheck.recheck(universe.pk, budget_s=30)

    timeline.place_scene(scenes["Before"], key=6, label="Sixth tide")
    assert recheck.recheck(universe.pk, budget_s=30) == 1
    assert open_titles(universe) == {"Before", "After"}
    timeline.unplace_scene(scenes["After"])
    timeline.unplace_scene(scenes["After"])
    assert open_titles(universe) == {"Before"}


def test_event_that_a_running_universe_wants_rechecked_is_noticed(universe, tom, scenes):
    recheck.recheck(universe.pk, budget_s=30)
    steps = WorldRecheck.objects.get().steps

    kill(universe, tom)
    recheck.recheck(universe.pk, budget_s=30)

    assert WorldRecheck.objects.get().steps == steps + 1


def test_api_tells_who_is_where_and_knows_what(api, universe, tom, quay):
    path = f"/universes/{universe.pk}"
    body = {"title": "Landing", "key": 2.5, "label": "Second tide", "place": str(quay.pk)}
    made = api.post(f"{path}/events", {**body, "participants": [str(tom.pk)]})
    assert made.status_code == 201
    kill(universe, tom)

    assert [row["title"] for row in api.get(f"{path}/events").data["results"]] == ["Landing", "The flood"]
    assert api.get(f"{path}/moment?at=2").data == {"people": []}
    (alive,) = api.get(f"{path}/moment?at=3").data["people"]
    (dead,) = api.get(f"{path}/moment?at=5").data["people"]
    assert (alive["name"], alive["place"]["name"], alive["since"], alive["is_alive"]) == (
        "Tom Voss",
        "Quay",
        "Second tide",
        None,
    )
    assert [event["title"] for event in alive["knows"]] == ["Landing"]
    assert (dead["is_alive"], len(dead["knows"])) == (False, 2)

    changed = api.patch(made["Location"], {"label": "Third tide"}, headers={"If-Match": made["ETag"]})
    assert changed.data["label"] == "Third tide"
    assert api.delete(made["Location"]).status_code == 204
    assert StoryEvent.objects.count() == 1


def test_api_places_scenes_and_names_what_is_wrong(api, universe, scenes):
    path = f"/universes/{universe.pk}"
    moment = f"{path}/scenes/{scenes['Then'].pk}/moment"
    unplaced = api.get(moment)
    problem_of(api.put(moment, {"key": 7, "label": "x"}), 428, "precondition_required")
    placed = api.put(moment, {"key": 7, "label": " Seventh  tide "}, headers={"If-Match": unplaced["ETag"]})
    assert (
        api.put(moment, {"key": 8, "label": "x"}, headers={"If-Match": unplaced["ETag"]}).status_code == 412
    )
    assert api.delete(moment, headers={"If-Match": unplaced["ETag"]}).status_code == 412
    assert placed.data == {
        "key": 7.0,
        "label": "Seventh tide",
    }
    assert api.get(moment).data["label"] == "Seventh tide"
    assert api.delete(moment).status_code == 204
    assert api.get(moment).data == {"key": None, "label": ""}
    assert SceneMoment.objects.count() == 2

    assert pointers_of(api.put(moment, {"key": "7", "label": ""}, headers={"If-Match": "*"})) == {
        "/key": "invalid",
        "/label": "blank",
    }
    event = {"title": "Flood", "key": 1, "label": "First tide"}
    problem_of(api.post(f"{path}/events", {**event, "place": str(universe.pk)}), 404, "element_not_found")
    problem_of(api.get(f"{path}/events/{universe.pk}"), 404, "event_not_found")
    assert list(pointers_of(api.get(f"{path}/moment?at=now"))) == ["?at"]
    assert StoryEvent.objects.count() == 0


def test_years_in_texts_are_held_against_the_timeline_if_its_moments_are_years(universe):
    text = "They met in the year 950. The Long Flood of 912 had taken the bridge."
    scene = canon.add_scene(universe, title="Then", text=text, status="canon")
    other = canon.add_scene(universe, title="Rain", text="Rain fell.", status="canon")
    flood = timeline.add_event(universe, {"title": "The Long Flood", "key": 880.5, "label": "Spring of 880"})
    timeline.place_scene(scene, key=930, label="The year 930")
    timeline.place_scene(other, key=931, label="931")
    recheck.recheck(universe.pk, budget_s=30)

    found = {(row.quote, row.statement, row.source_id) for row in WorldFinding.objects.all()}

    assert found == {
        ("in the year 950", "The year is 930", "timeline"),
        ("The Long Flood of 912", "year: 880", "timeline: The Long Flood"),
    }
    # Only the scene that speaks of it is read again.
    timeline.change_event(universe, flood.pk, {"key": 912, "label": "Spring of 912"})
    assert recheck.recheck(universe.pk, budget_s=30) == 1
    assert WorldFinding.objects.filter(state="open").get().quote == "in the year 950"
    timeline.place_scene(scene, key=960, label="960")
    recheck.recheck(universe.pk, budget_s=30)
    assert not WorldFinding.objects.filter(state="open").exists()
    # One moment that is no year makes the calendar another one.
    timeline.place_scene(scene, key=930, label="930")
    timeline.place_scene(other, key=3, label="Third tide")
    recheck.recheck(universe.pk, budget_s=30)
    assert not WorldFinding.objects.filter(state="open").exists()


def test_relation_to_a_place_tells_where_somebody_is_while_it_holds(universe, tom, quay):
    fort = canon.add_element(universe, kind="location", name="Fort", status="canon")
    for key, label in ((1, "First tide"), (3, "Third tide"), (5, "Fifth tide")):
        timeline.add_event(universe, {"title": "Turn", "key": key, "label": label})
    relations.add_relation(universe, kind="lives in", from_element=tom.pk, to_element=quay.pk)
    relations.add_relation(
        universe,
        kind="imprisoned in",
        since="third tide",
        until="Fifth tide",
        from_element=tom.pk,
        to_element=fort.pk,
    )
    relations.add_relation(universe, kind="in", since="Some day", from_element=tom.pk, to_element=fort.pk)

    def place_at(key):
        (person,) = timeline.people_at(universe, key)
        return person.place and person.place.name, person.since

    assert place_at(1) == ("Quay", "")
    assert place_at(3) == ("Fort", "third tide")
    assert place_at(5) == ("Quay", "")
    landing = {
        "title": "Landing",
        "key": 4,
        "label": "Fourth tide",
        "place": quay.pk,
        "participants": [tom.pk],
    }
    timeline.add_event(universe, landing)
    assert place_at(4) == ("Quay", "Fourth tide")


def steps_of(api, universe, kind):
    rows = api.get(f"/universes/{universe.pk}/changes?target_kind={kind}&include=differences").data["results"]
    return [(row["action"], row["by"], row["name"]) for row in rows], rows


def revert(api, universe, kind):
    last = CanonChange.objects.filter(target_kind=kind).order_by("-at", "-id")[0]
    return api.post(f"/universes/{universe.pk}/changes/{last.pk}/revert")


def test_steps_of_an_event_are_recorded_by_their_words_and_reverted(api, universe, creator, tom, quay):
    path = f"/universes/{universe.pk}/events"
    body = {"title": "Landing", "key": 2.5, "label": "Second tide", "place": str(quay.pk)}
    made = api.post(path, {**body, "participants": [str(tom.pk)]})
    api.patch(made["Location"], {"label": "Third tide"}, headers={"If-Match": made["ETag"]})
    api.patch(made["Location"], {"label": "Third tide"})
    assert api.delete(made["Location"]).status_code == 204

    told, rows = steps_of(api, universe, "event")
    name = ("carla", "Landing")
    assert told == [("retired", *name), ("revised", *name), ("added", *name)]
    assert rows[1]["differences"] == [
        {
            "field": "label",
            "words": [
                {"is_equal": False, "before": "Second ", "after": "Third "},
                {"is_equal": True, "before": "tide", "after": "tide"},
            ],
        }
    ]
    assert revert(api, universe, "event").data["action"] == "withdrawn"
    back = api.get(made["Location"]).data
    assert (back["label"], back["place"]["name"], [each["name"] for each in back["participants"]]) == (
        "Third tide",
        "Quay",
        ["Tom Voss"],
    )
    first = CanonChange.objects.get(target_kind="event", action="added")
    problem_of(api.post(f"/universes/{universe.pk}/changes/{first.pk}/revert"), 409, "canon_moved_on")
    # Undoing the undoing takes the event away again.
    assert revert(api, universe, "event").status_code == 200
    assert StoryEvent.objects.count() == 0


def test_moment_of_a_scene_is_recorded_and_reverted(api, universe, scenes, creator):
    scene = scenes["Then"]
    timeline.place_scene(scene, key=5, label="Tide 5", by=creator)
    timeline.unplace_scene(scene, by=creator)

    assert steps_of(api, universe, "moment")[0][0] == ("retired", "carla", "Then")
    assert revert(api, universe, "moment").status_code == 200
    assert SceneMoment.objects.get(scene=scene).label == "Tide 5"
    assert revert(api, universe, "moment").status_code == 200
    assert not SceneMoment.objects.filter(scene=scene).exists()


def test_entry_that_the_timeline_speaks_of_stays(api, universe, tom, scenes):
    kill(universe, tom)
    for target, told in ((tom, "The flood"), (scenes["Then"], "Tide 5")):
        added = CanonChange.objects.get(target_id=target.pk, action="added", target_kind=target.entry_kind)
        refused = problem_of(
            api.post(f"/universes/{universe.pk}/changes/{added.pk}/revert"), 409, "canon_moved_on"
        )
        assert told in refused["detail"]


def test_relation_with_dates_is_held_against_scenes_while_it_holds(universe, tom):
    towns = [
        canon.add_element(universe, kind="location", name=name, summary="A town.", status="canon")
        for name in ("Saltmere", "Brackwater")
    ]
    text = "Tom Voss lived in Brackwater."
    for key in (1, 3, 5):
        scene = canon.add_scene(universe, title=f"At {key}", text=text, status="canon")
        timeline.place_scene(scene, key=key, label=f"Tide {key}")
    canon.add_scene(universe, title="Some time", text=text, status="canon")
    relations.add_relation(
        universe,
        kind="lives in",
        since="Third landing",
        until="tide 5",
        from_element=tom.pk,
        to_element=towns[0].pk,
    )
    landing = timeline.add_event(universe, {"title": "Landing", "key": 3, "label": "Third landing"})

    assert open_titles(universe) == {"At 3"}
    finding = WorldFinding.objects.get()
    assert (finding.strength, finding.statement) == ("likely", "lives in Saltmere")

    timeline.change_event(universe, landing.pk, {"key": 0})
    assert recheck.recheck(universe.pk, budget_s=30) == 1
    assert open_titles(universe) == {"At 1", "At 3"}
    # A date that is no moment tells nothing of a moment; the relation has ended, whenever.
    timeline.change_event(universe, landing.pk, {"label": "A landing"})
    assert open_titles(universe) == set()


def test_output_of_a_job_is_held_against_the_years_of_events(universe, submit, run, llm):
    timeline.add_event(universe, {"title": "The Long Flood", "key": 880.5, "label": "Spring of 880"})
    text = f"{FIVE_WORDS * 64}The Long Flood of 912 had taken the bridge."
    llm.will({"title": "Low Tide", "content": text})

    job = run(submit(universe=universe))

    found = [each for signal in job.signals for each in signal.get("findings", ())]
    assert [(each["quote"], each["statement"], each["source_id"]) for each in found] == [
        ("The Long Flood of 912", "year: 880", "timeline: The Long Flood")
    ]
    assert "880" in llm.requests[0].system
    assert job.outcome == "awaiting_review"


def test_element_of_an_event_has_the_year_of_the_timeline(universe):
    flood = canon.add_element(universe, kind="event", name="The long flood", status="canon")
    timeline.add_event(universe, {"title": "The Long Flood", "key": 880, "label": "880"})

    (element,) = world_snapshot(universe).elements

    assert (element.id, dict(element.traits)) == (str(flood.pk), {"year": "880"})
    canon.revise_element(flood, traits={"date": "In spring"})
    assert dict(world_snapshot(universe).elements[0].traits) == {"date": "In spring"}
