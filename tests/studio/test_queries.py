"""Number of database queries of the studio's pages, whatever the number of rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.choices import Verdict
from agents.models import WorldFinding
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
}


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


@pytest.mark.parametrize("path", BOUNDS)
def test_queries_do_not_grow_with_rows(signed_in, creator, universe, reviewer, path):
    client, address = signed_in(creator), path.format(universe=universe.pk)
    counts = []
    for first in (0, 4):
        _fill(creator, universe, reviewer, 4, first)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))

    assert counts[1] <= counts[0]
    assert counts[1] <= BOUNDS[path], "\n".join(query["sql"][:160] for query in queries)


def test_page_of_work_shows_the_newest_and_leads_to_the_others(signed_in, creator, universe):
    for _ in range(11):
        rows.make_review(creator, universe=universe)

    page = signed_in(creator).get(f"/studio/universes/{universe.pk}/work").content.decode()

    assert page.count('class="title"') == 10
    assert f"/studio/jobs?universe={universe.pk}&amp;show=review" in page
