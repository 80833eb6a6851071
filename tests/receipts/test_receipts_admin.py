"""The receipt page, the links to it, and fields hidden before the decision."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from agents.choices import EventKind, ReviewKind, ReviewState, Verdict
from agents.models import AgentJob, ModelCall, ReviewDecision, ReviewItem
from agents.review.verdicts import decisions
from tests.support import rows
from tests.support.people import make_user
from universes.models import Element, Scene
from universes.services import canon

pytestmark = pytest.mark.django_db

JOBS = reverse("admin:agents_agentjob_changelist")


def receipt_url(job):
    return reverse("admin:agents_agentjob_receipt", args=[job.pk])


def job_url(job):
    return reverse("admin:agents_agentjob_change", args=[job.pk])


def text_of(response):
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_page_traces_canon_to_the_request(reviewer_client, ferry_item, reviewer):
    edited = {**ferry_item.job.output_data, "title": "The Last Ferry"}
    decisions.decide(ferry_item.pk, Verdict.EDITED, by=reviewer, edited=edited, note="A <b>better</b> name.")

    response = reviewer_client.get(receipt_url(ferry_item.job))

    page, text = response.content.decode(), text_of(response)
    scene = Scene.objects.get()
    assert f'href="{reverse("admin:universes_scene_change", args=[scene.pk])}"' in page
    assert f'href="{reverse("admin:agents_reviewitem_change", args=[ferry_item.pk])}"' in page
    for said in (
        "The Last Ferry scene canon",
        "Edited and approved by rosa",
        "A &lt;b&gt;better&lt;/b&gt; name.",
        "In doubt closed",
        "1 call, 1840 tokens, $0.",
        "narrative 3f5a9c0d1e2b",
        "Mira leaves the town by the ferry.",
        "By carla",
        "0.45",
    ):
        assert said in text, said
    assert "<del>Ferry at Low Water</del>" in page


def test_unknown_price_is_pointed_out(reviewer_client, ferry_job):
    ModelCall.objects.update(cost_usd=None)
    ModelCall.objects.create(
        job=ferry_job,
        agent_type="narrative",
        attempt=1,
        model="claude",
        prompt_name="narrative",
        prompt_version="abc",
        cost_usd=Decimal("0.5"),
    )

    text = text_of(reviewer_client.get(receipt_url(ferry_job)))

    assert "2 calls, 1840 tokens, cost unknown for 1 of them." in text


def test_every_page_links_to_the_receipt(reviewer_client, ferry_item, reviewer, creator, low_marches):
    decisions.decide(ferry_item.pk, Verdict.APPROVED, by=reviewer)
    scene = Scene.objects.get()
    spatial = rows.item_of(rows.finished_job(creator, low_marches, "spatial"))
    decisions.decide(spatial.pk, Verdict.APPROVED, by=reviewer)
    element = Element.objects.get(origin_ref=str(spatial.job_id))

    for url, job in (
        (job_url(ferry_item.job), ferry_item.job),
        (reverse("admin:universes_scene_change", args=[scene.pk]), ferry_item.job),
        (reverse("admin:universes_element_change", args=[element.pk]), spatial.job),
    ):
        page = reviewer_client.get(url).content.decode()
        assert f'href="{receipt_url(job)}"' in page, url
        if url == job_url(job):
            continue
        assert f'href="{job_url(job)}"' in page, url
        (reviews,) = re.findall(r'href="([^"]*reviewitem/[?][^"]*)"', page)
        shown = reviewer_client.get(html.unescape(reviews)).context["cl"].result_list
        assert [item.job for item in shown] == [job]


@pytest.mark.parametrize("origin_ref", ["", "import-7"])
def test_entry_without_job_has_no_receipt(superuser_client, low_marches, creator, origin_ref):
    scene = canon.add_scene(low_marches, title="Dawn", text="Fog.", origin_ref=origin_ref, by=creator)

    page = superuser_client.get(reverse("admin:universes_scene_change", args=[scene.pk]))

    assert page.status_code == 200
    assert "Receipt" not in page.content.decode()


def test_receipt_needs_permission_to_see_jobs(signed_in, ferry_item, reviewer):
    decisions.decide(ferry_item.pk, Verdict.APPROVED, by=reviewer)
    watcher = signed_in(make_user("will", is_staff=True, permissions=("universes.view_scene",)))

    assert watcher.get(receipt_url(ferry_item.job)).status_code == 403
    page = watcher.get(reverse("admin:universes_scene_change", args=[Scene.objects.get().pk]))
    assert "Receipt" not in page.content.decode()
    other = AgentJob(pk=ferry_item.pk)
    assert signed_in(reviewer).get(receipt_url(other)).status_code == 404
    assert signed_in(reviewer).post(receipt_url(ferry_item.job)).status_code == 405


def test_receipt_of_a_job_that_never_ran(superuser_client, creator):
    job = rows.finished_job(
        creator, None, status="pending", output_data=None, confidence_score=None, signals=[]
    )
    ModelCall.objects.all().delete()
    job.events.all().delete()

    text = text_of(superuser_client.get(receipt_url(job)))

    for said in ("Nothing from this job is in a universe.", "Not sent to review.", "None yet."):
        assert said in text


# --- Not yet ------------------------------------------------------------------------------------------------


def pages(client, job):
    """Return the receipt, the job's page and its row in the list."""
    texts = [text_of(client.get(url)) for url in (receipt_url(job), job_url(job), JOBS)]
    # The filter of the list names every outcome.
    return [re.sub(r"(?s)\bOutcome\s+All\b.*?\bPriority\b", "", text) for text in texts]


def test_blind_item_hides_confidence_until_decided(
    reviewer_client, signed_in, lead, second_reviewer, ferry_job, ferry_item
):
    ReviewItem.objects.update(is_blind=True)
    assert ["0.45" in page for page in pages(reviewer_client, ferry_job)] == [False] * 3
    assert ["hidden until reviewed" in page for page in pages(reviewer_client, ferry_job)] == [True] * 3
    assert ["word_range" in page or "at least 300" in page for page in pages(reviewer_client, ferry_job)] == [
        False
    ] * 3
    assert ["0.45" in page for page in pages(signed_in(lead), ferry_job)] == [True] * 3

    decisions.decide(ferry_item.pk, Verdict.APPROVED, by=second_reviewer)

    assert ["0.45" in page for page in pages(reviewer_client, ferry_job)] == [True] * 3


def test_audit_looks_like_a_doubtful_item(reviewer_client, creator, low_marches):
    """Hide before the decision that trusted output is in the universe already."""
    found = []
    for kind, waits in ((ReviewKind.DOUBT, True), (ReviewKind.AUDIT, False)):
        job = rows.finished_job(creator, low_marches, outcome="awaiting_review" if waits else "trusted")
        if kind == ReviewKind.AUDIT:
            canon.add_scene(low_marches, title="The Ferry", text="Fog.", origin_ref=str(job.pk))
            job.events.create(kind=EventKind.CANON_ADDED, attempt=1, data={"name": "The Ferry"})
        rows.item_of(job, kind=kind, is_blind=True)
        lists = [reviewer_client.get(f"{JOBS}?outcome={answer}") for answer in ("awaiting_review", "trusted")]
        own = [str(job.pk) in response.content.decode() for response in lists]
        pages_of = [
            text_of(reviewer_client.get(url)).replace(str(job.pk), "").replace(job.pk.hex[-8:], "")
            for url in (receipt_url(job), job_url(job))
        ]
        found.append((own, *(re.sub(r"[0-9:]+", "", page) for page in pages_of)))

    assert found[0] == found[1]
    assert found[0][0] == [True, False]


def test_job_pages_do_not_reveal_gold(reviewer_client, reviewer, second_reviewer, ferry_job):
    item = rows.item_of(ferry_job, state=ReviewState.CLOSED)
    ReviewDecision.objects.create(item=item, by=second_reviewer, verdict="rejected", note="Dull.", before={})
    ferry_job.events.create(
        kind=EventKind.REVIEW_DECIDED, attempt=1, by=second_reviewer, data={"verdict": "rejected"}
    )
    AgentJob.objects.update(outcome="trusted")
    rows.item_of(ferry_job, kind=ReviewKind.GOLD, only_for=reviewer, is_blind=True)

    for page in pages(reviewer_client, ferry_job):
        assert "rejected" not in page.lower()
        assert "rudi" not in page.split()
        assert "0.45" not in page
    assert "Awaiting review" in pages(reviewer_client, ferry_job)[2]


@pytest.mark.parametrize("count", [1, 20])
def test_query_count_does_not_grow_with_rows(
    reviewer_client, creator, low_marches, count, django_assert_max_num_queries
):
    for _ in range(count):
        rows.item_of(rows.finished_job(creator, low_marches), is_blind=True)

    with django_assert_max_num_queries(16):
        assert reviewer_client.get(JOBS).status_code == 200
