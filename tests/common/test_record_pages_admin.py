"""Admin pages of records that only services write."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.choices import Verdict
from agents.models import (
    AgentJobEvent,
    GenerationSchedule,
    IntentionalFinding,
    ModelCall,
    ModelPrice,
    ReviewDecision,
    ReviewSkip,
    UserPreference,
)
from agents.review.verdicts import decisions
from tests.support import rows

pytestmark = pytest.mark.django_db

SCHEDULES = reverse("admin:agents_generationschedule_changelist")


@pytest.fixture
def schedule(creator, low_marches, ferry_job) -> GenerationSchedule:
    return rows.make_schedule(creator, low_marches, last_job=ferry_job, last_run_at=ferry_job.created_at)


@pytest.fixture
def books(ferry_item, reviewer, creator, schedule) -> dict[str, object]:
    """A row of each record type, by page name."""
    decision = decisions.decide(ferry_item.pk, Verdict.ASKED_AGAIN, by=reviewer, note="Once more <b>.")
    return {
        "agentjobevent": AgentJobEvent.objects.first(),
        "modelcall": ModelCall.objects.first(),
        "modelprice": ModelPrice.objects.create(
            model="a-model",
            valid_from=date(2026, 1, 1),
            input_usd=1,
            output_usd=5,
            cache_read_usd=0,
            cache_write_usd=0,
        ),
        "reviewdecision": decision,
        "reviewskip": ReviewSkip.objects.create(item=ferry_item, by=reviewer, reason="Not <b>."),
        "userpreference": UserPreference.objects.create(user=creator, preferences={"tone": "<i>wry"}),
        "generationschedule": schedule,
        "intentionalfinding": IntentionalFinding.objects.create(
            universe=schedule.universe, finding_id="0" * 16, quote="A <b>.", reason="Not <b>."
        ),
    }


@pytest.mark.parametrize(
    "name",
    [
        "agentjobevent",
        "modelcall",
        "modelprice",
        "reviewdecision",
        "reviewskip",
        "userpreference",
        "generationschedule",
        "intentionalfinding",
    ],
)
def test_records_are_read_only(superuser_client, books, name):
    row = books[name]
    page = reverse(f"admin:agents_{name}_change", args=[row.pk])

    assert superuser_client.get(reverse(f"admin:agents_{name}_changelist")).status_code == 200
    shown = superuser_client.get(page)
    assert shown.status_code == 200
    assert "<b>." not in shown.content.decode()
    # Prices are entered by people, and Django keeps by whom; the history of other records would be empty.
    assert ('class="historylink"' in shown.content.decode()) == (name == "modelprice")
    assert superuser_client.post(page, {}).status_code == 403
    assert (
        superuser_client.post(
            reverse(f"admin:agents_{name}_delete", args=[row.pk]), {"post": "yes"}
        ).status_code
        == 403
    )
    assert type(row).objects.filter(pk=row.pk).exists()
    if name not in {"modelprice", "generationschedule"}:
        assert superuser_client.get(reverse(f"admin:agents_{name}_add")).status_code == 403


def test_lists_filters_and_pages_name_fields_as_people_do():
    odd = []
    for model, pages in admin.site._registry.items():
        if model._meta.app_label not in {"agents", "universes", "accounts"}:
            continue
        declared = pages.fieldsets or [(None, {"fields": pages.fields or []})]
        shown = [*pages.list_display, *pages.list_filter, *flatten_fieldsets(declared)]
        for field in model._meta.get_fields():
            name = str(getattr(field, "verbose_name", ""))
            if field.name in shown and re.search(r" at$|^at$|^is |usd$|\bms$|canon|type$", name):
                odd.append(f"{model.__name__}.{field.name}: {name}")

    assert odd == []


def test_price_is_added_as_a_new_row(superuser_client, db):
    data = {
        "model": "a-new-model",
        "valid_from": "2026-10-01",
        "prompt_over": "0",
        "input_usd": "1.0",
        "output_usd": "5.0",
        "cache_read_usd": "0.1",
        "cache_write_usd": "1.25",
        "batch_share": "0.5",
    }

    superuser_client.post(reverse("admin:agents_modelprice_add"), data)

    assert ModelPrice.objects.get(model="a-new-model").cache_write_usd == 1.25


def test_form_of_a_price_has_its_units(superuser_client):
    form = superuser_client.get(reverse("admin:agents_modelprice_add")).context["adminform"].form

    assert {field.name: (field.label, field.help_text) for field in form if field.name != "model"} == {
        "valid_from": ("Valid from", ""),
        "prompt_over": ("Prompts over", "The price holds for prompts of more tokens than these; 0 for all."),
        "input_usd": ("Input, USD", "For a million tokens."),
        "output_usd": ("Output, USD", "For a million tokens."),
        "cache_read_usd": ("Reading the cache, USD", "For a million tokens."),
        "cache_write_usd": (
            "Writing to the cache, USD",
            "For a million tokens that are kept for 5 minutes.",
        ),
        "batch_share": ("Share in batches", "Share of these prices that a batch costs."),
    }


def test_decisions_are_found_by_job(superuser_client, books):
    decision = ReviewDecision.objects.get()
    url = reverse("admin:agents_reviewdecision_changelist")

    assert list(
        superuser_client.get(url, {"q": decision.item.job_id.hex[-8:]}).context["cl"].result_list
    ) == [decision]
    assert list(superuser_client.get(url, {"q": "0123456789abcdef"}).context["cl"].result_list) == []


@pytest.mark.parametrize("name", ["agentjobevent", "modelcall"])
def test_rows_are_found_by_the_end_of_the_job_id(superuser_client, creator, low_marches, name):
    wanted, _ = rows.finished_job(creator, low_marches), rows.finished_job(creator, low_marches)

    found = superuser_client.get(reverse(f"admin:agents_{name}_changelist"), {"q": wanted.pk.hex[-8:]})

    assert {row.job_id for row in found.context["cl"].result_list} == {wanted.pk}


def test_disable_and_enable_use_the_service(superuser_client, schedule):
    chosen = {"_selected_action": [str(schedule.pk)]}

    page = superuser_client.post(SCHEDULES, {"action": "disable", **chosen}, follow=True).content.decode()
    schedule.refresh_from_db()
    assert "1 schedule disabled." in page
    assert (schedule.enabled, schedule.next_run_at) == (False, None)
    assert schedule.disabled_reason == "Switched off by root."

    superuser_client.post(SCHEDULES, {"action": "enable", **chosen}, follow=True)
    schedule.refresh_from_db()
    assert schedule.enabled
    assert schedule.next_run_at is not None
    assert schedule.disabled_reason == ""


def test_schedule_that_cannot_be_enabled_says_why(superuser_client, schedule, low_marches):
    GenerationSchedule.objects.update(enabled=False, next_run_at=None)
    low_marches.archived = True
    low_marches.save()

    page = superuser_client.post(
        SCHEDULES, {"action": "enable", "_selected_action": [str(schedule.pk)]}, follow=True
    ).content.decode()

    assert "is archived" in page
    schedule.refresh_from_db()
    assert not schedule.enabled


def test_last_run_links_to_its_job(superuser_client, schedule, ferry_job):
    page = superuser_client.get(SCHEDULES).content.decode()

    assert reverse("admin:agents_agentjob_change", args=[ferry_job.pk]) in page


@pytest.mark.parametrize("name", ["agentjobevent", "modelcall", "generationschedule"])
def test_query_count_does_not_grow_with_rows(superuser_client, creator, low_marches, name):
    url = reverse(f"admin:agents_{name}_changelist")
    job = rows.finished_job(creator, low_marches)
    rows.make_schedule(creator, low_marches, last_job=job)
    superuser_client.get(url)
    with CaptureQueriesContext(connection) as for_one:
        superuser_client.get(url)
    for _ in range(20):
        rows.make_schedule(creator, low_marches, last_job=rows.finished_job(creator, low_marches))

    with CaptureQueriesContext(connection) as for_many:
        superuser_client.get(url)

    assert len(for_many) == len(for_one)
