"""Fuzzing of the API: any JSON gives a success or a problem document, never a 5xx."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.models import AgentJob, GenerationSchedule
from tests.support.rows import INPUTS, OUTPUTS, make_review, make_schedule

pytestmark = pytest.mark.django_db

FUZZ = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**80), 2**80)
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["\x00", "\ud800", "1e400", "narrative", "true", "", " ", "9" * 30, "%", "\u202e", "* * * * *"]
    )
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)


def near(valid: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return valid bodies with some values replaced, removed or added."""
    return st.builds(
        lambda changed, gone, more: {
            key: value for key, value in {**valid, **changed, **more}.items() if key not in gone
        },
        st.dictionaries(st.sampled_from(sorted(valid)), anything, max_size=3),
        st.sets(st.sampled_from(sorted(valid)), max_size=1),
        st.just({}) | st.dictionaries(st.text(), anything, max_size=1),
    )


def send(client: Any, method: str, path: str, body: Any) -> Any:
    # json.dumps writes NaN and Infinity, which are not JSON; the API answers them with a 400.
    raw = json.dumps(body).encode()
    response = client.generic(method, path, raw, content_type="application/json")
    assert response.status_code < 500, (response.status_code, response.content)
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json"
    json.loads(response.content)
    return response


NARRATIVE = {
    "prompt": "x",
    "type": "narrative",
    "characters": [{"name": "Mira", "traits": {"age": 4}}],
    "word_range": [300, 400],
    "world_config": {"genre": "x", "rules": ["y"]},
}


@FUZZ
@given(
    body=anything
    | near({"agent_type": "narrative", "universe_id": None, "input_data": NARRATIVE})
    | st.builds(
        lambda data: {"agent_type": "narrative", "input_data": data},
        near(NARRATIVE)
        | st.builds(
            lambda traits: {"prompt": "x", "characters": [{"name": "a", "traits": traits}]}, anything
        ),
    )
    | st.builds(lambda data: {"agent_type": "spatial", "input_data": data}, near(INPUTS["spatial"]))
    | st.builds(lambda data: {"agent_type": "consistency", "input_data": data}, near(INPUTS["consistency"]))
)
def test_fuzz_job(api, body):
    before = AgentJob.objects.count()

    response = send(api, "POST", "/agents/jobs", body)

    assert AgentJob.objects.count() - before == (response.status_code == 202)
    assert response.status_code in {202, 400, 404}


@FUZZ
@given(data=st.data())
def test_fuzz_schedule(api, creator, universe, data):
    valid = {
        "name": "x",
        "universe_id": str(universe.pk),
        "agent_type": "narrative",
        "input_data": {"prompt": "x"},
        "crontab": "0 7 * * 1",
        "time_zone": "UTC",
        "enabled": True,
    }
    body = data.draw(anything | near(valid))
    before = GenerationSchedule.objects.count()

    response = send(api, "POST", "/agents/schedules", body)

    assert GenerationSchedule.objects.count() - before == (response.status_code == 201)
    assert response.status_code in {201, 400, 404}


@FUZZ
@given(
    crontab=st.lists(st.text(alphabet="0123456789*/-,LW#MONsun²٣ ", max_size=8), min_size=5, max_size=5).map(
        " ".join
    ),
    time_zone=st.sampled_from(["UTC", "Europe/Rome", "utc", "", ".", "posix/UTC", "zone.tab"]) | st.text(),
)
def test_fuzz_crontab_and_time_zone(api, creator, universe, crontab, time_zone):
    schedule = make_schedule(creator, universe)

    response = send(
        api, "PATCH", f"/agents/schedules/{schedule.pk}", {"crontab": crontab, "time_zone": time_zone}
    )

    assert response.status_code in {200, 400}


@FUZZ
@given(
    body=anything
    | near(
        {
            "default_models": {"narrative": "claude-haiku-5-5"},
            "tone": "x",
            "language": "x",
            "word_range": [300, 400],
            "review_threshold": 0.8,
        }
    ),
    method=st.sampled_from(["PUT", "PATCH"]),
)
def test_fuzz_preferences(api, body, method):
    response = send(api, method, "/users/me/preferences", body)

    assert response.status_code in {200, 400}


@FUZZ
@given(
    agent_type=st.sampled_from(sorted(OUTPUTS)),
    data=st.data(),
)
def test_fuzz_decision(reviewer_api, creator, universe, agent_type, data):
    item = make_review(creator, universe=universe, agent_type=agent_type)
    edits = st.builds(
        lambda output: {"verdict": "edited", "output": output}, anything | near(OUTPUTS[agent_type])
    )
    body = data.draw(anything | near({"verdict": "rejected", "note": "x"}) | edits)

    response = send(reviewer_api, "POST", f"/agents/reviews/{item.pk}/decision", body)

    item.refresh_from_db()
    assert (item.state == "closed") == (response.status_code == 201)
    assert response.status_code in {201, 400, 409}


@FUZZ
@given(
    verb=st.sampled_from(["skip", "hand"]),
    body=anything | near({"reason": "x"}) | near({"to": "rita", "note": "x"}),
)
def test_fuzz_skip_and_hand_over(reviewer_api, creator, verb, body):
    item = make_review(creator)

    response = reviewer_api.generic(
        "POST",
        f"/agents/reviews/{item.pk}/{verb}",
        json.dumps(body).encode(),
        content_type="application/json",
    )

    was_done = item.job.events.filter(kind__in=["review_skipped", "review_handed"]).exists()
    assert was_done == (response.status_code in {200, 204})
    assert response.status_code in {200, 204, 400}


@FUZZ
@given(
    path=st.sampled_from(["bulk", "{}/comments", "{}/undo"]),
    body=anything | near({"text": "x"}) | near({"verdict": "rejected", "ids": [], "note": "x"}),
)
def test_fuzz_bulk_comment_and_undo(reviewer_api, creator, path, body):
    item = make_review(creator)

    response = send(reviewer_api, "POST", f"/agents/reviews/{path.format(item.pk)}", body)

    assert response.status_code in {200, 201, 400, 409}
    assert item.comments.exists() == (response.status_code == 201)
    item.refresh_from_db()
    assert item.state == "open"


@FUZZ
@given(
    name=st.sampled_from(
        [
            "universe_id",
            "agent_type",
            "status",
            "human_review_required",
            "created_after",
            "created_before",
            "limit",
            "offset",
        ]
    ),
    value=st.text(st.characters(exclude_categories=["Cs"]))
    | st.datetimes().map(str)
    | st.integers().map(str)
    | st.floats().map(str),
)
def test_fuzz_query_parameters(api, name, value):
    response = api.get("/agents/jobs", {name: value})

    assert response.status_code in {200, 400}
