"""Blind items: the pages hide confidence and reasons until the decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.canon import placement
from agents.choices import EventKind, GoldAnswer, ReviewKind, Verdict
from agents.models import AgentJobEvent, GoldStandard, ReviewItem
from agents.review.verdicts import decisions
from tests.support import pages, rows

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:agents_reviewitem_changelist")
SAYS_SO = "Hidden until decided, because this review is blind."


@pytest.fixture
def make_blind(creator, low_marches, reviewer):
    """Make a blind item of a kind, with everything that could distinguish it from other kinds."""

    def make(kind: str, **fields) -> ReviewItem:
        if kind == ReviewKind.GOLD:
            fields["only_for"] = reviewer
        job = rows.finished_job(creator, low_marches, fields.pop("agent_type", "narrative"))
        return rows.item_of(job, kind=kind, is_blind=True, confidence=0.4317, **fields)

    return make


@pytest.fixture
def see(reviewer_client, page_of):
    return lambda item, query="": reviewer_client.get(page_of(item) + query).content.decode()


@pytest.mark.parametrize("kind", ReviewKind.values)
def test_page_hides_confidence_and_reasons(see, make_blind, kind):
    item = make_blind(kind)

    page = see(item)

    assert SAYS_SO in page
    for told in (
        "0.43",
        "Confidence",
        "at least 300 were requested",
        "The answer matches the schema.",
        "What happened",
        "Claimed by a worker",
        "3f5a9c0d1e2b",
        "1,840",
        "$0.",
        str(item.job_id),
        "Receipt",
        "As stored (JSON)",
        "Audit",
        "audit",
        "Gold",
        "gold",
    ):
        assert told not in page, told
    for kept in ("The Ferry at Low Water", "Mira leaves the town by the ferry.", "No one can teleport."):
        assert kept in page


def test_doubts_audits_and_gold_look_alike(see, make_blind):
    pages = set()
    opened_at = timezone.now() - timedelta(minutes=5)
    # A flag is never blind: its reason has to be read.
    for kind in set(ReviewKind.values) - {ReviewKind.FLAG}:
        item = make_blind(kind, opened_at=opened_at)
        page = see(item).replace(str(item.pk), "ID")
        pages.add("\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line))
        item.delete()

    assert len(pages) == 1


def test_placed_output_is_not_shown_as_part_of_the_world(see, make_blind, creator):
    audit = make_blind("audit", agent_type="spatial")
    placement.place(audit.job, audit.job.output_data, status="canon", by=None)
    doubt = make_blind("doubt", agent_type="spatial")

    def world(item):
        return see(item).partition('id="world-title"')[2].partition("</section>")[0]

    assert "Emberfall" not in world(audit)
    assert "People or places were added" not in see(audit)
    # Others see it as an ordinary place.
    assert "Emberfall (location)" in world(doubt)


def test_decided_item_shows_everything(see, reviewer_client, decide, make_blind):
    item = make_blind("audit")

    decide(reviewer_client, item, "approved")

    page = see(item)
    assert "Audit of a trusted output." in page
    assert "0.43" in page
    assert "at least 300 were requested" in page
    assert str(item.job_id) in page
    assert "Review decided" in page
    assert SAYS_SO not in page


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("approved", "Yours was wrong: reject. He has no coins."),
        ("rejected", "Yours was right: reject."),
    ],
)
def test_decided_gold_shows_whether_the_verdict_was_right(see, make_blind, reviewer, creator, verdict, said):
    item = make_blind("gold")
    GoldStandard.objects.create(
        job=item.job, answer=GoldAnswer.REFUSE, why="He has no coins.", added_by=creator
    )

    decisions.decide(item.pk, Verdict(verdict), by=reviewer, note="No.")

    assert said in see(item)


def test_foreign_gold_is_invisible(second_reviewer_client, make_blind, page_of, decide):
    item = make_blind("gold")

    response = second_reviewer_client.get(QUEUE + "?state=all")
    assert list(response.context["cl"].result_list) == []
    assert [link.count for link in response.context["quick_links"]] == [0, 0, 0, 0, 0]
    assert "The queue is empty." in response.content.decode()
    assert "doesn’t exist" in second_reviewer_client.get(page_of(item), follow=True).content.decode()
    assert "doesn’t exist" in decide(second_reviewer_client, item, "approved").content.decode()
    assert second_reviewer_client.get(QUEUE, {"q": str(item.job_id)}).context["cl"].result_count == 0
    assert (
        second_reviewer_client.post(pages.url_of("claim", item), headers={"accept": "*/*"}).status_code == 404
    )
    item.refresh_from_db()
    assert (item.state, item.claimed_by) == ("open", None)


def test_list_row_hides_confidence(reviewer_client, make_blind):
    make_blind("audit")

    page = reviewer_client.get(QUEUE).content.decode()

    assert '<td class="field-confidence_shown"><span class="quiet">hidden</span></td>' in page
    assert '<td class="field-why"><span class="quiet">Hidden until decided.</span></td>' in page
    assert "0.43" not in page


@pytest.mark.parametrize(
    "query", ["confidence=low", "confidence=high", "reason=word_range", "reason=complete"]
)
def test_filters_do_not_reveal_hidden_fields(reviewer_client, make_blind, query):
    hidden = make_blind("doubt")

    assert reviewer_client.get(f"{QUEUE}?{query}").context["cl"].result_count == 0
    ReviewItem.objects.filter(pk=hidden.pk).update(is_blind=False)
    found = reviewer_client.get(f"{QUEUE}?{query}").context["cl"].result_count
    assert found == (1 if query in {"confidence=low", "reason=word_range"} else 0)


@pytest.mark.parametrize(
    "query",
    ["kind=audit", "kind__exact=gold", "is_blind=1", "draw_rate__lt=1", "confidence__gt=0.4", "only_for=1"],
)
def test_query_strings_do_not_reveal_hidden_fields(reviewer_client, make_blind, query):
    make_blind("audit")

    assert reviewer_client.get(f"{QUEUE}?{query}").status_code == 400


def test_blind_items_are_not_sorted_by_confidence(reviewer_client, make_blind, creator, low_marches):
    shown = [
        rows.item_of(rows.finished_job(creator, low_marches), confidence=confidence)
        for confidence in (0.2, 0.9)
    ]
    hidden = [make_blind("audit", due_at=timezone.now() + timedelta(hours=hours)) for hours in (1, 2)]
    ReviewItem.objects.filter(pk=hidden[0].pk).update(confidence=0.99)
    columns = reviewer_client.get(QUEUE).context["cl"].list_display
    number = columns.index("confidence_shown")

    for order in (f"{number}", f"-{number}"):
        listed = list(reviewer_client.get(f"{QUEUE}?o={order}").context["cl"].result_list)
        places = sorted(listed.index(item) for item in hidden)
        assert places in ([0, 1], [2, 3])
        assert [item for item in listed if item in shown] == (shown if order == f"{number}" else shown[::-1])


def test_hand_over_message_is_visible(see, make_blind, reviewer, second_reviewer):
    item = make_blind("doubt", assigned_to=reviewer)
    event = {"job": item.job, "kind": EventKind.REVIEW_HANDED, "attempt": 1, "by": second_reviewer}
    AgentJobEvent.objects.create(**event, data={"to": "rosa", "note": "You know the <ferry>."})

    page = see(item)

    assert 'by <bdi>rudi</bdi>: <q dir="auto">You know the &lt;ferry&gt;.</q>' in page
    assert "Handed to another reviewer" not in page


def test_earlier_work_is_shown_without_its_verdicts(see, creator, low_marches, ferry_job, reviewer):
    decisions.decide(rows.item_of(ferry_job).pk, Verdict.ASKED_AGAIN, by=reviewer, note="Let him speak.")
    output = {**rows.NARRATIVE, "title": "The Ferryman Speaks"}
    again = rows.finished_job(creator, low_marches, follows=ferry_job, output_data=output)

    page = see(rows.item_of(again, is_blind=True))

    assert "<del>Ferry at Low Water</del>" in page
    assert "<summary>Output 1</summary>" in page
    assert "asked again by rosa" not in page
