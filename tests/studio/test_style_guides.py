"""Style guides in the studio: edited, undone, and proposals decided."""

from __future__ import annotations

import pytest

from agents.choices import ProposalState
from agents.learning import guides
from agents.models import RuleProposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(universe):
    return f"/studio/universes/{universe.pk}/style/narrative"


def rules_of(universe):
    return list(guides.current(universe.pk, "narrative").texts)


def save(client, path, rules, seen):
    return client.post(path, {"act": "save", "rules": rules, "seen": seen, "note": "Why"})


def test_owner_saves_a_guide_a_line_a_rule_and_undoes_it(signed_in, creator, universe, path):
    client = signed_in(creator)

    assert save(client, path, "Use the past tense.\n\nNo  dashes.", "0").status_code == 302
    assert rules_of(universe) == ["Use the past tense.", "No dashes."]
    assert save(client, path, "No dashes.", "1").status_code == 302
    page = client.get(path).content.decode()
    assert "<del>Use the past tense.</del>" in page

    client.post(path, {"act": "restore"})

    assert rules_of(universe) == ["Use the past tense.", "No dashes."]


def test_owner_ends_a_trial(signed_in, creator, viewer, universe, path):
    client = signed_in(creator)
    save(client, path, "No dashes.", "0")
    assert "on trial" in client.get(path).content.decode()

    ended = client.post(path, {"act": "end-trial"}, follow=True).content.decode()

    assert "The trial has ended." in ended
    assert "on trial" not in ended
    assert not guides.current(universe.pk, "narrative").has_trial


def test_a_guide_that_somebody_changed_meanwhile_is_not_replaced(signed_in, creator, universe, path):
    guides.save(universe.pk, "narrative", ["Theirs."], by=creator)

    answer = save(signed_in(creator), path, "Mine.", "0")

    assert answer.status_code == 412
    assert rules_of(universe) == ["Theirs."]
    page = answer.content.decode()
    assert "Mine.</textarea>" in page
    assert 'name="seen" value="1"' in page


def test_a_wrong_rule_is_refused_with_what_was_typed(signed_in, creator, universe, path):
    answer = save(signed_in(creator), path, "Same.\nSame.", "0")

    assert answer.status_code == 400
    assert rules_of(universe) == []
    assert "The guide has this rule already." in answer.content.decode()


@pytest.mark.parametrize(
    ("act", "state", "rules"), [("accept", "accepted", ["Shorter."]), ("refuse", "refused", [])]
)
def test_owner_decides_on_a_proposal(signed_in, creator, universe, path, act, state, rules):
    proposal = RuleProposal.objects.create(
        universe=universe,
        agent_type="narrative",
        pattern="note:long",
        text="Be short.",
        evidence=[],
        chances=3,
    )
    client = signed_in(creator)
    assert "Be short." in client.get(path).content.decode()

    client.post(path, {"act": act, "proposal": str(proposal.pk), "text": "Shorter."})

    proposal.refresh_from_db()
    assert proposal.state == ProposalState(state)
    assert rules_of(universe) == rules


def test_members_read_the_guide_without_proposals(signed_in, creator, viewer, universe, path):
    guides.save(universe.pk, "narrative", ["Use the past tense."], by=creator)
    RuleProposal.objects.create(
        universe=universe,
        agent_type="narrative",
        pattern="note:long",
        text="Be short.",
        evidence=[],
        chances=3,
    )

    page = signed_in(viewer).get(f"{path}?edit=1").content.decode()

    assert "Use the past tense." in page
    assert "Be short." not in page
    assert "<textarea" not in page
