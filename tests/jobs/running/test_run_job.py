"""A successful attempt: score, review item, placement in the universe, and settings."""

from __future__ import annotations

import pytest
from django.db import connection

from agents.batches.answer_source import process_job
from agents.models import AgentJob, ReviewItem
from tests.support.facts import event_kinds
from tests.support.fake_llm import FIVE_WORDS, good_answer, weak_answer
from universes.choices import TrustedOutput
from universes.models import Element, Scene, Universe
from universes.services import universes

pytestmark = pytest.mark.django_db


def test_trusted_output_completes_the_job(submit, run, llm):
    job = run(submit(characters=["Mira Vance"]))

    assert (job.status, job.attempts, job.confidence_score) == ("completed", 1, 1.0)
    assert (job.human_review_required, job.is_mock, job.error_code) == (False, False, "")
    assert job.output_data == {
        "type": "narrative",
        "title": "Low Tide",
        "content": f"{FIVE_WORDS * 64}Mira Vance waits.",
        "word_count": 323,
        "model": "claude-haiku-5-5",
        "tokens_used": 1200,
    }
    assert {signal["name"]: signal["value"] for signal in job.signals} == {
        "schema_valid": 1.0,
        "stop_reason": 1.0,
        "complete": 1.0,
        "word_range": 1.0,
        "characters_present": 1.0,
        "clean_prose": 1.0,
    }
    assert all(signal["sentence"] for signal in job.signals)
    assert event_kinds(job) == ["submitted", "claimed", "completed"]
    assert not ReviewItem.objects.exists()


@pytest.mark.parametrize(
    ("agent_type", "confidence", "reasons", "codes"),
    [
        (
            "narrative",
            0.45,
            [
                "Confidence 0.45 is below the threshold 0.75.",
                "The text has 30 words; at least 300 were requested.",
            ],
            "|word_range|",
        ),
        (
            "spatial",
            0.45,
            [
                "Confidence 0.45 is below the threshold 0.75.",
                "The text has 30 words; at least 80 were requested.",
            ],
            "|word_range|",
        ),
        (
            "consistency",
            0.4,
            [
                "Confidence 0.40 is below the threshold 0.70.",
                "The report calls the text inconsistent and lists 0 violations.",
            ],
            "|verdict_agrees|",
        ),
    ],
)
def test_weak_output_waits_for_review_with_reasons(
    submit, run, llm, universe, agent_type, confidence, reasons, codes
):
    llm.will(weak_answer)

    job = run(submit(agent_type, universe=universe))

    item = job.review_items.get()
    assert (job.status, job.human_review_required, job.confidence_score) == ("completed", True, confidence)
    assert (item.state, item.agent_type, item.universe, item.confidence) == (
        "open",
        agent_type,
        universe,
        confidence,
    )
    assert item.reasons == reasons
    assert item.reason_codes == codes
    assert event_kinds(job) == ["submitted", "claimed", "completed", "review_opened"]
    assert not Scene.objects.exists()
    assert not Element.objects.exists()


# --- Into the universe --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", TrustedOutput.values)
def test_trusted_scene_is_placed_by_universe_policy(submit, run, llm, universe, status):
    Universe.objects.update(trusted_output=status)

    job = run(submit(universe=universe))

    scene = Scene.objects.get()
    assert (scene.universe, scene.canon_status, scene.origin_ref) == (universe, status, str(job.pk))
    assert (scene.title, scene.word_count, scene.created_by) == ("Low Tide", 320, None)
    event = job.events.last()
    assert (event.kind, event.by) == ("canon_added", None)
    assert event.data == {
        "entry_kind": "scene",
        "entry_id": str(scene.pk),
        "name": "Low Tide",
        "status": status,
    }


def test_trusted_place_becomes_a_location(submit, run, llm, universe):
    job = run(submit("spatial", universe=universe, landmarks=["The bell arch"]))

    place = Element.objects.get()
    assert (place.kind, place.name, place.canon_status) == ("location", "Harrow Causeway", "draft")
    assert place.origin_ref == str(job.pk)
    assert place.traits == {
        "atmosphere": "Calm.",
        "map_layout": "One road.",
        "landmarks": ["The bell arch: Old."],
    }


def test_report_is_not_placed_in_a_universe(submit, run, llm, universe):
    job = run(submit("consistency", universe=universe))

    assert job.status == "completed"
    assert event_kinds(job) == ["submitted", "claimed", "completed"]
    assert (Scene.objects.count(), Element.objects.count()) == (0, 0)


def test_output_stays_on_job_if_universe_is_archived(submit, run, llm, universe):
    llm.will(lambda request: universes.archive(universe) and good_answer)

    job = run(submit(universe=universe))

    assert (job.status, job.human_review_required) == ("completed", False)
    assert event_kinds(job) == ["submitted", "claimed", "completed"]
    assert not Scene.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("answer", [good_answer, weak_answer])
def test_job_survives_deletion_of_its_universe(submit, run, llm, universe, answer):
    def delete_it(request):
        universes.delete_universe(universe)
        return answer

    llm.will(delete_it)

    job = run(submit(universe=universe))

    assert (job.status, job.universe) == ("completed", None)
    assert job.calls.get().universe is None
    assert [item.universe for item in job.review_items.all()] == [None] * (answer is weak_answer)


def test_mock_answers_are_marked_and_free(submit, run, llm):
    llm.is_mock, llm.model = True, "mock"

    job = run(submit())

    assert (job.is_mock, job.output_data["model"]) == (True, "mock")
    assert (job.calls.get().is_mock, job.calls.get().cost_usd) == (True, 0)


# --- Rule four ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_held_during_a_model_call(submit, run, llm, universe):
    """SQLite has no pool, and an idle connection to it holds nothing."""
    seen = []

    def look(request):
        held = connection.connection if connection.vendor == "postgresql" else None
        seen.append((connection.in_atomic_block, held))
        return good_answer

    llm.will(look)

    job = run(submit(universe=universe))

    assert job.status == "completed"
    assert seen == [(False, None)]


def test_job_is_processing_while_the_model_is_called(submit, run, llm):
    seen = []

    def look(request):
        seen.append(AgentJob.objects.get().status)
        return good_answer

    llm.will(look)

    run(submit())

    assert seen == ["processing"]


@pytest.mark.parametrize("status", ["processing", "completed", "failed", "cancelled"])
def test_job_that_is_not_due_calls_no_model(make_job, llm, status):
    job = make_job(status)

    process_job(job.pk)

    assert llm.requests == []
    assert not job.events.exists()


def test_unknown_job_is_ignored(llm):
    process_job(Universe().pk)

    assert llm.requests == []
