"""Exemplars: accepted outputs that later jobs of the same kind read, the nearest first, within a budget."""

from __future__ import annotations

import pytest

from agents.choices import FeedbackRating, Verdict
from agents.common.guidance import guidance_for
from agents.engine.envelope import unseal
from agents.engine.guidance import EXAMPLE_TOKENS, Example, nearest
from agents.errors import Conflict, Forbidden, NotFound
from agents.learning import exemplars
from agents.models import AgentJob, Exemplar
from agents.review.creators import own_verdicts
from agents.review.verdicts import decisions
from tests.support import rows
from universes.choices import Role
from universes.services import universes

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(creator, universe, reviewer):
    item = rows.make_review(creator, universe=universe)
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    return item.job


def example(number, request="A scene.", chars=100):
    return Example(str(number), request, {"content": "x" * chars})


def test_marked_output_goes_with_the_next_request_of_its_kind(
    submit, run, llm, universe, approved, reviewer, creator
):
    exemplar = exemplars.mark(approved.pk, by=reviewer, universe_id=universe.pk)

    job = run(submit(universe=universe))
    video, elsewhere = submit(universe=universe, type="video_prompt"), submit()

    shown = unseal("examples", llm.requests[0].user) or []
    assert [one["output"] for one in shown] == [{name: rows.NARRATIVE[name] for name in ("title", "content")}]
    assert job.guidance["examples"] == [str(exemplar.pk)]
    assert guidance_for(video).examples == guidance_for(elsewhere).examples == ()


def test_edited_output_is_marked_as_it_was_edited(creator, universe, reviewer):
    item = rows.make_review(creator, universe=universe)
    edited = {**rows.NARRATIVE, "title": "Low Water"}
    decisions.decide(item.pk, Verdict.EDITED, by=reviewer, edited=edited)

    assert exemplars.mark(item.job_id, by=reviewer, universe_id=universe.pk).output["title"] == "Low Water"
    assert exemplars.mark(item.job_id, by=creator, universe_id=universe.pk)
    assert Exemplar.objects.count() == 1


def test_only_what_somebody_accepted_can_be_marked(creator, universe, reviewer, approved):
    trusted = rows.make_job(creator, universe=universe, status="completed")
    report = rows.make_job(creator, universe=universe, status="completed", agent_type="consistency")

    for job, code in ((trusted, "not_accepted"), (report, "not_an_example")):
        with pytest.raises(Conflict) as refusal:
            exemplars.mark(job.pk, by=creator, universe_id=universe.pk)
        assert refusal.value.code == code
    own_verdicts.rate(trusted.pk, by=creator, rating=FeedbackRating.ACCEPTED)
    exemplars.mark(trusted.pk, by=creator, universe_id=universe.pk)

    assert [row.job_id for row in Exemplar.objects.all()] == [trusted.pk]


def test_editors_strangers_and_other_universes_mark_nothing(make_user, universe, stranger, approved, lead):
    editor = make_user("edda")
    universes.add_member(universe, editor, Role.EDITOR)
    other = rows.make_universe(stranger, name="Other", slug="other")

    with pytest.raises(Forbidden):
        exemplars.mark(approved.pk, by=editor, universe_id=universe.pk)
    with pytest.raises(NotFound):
        exemplars.mark(approved.pk, by=stranger, universe_id=other.pk)
    assert not Exemplar.objects.exists()


def test_exemplars_over_rest(client_of, creator, universe, approved):
    api, path = client_of(creator), f"/universes/{universe.pk}/exemplars"

    made = api.post(path, {"job_id": str(approved.pk)})

    assert (made.status_code, made.json()["kind"], made.json()["marked_by"]) == (201, "narrative", "carla")
    assert [row["id"] for row in api.get(path).json()["results"]] == [made.json()["id"]]
    assert api.delete(f"{path}/{made.json()['id']}").status_code == 204
    assert api.delete(f"{path}/{made.json()['id']}").status_code == 404
    assert not Exemplar.objects.exists()


def test_exemplar_outlives_its_job(universe, approved, reviewer):
    exemplars.mark(approved.pk, by=reviewer, universe_id=universe.pk)

    AgentJob.objects.filter(pk=approved.pk).delete()

    assert Exemplar.objects.get().job is None


def test_nearest_two_are_chosen():
    others = [
        example(number, f"Tale {number} of {what}.") for number, what in enumerate(["salt", "iron", "wool"])
    ]
    near = [example(8, "The ferry at dawn."), example(9, "A ferry in the fog.")]

    chosen = nearest([*others, *near], {"prompt": "The ferry leaves in the fog."})

    assert [one.id for one in chosen] == ["9", "8"]


def test_what_does_not_fit_the_budget_is_left_out():
    large, small = example(1, chars=EXAMPLE_TOKENS * 4), example(2)

    assert nearest([large, small], {"prompt": "A scene."}) == (small,)
    half = EXAMPLE_TOKENS * 2 + 100
    assert len(nearest([example(1, chars=half), example(2, chars=half)], {"prompt": "A scene."})) == 1
