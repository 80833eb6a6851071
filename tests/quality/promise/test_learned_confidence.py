"""A confidence learned from verdicts replaces the hand-set score, and begins the promise anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.common import promises
from agents.engine.confidence.calibration import Calibration, confidence_of
from agents.engine.confidence.signals import bad, doubtful, good, hand_set_score, score
from agents.engine.registry import get_agent
from agents.engine.request.prompt_files import version_of
from agents.models import ErrorPromise, LearnedConfidence, PromiseTerms, ReviewDecision, ReviewItem
from agents.providers.run_settings import run_settings
from agents.quality.promise import keeping, learned_confidence
from tests.support import rows

pytestmark = pytest.mark.django_db

MODEL, NARRATIVE = "claude-test", "narrative"
WEAK, FINE = doubtful("second_try", 0.0, "Repaired."), good("second_try", "Usable at once.")
REST = [good("schema_valid", "Fits."), good("complete", "Complete.")]


@pytest.fixture(autouse=True)
def _terms(settings):
    settings.AGENT_MODELS = {**settings.AGENT_MODELS, NARRATIVE: MODEL}
    PromiseTerms.objects.filter(agent_type=NARRATIVE).update(alpha=0.1)


@pytest.fixture
def verdicts(creator, reviewer, universe):
    """Store verdicts on outputs with these signals; ``wrong`` of each ten are rejected."""

    def store(signals, count, *, wrong, **fields):
        made_at = timezone.now() - timedelta(hours=1)
        for index in range(count):
            job = rows.make_job(
                creator,
                status="completed",
                universe=universe,
                model=MODEL,
                completed_at=made_at,
                signals=[signal.as_dict() for signal in signals],
                confidence_score=score(signals),
                **fields,
            )
            item = ReviewItem.objects.create(
                job=job,
                universe=universe,
                agent_type=NARRATIVE,
                kind="audit",
                state="closed",
                closed_at=made_at,
                confidence=score(signals),
                reasons=[],
                draw_rate=0.05,
            )
            verdict = "rejected" if index % 10 < wrong else "approved"
            note = "No." if verdict == "rejected" else ""
            ReviewDecision.objects.create(
                item=item, verdict=verdict, note=note, by=reviewer, before={}, at=made_at
            )

    return store


def compute():
    keeping.compute(NARRATIVE, is_forced=True)
    return ErrorPromise.objects.get(agent_type=NARRATIVE, universe=None, until=None)


def test_learned_confidence_replaces_the_score_and_begins_the_promise_anew(
    verdicts, make_job, monkeypatch, settings
):
    settings.ANTHROPIC_API_KEY = "key"
    # The hand-set weights take a repaired answer for nearly as good as another one; reviewers do not.
    verdicts([WEAK, *REST], 110, wrong=8)
    verdicts([FINE, *REST], 110, wrong=0)
    first = compute()
    assert (first.cause, first.verdicts) == ("first", 220)
    assert promises.calibration(NARRATIVE, MODEL) is None

    second = compute()

    learned = LearnedConfidence.objects.get()
    assert (second.cause, second.verdicts, second.state) == ("learned", 0, "too_few")
    assert second.began_at == learned.at
    assert learned.evidence["brier_of_learned"] < learned.evidence["brier_of_score"]
    calibration = promises.calibration(NARRATIVE, MODEL)
    assert calibration is not None
    assert confidence_of(calibration, [WEAK, *REST]) < 0.4 < score([WEAK, *REST])
    assert confidence_of(calibration, [FINE, *REST]) > 0.9
    assert run_settings(make_job()).calibration == calibration
    assert promises.calibration(NARRATIVE, "another") is None

    assert compute().cause == "learned"
    assert LearnedConfidence.objects.count() == 1

    monkeypatch.setattr(keeping, "version_of", lambda names: "changed")
    assert compute().cause == "version"
    assert LearnedConfidence.objects.get().until is not None
    assert promises.calibration(NARRATIVE, MODEL) is None


def test_mock_model_keeps_the_hand_set_score(make_job):
    LearnedConfidence.objects.create(
        agent_type=NARRATIVE,
        model=MODEL,
        prompt_version=version_of(get_agent(NARRATIVE).prompt_names()),
        bias=1.0,
        weights={},
        evidence={},
    )

    assert promises.calibration(NARRATIVE, MODEL) == Calibration(1.0, {})
    assert run_settings(make_job()).calibration is None


def test_score_that_is_as_good_is_kept(verdicts):
    verdicts([FINE, *REST], 220, wrong=1)
    compute()
    compute()

    assert not LearnedConfidence.objects.exists()


@pytest.mark.parametrize(
    "left_out", [{"is_mock": True}, {"variants_id": "01a227e9-e291-7599-8bb4-106230d5f1a1"}]
)
def test_other_outputs_teach_nothing(verdicts, left_out):
    verdicts([FINE, *REST], 2, wrong=0, **left_out)
    verdicts([FINE, *REST], 1, wrong=0)

    assert len(learned_confidence._examples(NARRATIVE, MODEL, timezone.now() - timedelta(days=1))) == 1


def test_defect_limits_the_learned_confidence_as_well():
    sure = Calibration(9.0, {})

    assert confidence_of(sure, REST) == 0.9999
    assert confidence_of(sure, [*REST, bad("language", 0.0, "French.")]) == 0.4


def test_hand_set_score_can_be_told_from_stored_signals():
    signals = [WEAK, *REST, bad("language", 0.0, "French.")]

    assert hand_set_score([signal.as_dict() for signal in signals]) == score(signals)


def test_leads_see_what_a_learned_confidence_beat_and_by_how_much(signed_in, lead, reviewer):
    learned = LearnedConfidence.objects.create(
        agent_type="narrative",
        model="claude-test",
        prompt_version="p1",
        bias=1.5,
        weights={"length": 0.25, "<names>": 2.0},
        evidence={
            "verdicts": 400,
            "errors": 60,
            "brier_of_score": 0.181,
            "brier_of_learned": 0.112,
            "auroc_of_score": 0.71,
            "auroc_of_learned": None,
            "z": 3.0,
        },
    )

    shown = signed_in(lead).get(f"/admin/agents/learnedconfidence/{learned.pk}/change/").content.decode()

    for words in (
        "in force",
        "400, 60 rejected or changed",
        "0.181 → 0.112",
        "0.710 → –",
        "&lt;names&gt;: -2.00",
    ):
        assert words in shown
    assert signed_in(lead).get("/admin/agents/learnedconfidence/").status_code == 200
    assert signed_in(reviewer).get("/admin/agents/learnedconfidence/").status_code == 403
