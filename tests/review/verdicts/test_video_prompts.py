"""A video prompt keeps its kind and all its fields in canon."""

from __future__ import annotations

import pytest

from agents.choices import Verdict
from agents.review.verdicts import decisions
from universes.models import Scene

pytestmark = pytest.mark.django_db


ANSWER = {
    "title": "The Ferry",
    "content": "The ferry leaves.",
    "shots": [{"description": "The pier at dawn.", "camera": "Still.", "duration_s": 4}],
    "camera": "Handheld.",
    "mood": "Cold.",
}


def test_approved_video_prompt_keeps_shots_camera_and_mood(
    submit, run, llm, universe, reviewer, client_of, creator
):
    llm.will(ANSWER)
    job = run(submit("narrative", universe=universe, type="video_prompt"))
    output = job.output_data
    edited = {**output, "mood": "Quiet."}

    decisions.decide(job.review_items.get().pk, Verdict.EDITED, by=reviewer, edited=edited)

    (row,) = client_of(creator).get(f"/universes/{universe.pk}/scenes?kind=video_prompt").json()["results"]
    assert (row["kind"], "details" in row) == ("video_prompt", False)
    shown = client_of(creator).get(f"/universes/{universe.pk}/scenes/{row['id']}").json()
    assert shown["text"] == output["content"]
    assert shown["details"] == {"shots": output["shots"], "camera": output["camera"], "mood": "Quiet."}
    assert client_of(creator).get(f"/universes/{universe.pk}/scenes?kind=narrative").json()["count"] == 0

    decisions.undo(job.review_items.get().pk, by=reviewer)

    assert not Scene.objects.exists()


def test_narrative_has_no_details(submit, run, llm, universe):
    run(submit("narrative", universe=universe))

    assert list(Scene.objects.values_list("kind", "details")) == [("narrative", {})]
