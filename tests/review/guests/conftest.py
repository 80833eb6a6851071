"""An item, a link to it, and a guest."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from agents.review.guests import links
from tests.support.rows import make_review


@pytest.fixture
def item(creator, universe):
    return make_review(creator, universe=universe)


@pytest.fixture
def link(item, reviewer):
    return links.make_link([item.pk], label="Studio North", expires_in_h=24, by=reviewer)


@pytest.fixture
def guest():
    return APIClient()
