"""The text of a running attempt, for those who watch it."""

from __future__ import annotations

import uuid

import pytest
import redis
from django.conf import settings

from agents.jobs import live_text
from agents.jobs.live_text import LiveText, LiveTexts
from agents.jobs.running.progress import Progress


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def server(broker):
    return redis.Redis.from_url(settings.REDIS_URL)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def texts(server, clock, monkeypatch):
    texts = LiveTexts(server, clock=clock)
    monkeypatch.setattr("agents.jobs.running.progress.live_texts", lambda: texts)
    return texts


def stored(server):
    return list(server.scan_iter("{live-text}:*:*"))


@pytest.mark.django_db
def test_nothing_is_written_while_nobody_watches(make_job, texts, server):
    job = make_job("processing", attempts=1)

    Progress(job)("writing", '{"content": "Mira waits')

    assert stored(server) == []


@pytest.mark.django_db
def test_who_watches_gets_the_text_of_this_attempt_alone(make_job, texts, server, clock):
    job = make_job("processing", attempts=2)
    assert texts.read({job.pk: 2}) == {}
    stalled = make_job("processing", attempts=1)
    stalled.pk = job.pk

    Progress(job)("writing", '{"title": "The Tide", "content": "Mira waits')
    Progress(stalled)("writing", '{"content": "Other words')
    Progress(job)("second_opinion", "")

    assert texts.read({job.pk: 2}) == {job.pk: LiveText(2, "second_opinion", "")}
    assert texts.read({job.pk: 3}) == {}


@pytest.mark.django_db
def test_a_second_opinion_keeps_the_text(make_job, texts):
    job = make_job("processing", attempts=1)
    texts.read({job.pk: 1})
    progress = Progress(job)

    progress("writing", '{"content": "Mira waits')
    progress("second_opinion", "")

    assert texts.read({job.pk: 1}) == {job.pk: LiveText(1, "second_opinion", "Mira waits")}


def test_a_watch_and_its_texts_end_by_themselves(texts, server):
    job_id = uuid.uuid4()
    texts.read({job_id: 1})

    texts.write(job_id, LiveText(1, "writing", "Mira"))

    assert 0 < server.ttl("{live-text}:watched") <= live_text.WATCH_S
    assert 0 < server.ttl(f"{{live-text}}:{job_id}:1") <= live_text.KEEP_S


def test_a_process_looks_once_a_second_who_watches(texts, clock):
    job_id = uuid.uuid4()
    assert not texts.is_watched(job_id)
    texts.read({job_id: 1})

    clock.now += 0.9
    assert not texts.is_watched(job_id)
    clock.now += 0.2
    assert texts.is_watched(job_id)


def test_without_redis_there_is_no_text_and_no_error():
    away = LiveTexts(redis.Redis(unix_socket_path="/nonexistent.sock"))

    away.write(uuid.uuid4(), LiveText(1, "writing", "Mira"))

    assert not away.is_watched(uuid.uuid4())
    assert away.read({uuid.uuid4(): 1}) == {}
