"""Helpers that give opinions, and assert that none has taken effect."""

from __future__ import annotations

import pytest

from agents.choices import Verdict
from agents.errors import Conflict
from agents.models import AgentJob, ReviewDecision
from agents.review import claims
from agents.review.verdicts import decisions
from tests.support.facts import event_kinds
from universes.models import Scene


def give_opinion(item, verdict, by, **options):
    if verdict in {Verdict.REJECTED, Verdict.ASKED_AGAIN}:
        options.setdefault("note", "No.")
    return decisions.decide(item.pk, verdict, by=by, **options)


def edit(item, by, **changes):
    return give_opinion(item, Verdict.EDITED, by, edited={**item.job.output_data, **changes})


def disputed(item, reviewer, second):
    give_opinion(item, Verdict.APPROVED, reviewer)
    give_opinion(item, Verdict.REJECTED, second)
    item.refresh_from_db()
    assert item.disputed_at is not None
    return item


def assert_undecided(item):
    """Assert that the item is open and no decision has had an effect."""
    item.refresh_from_db()
    item.job.refresh_from_db()
    assert (item.state, item.closed_at, item.decision) == ("open", None, None)
    assert item.job.human_review_required is True
    assert not Scene.objects.exists()
    assert AgentJob.objects.count() == 1
    assert not {"review_decided", "canon_added"} & set(event_kinds(item.job))


def refused(item, by, code, verdict=Verdict.APPROVED):
    before = ReviewDecision.objects.count()
    with pytest.raises(Conflict) as refusal:
        give_opinion(item, verdict, by)
    assert (refusal.value.code, ReviewDecision.objects.count()) == (code, before)
    return refusal.value.message


def next_of(user):
    found = claims.claim_next(user)
    return found and found.pk
