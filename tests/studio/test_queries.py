"""Number of database queries of the studio's pages, whatever the number of rows."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.choices import Verdict
from agents.models import AgentJob, WorldFinding
from agents.review.verdicts import decisions
from tests.support import rows
from universes.models import Element, Scene
from universes.services import timeline

pytestmark = pytest.mark.django_db

# With the session, the account, its permissions, and the two of the news.
BOUNDS = {
    "/studio/": 13,
    "/studio/jobs": 9,
    "/studio/jobs?show=review": 9,
    "/studio/news": 12,
    "/studio/news/count": 6,
    "/studio/ask": 7,
    "/studio/universes/{universe}": 20,
    "/studio/universes/{universe}/work": 16,
    "/studio/universes/{universe}/timeline": 14,
    "/studio/universes/{universe}/timeline?at=9": 17,
    "/studio/universes/{universe}/findings": 16,
    "/studio/universes/{universe}/scenes": 11,
    "/studio/universes/{universe}/elements": 10,
    "/studio/universes/{universe}/style/narrative": 12,
    "/studio/universes/{universe}/members": 12,
    "/studio/universes/{universe}/world": 11,
    "/studio/me/usage": 8,
    "/studio/jobs?p=2": 9,
    "/studio/jobs?q=tide": 9,
    "/studio/ask?universe={universe}&scene={scene}": 9,
    "/studio/jobs/{job}": 24,
    "/studio/jobs/{waiting}": 24,
    "/studio/jobs/{job}/edit": 24,
    "/studio/jobs/{waiting}/receipt": 24,
    "/studio/universes/new": 6,
    "/studio/universes/{universe}/scenes/{scene}": 20,
    "/studio/universes/{universe}/scenes/{scene}?edit=1": 14,
    "/studio/universes/{universe}/elements/{element}": 25,
    "/studio/universes/{universe}/elements/{element}?edit=1": 14,
    "/studio/universes/{universe}/elements/{element}/card": 20,
    "/studio/universes/{universe}/schedules/new": 11,
    "/studio/universes/{universe}/export": 9,
    "/studio/imports": 8,
    "/studio/me/preferences": 9,
    "/studio/me/access": 8,
    "/studio/me/account": 6,
    "/studio/help": 6,
}
# Columns of texts of any length, which lists must not load.
LONG = (
    *(f'"agent_jobs"."{name}"' for name in ("input_data", "output_data", "signals", "guidance")),
    '"agent_review_items"."reasons"',
    *(f'verdict."{name}"' for name in ("before", "after")),
    *(f'"scenes"."{name}"' for name in ("text", "details")),
)
LISTS = (
    "/studio/",
    "/studio/jobs",
    "/studio/jobs?p=2",
    "/studio/news",
    "/studio/universes/{universe}",
    "/studio/universes/{universe}/work",
    "/studio/universes/{universe}/scenes",
)


def _fill(creator, universe, reviewer, count, first=0):
    for number in range(first, first + count):
        rows.make_job(creator, status="completed", universe=universe)
        item = rows.make_review(creator, universe=universe)
        if number % 2:
            decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="No.")
        scene = Scene.objects.create(universe=universe, title=f"Scene {number}", text="Once.")
        timeline.place_scene(scene, key=number, label="Then")
        WorldFinding.objects.create(
            universe=universe,
            scene=scene,
            finding_id=str(number),
            source_id="tone",
            quote="Once",
            start=0,
            end=4,
        )
        element = Element.objects.create(
            universe=universe,
            kind="character",
            name=f"P{number}",
            name_key=f"p{number}",
            canon_status="canon",
        )
        fields = {"title": "Fair", "key": number, "label": "Then", "participants": [element.pk]}
        timeline.add_event(universe, {**fields, "place": element.pk})


def _address(path, universe):
    return path.format(
        universe=universe.pk,
        scene=Scene.objects.earliest("pk").pk,
        element=Element.objects.earliest("pk").pk,
        job=AgentJob.objects.filter(outcome="trusted").earliest("pk").pk,
        waiting=AgentJob.objects.exclude(outcome="trusted").earliest("pk").pk,
    )


@pytest.mark.parametrize("path", BOUNDS)
def test_queries_do_not_grow_with_rows(signed_in, creator, universe, reviewer, path):
    _fill(creator, universe, reviewer, 1, 9)
    client, address = signed_in(creator), _address(path, universe)
    counts = []
    for first in (0, 4):
        _fill(creator, universe, reviewer, 4, first)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))

    assert counts[1] <= counts[0]
    assert counts[1] <= BOUNDS[path], "\n".join(query["sql"][:160] for query in queries)


def test_queries_do_not_grow_with_variants(signed_in, creator, universe):
    client, counts = signed_in(creator), []
    for models in (("one", "two"), ("one", "two", "three", "four")):
        jobs = rows.make_variants(creator, universe, models)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/studio/jobs/variants/{jobs[0].variants_id}").text
        assert page.count("Mira counted the coins twice") == len(models)
        assert page.count("In review") == len(models)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize("path", LISTS)
def test_lists_load_no_long_texts(signed_in, creator, universe, reviewer, path):
    _fill(creator, universe, reviewer, 2)
    client, address = signed_in(creator), _address(path, universe)

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200

    selected = [query["sql"].partition(" FROM ")[0].removeprefix("SELECT ").split(", ") for query in queries]
    assert [name for columns in selected for name in columns if name in LONG] == []


def test_a_row_shows_the_first_words_of_a_long_request(signed_in, creator, universe):
    text = "Mira waits " * 40
    rows.make_job(creator, agent_type="consistency", universe=universe, input_data={"content": text})
    rows.make_job(creator, universe=universe, input_data={"prompt": "A cart.", "type": "video_prompt"})

    page = signed_in(creator).get("/studio/jobs").content.decode()

    assert f">{'Mira waits ' * 7}…</a>" in page
    assert ">A cart.</a>" in page
    assert "<span>Check</span>" in page
    assert "<span>Video prompt</span>" in page


def test_the_second_page_goes_on_where_the_first_ends(signed_in, creator):
    for number in range(27):
        rows.make_job(creator, input_data={"prompt": f"Number {number}."})
    client = signed_in(creator)

    pages = [client.get(f"/studio/jobs?p={number}").content.decode() for number in (1, 2)]

    shown = [re.findall(r">Number (\d+)\.</a>", page) for page in pages]
    assert shown == [[str(number) for number in range(26, 1, -1)], ["1", "0"]]


def test_page_of_work_shows_the_newest_and_leads_to_the_others(signed_in, creator, universe):
    for _ in range(11):
        rows.make_review(creator, universe=universe)

    page = signed_in(creator).get(f"/studio/universes/{universe.pk}/work").content.decode()

    assert page.count('class="title"') == 10
    assert f"/studio/jobs?universe={universe.pk}&amp;show=review" in page
