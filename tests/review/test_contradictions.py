"""Invariants of outputs: an edit keeps them, and what contradicts itself is not approved as it is."""

from __future__ import annotations

import pytest

from agents.choices import Verdict
from agents.engine.registry import get_agent
from agents.errors import Conflict, Invalid
from agents.models import AgentJob
from agents.review.verdicts import bulk, decisions
from tests.support.rows import make_review

pytestmark = pytest.mark.django_db

VIOLATION = {
    "source_id": "text",
    "rule": "The well is dry.",
    "quote": "They drank from the well.",
    "severity": "major",
    "explanation": "It cannot be both.",
}
REPORT = {
    "is_consistent": False,
    "violations": [VIOLATION],
    "explanation": "One passage.",
    "suggestions": [],
    "model": "mock",
    "tokens_used": 9,
}
SHOT = {"description": "The pier.", "camera": "Still.", "duration_s": 4}
VIDEO = {
    "type": "video_prompt",
    "title": "Pier",
    "content": "A pier.",
    "word_count": 2,
    "shots": [SHOT],
    "camera": "Still.",
    "mood": "Calm.",
    "model": "mock",
    "tokens_used": 9,
}


def item_with(creator, agent_type, output):
    item = make_review(creator, agent_type=agent_type)
    AgentJob.objects.filter(pk=item.job_id).update(output_data=output)
    item.job.refresh_from_db()
    return item


@pytest.mark.parametrize(
    ("agent_type", "output", "changes", "pointer"),
    [
        ("consistency", REPORT, {"is_consistent": True}, "/output/is_consistent"),
        ("narrative", VIDEO, {"shots": []}, "/output/shots"),
        ("narrative", VIDEO, {"shots": [SHOT, {**SHOT, "duration_s": 0}]}, "/output/shots/1/duration_s"),
        ("narrative", VIDEO, {"shots": [{**SHOT, "description": " "}]}, "/output/shots/0/description"),
    ],
)
def test_edit_that_contradicts_itself_is_refused_by_field(
    creator, reviewer, client_of, agent_type, output, changes, pointer
):
    item = item_with(creator, agent_type, output)

    with pytest.raises(Invalid) as refused:
        decisions.decide(item.pk, Verdict.EDITED, by=reviewer, edited={**output, **changes})
    answer = client_of(reviewer).post(
        f"/agents/reviews/{item.pk}/decision", {"verdict": "edited", "output": {**output, **changes}}
    )

    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
    item.refresh_from_db()
    assert item.state == "open"


def test_edit_of_both_sides_is_taken(creator, reviewer):
    item = item_with(creator, "consistency", REPORT)

    decisions.decide(
        item.pk, Verdict.EDITED, by=reviewer, edited={**REPORT, "is_consistent": True, "violations": []}
    )

    assert AgentJob.objects.get().outcome == "edited"


def test_contradictory_report_is_not_approved_as_it_is(creator, reviewer):
    item = item_with(creator, "consistency", {**REPORT, "is_consistent": True})

    with pytest.raises(Conflict) as refused:
        decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    result = bulk.decide_all([item.pk], Verdict.APPROVED, by=reviewer)

    assert refused.value.code == "contradictory_output"
    assert (result.decided, len(result.left_out)) == ([], 1)
    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="It contradicts itself.")


@pytest.mark.parametrize(("agent_type", "output"), [("consistency", REPORT), ("narrative", VIDEO)])
def test_whole_outputs_have_no_contradictions(agent_type, output):
    assert not get_agent(agent_type).contradictions_in(output)


def test_outputs_of_earlier_releases_are_left_alone():
    assert get_agent("consistency").contradictions_in({"is_consistent": True}) == ()
