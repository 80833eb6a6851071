"""The page of a review item."""

from __future__ import annotations

import pytest


@pytest.fixture
def see(reviewer_client, page_of):
    return lambda item: reviewer_client.get(page_of(item)).content.decode()
