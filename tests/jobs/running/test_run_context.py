"""The context of an attempt: canon, site settings, preferences, and the reviewer's note."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from agents.choices import Verdict
from agents.common import findings, world_context
from agents.common.world_context import world_view
from agents.engine.envelope import unseal
from agents.engine.world import merge_world
from agents.models import AgentJob, IntentionalFinding
from agents.notify import preferences
from agents.providers import run_settings
from agents.review.verdicts import decisions
from tests.support.fake_llm import good_answer
from universes.choices import CanonStatus, ElementKind
from universes.models import Universe
from universes.services import canon, universes
from universes.services.rules import RuleInput

pytestmark = pytest.mark.django_db


def unsealed(tag, text) -> Any:
    return unseal(tag, text)


def test_agent_reads_the_canon_and_the_job_keeps_its_hash(submit, run, llm, universe, creator):
    universes.update_world_config(universe, tech_level="medieval", rules=[RuleInput("No flying.")])
    canon.add_element(universe, kind=ElementKind.CHARACTER, name="Mira", status=CanonStatus.CANON, by=creator)
    canon.add_element(universe, kind=ElementKind.CHARACTER, name="Nobody", by=creator)

    job = run(submit(universe=universe))

    world = unsealed("world", llm.requests[0].system)
    assert (world["name"], world["tech_level"], world["rules"]) == ("Low Marsh", "medieval", ["No flying."])
    assert [element["name"] for element in world["elements"]] == ["Mira"]
    view = world_view(universe)
    assert view is not None
    assert job.world_hash == view.hash


def test_job_records_which_part_of_a_large_world_it_read(submit, run, llm, universe, creator, settings):
    settings.WORLD_TOKENS = 500
    for name in ("Mira", "Odd"):
        canon.add_element(
            universe,
            kind=ElementKind.CHARACTER,
            name=name,
            summary=f"{name} keeps a ledger of the tides. " * 40,
            status=CanonStatus.CANON,
            by=creator,
        )

    job = run(submit(universe=universe, prompt="Odd waits."))

    [chosen] = job.world_choice["chosen"]
    assert (chosen["name"], chosen["why"]) == ("Odd", "named")
    assert (job.world_choice["elements_in_world"], job.world_choice["left_out"]) == (2, 1)
    assert "Mira" not in llm.requests[0].system + llm.requests[0].user
    assert run(submit()).world_choice is None


def test_universe_setting_asks_for_a_second_opinion(submit, run, llm, universe):
    run(submit(universe=universe))
    assert [request.agent for request in llm.requests] == ["narrative"]

    universes.update_universe(universe, second_opinion=True)
    job = run(submit(universe=universe))

    assert [request.agent for request in llm.requests[1:]] == ["narrative", "consistency"]
    assert [call.prompt_name for call in job.calls.order_by("id")] == ["narrative", "consistency"]


def test_job_without_a_universe_has_no_world_hash(submit, run, llm):
    assert run(submit()).world_hash == ""


def test_run_knows_the_marks_of_its_universe_by_one_query(
    submit, universe, foreign_universe, django_assert_num_queries
):
    for number, of in enumerate((universe, universe, foreign_universe)):
        IntentionalFinding.objects.create(universe=of, finding_id=f"{number:016x}")
    inside, outside = submit(universe=universe), submit()

    assert run_settings.run_settings(inside).intentional == {f"{0:016x}", f"{1:016x}"}
    assert run_settings.run_settings(outside).intentional == frozenset()
    with django_assert_num_queries(1):
        findings.intentional_ids(universe.pk)
    with django_assert_num_queries(0):
        findings.intentional_ids(None)


def test_site_settings_apply_without_preferences(submit, run, llm, settings):
    settings.AGENT_MODELS = {**settings.AGENT_MODELS, "narrative": "claude-opus-5-5"}
    settings.LLM_TIMEOUT_S = 33.0

    run(submit())

    request = llm.requests[0]
    assert (request.model, request.timeout_s, request.attempt) == ("claude-opus-5-5", 33.0, 1)
    assert unsealed("input", request.user)["wanted"] == {"min_words": 300, "max_words": 1000}


def test_preferences_of_the_requester_are_used(submit, run, llm, creator, editor, universe):
    wishes = {
        "default_models": {"narrative": "claude-sonnet-5-5"},
        "tone": "wry",
        "language": "Welsh",
        "word_range": [60, 400],
    }
    preferences.save_preferences(editor, wishes, replace=True)

    run(submit(universe=universe, by=editor))
    run(submit(universe=universe, by=creator))

    asked, plain = (unsealed("input", request.user)["wanted"] for request in llm.requests)
    assert [request.model for request in llm.requests] == ["claude-sonnet-5-5", "claude-haiku-5-5"]
    assert asked == {"min_words": 60, "max_words": 400, "tone": "wry", "language": "Welsh"}
    assert plain == {"min_words": 300, "max_words": 1000}


def test_stricter_preference_sends_more_to_review(submit, run, llm, creator):
    # One flaw: unrequested fields.
    def untidy(request):
        return {**good_answer(request), "comment": "Hope you like it."}

    llm.will(untidy, untidy)
    relaxed = run(submit())
    preferences.save_preferences(creator, {"review_threshold": 0.95}, replace=True)
    strict = run(submit())

    assert relaxed.confidence_score == strict.confidence_score == 0.9333
    assert (relaxed.human_review_required, strict.human_review_required) == (False, True)
    assert strict.review_items.get().reasons[0] == "Confidence 0.93 is below the threshold 0.95."


def test_stored_threshold_below_the_site_threshold_is_ignored(submit, creator, settings):
    preferences.save_preferences(creator, {"review_threshold": 0.8}, replace=True)
    settings.REVIEW_THRESHOLDS = {**settings.REVIEW_THRESHOLDS, "narrative": 0.9}

    assert run_settings.run_settings(submit()).threshold == 0.9


def test_follow_up_carries_note_and_earlier_text(review_item, reviewer, run, llm):
    decisions.decide(review_item.pk, Verdict.ASKED_AGAIN, by=reviewer, note="More weather.")

    follow_up = run(AgentJob.objects.get(follows=review_item.job))

    assert follow_up.status == "completed"
    assert unsealed("revision", llm.requests[-1].user) == {
        "note": "More weather.",
        "previous_output": review_item.job.output_data,
    }
    assert "<revision>" not in llm.requests[0].user


def test_view_is_shared_until_its_world_changes(universe, creator, monkeypatch):
    monkeypatch.setattr(world_context, "MAX_VIEWS", 2)
    canon.add_element(universe, kind=ElementKind.CHARACTER, name="Mira", status=CanonStatus.CANON, by=creator)
    other = universes.create_universe(creator, name="High Fen")
    view, other_view = world_view(universe), world_view(other)
    assert view is not None
    assert other_view is not None

    assert world_view(Universe.objects.get(pk=universe.pk)) is view

    universes.update_world_config(universe, tone="bleak")
    changed = world_view(universe)
    assert changed is not None
    assert (changed.tone, view.tone) == ("bleak", "")
    assert changed.hash != view.hash
    world_view(universes.create_universe(creator, name="Third"))
    assert world_view(universe) is changed
    assert world_view(other) is not other_view
    assert world_view(other) == other_view


def test_changes_of_a_request_make_a_view_of_their_own(universe):
    view = world_view(universe)
    assert view is not None

    changed = merge_world(view, {"tone": "cosy"}, ["No flying."])

    assert merge_world(view, {"tone": " "}, []) is view
    assert (changed.tone, changed.rule_texts()) == ("cosy", ("No flying.",))
    assert len({view.hash, changed.hash}) == 2


def test_view_of_an_unchanged_world_takes_one_query(universe, creator, django_assert_num_queries):
    view = world_view(universe)
    canon.add_element(universe, kind="item", name="Key", by=creator)

    # SQLite numbers no versions of rows; there the world is read, and compared.
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 5):
        assert world_view(universe) is view
