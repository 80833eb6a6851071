"""Compiled output serializers show what Django REST framework's own walk through the fields shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import F
from rest_framework import serializers

from agents.choices import JobStatus, Verdict
from agents.jobs import whole
from agents.jobs.api.detail_serializers import EventOut
from agents.jobs.api.serializers import JobRowOut
from agents.models import AgentJob, ReviewItem
from agents.review.api.serializers import ReviewItemOut
from agents.review.verdicts import decisions
from tests.support.rows import make_review
from universes.api.bodies.compiled import CompiledOut
from universes.api.bodies.outputs import ElementOut
from universes.models import Element

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ID = UUID(int=7)


class Part(serializers.Serializer[Any]):
    name = serializers.CharField()
    twice = serializers.SerializerMethodField()

    def get_twice(self, part):
        return part["name"] * 2


class CompiledPart(CompiledOut, Part):
    pass


class Whole(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    hex_id = serializers.UUIDField(source="id", format="hex")
    text = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    day = serializers.DateTimeField(source="at", format="%d.%m.", allow_null=True)
    number = serializers.IntegerField()
    share = serializers.FloatField()
    is_on = serializers.BooleanField()
    status = serializers.ChoiceField(JobStatus.choices)
    verdict = serializers.CharField(source="decision.verdict", default=None)
    by = serializers.CharField(source="decision.by.name", default="nobody")
    computed = serializers.IntegerField(source="compute")
    optional = serializers.CharField(required=False)
    missing_row = serializers.CharField(source="gone", required=False)
    data = serializers.DictField(allow_null=True)  # type: ignore[assignment]
    counts = serializers.DictField(child=serializers.IntegerField())
    words = serializers.ListField(child=serializers.CharField())
    part = Part(allow_null=True)
    parts = Part(many=True)
    said = serializers.SerializerMethodField()

    def get_said(self, row):
        return self.context.get("said")


class CompiledWhole(CompiledOut, Whole):
    part = CompiledPart(allow_null=True)
    parts = CompiledPart(many=True)


class Row(SimpleNamespace):
    @property
    def gone(self):
        raise ObjectDoesNotExist


def row(**changes):
    values = {
        "id": ID,
        "text": "A lamp",
        "at": NOON,
        "number": "7",
        "share": 1,
        "is_on": True,
        "status": JobStatus.COMPLETED,
        "decision": SimpleNamespace(verdict=Verdict.APPROVED, by=SimpleNamespace(name="rita")),
        "compute": lambda: 3,
        "data": {"a": None, "b": [1]},
        "counts": {"a": "1", "b": None},
        "words": ["x", None],
        "part": {"name": "p"},
        "parts": [{"name": "q"}, {"name": "r"}],
    }
    return {**values, **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"text": None, "at": None, "data": None, "part": None},
        {"at": NOON.astimezone(timezone(timedelta(hours=2)))},
        {"status": ""},
        {"status": "unheard_of"},
        {"decision": None},
        {"decision": SimpleNamespace(verdict=None, by=None)},
        {"decision": {"verdict": "rejected", "by": {"name": "m"}}},
        {"optional": "here"},
        {"parts": []},
    ],
)
@pytest.mark.parametrize("kind", [lambda **values: Row(**values), dict], ids=["object", "mapping"])
def test_shows_what_the_framework_shows(changes, kind):
    context = {"said": "so"}
    values = kind(**row(**changes))

    shown: Any = CompiledWhole(values, context=context).data
    by_the_framework: Any = Whole(values, context=context).data

    assert shown == by_the_framework
    assert list(shown) == list(by_the_framework)


def test_missing_field_is_an_error_in_both():
    values = row()
    del values["number"]

    for serializer in (Whole, CompiledWhole):
        with pytest.raises(KeyError, match="number"):
            assert serializer(values).data


@pytest.mark.django_db
def test_rows_of_the_site(creator, reviewer, low_marches, rf):
    item = make_review(creator, universe=low_marches)
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    job = AgentJob.objects.annotate(requester=F("requested_by__username")).get(pk=item.job_id)
    whole.load_reviews([job])
    request = rf.get("/")
    request.user, request.query_params = reviewer, {"include": "output,result"}
    context = {"request": request, "view": SimpleNamespace()}
    shown = [
        (JobRowOut(job, context=context), job),
        (ReviewItemOut(item := ReviewItem.objects.get(pk=item.pk), context=context), item),
        (ElementOut(element := Element.objects.get(universe=low_marches)), element),
        *[(EventOut(event), event) for event in job.events.all()],
    ]

    assert len(shown) > 4
    for serializer, instance in shown:
        assert isinstance(instance, models.Model)
        by_the_framework: Any = serializers.Serializer.to_representation
        assert serializer.to_representation(instance) == dict(by_the_framework(serializer, instance))
