"""The list of decisions and its export, without fields hidden from reviewers who have not decided yet."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.choices import ReviewKind, ReviewState, Verdict
from agents.common.admin.csv_export import cell
from agents.models import AgentJobEvent, RejectReason, ReviewDecision
from tests.support import rows
from tests.support.pages import words
from tests.support.people import make_user

pytestmark = pytest.mark.django_db

LIST = reverse("admin:agents_reviewdecision_changelist")
EXPORT = reverse("admin:agents_reviewdecision_export")
NOON = datetime(2026, 3, 1, 12, 30, 5, tzinfo=UTC)


def decided(item, by, verdict=Verdict.APPROVED, **fields):
    after = {"content": "Edited."} if verdict == Verdict.EDITED else None
    return ReviewDecision.objects.create(
        item=item, by=by, verdict=verdict, before=item.job.output_data, after=after, **fields
    )


def closed(creator, universe, **fields):
    return rows.item_of(rows.finished_job(creator, universe), state=ReviewState.CLOSED, **fields)


def rows_of(response) -> list[list[str]]:
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def listed(client, **query):
    return list(client.get(LIST, query).context["cl"].result_list)


def test_list_names_the_request_of_each_decision(reviewer_client, reviewer, creator, low_marches):
    decided(closed(creator, low_marches), reviewer)

    assert "Narrative: Mira leaves the town by the ferry." in words(reviewer_client.get(LIST))


def test_export_lists_decisions(reviewer_client, reviewer, creator, low_marches):
    item = closed(creator, low_marches, confidence=0.451239)
    reason = RejectReason.objects.get(code="badly_written")
    decided(item, reviewer, Verdict.REJECTED, reason=reason, note="Grey,\n“again”", at=NOON, work_s=61.26)

    response = reviewer_client.get(EXPORT)
    head, row = rows_of(response)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="review-decisions-20')
    assert dict(zip(head, row, strict=True)) == {
        "When (UTC)": "2026-03-01 12:30:05",
        "Verdict": "Rejected",
        "Reason": "Badly written",
        "Note": "Grey,\n“again”",
        "By": "rosa",
        "Agent": "Narrative",
        "Universe": "The Low Marches",
        "Confidence": "0.4512",
        "Job": str(item.job_id),
        "Item": str(item.pk),
        "Kind": "doubt",
        "Seconds of work": "61.3",
        "Takes effect": "yes",
        "Undone (UTC)": "",
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n", "'\n"),
        ("  =1", "'  =1"),
        ("\uff1d1", "'\uff1d1"),
        ("a=1", "a=1"),
        ("", ""),
        (None, ""),
        (False, "no"),
        (0.5, "0.5"),
    ],
)
def test_export_cells_are_never_formulas(text, shown):
    assert cell(text) == shown


def test_formulas_in_user_text_are_exported_as_text(reviewer_client, reviewer, creator, low_marches):
    low_marches.name = '=cmd|" /C calc"!A0'
    low_marches.save()
    decided(closed(creator, low_marches), reviewer, Verdict.ASKED_AGAIN, note="@SUM(1)")

    head, row = rows_of(reviewer_client.get(EXPORT))

    assert (row[head.index("Note")], row[head.index("Universe")]) == ("'@SUM(1)", '\'=cmd|" /C calc"!A0')


def test_export_applies_filters_to_all_pages(
    reviewer_client, reviewer, second_reviewer, creator, low_marches
):
    for _ in range(55):
        decided(closed(creator, low_marches), reviewer)
    decided(closed(creator, low_marches), second_reviewer)
    decided(closed(creator, low_marches), reviewer, Verdict.EDITED)

    page = reviewer_client.get(LIST, {"verdict__exact": "approved", "q": "rosa", "p": "2"}).content.decode()
    exported = rows_of(reviewer_client.get(EXPORT, {"verdict__exact": "approved", "q": "rosa", "p": "2"}))

    assert f'href="{EXPORT}?verdict__exact=approved&amp;q=rosa&amp;p=2"' in page
    assert [(row[1], row[4]) for row in exported[1:]] == [("Approved", "rosa")] * 55


def test_invalid_filter_redirects_to_the_list(reviewer_client, db):
    response = reviewer_client.get(EXPORT, {"at__gte": "yesterday"})

    assert (response.status_code, response["Location"]) == (302, f"{LIST}?e=1")


def test_export_needs_permission(signed_in, ferry_item, reviewer):
    decided(ferry_item, reviewer)
    watcher = signed_in(make_user("will", is_staff=True, permissions=("agents.view_reviewitem",)))

    assert watcher.get(EXPORT).status_code == 403


def test_export_query_count_does_not_grow_with_rows(reviewer_client, reviewer, creator, low_marches):
    decided(closed(creator, low_marches), reviewer)
    rows_of(reviewer_client.get(EXPORT))
    with CaptureQueriesContext(connection) as for_one:
        rows_of(reviewer_client.get(EXPORT))
    for _ in range(20):
        decided(closed(creator, low_marches), reviewer)

    with CaptureQueriesContext(connection) as for_many:
        assert len(rows_of(reviewer_client.get(EXPORT))) == 22

    assert len(for_many) == len(for_one)
    assert not any('"before"' in query["sql"] for query in for_many.captured_queries)


# --- What is not seen yet


@pytest.fixture
def opinion(creator, low_marches, second_reviewer):
    """An opinion of the second reviewer on an item that takes two."""
    item = rows.item_of(rows.finished_job(creator, low_marches), opinions_wanted=2)
    return decided(item, second_reviewer, Verdict.REJECTED, note="No.", takes_effect=False)


def lead(user):
    user.user_permissions.add(Permission.objects.get(codename="lead_reviews"))


def test_opinion_is_hidden_from_others_until_closed(
    reviewer_client, second_reviewer_client, reviewer, opinion
):
    page = reverse("admin:agents_reviewdecision_change", args=[opinion.pk])

    assert (listed(reviewer_client), listed(second_reviewer_client)) == ([], [opinion])
    assert (len(rows_of(reviewer_client.get(EXPORT))), len(rows_of(second_reviewer_client.get(EXPORT)))) == (
        1,
        2,
    )
    assert reviewer_client.get(page).status_code == 302

    opinion.item.state, opinion.item.closed_at = ReviewState.CLOSED, timezone.now()
    opinion.item.save()

    assert listed(reviewer_client) == [opinion]
    assert reviewer_client.get(page).status_code == 200


def test_leads_see_opinions_of_disputed_items(reviewer_client, reviewer, opinion):
    lead(reviewer)
    assert listed(reviewer_client) == []

    opinion.item.disputed_at = timezone.now()
    opinion.item.save()

    assert listed(reviewer_client) == [opinion]


def test_gold_decision_is_visible_to_its_reviewer(
    reviewer_client, second_reviewer_client, superuser_client, creator, low_marches, second_reviewer
):
    item = closed(creator, low_marches, kind=ReviewKind.GOLD, is_blind=True, only_for=second_reviewer)
    decision = decided(item, second_reviewer)

    assert (listed(reviewer_client), listed(second_reviewer_client), listed(superuser_client)) == (
        [],
        [decision],
        [],
    )


def test_export_hides_confidence_of_reopened_blind_item(reviewer_client, reviewer, creator, low_marches):
    item = rows.item_of(
        rows.finished_job(creator, low_marches), kind=ReviewKind.AUDIT, is_blind=True, confidence=0.93
    )
    decided(item, reviewer, undone_at=NOON, undone_by=reviewer)

    head, row = rows_of(reviewer_client.get(EXPORT))

    assert [row[head.index(name)] for name in ("Confidence", "Kind", "Undone (UTC)")] == [
        "",
        "",
        "2026-03-01 12:30:05",
    ]
    assert "0.93" not in str(row)


def test_events_hide_confidence_of_blind_items(reviewer_client, creator, low_marches):
    job = rows.finished_job(creator, low_marches)
    event = AgentJobEvent.objects.get(job=job, kind="completed")
    page = reverse("admin:agents_agentjobevent_change", args=[event.pk])
    assert "0.45" in reviewer_client.get(page).content.decode()

    rows.item_of(job, is_blind=True)

    shown = reviewer_client.get(page).content.decode()
    assert "0.45" not in shown
    assert "hidden until reviewed" in shown


# --- One decision


def test_decision_page_shows_the_edit_word_by_word(reviewer_client, reviewer, creator, low_marches):
    item = closed(creator, low_marches)
    decision = ReviewDecision.objects.create(
        item=item,
        by=reviewer,
        verdict=Verdict.EDITED,
        note="Two <b>\nlines\u202e",
        before={"title": "A low tide", "content": "<b>"},
        after={"title": "A high tide", "content": "<b>"},
    )

    page = reviewer_client.get(
        reverse("admin:agents_reviewdecision_change", args=[decision.pk])
    ).content.decode()

    assert "A <del>low</del> tide" in page
    assert "A <ins>high</ins> tide" in page
    assert "Two &lt;b&gt;<br>lines<span" in page
    assert "<b>" not in page


def test_list_shows_standing_decisions(superuser_client, reviewer, creator, low_marches):
    decided(closed(creator, low_marches), reviewer, undone_at=NOON, undone_by=reviewer)
    decided(closed(creator, low_marches), reviewer, takes_effect=False)
    decided(closed(creator, low_marches), reviewer)

    page = superuser_client.get(LIST).content.decode()

    assert [page.count(f">{word}</span>") for word in ("undone", "opinion", "in effect")] == [1, 1, 1]
