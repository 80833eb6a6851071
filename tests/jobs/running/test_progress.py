"""Progress of a running attempt."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from agents.jobs.running.progress import Progress
from agents.models.jobs import bulk_insert

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def begun(words):
    """Return an answer that breaks off behind some words of its text."""
    return f'{{"title": "The Tide", "content": "{"word " * words}'


def progress_events(job):
    return [(event.attempt, event.data) for event in job.events.filter(kind="progress")]


def test_word_count_events_are_throttled(make_job, settings, clock):
    settings.PROGRESS_EVERY_S = 3
    job = make_job("processing", attempts=2)
    progress = Progress(job, clock=clock)

    for clock.now, words in [(100, 0), (102.9, 40), (103, 41), (105.9, 80), (106.1, 83)]:
        progress("writing", begun(words))

    assert progress_events(job) == [
        (2, {"phase": "writing", "words": 41}),
        (2, {"phase": "writing", "words": 83}),
    ]


def test_new_phase_is_recorded_at_once_in_a_long_attempt(make_job, settings, clock):
    settings.PROGRESS_EVERY_S = 3
    job = make_job("processing", attempts=1)
    progress = Progress(job, clock=clock)

    for clock.now, phase in [
        (101, "writing"),
        (102, "repairing"),
        (103, "repairing"),
        (104, "second_opinion"),
    ]:
        progress(phase, "")

    assert [data["phase"] for _, data in progress_events(job)] == ["repairing", "second_opinion"]


def test_progress_can_be_switched_off(make_job, settings, clock):
    settings.PROGRESS_EVERY_S = 0
    job = make_job("processing", attempts=1)
    progress = Progress(job, clock=clock)
    clock.now += 1000

    progress("writing", begun(5))

    assert progress_events(job) == []


def test_checks_are_no_phase_to_tell_of(make_job, settings, clock):
    settings.PROGRESS_EVERY_S = 3
    job = make_job("processing", attempts=1)
    progress = Progress(job, clock=clock)

    for clock.now, phase in [(104, "writing"), (104.1, "checking"), (110, "checking")]:
        progress(phase, "")

    assert [data["phase"] for _, data in progress_events(job)] == ["writing"]


def test_database_outage_loses_the_event_but_not_the_attempt(make_job, settings, clock, monkeypatch):
    def away(*args, **data):
        raise OperationalError("away")

    job = make_job("processing", attempts=1)
    progress = Progress(job, clock=clock)
    monkeypatch.setattr(bulk_insert, "insert", away)
    clock.now += 1000

    progress("writing", begun(5))

    assert progress_events(job) == []


def test_attempt_records_progress_while_the_model_writes(submit, run, llm, settings, monkeypatch):
    settings.PROGRESS_EVERY_S = 1e-9

    job = run(submit())

    phases = [data["phase"] for _, data in progress_events(job)]
    assert phases[0] == "writing"
    assert [event.kind for event in job.events.all()][-1] == "completed"
