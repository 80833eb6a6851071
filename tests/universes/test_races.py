"""Concurrent writes from real threads, each with its own connection."""

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
from universes.services.rules import RuleInput

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 6


def at_once(work, count=THREADS):
    """Run ``work(number)`` in threads that start together; return the results, a Conflict as its code."""
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


def test_concurrent_adds_of_one_origin_make_one_entry(universe):
    entries = at_once(
        lambda n: canon.add_scene(
            universe, title=f"Dawn {n}", text="Fog.", origin_ref="job-1", status="canon"
        )
    )

    scene = Scene.objects.get()
    assert {entry.pk for entry in entries} == {scene.pk}
    assert CanonChange.objects.get().target_id == scene.pk


def test_concurrent_promotions_promote_once(universe):
    scene = canon.add_scene(universe, title="Dawn", text="Fog.", origin_ref="job-1")

    at_once(
        lambda n: canon.add_scene(universe, title="Dawn", text="Fog.", origin_ref="job-1", status="canon")
    )

    changes = CanonChange.objects.filter(target_id=scene.pk).order_by("at", "id")
    assert [change.action for change in changes] == ["added", "promoted"]


def test_concurrent_jobs_with_one_name_get_numbers(universe):
    at_once(lambda n: canon.add_element(universe, kind="location", name="Tower", origin_ref=f"job-{n}"))

    names = sorted(Element.objects.values_list("name", flat=True))
    assert names == ["Tower", "Tower (2)", "Tower (3)", "Tower (4)", "Tower (5)", "Tower (6)"]


def test_concurrent_names_by_hand_have_one_winner(universe):
    results = at_once(lambda n: canon.add_element(universe, kind="location", name="Tower"))

    assert Element.objects.count() == 1
    assert results.count("element_name_taken") == THREADS - 1


def test_concurrent_universes_of_one_name_get_numbered_slugs(owner):
    at_once(lambda n: service.create_universe(owner, name="Arda"))

    slugs = sorted(Universe.objects.values_list("slug", flat=True))
    assert slugs == ["arda", "arda-2", "arda-3", "arda-4", "arda-5", "arda-6"]
    assert Membership.objects.filter(role="owner").count() == THREADS


def test_concurrent_rule_lists_replace_each_other_completely(universe):
    at_once(lambda n: service.update_world_config(universe, rules=[RuleInput(f"{n}-{k}.") for k in range(3)]))

    texts = list(universe.world_rules.order_by("position").values_list("text", flat=True))
    assert texts in [[f"{n}-{k}." for k in range(3)] for n in range(THREADS)]


def test_concurrent_additions_of_a_member_succeed_once(universe, stranger):
    results = at_once(lambda n: service.add_member(universe, stranger, Role.VIEWER))

    assert results.count("already_member") == THREADS - 1
    assert universe.memberships.filter(user=stranger).count() == 1
