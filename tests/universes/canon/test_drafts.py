"""Drafts: counted, promoted and discarded, one by one and many at once; owners hear of them."""

from __future__ import annotations

import uuid

import pytest

from agents.models import Notification
from agents.notify import notifications
from agents.schedules import stopping
from tests.support.threads import run_concurrently
from universes.choices import TrustedOutput
from universes.models import CanonChange, Element, Scene
from universes.services import canon, drafts, universes

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_drafts(universe):
    return [
        canon.add_scene(universe, title="One", text="Once."),
        canon.add_scene(universe, title="Two", text="Twice."),
        canon.add_element(universe, kind="character", name="Mira"),
    ]


def statuses():
    return dict(Scene.objects.values_list("title", "canon_status")) | dict(
        Element.objects.values_list("name", "canon_status")
    )


def test_drafts_are_promoted_and_discarded_together(api, universe, three_drafts, creator):
    path = f"/universes/{universe.pk}/drafts"
    first, second, mira = three_drafts
    assert api.get(path).json() == {"scenes": 2, "elements": 1}
    nothing = str(uuid.uuid4())

    promoted = api.post(f"{path}/promote", {"ids": [str(first.pk), str(mira.pk), nothing]}).json()
    discarded = api.post(f"{path}/discard", {"ids": [str(second.pk), str(first.pk)]}).json()

    assert promoted["done"] == [str(first.pk), str(mira.pk)]
    assert [left["id"] for left in promoted["left_out"]] == [nothing]
    assert discarded == {
        "done": [str(second.pk)],
        "left_out": [{"id": str(first.pk), "why": "One is canon already."}],
    }
    assert statuses() == {"One": "canon", "Two": "retired", "Mira": "canon"}
    assert CanonChange.objects.filter(user=creator).count() == 3
    assert api.get(path).json() == {"scenes": 0, "elements": 0}


def test_drafts_of_another_universe_stay(universe, foreign_universe, creator):
    scene = canon.add_scene(foreign_universe, title="One", text="Once.")

    result = drafts.promote_drafts(universe, [scene.pk], by=creator)

    assert (result.done, [left.id for left in result.left_out]) == ([], [scene.pk])
    assert statuses() == {"One": "draft"}


def test_owner_hears_of_drafts_once_until_they_read_it(submit, run, llm, universe, creator, api):
    universes.update_universe(universe, trusted_output=TrustedOutput.DRAFT)
    for _ in range(2):
        run(submit("narrative", universe=universe))

    (told,) = api.get("/agents/notifications").json()["results"]
    assert (told["kind"], told["universe_id"], told["item_id"]) == ("drafts", str(universe.pk), None)

    notifications.mark_read(creator, None)
    run(submit("narrative", universe=universe))

    assert Notification.objects.filter(kind="drafts").count() == 2


def test_owner_hears_of_a_schedule_that_stops(make_schedule, editor, universe, creator):
    schedule = make_schedule(owner=editor)
    universes.remove_member(universe, editor.pk)

    assert stopping.stop_orphaned() == [schedule]
    assert stopping.stop_orphaned() == []

    told = Notification.objects.get()
    assert (told.to, told.kind, told.universe, told.mail_due) == (creator, "schedule", universe, False)
    assert told.text == "Yearly: Switched off: edgar is no longer a member of “Low Marsh”."


@pytest.mark.django_db(transaction=True)
def test_one_of_two_who_decide_on_a_draft_wins(universe, creator):
    scene = canon.add_scene(universe, title="One", text="Once.")

    promoted, discarded = run_concurrently(
        lambda: drafts.promote_drafts(universe, [scene.pk], by=creator),
        lambda: drafts.discard_drafts(universe, [scene.pk], by=creator),
    )

    assert len(promoted.done) + len(discarded.done) == 1
    assert statuses() == {"One": "canon" if promoted.done else "retired"}
