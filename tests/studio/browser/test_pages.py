"""Every page of the studio: accessible by axe, not wider than the window, light, and still once it is shown."""

from __future__ import annotations

import gzip
import uuid
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.urls import resolve, reverse

from agents.choices import JobStatus, Verdict
from agents.learning import guides
from agents.models import AgentJob, WorldFinding
from agents.review.verdicts import decisions
from tests.studio.test_access import ADDRESSES
from tests.support import browsing, rows, sample_findings
from universes.choices import Role
from universes.models import Element, Scene, WorldImport
from universes.services import canon, timeline
from universes.services.sharing import invitation_links, invitations

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN_AXE = (
    "(options) => axe.run({...options, resultTypes: ['violations']}).then(({ violations }) => violations)"
)
SIGN_IN = "/studio/sign-in"
# Answers that are no pages of their own.
PARTS = {"news-count", "names", "job-part", "job-events", "element-card", "data"}
MAX_BYTES = 100_000
MAX_REQUESTS = 10


@pytest.fixture
def paths(creator, reviewer, watcher, low_marches) -> list[str]:
    """The address of each page, with something on it."""
    done, video, place, check = (
        rows.make_job(creator, universe=low_marches, status=JobStatus.COMPLETED, agent_type=agent, **fields)
        for agent, fields in (
            ("narrative", {"signals": sample_findings.signals(sample_findings.finding())}),
            ("narrative", {"output_data": rows.VIDEO_PROMPT}),
            ("spatial", {}),
            ("consistency", {}),
        )
    )
    failed = rows.make_job(creator, universe=low_marches, status=JobStatus.FAILED)
    variants_id = uuid.uuid4()
    AgentJob.objects.filter(pk__in=[done.pk, video.pk, failed.pk]).update(variants_id=variants_id)
    guides.save(low_marches.pk, "narrative", ["Use the past tense."], by=creator)
    running = rows.make_job(creator, universe=low_marches, status=JobStatus.PROCESSING)
    waiting = rows.make_review(creator, universe=low_marches)
    rejected = rows.make_review(creator, universe=low_marches)
    decisions.decide(rejected.pk, Verdict.REJECTED, by=reviewer, note="It says nothing.")
    rows.make_schedule(creator, low_marches)
    scene = Scene.objects.create(
        universe=low_marches, title="One", text="Mira waited.", canon_status="draft", origin_ref=str(done.pk)
    )
    canon.revise_scene(scene, text="Mira waited twice.", by=creator)
    element = Element.objects.get(universe=low_marches)
    canon.revise_element(element, traits={"age": 27, "goals": ["rest", "money"]}, by=creator)
    invitations.invite(low_marches, watcher.username, Role.VIEWER, by=creator)
    _, secret = invitation_links.make_link(low_marches, Role.EDITOR, by=creator)
    fields = {"title": "Landing", "key": 2, "label": "Second tide", "participants": [element.pk]}
    event = timeline.add_event(low_marches, fields, by=creator)
    timeline.place_scene(scene, key=3, label="Third tide", by=creator)
    WorldFinding.objects.create(
        universe=low_marches,
        scene=scene,
        finding_id="1",
        kind="rule",
        strength="proven",
        source_id=str(element.pk),
        statement="Mira never waits.",
        quote="waited",
        start=5,
        end=11,
        why="She waits.",
    )
    imported = WorldImport.objects.create(
        owner=creator,
        universe=low_marches,
        file_name="campaign.zip",
        format="kanka",
        status="completed",
        created={"character": 2},
        report=[{"what": "cut", "where": "Mira", "why": "It was too long."}],
    )
    here = {"universe_id": low_marches.pk}
    jobs = [done, video, place, check, failed, running, waiting.job, rejected.job]
    return [
        *(reverse(f"studio:{name}") for name in ("home", "help", "news", "jobs", "new-universe", "imports")),
        *(reverse(f"studio:{name}") for name in ("preferences", "usage", "access", "account")),
        *(
            f"{reverse('studio:ask')}?universe={low_marches.pk}&agent={agent}&scene={scene.pk}"
            for agent in ("narrative", "spatial", "consistency")
        ),
        *(
            reverse(f"studio:{name}", kwargs=here)
            for name in (
                "universe",
                "universe-work",
                "timeline",
                "new-event",
                "findings",
                "new-schedule",
                "members",
                "world",
                "export",
                "scenes",
                "new-scene",
                "elements",
            )
        ),
        reverse("studio:new-element", kwargs=here),
        reverse("studio:event", kwargs={**here, "event_id": event.pk}),
        f"{reverse('studio:timeline', kwargs=here)}?at=2",
        f"{reverse('studio:world', kwargs=here)}?edit=1",
        *(reverse("studio:scene", kwargs={**here, "scene_id": scene.pk}) + edit for edit in ("", "?edit=1")),
        *(
            reverse("studio:element", kwargs={**here, "element_id": element.pk}) + edit
            for edit in ("", "?edit=1")
        ),
        *(reverse("studio:job", args=[job.pk]) for job in jobs),
        reverse("studio:edit", args=[video.pk]),
        reverse("studio:receipt", args=[rejected.job_id]),
        reverse("studio:style-guide", kwargs={**here, "agent_type": "narrative"}),
        f"{reverse('studio:style-guide', kwargs={**here, 'agent_type': 'narrative'})}?edit=1",
        reverse("studio:variants", args=[variants_id]),
        reverse("studio:import", args=[imported.pk]),
        reverse("studio:any-new-schedule"),
        # Signed out from here on.
        SIGN_IN,
        f"{reverse('studio:join')}?link={secret}",
    ]


def _violations(page: Page, **options: Any) -> list[str]:
    found = page.evaluate(RUN_AXE, options)
    return [f"{rule['id']}: {node['html'][:150]}" for rule in found for node in rule["nodes"]]


def test_every_page_is_accessible_fits_the_window_is_light_and_does_not_move(
    browse, creator: User, paths: list[str]
):
    visited = {resolve(urlsplit(path).path).url_name for path in paths}
    assert visited == {name for name, method in ADDRESSES if method == "get"} - PARTS
    page: Page = browse(creator, "/studio/")
    loaded: list[Response] = []
    page.on("response", lambda response: loaded.append(response))
    # The server of this test has no streams.
    stream = {"status": 200, "content_type": "text/event-stream", "body": ": connected\n\n"}
    page.route("**/events", lambda route: route.fulfill(**stream))
    problems: list[str] = []
    # The script of axe is injected by the browser, which the policy of the page does not concern.
    for path in paths:
        if path == SIGN_IN:
            page.context.clear_cookies()
        loaded.clear()
        page.goto(path)
        # Streams and polls of a page that waits are no part of it.
        parts = [part for part in loaded if not part.url.endswith(("/events", "/part"))]
        if len(parts) > MAX_REQUESTS:
            problems.append(f"{path}: {len(parts)} requests")
        weight = sum(
            len(gzip.compress(part.body())) if "/static/" in part.url else len(part.body())
            for part in parts
            if part.status == 200
        )
        if weight > MAX_BYTES:
            problems.append(f"{path}: {weight} bytes")
        page.evaluate(AXE)
        problems += [f"{path}: {text}" for text in _violations(page)]
        problems += [f"{path}: moved: {what}" for what in page.evaluate(browsing.SHIFTS)]
        page.emulate_media(color_scheme="dark")
        problems += [f"{path}, dark: {text}" for text in _violations(page, runOnly=["color-contrast"])]
        page.set_viewport_size(browsing.NARROW)
        if pixels := browsing.too_wide(page):
            problems.append(f"{path}: {pixels} px too wide at {browsing.NARROW['width']}")
        page.set_viewport_size(browsing.WIDE)
        page.emulate_media(color_scheme="light")

    assert problems == []
    assert AgentJob.objects.count() == 8
