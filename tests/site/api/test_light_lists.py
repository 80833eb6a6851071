"""Lists leave out the large fields of their rows unless ``?include=`` names them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.choices import Verdict
from agents.review.verdicts import decisions
from tests.support.problems import pointers_of
from tests.support.rows import INPUTS, NARRATIVE, make_job, make_review, make_schedule
from universes.services import canon

pytestmark = pytest.mark.django_db

PARTS = {
    "/agents/jobs": {"input": "input_data", "output": "output_data"},
    "/agents/reviews": {"input": "input_data", "output": "output_data"},
    "/agents/schedules": {"input": "input_data"},
    "/universes/{universe}/scenes": {"text": "text"},
}
EACH_PART = [(path, part, name) for path, parts in PARTS.items() for part, name in parts.items()]
VALUES = {"input_data": INPUTS["narrative"], "output_data": NARRATIVE, "text": "Fog on the marsh."}


@pytest.fixture
def client(client_of, lead, universe):
    from universes.choices import Role
    from universes.services import universes

    universes.add_member(universe, lead, Role.EDITOR)
    make_review(lead)
    make_schedule(lead, universe)
    canon.add_scene(universe, title="Dawn", text="Fog on the marsh.")
    return client_of(lead)


def row_of(client, path):
    response = client.get(path)
    assert response.status_code == 200, response.json()
    return response.json()["results"][0]


@pytest.mark.parametrize(("path", "part", "name"), EACH_PART)
def test_large_field_comes_only_on_request(client, universe, path, part, name):
    path = path.format(universe=universe.pk)

    light, full = row_of(client, path), row_of(client, f"{path}?include={part}")

    assert full.keys() - light.keys() == {name}
    assert full[name] == VALUES[name]


@pytest.mark.parametrize("path", PARTS)
def test_columns_that_are_not_shown_are_not_read(client, universe, path):
    path = path.format(universe=universe.pk)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200

    read = " ".join(query["sql"] for query in queries)
    assert not [name for name in ("input_data", "output_data", '"scenes"."text"') if name in read]


@pytest.mark.parametrize(
    ("value", "code"),
    [("signals", "invalid_choice"), ("input,", "empty_choice"), (",", "empty_choice"), ("", "empty_filter")],
)
def test_other_parts_are_refused(client, value, code):
    response = client.get(f"/agents/jobs?include={value}")

    assert list(pointers_of(response)) == ["?include"]


@pytest.mark.parametrize(
    "path", ["/universes/{universe}/elements", "/agents/notifications", "/agents/budgets"]
)
def test_lists_without_large_fields_have_nothing_to_include(client, universe, path):
    response = client.get(f"{path.format(universe=universe.pk)}?include=input")

    assert pointers_of(response) == {"?include": "unknown_filter"}


def test_outputs_of_decisions_belong_to_the_output(client, lead):
    item = make_review(lead)
    edited = {**NARRATIVE, "title": "The Ferry at High Water"}
    decisions.decide(item.pk, Verdict.EDITED, by=lead, edited=edited)
    path = "/agents/reviews?state=closed"

    light, full = row_of(client, path)["decision"], row_of(client, f"{path}&include=output")["decision"]

    assert full.keys() - light.keys() == {"before", "after"}
    assert full["after"]["title"] == edited["title"]
    job = f"/agents/jobs?universe_id={item.universe_id}" if item.universe_id else "/agents/jobs"
    reviewed = [row["review"] for row in client.get(job).json()["results"] if row["review"]["verdict"]]
    assert "edited_output" not in reviewed[0]
    shown = client.get(f"{job}?include=output").json()["results"]
    assert edited["title"] in [(row["review"]["edited_output"] or {}).get("title") for row in shown]


def test_page_of_long_jobs_is_small(client, lead):
    for _ in range(20):
        make_job(lead, status="completed", input_data={"prompt": "x" * 50_000})

    assert len(client.get("/agents/jobs?limit=20").content) < 40_000
    assert len(client.get("/agents/jobs?limit=20&include=input").content) > 1_000_000
