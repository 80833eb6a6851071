"""Computation of error promises from verdicts, their effect on jobs, and the rows that record each change."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.common import promises
from agents.engine.confidence.promise import DRIFT_WINDOWS
from agents.learning import guides
from agents.models import AgentJob, ErrorPromise, PromiseTerms, ReviewDecision, ReviewItem
from agents.providers.run_settings import run_settings
from agents.quality.promise import keeping
from tests.support import rows

pytestmark = pytest.mark.django_db

MODEL = "claude-test"
NARRATIVE = "narrative"


@pytest.fixture(autouse=True)
def _terms(settings):
    settings.AGENT_MODELS = {**settings.AGENT_MODELS, NARRATIVE: MODEL}
    settings.AUDIT_SHARES = {NARRATIVE: 0.05, "spatial": 0.05, "consistency": 0.05}
    PromiseTerms.objects.filter(agent_type=NARRATIVE).update(alpha=0.1, max_audit_share=0.4)


@pytest.fixture
def outputs(creator, reviewer, universe):
    """Store outputs with verdicts: ``outputs(right=…, wrong=…)``; they are audits unless ``kind`` says otherwise."""

    def store(
        *,
        right: int = 0,
        wrong: int = 0,
        unread: int = 0,
        confidence: float = 0.95,
        kind: str = "audit",
        at: Any = None,
        universe: Any = universe,
        **fields: Any,
    ) -> None:
        made_at = at or timezone.now() - timedelta(hours=1)
        model_job = rows.make_job(creator, status="completed", universe=universe)
        shared = {
            field.attname: getattr(model_job, field.attname) for field in AgentJob._meta.concrete_fields
        }
        model_job.delete()
        shared |= {"confidence_score": confidence, "completed_at": made_at, "model": MODEL, "is_mock": False}
        shared |= fields
        del shared["id"]
        jobs = [AgentJob(**shared) for _ in range(right + wrong + unread)]
        AgentJob.objects.bulk_create(jobs)
        items = [
            ReviewItem(
                job=job,
                universe=universe,
                agent_type=NARRATIVE,
                kind=kind,
                state="closed",
                closed_at=made_at,
                confidence=confidence,
                reasons=[],
                draw_rate=1 if kind == "doubt" else 0.05,
            )
            for job in jobs[: right + wrong]
        ]
        ReviewItem.objects.bulk_create(items)
        ReviewDecision.objects.bulk_create(
            ReviewDecision(
                item=item,
                verdict="approved" if index < right else "rejected",
                note="" if index < right else "No.",
                by=reviewer,
                before={},
                at=made_at,
            )
            for index, item in enumerate(items)
        )

    return store


def compute(**options: Any) -> ErrorPromise:
    keeping.compute(NARRATIVE, is_forced=True, **options)
    return ErrorPromise.objects.get(agent_type=NARRATIVE, universe=None, until=None)


def test_enough_good_verdicts_make_a_promise(outputs):
    outputs(right=120, unread=500)

    promise = compute()

    assert (promise.state, promise.cut_off, promise.cause) == ("kept", 0.5, "first")
    assert (promise.verdicts, promise.audit_share, promise.model) == (120, None, MODEL)
    strata = promise.evidence["candidates"][0]["strata"]
    assert strata[1] == {"name": "passed", "outputs": 620, "verdicts": 120, "errors": 0}


def test_cut_off_replaces_the_threshold_of_the_settings(outputs, make_job, universe, settings):
    settings.REVIEW_THRESHOLDS = {NARRATIVE: 0.75}
    job = make_job(universe=universe)
    assert run_settings(job).threshold == 0.75

    outputs(right=300)
    outputs(wrong=40, confidence=0.65, kind="doubt")
    promise = compute()

    assert promise.cut_off == 0.7
    assert run_settings(job).threshold == 0.7


def test_too_few_verdicts_leave_the_threshold_and_raise_the_audits(outputs, make_job, settings):
    settings.REVIEW_THRESHOLDS = {NARRATIVE: 0.75}
    outputs(right=20, unread=400)

    promise = compute()

    assert (promise.state, promise.cut_off, promise.audit_share) == ("too_few", None, 0.4)
    # At alpha 10% and delta 5% over five cut-offs, 44 right verdicts do.
    assert promise.evidence["needed"] == 24
    assert run_settings(make_job()).threshold == 0.75
    assert promises.audit_share(NARRATIVE, None, None) == 0.4
    assert promises.audit_share(NARRATIVE, None, 0.01) == 0.01

    outputs(right=40)
    assert compute().state == "kept"
    run_settings(make_job())
    assert promises.audit_share(NARRATIVE, None, None) == 0.05


def test_too_many_errors_are_told_apart(outputs):
    outputs(right=150, wrong=50)

    promise = compute()

    assert (promise.state, promise.cut_off, promise.evidence["needed"]) == ("too_many", None, None)
    assert promise.evidence["best_bound"] > 0.25


def test_mock_reused_and_foreign_outputs_do_not_count(outputs):
    outputs(right=5)
    outputs(wrong=60, is_mock=True)
    outputs(wrong=60, model="claude-other")
    outputs(wrong=60, agent_type="spatial")
    outputs(wrong=60, confidence=0.5, kind="doubt")
    outputs(wrong=60, at=timezone.now() - timedelta(days=91))

    assert compute().verdicts == 5


def test_undone_verdicts_do_not_count(outputs, reviewer):
    outputs(right=60, wrong=5)
    ReviewDecision.objects.filter(verdict="rejected").update(undone_at=timezone.now(), undone_by=reviewer)

    assert compute().verdicts == 60


def test_universe_with_enough_verdicts_has_its_own_promise(outputs, make_job, creator, settings):
    settings.REVIEW_THRESHOLDS = {NARRATIVE: 0.75}
    strict = rows.make_universe(creator, "The High Marches", "the-high-marches")
    outputs(right=400)
    outputs(wrong=60, right=60, universe=strict, confidence=0.65, kind="doubt")
    outputs(right=100, universe=strict)

    compute()

    # In this universe a sixth of the outputs over 0.6 are wrong, in all of them a tenth of those.
    assert run_settings(make_job(universe=strict)).threshold == 0.7
    assert ErrorPromise.objects.filter(until=None).count() == 3


def test_unchanged_promise_only_has_new_evidence(outputs):
    outputs(right=120)
    first = compute()
    outputs(right=30)

    second = compute()

    assert second.pk == first.pk
    assert (second.verdicts, second.checked_at > first.checked_at) == (150, True)


def test_new_terms_are_a_change(outputs):
    outputs(right=120)
    first = compute()
    PromiseTerms.objects.filter(agent_type=NARRATIVE).update(alpha=0.01)

    second = compute()

    assert (second.cause, second.state) == ("terms", "too_few")
    first.refresh_from_db()
    assert first.until == second.at


def test_promise_is_due_after_25_verdicts_or_a_day(outputs):
    now = timezone.now()
    outputs(right=120)
    keeping.compute(NARRATIVE, now=now)

    assert keeping.compute(NARRATIVE, now=now)["computed"] == 0
    outputs(right=24)
    assert keeping.compute(NARRATIVE, now=now)["computed"] == 0
    assert keeping.compute(NARRATIVE, now=now + timedelta(hours=25))["computed"] > 0
    outputs(right=25)
    assert keeping.compute(NARRATIVE, now=now + timedelta(hours=25))["computed"] > 0


def test_new_model_begins_anew_until_its_errors_are_no_different(outputs, settings):
    outputs(right=120)
    compute()
    settings.AGENT_MODELS = {**settings.AGENT_MODELS, NARRATIVE: "claude-new"}

    renewed = compute()

    assert (renewed.cause, renewed.state, renewed.verdicts) == ("version", "too_few", 0)
    after = renewed.at + timedelta(seconds=1)
    outputs(right=49, model="claude-new", at=after)
    assert compute().verdicts == 49
    outputs(right=1, model="claude-new", at=after)
    equal = compute()
    assert (equal.verdicts, equal.state) == (170, "kept")
    assert equal.counts_from < equal.began_at

    outputs(wrong=8, model="claude-new", at=after)
    assert compute().verdicts == 58


def test_new_prompt_begins_anew(outputs, monkeypatch):
    outputs(right=120)
    compute()
    monkeypatch.setattr(keeping, "version_of", lambda names: "changed")

    assert (compute().cause, compute().state) == ("version", "too_few")


def test_new_style_guide_begins_anew_in_its_universe(outputs, universe, creator):
    outputs(right=150)
    outputs(right=120, universe=None)
    compute()
    of_universe = ErrorPromise.objects.filter(universe=universe)
    assert (of_universe.get().guide_version, of_universe.get().state) == (0, "kept")

    guide = guides.save(universe.pk, NARRATIVE, ["Use no em-dashes."], by=creator)

    assert keeping.compute(NARRATIVE)["computed"] == 1
    assert ErrorPromise.objects.get(universe=None, until=None).verdicts == 120
    assert not of_universe.filter(until=None).exists()
    after = timezone.now() + timedelta(seconds=1)
    outputs(right=110, guide_version=guide.version, at=after)
    compute(now=after + timedelta(hours=1))
    newest = of_universe.get(until=None)
    assert (newest.guide_version, newest.verdicts, newest.state) == (1, 110, "kept")


def test_promise_of_a_universe_ends_at_once_with_its_style_guide(
    outputs, universe, creator, make_job, settings
):
    settings.REVIEW_THRESHOLDS = {NARRATIVE: 0.75}
    outputs(right=150)
    compute()
    ErrorPromise.objects.filter(universe=None).delete()
    assert run_settings(make_job(universe=universe)).threshold == 0.5

    guides.save(universe.pk, NARRATIVE, ["Use no em-dashes."], by=creator)

    assert run_settings(make_job(universe=universe)).threshold == 0.75


def test_more_errors_than_before_withdraw_the_promise(outputs):
    for hours in (50, 40):
        outputs(right=300, at=timezone.now() - timedelta(hours=hours))
    assert compute().state == "kept"
    outputs(right=38, wrong=12, at=timezone.now() - timedelta(hours=2))

    promise = compute()

    assert (promise.cause, promise.cut_off) == ("drift", None)
    assert promise.verdicts in DRIFT_WINDOWS


@pytest.mark.parametrize("off", ["inactive", "fixed"])
def test_operator_may_insist_on_a_threshold(outputs, make_job, settings, off):
    settings.REVIEW_THRESHOLDS = {NARRATIVE: 0.75}
    outputs(right=120)
    compute()
    assert run_settings(make_job()).threshold == 0.5

    if off == "inactive":
        PromiseTerms.objects.filter(agent_type=NARRATIVE).update(is_active=False)
    else:
        settings.FIXED_THRESHOLDS = frozenset({NARRATIVE})
        PromiseTerms.objects.update(max_audit_share=0.3)

    assert run_settings(make_job()).threshold == 0.75
    assert keeping.compute_all()["computed"] == 2


def test_no_audits_are_added_where_they_are_switched_off(outputs, settings, make_job):
    settings.AUDIT_SHARES = {NARRATIVE: 0}
    outputs(right=10)
    compute()
    run_settings(make_job())

    assert promises.audit_share(NARRATIVE, None, None) == 0


def test_queries_do_not_grow_with_outputs(outputs):
    outputs(right=10)
    with CaptureQueriesContext(
        connection,
    ) as few:
        compute()
    outputs(right=80, universe=None)
    with CaptureQueriesContext(connection) as many:
        compute()

    # The first one has no version yet whose verdicts teach a confidence.
    assert len(many) <= len(few) + 2


@pytest.mark.django_db(transaction=True)
def test_computations_at_once_leave_one_promise(outputs):
    outputs(right=120)
    errors: list[Exception] = []

    def work() -> None:
        try:
            keeping.compute(NARRATIVE, is_forced=True)
        except Exception as error:  # noqa: BLE001  asserted below
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert ErrorPromise.objects.filter(agent_type=NARRATIVE, universe=None).count() == 1
