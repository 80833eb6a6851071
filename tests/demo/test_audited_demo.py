"""The demo on a site whose audits draw each output that passed."""

from __future__ import annotations

import pytest

from agents.demo import seed
from agents.models import PromiseTerms, ReviewItem


@pytest.mark.django_db
def test_output_that_an_audit_has_drawn_is_not_flagged_twice(settings):
    settings.AUDIT_SHARES = dict.fromkeys(settings.AUDIT_SHARES, 1.0)
    PromiseTerms.objects.update(is_active=False)

    assert seed.load("a long demo password") is True

    assert ReviewItem.objects.filter(kind="audit").exists()
