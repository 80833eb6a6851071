"""Two or more at once: real threads, each with a connection of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from universes.choices import Role
from universes.errors import Conflict
from universes.models import CanonChange, Element, Membership, Scene, Universe
from universes.services import canon
from universes.services import universes as service
from universes.services.universes import RuleInput

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 6


def at_once(work, count=AT_ONCE):
    """Run ``work(number)`` in threads that start together; give the results, a Conflict as its code."""
    gate = Barrier(count)

    def run(number):
        gate.wait(timeout=30)
        try:
            return work(number)
        except Conflict as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_one_origin_makes_one_entry_however_many_add_it(universe):
    entries = at_once(
        lambda n: canon.add_scene(
            universe, title=f"Dawn {n}", text="Fog.", origin_ref="job-1", status="canon"
        )
    )

    scene = Scene.objects.get()
    assert {entry.pk for entry in entries} == {scene.pk}
    assert CanonChange.objects.get().target_id == scene.pk


def test_one_draft_is_promoted_once(universe):
    scene = canon.add_scene(universe, title="Dawn", text="Fog.", origin_ref="job-1")

    at_once(
        lambda n: canon.add_scene(universe, title="Dawn", text="Fog.", origin_ref="job-1", status="canon")
    )

    changes = CanonChange.objects.filter(target_id=scene.pk).order_by("at", "id")
    assert [change.action for change in changes] == ["added", "promoted"]


def test_jobs_that_find_the_same_name_get_numbers(universe):
    at_once(lambda n: canon.add_element(universe, kind="location", name="Tower", origin_ref=f"job-{n}"))

    names = sorted(Element.objects.values_list("name", flat=True))
    assert names == ["Tower", "Tower (2)", "Tower (3)", "Tower (4)", "Tower (5)", "Tower (6)"]


def test_a_name_given_by_hand_has_one_winner(universe):
    results = at_once(lambda n: canon.add_element(universe, kind="location", name="Tower"))

    assert Element.objects.count() == 1
    assert results.count("element_name_taken") == AT_ONCE - 1


def test_universes_of_one_name_get_numbers(owner):
    at_once(lambda n: service.create_universe(owner, name="Arda"))

    slugs = sorted(Universe.objects.values_list("slug", flat=True))
    assert slugs == ["arda", "arda-2", "arda-3", "arda-4", "arda-5", "arda-6"]
    assert Membership.objects.filter(role="owner").count() == AT_ONCE


def test_a_list_of_rules_is_replaced_whole(universe):
    at_once(lambda n: service.update_world_config(universe, rules=[RuleInput(f"{n}-{k}.") for k in range(3)]))

    texts = list(universe.world_rules.order_by("position").values_list("text", flat=True))
    assert texts in [[f"{n}-{k}." for k in range(3)] for n in range(AT_ONCE)]


def test_a_person_is_let_in_once(universe, stranger):
    results = at_once(lambda n: service.add_member(universe, stranger, Role.VIEWER))

    assert results.count("already_member") == AT_ONCE - 1
    assert universe.memberships.filter(user=stranger).count() == 1
