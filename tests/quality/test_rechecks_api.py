"""POST /agents/rechecks: one job for each canon text."""

from __future__ import annotations

import pytest

from agents.billing import estimates
from agents.choices import JobPriority
from agents.common.world_context import world_view
from agents.jobs import submission
from agents.models import AgentJob, Budget
from agents.quality import rechecks
from tests.support.problems import pointers_of, problem_of
from universes.choices import CanonStatus, ElementKind
from universes.services import canon
from universes.services import universes as universe_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def canon_texts(universe, creator):
    """Two scenes and a place in canon; and a draft, a character and an empty place, which are not checked."""

    def scene(title, status=CanonStatus.CANON):
        return canon.add_scene(
            universe, title=title, text=f"{title} on the salt road.", status=status, by=creator
        )

    def element(name, kind=ElementKind.LOCATION, summary="Where the road ends."):
        return canon.add_element(
            universe, kind=kind, name=name, summary=summary, status=CanonStatus.CANON, by=creator
        )

    scene("Draft", CanonStatus.DRAFT)
    element("Mira", ElementKind.CHARACTER)
    element("Nowhere", summary="")
    return [scene("Dusk"), scene("Dawn"), element("Tidewatch")]


def recheck(api, universe):
    return api.post("/agents/rechecks", {"universe_id": str(universe.pk)})


def test_one_batch_check_per_canon_text(api, universe, canon_texts, settings):
    settings.ANTHROPIC_API_KEY = "a-key"

    response = recheck(api, universe)

    body = response.json()
    assert response.status_code == 202
    assert (body["count"], body["left_out"], body["stopped"]) == (3, 0, None)
    assert [(job["kind"], job["name"]) for job in body["jobs"]] == [
        ("scene", "Dawn"),
        ("scene", "Dusk"),
        ("location", "Tidewatch"),
    ]
    assert {job["id"] for job in body["jobs"]} == {str(text.pk) for text in canon_texts}
    job = AgentJob.objects.get(pk=body["jobs"][2]["job_id"])
    assert (job.agent_type, job.universe, job.priority, job.may_reuse) == (
        "consistency",
        universe,
        "batch",
        True,
    )
    assert job.batch_until is not None
    assert job.input_data == {"content": "Where the road ends.", "content_type": "location"}


def test_mentions_of_a_text_go_with_it(api, universe, creator):
    mentions = [{"name": "Mira Voss", "how": "posthumous"}]
    canon.add_scene(universe, title="Dusk", text="Dusk.", mentions=mentions, status="canon", by=creator)
    canon.add_element(
        universe, kind="location", name="Weir", summary="Low.", mentions=mentions, status="canon", by=creator
    )

    recheck(api, universe)

    assert [job.input_data["mentions"] for job in AgentJob.objects.all()] == [mentions, mentions]


def test_texts_over_the_maximum_are_skipped(api, universe, canon_texts, monkeypatch):
    monkeypatch.setattr(rechecks, "MAX_TEXTS", 1)

    body = recheck(api, universe).json()

    assert (body["count"], body["left_out"], AgentJob.objects.count()) == (1, 2, 1)


def test_overlong_text_is_skipped(api, universe, creator):
    canon.add_scene(universe, title="Long", text="tide " * 10_001, status=CanonStatus.CANON, by=creator)

    body = recheck(api, universe).json()

    assert (body["count"], body["jobs"], body["left_out"]) == (0, [], 1)


@pytest.mark.parametrize(("room_for", "status"), [(0, 402), (1, 202)])
def test_budget_stops_after_the_submitted_checks(
    api, universe, creator, canon_texts, settings, room_for, status
):
    settings.ANTHROPIC_API_KEY = "a-key"
    price = _price_of_one(creator, universe)
    Budget.objects.create(scope="site", period="day", limit_usd=price * room_for)

    response = recheck(api, universe)

    assert (response.status_code, AgentJob.objects.count()) == (status, room_for)
    if room_for:
        body = response.json()
        assert (body["count"], body["left_out"], "has not enough left" in body["stopped"]) == (1, 2, True)


def _price_of_one(creator, universe):
    request = submission.JobRequest(
        by=creator,
        agent_type="consistency",
        input_data={"content": "Dusk on the salt road, and more.", "content_type": "scene"},
        priority=JobPriority.BATCH,
    )
    job = submission.prepare_job(request, universe, None).job
    return estimates.ceiling_of(job, world_view(universe), is_batch=True)


def test_rechecks_need_write_access(api, read_only_universe):
    assert recheck(api, read_only_universe).status_code == 403
    assert AgentJob.objects.count() == 0


def test_archived_universe_is_not_checked(api, universe, canon_texts):
    universe_service.update_universe(universe, archived=True)

    problem_of(recheck(api, universe), 409, "universe_archived")

    assert AgentJob.objects.count() == 0


@pytest.mark.parametrize("body", [{}, {"universe_id": None}, {"universe_id": "x"}, {"universe_id": 1}])
def test_body_without_a_universe_is_refused(api, body):
    assert list(pointers_of(api.post("/agents/rechecks", body))) == ["/universe_id"]
