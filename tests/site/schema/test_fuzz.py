"""Generated requests never break the contract; `python -m dev.fuzz` is the long form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from dev.fuzz import things
from dev.fuzz.contract import Fuzzer

pytestmark = pytest.mark.django_db

# The first request to an operation is the simplest one.
CASES = 2


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Keep the connection of the test, as Django's own test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


# About 20 seconds of one core, which others may share.
@pytest.mark.timeout(400)
@pytest.mark.usefixtures("_one_connection")
def test_generated_requests_keep_the_contract(schema):
    people = things.make_accounts()
    fuzzer = Fuzzer(
        schema,
        token=lambda name: things.token_of(people[name]),
        make_ids=lambda: things.make_things(people),
        seed=1,
        app=get_wsgi_application(),
    )

    fuzzer.run_once(things.ACCOUNTS, cases=CASES)

    assert not fuzzer.findings.examples, fuzzer.findings.report()
    # For some operations nothing invalid can be made.
    assert fuzzer.findings.requests > 250
    assert {200, 201, 202, 204, 400, 403, 404} <= fuzzer.findings.statuses.keys()
