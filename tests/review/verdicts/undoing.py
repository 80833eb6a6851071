"""Assertions on the state after an undo, and after a refused one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.errors import Conflict
from agents.models import ReviewDecision
from agents.review.verdicts import decisions
from tests.support.facts import event_kinds


def edit_of(item, **changes):
    return {**item.job.output_data, **changes}


def age(decision, seconds):
    ReviewDecision.objects.filter(pk=decision.pk).update(at=timezone.now() - timedelta(seconds=seconds))


def assert_open_and_held_by(item, user):
    item.refresh_from_db()
    assert (item.state, item.closed_at, item.claimed_by) == ("open", None, user)
    assert item.is_claimed(timezone.now())
    assert item.decision is None


def assert_stands(decision):
    """Assert that the decision stands and its item is still closed."""
    decision.refresh_from_db()
    decision.item.refresh_from_db()
    assert (decision.undone_at, decision.undone_by) == (None, None)
    assert (decision.item.state, decision.item.decision) == ("closed", decision)
    assert "review_undone" not in event_kinds(decision.item.job)


def refused(item, by, code):
    with pytest.raises(Conflict) as refusal:
        decisions.undo(item.pk, by=by)
    assert refusal.value.code == code
    return refusal.value.message
