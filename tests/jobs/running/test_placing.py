"""Outputs that are placed together: several successes of one transaction."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.batches.answer_source import process_job
from agents.choices import NotificationKind
from agents.jobs.running import successes
from agents.models import AgentJob, Notification
from tests.support.facts import event_kinds
from tests.support.fake_llm import good_answer
from tests.support.threads import run_concurrently
from universes.choices import TrustedOutput
from universes.models import CanonChange, Element, Scene
from universes.services import canon, universes
from universes.services.history import canon_origins

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(submit, llm, monkeypatch):
    """A function that submits a job and runs it; it returns the success, which nobody has stored."""
    stored: list[successes.Success] = []
    monkeypatch.setattr(successes, "store", stored.append)

    def run(*args, **kwargs):
        process_job(submit(*args, **kwargs).pk)
        return stored.pop()

    return run


def store(*group):
    assert successes._store_group(group) == [None] * len(group)


def placed_names():
    return list(Element.objects.order_by("name").values_list("name", "canon_status"))


def test_outputs_of_a_group_are_scenes_of_their_universes(answered, universe, foreign_universe, creator):
    group = [answered(universe=universe), answered(universe=universe), answered()]
    group.append(answered(universe=foreign_universe, by=foreign_universe.owner))

    store(*group)

    jobs = [str(success.job.pk) for success in group]
    assert set(Scene.objects.values_list("origin_ref", "universe", "canon_status", "word_count")) == {
        (jobs[0], universe.pk, "draft", 320),
        (jobs[1], universe.pk, "draft", 320),
        (jobs[3], foreign_universe.pk, "draft", 320),
    }
    steps = CanonChange.objects.filter(target_kind="scene").values_list(
        "origin_ref", "action", "user", "before"
    )
    assert sorted(steps) == sorted((jobs[number], "added", None, None) for number in (0, 1, 3))
    assert event_kinds(group[0].job) == ["submitted", "claimed", "completed", "canon_added"]
    assert event_kinds(group[2].job) == ["submitted", "claimed", "completed"]
    notices = Notification.objects.filter(kind=NotificationKind.DRAFTS)
    assert set(notices.values_list("to", "universe")) == {
        (universe.owner_id, universe.pk),
        (foreign_universe.owner_id, foreign_universe.pk),
    }


def test_statements_do_not_grow_with_the_group(answered, universe):
    store(answered(universe=universe))
    counts = []
    for size in (2, 6):
        group = [answered(universe=universe) for _ in range(size)]
        for success in group:
            success.job.universe = universe
        with CaptureQueriesContext(connection) as queries:
            placed = successes._place(group)
        counts.append(len(queries))
        assert len(placed) == size

    # Known origins, scenes, steps, notices that wait.
    assert counts == [4, 4]


def test_output_that_cannot_be_placed_stays_on_its_job(answered, llm, universe):
    llm.will(good_answer, lambda request: {**good_answer(request), "title": "Low " * 100}, good_answer)
    group = [answered(universe=universe) for _ in range(3)]

    store(*group)

    assert [AgentJob.objects.get(pk=success.job.pk).status for success in group] == ["completed"] * 3
    refs = [str(success.job.pk) for success in group]
    assert set(Scene.objects.values_list("origin_ref", flat=True)) == {refs[0], refs[2]}
    assert "canon_added" not in event_kinds(group[1].job)


def test_group_of_an_archived_universe_places_nothing_there(answered, universe, foreign_universe):
    group = [answered(universe=universe), answered(universe=foreign_universe, by=foreign_universe.owner)]
    universes.update_universe(universe, archived=True)

    store(*group)

    assert Scene.objects.get().universe == foreign_universe
    assert AgentJob.objects.filter(status="completed").count() == 2


def test_places_of_one_name_are_numbered_drafts(answered, universe):
    universes.update_universe(universe, trusted_output=TrustedOutput.CANON)
    canon.add_element(universe, kind="location", name="The Toll House", status="canon")
    group = [
        answered("spatial", universe=universe, location_name=name)
        for name in ("Harrow Causeway", "harrow causeway", "Old Mill", "The toll house")
    ]

    store(*group)

    assert sorted(placed_names()) == sorted(
        [
            ("Harrow Causeway", "canon"),
            ("harrow causeway (2)", "draft"),
            ("Old Mill", "canon"),
            ("The Toll House", "canon"),
            ("The toll house (2)", "draft"),
        ]
    )


def test_output_that_is_placed_already_is_not_placed_again(answered, universe):
    success = answered(universe=universe)
    canon.add_scene(universe, title="Mine", text="As edited.", origin_ref=str(success.job.pk))

    store(success, answered(universe=universe))

    assert Scene.objects.count() == CanonChange.objects.filter(target_kind="scene").count() == 2
    assert Scene.objects.get(origin_ref=str(success.job.pk)).text == "As edited."


def test_placed_output_can_be_undone(answered, universe, creator):
    group = [answered(universe=universe), answered("spatial", universe=universe)]
    store(*group)

    for success in group:
        step = canon_origins.latest_change(str(success.job.pk))
        assert step is not None
        canon_origins.undo_change(step.pk, creator)

    assert (Scene.objects.count(), Element.objects.count()) == (0, 0)
    assert list(CanonChange.objects.order_by("at", "id").values_list("action", flat=True)) == [
        "added",
        "added",
        "withdrawn",
        "withdrawn",
    ]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(4))
def test_person_and_group_take_the_same_names_at_once(answered, broker, universe, creator, round_):
    """Each name is taken once, and each entry has one first step, whoever comes first."""
    names = [f"Gate {number}" for number in range(6)]
    group = [answered("spatial", universe=universe, location_name=name) for name in names]
    begin = threading.Barrier(3)

    def by_hand():
        begin.wait(30)
        for name in names:
            canon.add_element(universe, kind="location", name=name, origin_ref=f"by hand {name}", by=creator)

    def store_half(part):
        begin.wait(30)
        store(*part)

    run_concurrently(by_hand, lambda: store_half(group[:3]), lambda: store_half(group[3:]))

    expected = [name for plain in names for name in (plain, f"{plain} (2)")]
    assert [name for name, _ in placed_names()] == sorted(expected)
    steps = CanonChange.objects.filter(target_kind="element")
    assert steps.count() == len(set(steps.values_list("target_id", flat=True))) == 12
