"""The review page of one item."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.choices import EventKind, Verdict
from agents.models import AgentJobEvent, ReviewItem
from agents.review.creators import flags
from agents.review.verdicts import decisions
from tests.support import rows
from universes.models import Element, Scene

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(1)> {{7*7}} {% load x %} \u202egnp.exe'


def test_narrative_page_shows_everything_it_is_judged_by(see, ferry_item, ferry_job):
    page = see(ferry_item)

    for text in (
        "The Ferry at Low Water",
        '<p dir="auto">Mira counted the coins twice before she gave them to the ferryman.</p>',
        "Mira leaves the town by the ferry.",
        "low fantasy",
        "No one can teleport.",
        "A courier who counts everything twice.",
        "Confidence 0.45 is below the threshold 0.75.",
        "The answer matches the schema.",
        "1,840 in 1 call",
        "narrative 3f5a9c0d1e2b",
        "2.3 s",
        "1 of at most 4",
        str(ferry_job.pk),
        "Claimed by a worker",
        '<span class="badge badge-mock">mock</span>',
        "Approving adds it to the universe’s scenes.",
    ):
        assert text in page, text


def test_page_says_what_approval_does_to_an_entry_that_is_there_already(see, creator, low_marches, reviewer):
    job = rows.finished_job(creator, low_marches, outcome="trusted", confidence_score=0.9)
    scene = Scene.objects.create(
        universe=low_marches, title="The Ferry", text="Dusk.", canon_status="draft", origin_ref=str(job.pk)
    )
    item = flags.flag(job.pk, "Look.", by=creator)
    said = []
    for status in ("draft", "canon", "retired"):
        Scene.objects.filter(pk=scene.pk).update(canon_status=status)
        said.append(re.findall('class="effect quiet">([^<]*)', see(item)))
    # That there is an entry would tell the reviewer of an audit that the output was trusted.
    ReviewItem.objects.filter(pk=item.pk).update(kind="audit", is_blind=True)

    assert said == [
        ["Approving makes “The Ferry” canon."],
        ["Approving keeps “The Ferry” in canon."],
        ["“The Ferry” stays retired, even if it is approved."],
    ]
    blind = see(item)
    assert "Approving adds it to the universe’s scenes." in blind
    assert "The Ferry”" not in blind


def test_requested_length_is_a_range(see, ferry_item, ferry_job):
    ferry_job.input_data = {**ferry_job.input_data, "word_range": [90, 220]}
    ferry_job.save(update_fields=["input_data"])

    assert "<dd>90 to 220</dd>" in re.sub(r"<dd[^>]*>", "<dd>", see(ferry_item))


def test_second_opinion_is_not_shown_as_the_author(see, ferry_item, ferry_job):
    ferry_job.calls.create(
        agent_type=ferry_job.agent_type,
        attempt=1,
        model="mock",
        prompt_name="consistency",
        prompt_version="9" * 12,
    )

    page = see(ferry_item)

    assert "narrative 3f5a9c0d1e2b" in page
    assert "in 2 calls" in page


def test_worst_signals_come_first(see, creator, low_marches):
    signals = [{"value": value, "sentence": f"Signal {value}."} for value in (1.0, 0.4, 0.0, 0.9)]

    page = see(rows.item_of(rows.finished_job(creator, low_marches, signals=signals)))

    found = [page.index(f"Signal {value}.") for value in (0.0, 0.4, 0.9, 1.0)]
    assert found == sorted(found)


def test_header_shows_due_time(see, creator, low_marches):
    due = timezone.now() - timedelta(hours=2, minutes=5)

    page = see(rows.item_of(rows.finished_job(creator, low_marches), due_at=due, priority=1))

    assert ">overdue by 2 h</time>" in page
    assert '<span class="badge badge-quiet">schedule</span>' in page


def test_video_prompt_shows_its_shots(see, creator, low_marches):
    page = see(rows.item_of(rows.finished_job(creator, low_marches, output_data=rows.VIDEO_PROMPT)))

    for text in ("The ferry leaves the bank.", "slow pan left", "6 s", "Handheld, low.", "Grey and patient."):
        assert text in page


def test_place_shows_its_landmarks(see, creator, low_marches):
    page = see(rows.item_of(rows.finished_job(creator, low_marches, "spatial")))

    for text in (
        "Emberfall leans into the hill",
        "The Cinder Gate",
        "Smoke, bread and argument.",
        "three lanes",
    ):
        assert text in page


def test_report_marks_its_quotations_in_the_text(see, creator, low_marches):
    page = see(rows.item_of(rows.finished_job(creator, low_marches, "consistency")))

    assert re.search('wizard looked at <mark [^>]*id="quote-1"[^>]*>his  smartphone</mark> and sighed.', page)
    for text in (
        "not consistent",
        "Technology is medieval.",
        "There are no telephones.",
        "Let him ask the miller.",
    ):
        assert text in page
    assert "This quotation is not in the text." not in page


def test_report_is_edited_beside_the_checked_text(reviewer_client, page_of, creator, low_marches):
    item = rows.item_of(rows.finished_job(creator, low_marches, "consistency"))

    page = reviewer_client.get(f"{page_of(item)}?edit=1").content.decode()

    assert 'id="edit-form"' in page
    assert "Checked text" in page
    assert "<mark " in page.partition('class="prose checked lines"')[2].partition('id="edit-form"')[0]


def test_forged_quotation_is_pointed_out(see, creator, low_marches):
    violation = {**rows.CONSISTENCY["violations"][0], "quote": "her telescope"}
    output = {**rows.CONSISTENCY, "violations": [violation]}

    page = see(rows.item_of(rows.finished_job(creator, low_marches, "consistency", output_data=output)))

    assert "This quotation is not in the text." in page
    assert "<mark" not in page


def test_reuse_and_batch_are_pointed_out(see, ferry_item, ferry_job, creator, low_marches):
    ferry_job.calls.update(is_batch=True, cost_usd="0.00066")
    again = rows.finished_job(creator, low_marches, reused_from=ferry_job)
    again.calls.all().delete()

    page, of_again = see(ferry_item), see(rows.item_of(again))

    assert "in a batch" in page
    assert "$0.00066" in page
    assert "Reused from" in of_again
    assert "2.3 s" not in page


def test_follow_up_shows_note_and_earlier_output(see, creator, low_marches, ferry_job):
    again = rows.finished_job(
        creator,
        low_marches,
        follows=ferry_job,
        revision_note="Let the ferryman speak.",
        output_data={**rows.NARRATIVE, "title": "The Ferryman Speaks"},
    )

    page = see(rows.item_of(again))

    assert "Let the ferryman speak." in page
    assert "The Ferryman Speaks" in page
    assert "The Ferry at Low Water" in page


def test_history_shows_earlier_attempts(see, ferry_item, ferry_job):
    AgentJobEvent.objects.create(
        job=ferry_job, kind=EventKind.RESCHEDULED, attempt=1, data={"message": "The model was overloaded."}
    )

    page = see(ferry_item)

    assert "Will be retried" in page
    assert "The model was overloaded." in page


def test_closed_item_shows_the_decision_and_no_buttons(see, ferry_item, reviewer, ferry_job):
    edited = {**rows.NARRATIVE, "title": "The Ferry at High Water"}
    decisions.decide(ferry_item.pk, Verdict.EDITED, by=reviewer, note="Wrong tide.", edited=edited)

    page = see(ferry_item)

    assert "Edited and approved by rosa" in page
    assert "Wrong tide." in page
    assert "The Ferry at <del>Low</del> Water" in page
    assert "The Ferry at <ins>High</ins> Water" in page
    assert 'value="approved"' not in page
    assert reverse("admin:universes_scene_change", args=[_scene_id(ferry_job)]) in page


def _scene_id(job):
    return AgentJobEvent.objects.get(job=job, kind=EventKind.CANON_ADDED).data["entry_id"]


def test_closed_item_cannot_be_edited(reviewer_client, ferry_item, reviewer, page_of):
    decisions.decide(ferry_item.pk, Verdict.REJECTED, by=reviewer, note="No.")

    assert 'id="edit-form"' not in reviewer_client.get(page_of(ferry_item) + "?edit=1").content.decode()


@pytest.mark.parametrize("kind", ["narrative", "spatial", "consistency"])
@pytest.mark.parametrize("query", ["", "?edit=1"])
def test_hostile_text_is_escaped(reviewer_client, page_of, creator, low_marches, kind, query):
    def spoiled(value):
        match value:
            case str():
                return HOSTILE
            case list():
                return [spoiled(row) for row in value]
            case dict():
                return {
                    key: row if key in {"severity", "type", "model"} else spoiled(row)
                    for key, row in value.items()
                }
        return value

    Element.objects.create(
        universe=low_marches, kind="item", name="<script>x", name_key="x", canon_status="canon"
    )
    job = rows.finished_job(
        creator,
        low_marches,
        kind,
        input_data={**spoiled(rows.INPUTS[kind]), "world_config": {"tone": HOSTILE, "rules": [HOSTILE]}},
        output_data=spoiled(rows.OUTPUTS[kind]),
        signals=[{"name": "complete", "value": 0.2, "sentence": HOSTILE}],
        revision_note=HOSTILE,
    )
    item = rows.item_of(job, reasons=[HOSTILE])

    page = reviewer_client.get(page_of(item) + query).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "<script>x" not in page
    assert "<img src=x" not in page
    assert "{{7*7}}" in page
    assert "49" not in page.split("&lt;script&gt;", 1)[1][:80]
    shown = (
        page
        if not query
        else page.replace(
            page[page.index('id="edit-form"') : page.index("</form>", page.index('id="edit-form"'))], ""
        )
    )
    assert "\u202e" not in shown
    assert "U+202E" in shown


def test_query_count_does_not_grow_with_history(reviewer_client, page_of, ferry_item, ferry_job, low_marches):
    reviewer_client.get(page_of(ferry_item))
    with CaptureQueriesContext(connection) as short:
        reviewer_client.get(page_of(ferry_item))
    for number in range(40):
        AgentJobEvent.objects.create(
            job=ferry_job, kind=EventKind.RESCHEDULED, attempt=number, by=ferry_job.requested_by
        )
        Element.objects.create(
            universe=low_marches,
            kind="item",
            name=f"Coin {number}",
            name_key=f"coin {number}",
            canon_status="canon",
        )
    # The first request after a change reads the world anew.
    reviewer_client.get(page_of(ferry_item))

    with CaptureQueriesContext(connection) as long:
        reviewer_client.get(page_of(ferry_item))

    assert len(long) == len(short)
    assert len(long) <= 24


def test_unknown_item_redirects_with_a_message(reviewer_client, db):
    response = reviewer_client.get("/admin/agents/reviewitem/not-an-id/change/", follow=True)

    assert response.status_code == 200
    assert "There is no review item with this id." in response.content.decode()
