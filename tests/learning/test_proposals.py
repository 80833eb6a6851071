"""Proposed rules: found in three independent verdicts, decided by a person, quiet once refused."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from agents.choices import FeedbackRating, ProposalState, Verdict
from agents.common.guidance import guide_of
from agents.errors import Conflict, Forbidden, Invalid, NotFound
from agents.learning import proposals
from agents.models import AgentJob, ModelCall, RuleProposal, StyleGuide
from agents.providers import factory
from agents.review.creators import own_verdicts
from agents.review.verdicts import decisions
from tests.support import rows
from tests.support.fake_llm import FakeLLM
from tests.support.problems import problem_of
from universes.choices import Role
from universes.services import universes

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(creator, universe):
    """Open an item for a request of its own."""

    def make(prompt, **fields):
        item = rows.make_review(creator, universe=universe, **fields)
        AgentJob.objects.filter(pk=item.job_id).update(input_data={"prompt": prompt})
        item.refresh_from_db()
        return item

    return make


@pytest.fixture
def reject(review, reviewer):
    def rejected(prompt, reason="badly_written"):
        return decisions.decide(review(prompt).pk, Verdict.REJECTED, by=reviewer, reason=reason)

    return rejected


def test_three_rejections_for_the_same_reason_make_a_proposal_with_its_evidence(universe, reject):
    given = [reject(prompt) for prompt in ("Rain.", "Fog.")]
    assert proposals.propose_all() == 0
    given.append(reject("Snow."))

    assert proposals.propose_all() == 1

    [proposal] = RuleProposal.objects.all()
    assert (proposal.pattern, proposal.state, proposal.chances) == ("reason:badly_written", "open", 3)
    assert proposal.text == "Avoid what reviewers reject again and again: Badly written."
    assert [link["id"] for link in proposal.evidence] == [str(decision.pk) for decision in given]
    assert proposal.evidence[0]["item_id"] == str(given[0].item_id)
    assert proposals.propose_all() == 0


def test_equal_requests_count_once(reject):
    for _ in range(5):
        reject("Rain.")

    assert proposals.propose_all() == 0


def test_undone_verdicts_do_not_count(reject, reviewer):
    for prompt in ("Rain.", "Fog.", "Snow."):
        decision = reject(prompt)
    decisions.undo(decision.item_id, by=reviewer)

    assert proposals.propose_all() == 0


def test_edits_feedback_and_notes_point_the_same_way(universe, review, creator, reviewer):
    text = "Mira waited — the rope creaked — and the town slept. " * 4
    output = {**rows.NARRATIVE, "content": text}
    edited = review("Rain.")
    AgentJob.objects.filter(pk=edited.job_id).update(output_data=output)
    change = {**output, "content": text.replace(" — ", ", ")}
    decisions.decide(edited.pk, Verdict.EDITED, by=reviewer, edited=change)
    asked = review("Fog.")
    decisions.decide(asked.pk, Verdict.ASKED_AGAIN, by=reviewer, note="No em-dashes, please.")
    rated = review("Snow.")
    own_verdicts.rate(rated.job_id, by=creator, rating=FeedbackRating.REJECTED, note="Too many long dashes.")

    assert proposals.propose_all() == 1

    proposal = RuleProposal.objects.get()
    assert proposal.text == "Use no em-dashes; write a comma, a full stop or brackets instead."
    assert [link["kind"] for link in proposal.evidence] == ["verdict", "verdict", "feedback"]


def test_a_word_that_is_struck_out_again_and_again_is_proposed_with_its_replacement(
    universe, review, reviewer
):
    for prompt in ("Rain.", "Fog.", "Snow."):
        item = review(prompt)
        text = f"{prompt} Mira suddenly opened the gate of the weighhouse and counted what was left of it."
        output = {**rows.NARRATIVE, "content": text}
        AgentJob.objects.filter(pk=item.job_id).update(output_data=output)
        change = {**output, "content": text.replace("suddenly", "quickly")}
        decisions.decide(item.pk, Verdict.EDITED, by=reviewer, edited=change)

    proposals.propose_all()

    assert RuleProposal.objects.get().text == "Write “quickly” instead of “suddenly”."


def test_accepted_proposal_is_a_rule_of_the_next_jobs(universe, reject, lead):
    for prompt in ("Rain.", "Fog.", "Snow."):
        reject(prompt)
    proposals.propose_all()
    proposal = RuleProposal.objects.get()
    assert guide_of(universe.pk, "narrative") is None

    guide = proposals.accept(proposal.pk, by=lead, universe_id=universe.pk, text="Read it aloud first.")

    assert (guide.cause, list(guide.texts), guide.has_trial) == ("proposed", ["Read it aloud first."], True)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.text, proposal.guide_version) == ("accepted", "Read it aloud first.", 1)
    with pytest.raises(Conflict):
        proposals.refuse(proposal.pk, by=lead, universe_id=universe.pk)
    assert StyleGuide.objects.count() == 1


def test_refused_proposal_stays_quiet(universe, reject, creator):
    for prompt in ("Rain.", "Fog.", "Snow."):
        reject(prompt)
    proposals.propose_all()

    proposals.refuse(RuleProposal.objects.get().pk, by=creator, universe_id=universe.pk)
    for prompt in ("Hail.", "Wind."):
        reject(prompt)

    assert proposals.propose_all() == 0
    proposal = RuleProposal.objects.get()
    assert (proposal.state, len(proposal.evidence)) == (ProposalState.REFUSED, 3)
    assert not StyleGuide.objects.exists()


def test_old_scopes_are_left_alone(reject):
    for prompt in ("Rain.", "Fog.", "Snow."):
        reject(prompt)

    assert proposals.propose_all(timezone.now() + timedelta(hours=2)) == 0
    assert not RuleProposal.objects.exists()


def test_editors_and_strangers_decide_nothing(universe, reject, make_user, stranger):
    for prompt in ("Rain.", "Fog.", "Snow."):
        reject(prompt)
    proposals.propose_all()
    editor = make_user("edda")
    universes.add_member(universe, editor, Role.EDITOR)
    proposal = RuleProposal.objects.get()

    with pytest.raises(Forbidden):
        proposals.accept(proposal.pk, by=editor, universe_id=universe.pk)
    with pytest.raises(NotFound):
        proposals.accept(proposal.pk, by=stranger, universe_id=universe.pk)
    with pytest.raises(Invalid):
        proposals.accept(proposal.pk, by=universe.owner, universe_id=universe.pk, text=" ")
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_proposals_over_rest(universe, reject, client_of, creator):
    for prompt in ("Rain.", "Fog.", "Snow."):
        reject(prompt)
    proposals.propose_all()
    api, path = client_of(creator), f"/universes/{universe.pk}/rule-proposals"

    [shown] = api.get(f"{path}?state=open&agent_type=narrative").json()["results"]
    guide = api.post(f"{path}/{shown['id']}/accept", {"text": "Read it aloud first."})

    assert len(shown["evidence"]) == 3
    assert (guide.status_code, guide.json()["rules"][0]["text"]) == (200, "Read it aloud first.")
    problem_of(api.post(f"{path}/{shown['id']}/refuse"), 409, "proposal_decided")
    assert api.get(f"{path}?state=open").json()["results"] == []
    effect = api.get(f"/universes/{universe.pk}/guides/narrative/effect").json()
    assert (effect["state"], effect["rules"]) == ("not_enough", ["Read it aloud first."])


def test_model_words_the_proposal_where_there_is_a_key(universe, reject, monkeypatch):
    for prompt in ("Rain.", "Fog.", "Snow."):
        reject(prompt)
    llm = FakeLLM()
    llm.will(json.dumps({"rule": "Read  every sentence aloud."}))
    monkeypatch.setattr(factory, "uses_mock", lambda: False)
    monkeypatch.setattr(factory, "llm_client", lambda: llm)

    proposals.propose_all()

    proposal = RuleProposal.objects.get()
    assert (proposal.text, proposal.is_worded_by_model) == ("Read every sentence aloud.", True)
    call = ModelCall.objects.get(prompt_name="style_rule")
    assert (call.universe_id, call.job) == (universe.pk, None)


def test_two_reasons_that_alternate_prove_nothing(reject):
    for number in range(3):
        reject(f"Rain {number}.")
        reject(f"Fog {number}.", "unsuitable")

    assert proposals.propose_all() == 0
