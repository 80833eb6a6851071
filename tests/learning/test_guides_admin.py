"""The admin's page of a style guide: save, undo, decide proposals, keep examples."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agents.choices import Verdict
from agents.learning import guides
from agents.models import Exemplar, RuleProposal, StyleGuide
from agents.review.verdicts import decisions
from tests.support import rows

pytestmark = pytest.mark.django_db

DASHES = "Use no em-dashes."


@pytest.fixture
def client(signed_in, lead):
    return signed_in(lead)


@pytest.fixture
def path(universe):
    return reverse("admin:agents_styleguide_guide", args=[universe.pk, "narrative"])


@pytest.fixture
def act(client, path):
    return lambda **sent: client.post(f"{path}act/", sent, follow=True)


@pytest.fixture
def proposal(universe):
    return RuleProposal.objects.create(
        universe=universe,
        agent_type="narrative",
        pattern="mark:—",
        text=DASHES,
        chances=4,
        evidence=[
            {
                "kind": "feedback",
                "id": "1",
                "job_id": "0192f0c1-7c1e-7bb4-a3a1-6f2f5f0f9a55",
                "item_id": None,
                "verdict": "rejected",
                "reason": "",
                "note": "<b>Dashes</b>",
                "at": "2026-11-29T08:15:04+00:00",
            }
        ],
    )


def test_lead_saves_and_undoes(act, universe):
    saved = act(act="save", rules=f"{DASHES}\n\nKeep it short.", note="After the spring.")

    assert "Version 1 applies" in saved.content.decode()
    assert guides.current(universe.pk, "narrative").texts == (DASHES, "Keep it short.")
    undone = act(act="restore")
    assert "Version 2 applies" in undone.content.decode()
    assert guides.current(universe.pk, "narrative").texts == ()
    act(act="restore", version="1")
    assert guides.current(universe.pk, "narrative").texts == (DASHES, "Keep it short.")


def test_lead_ends_a_trial(act, universe):
    assert "End the trial" in act(act="save", rules=DASHES).content.decode()

    ended = act(act="end_trial").content.decode()

    assert "The trial was ended by" in ended
    assert not guides.current(universe.pk, "narrative").has_trial
    assert "No rule is on trial." in act(act="end_trial").content.decode()


def test_refused_guide_keeps_what_was_typed(act):
    shown = act(act="save", rules=f"{DASHES}\n{DASHES}").content.decode()

    assert "has this rule already" in shown
    assert f"{DASHES}\n{DASHES}</textarea>" in shown
    assert not StyleGuide.objects.exists()


def test_proposal_is_shown_with_its_evidence_and_accepted_in_other_words(client, act, path, proposal):
    shown = client.get(path).content.decode()
    assert "1 of 4 relevant verdicts" in shown
    assert "&lt;b&gt;Dashes&lt;/b&gt;" in shown

    act(act="accept", id=str(proposal.pk), text="No dashes.")

    proposal.refresh_from_db()
    assert (proposal.state, proposal.text) == ("accepted", "No dashes.")
    assert "on trial" in client.get(path).content.decode()
    assert "Not enough yet" in client.get(path).content.decode()
    assert "decided already" in act(act="refuse", id=str(proposal.pk)).content.decode()


def test_refused_proposal_leaves_the_page(client, act, path, proposal):
    act(act="refuse", id=str(proposal.pk))

    assert "data-proposal" not in client.get(path).content.decode()
    assert not StyleGuide.objects.exists()


def test_unknown_acts_ids_and_agents_change_nothing(client, act, path, universe, proposal):
    assert act(act="paint").status_code == 200
    assert act(act="accept", id="x", text="No.").status_code == 200
    assert client.get(path.replace("narrative", "poet")).status_code == 404
    assert not StyleGuide.objects.exists()


def test_reviewer_marks_an_approved_output_on_its_review_page(signed_in, reviewer, creator, universe, act):
    item = rows.make_review(creator, universe=universe)
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    desk = signed_in(reviewer)
    mark = reverse("admin:agents_styleguide_exemplify", args=[item.job_id])
    shown = desk.get(reverse("admin:agents_reviewitem_change", args=[item.pk])).content.decode()
    assert f'action="{mark}"' in shown

    desk.post(mark, {"universe": str(universe.pk)})

    exemplar = Exemplar.objects.get()
    assert exemplar.job_id == item.job_id
    act(act="remove", id=str(exemplar.pk))
    assert not Exemplar.objects.exists()


def test_page_takes_a_bounded_number_of_queries(
    client, path, universe, creator, django_assert_max_num_queries
):
    for number in range(8):
        guides.save(universe.pk, "narrative", [f"Rule {number}."], by=creator)

    with django_assert_max_num_queries(20):
        client.get(path)
