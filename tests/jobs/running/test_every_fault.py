"""Every fault of a model or its provider, once each; ``dev/bench/models/faults.py`` runs each a hundred times."""

from __future__ import annotations

import pytest

from dev.standin import StandIn
from tests.jobs.running.faults_played import CASES, play

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("broker")]


@pytest.fixture(scope="module")
def standin():
    with StandIn(seed=1) as server:
        yield server


@pytest.mark.parametrize("name", CASES)
def test_fault_gives_expected_outcome_and_exact_ledger(standin, creator, name):
    assert play(name, 1, standin, creator).wrong == []
