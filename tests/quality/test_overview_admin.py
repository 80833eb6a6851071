"""The admin's overview and reviewer pages: contents and visibility."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.choices import ReviewKind
from agents.models import ReviewReport
from agents.quality import reports
from agents.review.creators import variants
from tests.support import review_rows, rows
from tests.support.pages import words
from tests.support.people import make_user

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")
QUEUE = reverse("admin:agents_reviewitem_changelist")
REFRESH = reverse("admin:agents_reviewitem_refresh_figures")
TABLE = reverse("admin:agents_reviewitem_reviewers")


def page_of(user) -> str:
    return reverse("admin:agents_reviewitem_reviewer", args=[user.pk])


@pytest.fixture
def verdicts(creator, reviewer, second_reviewer, low_marches):
    return review_rows.simulate(
        creator, [reviewer, second_reviewer], [low_marches], seed=4, count=80, now=timezone.now(), days=25
    )


# --- The overview


@pytest.mark.parametrize("address", [INDEX, QUEUE])
def test_open_items_are_counted_once_per_page(reviewer_client, review_item, address):
    with CaptureQueriesContext(connection) as queries:
        assert "item is waiting" in words(reviewer_client.get(address))

    of_items = 'SELECT COUNT(*) AS "__count" FROM "agent_review_items"'
    assert sum(query["sql"].startswith(of_items) for query in queries) == 1


def test_empty_site_says_so(reviewer_client):
    text = words(reviewer_client.get(INDEX))

    assert "Open 0 Overdue 0 Oldest – Disputed 0 Decided today 0" in text
    assert "Nothing was decided in the last twelve weeks." in text
    assert "there is no data on confidence yet" in text
    assert "No audit was decided in the last 30 days." in text
    assert "No items are claimed." not in text


def test_current_queue(reviewer_client, creator, second_reviewer, ferry_item):
    now = timezone.now()
    held = review_rows.reviewed(creator, due_at=now - timedelta(hours=1), disputed_at=now)
    held.claimed_by, held.claimed_at, held.claimed_until = second_reviewer, now, now + timedelta(minutes=5)
    held.save()
    review_rows.reviewed(creator, kind=ReviewKind.GOLD, only_for=second_reviewer)

    text = words(reviewer_client.get(INDEX))

    assert "Open 2 Overdue 1 Oldest 28 minutes ago Disputed 1 Decided today 0" in text
    assert f"Claimed by rudi 1 item, until {held.claimed_until:%H:%M} UTC" in text


def test_metrics_of_thirty_days_are_shown_with_their_age(reviewer_client, verdicts):
    text = words(reviewer_client.get(INDEX))

    figures = ReviewReport.objects.get(days=30).figures
    calibration, used = figures["calibration"], figures["usage"]["total"]
    assert f"Calibration error {calibration['ece']:.3f} Brier score {calibration['brier']:.3f}" in text
    overall = figures["escaped"]["overall"]
    assert (
        f"{overall['share']:.1%} ({overall['low']:.1%} to {overall['high']:.1%}) of {overall['count']}"
        in text
    )
    assert "Cost per approved output at least $0.0" in text
    assert f"Approved outputs {used['jobs_approved']} of 80 completed" in text
    assert f"for {used['calls']} Cache hit rate" in text
    assert f"Calls of unknown cost {used['unknown_calls']}" in text
    assert f"As of {ReviewReport.objects.get(days=30).computed_at:%H:%M} UTC" in text
    assert f"All 80 Approved: {figures['verdicts']['approved']['share']:.0%} Edited and approved:" in text
    for name in ("Narrative", "claude-one", "spatial claude-two00"):
        assert name in text


def test_choices_between_variants_are_counted_by_model(reviewer_client, reviewer, creator, low_marches):
    assert "Choices between variants" not in words(reviewer_client.get(INDEX))
    for is_tie in (False, True):
        jobs = rows.make_variants(creator, low_marches)
        assert jobs[0].variants_id is not None
        variants.choose(jobs[0].variants_id, jobs[1].pk, by=reviewer, is_tie=is_tie)
    reports.refresh_all()

    text = words(reviewer_client.get(INDEX))

    assert "two Chosen 1 of 2 50% one 0 of 2 0% 2 choices, 1 tie. Ties count for no model." in text


def test_mock_answers_are_pointed_out(reviewer_client, creator, reviewer):
    for is_mock in (True, False, True):
        review_rows.decide(review_rows.reviewed(creator, is_mock=is_mock), reviewer)
    assert "2 of the 3 decided outputs came from the mock model." in words(reviewer_client.get(INDEX))

    ReviewReport.objects.all().delete()
    review_rows.decide(review_rows.reviewed(creator), reviewer)
    assert "mock model: the figures say nothing" not in words(reviewer_client.get(INDEX))


def test_other_periods_are_links(reviewer_client, verdicts):
    page = reviewer_client.get(INDEX, {"days": "7"})

    assert [row.days for row in ReviewReport.objects.all()] == [7]
    assert f'href="{INDEX}?days=7#figures" aria-current="true"' in page.content.decode()


@pytest.mark.parametrize("days", ["8", "x", "-1", "07", "<b>"])
def test_unknown_period_shows_the_default(reviewer_client, days):
    assert reviewer_client.get(INDEX, {"days": days}).status_code == 200
    assert [row.days for row in ReviewReport.objects.all()] == [30]


def test_refresh_recomputes_and_keeps_the_period(reviewer_client, creator, reviewer):
    reports.latest(7)
    ReviewReport.objects.update(computed_at=timezone.now() - timedelta(minutes=4))
    review_rows.decide(review_rows.reviewed(creator), reviewer, at=timezone.now() - timedelta(seconds=1))
    assert reviewer_client.get(REFRESH).status_code == 405

    response = reviewer_client.post(REFRESH, {"days": "7"}, follow=True)

    assert response.redirect_chain == [(f"{INDEX}?days=7#figures", 302)]
    assert "Metrics computed at" in response.content.decode()
    assert ReviewReport.objects.get().figures["decided"] == 1


def test_metrics_need_permission_to_see_reviews(signed_in, verdicts):
    client = signed_in(make_user("sam", is_staff=True))

    page = client.get(INDEX).content.decode()

    assert client.post(REFRESH, {"days": "7"}).status_code == 403
    assert "Quality" not in page
    assert not ReviewReport.objects.exists()


def test_app_index_has_no_metrics(reviewer_client):
    page = reviewer_client.get(reverse("admin:app_list", args=["agents"]))

    assert page.status_code == 200
    assert "Quality" not in page.content.decode()


def test_query_count_does_not_grow_with_decisions(
    reviewer_client, creator, reviewer, low_marches, django_assert_max_num_queries
):
    reviewer_client.get(INDEX)
    for seed in (1, 2):
        review_rows.simulate(
            creator, [reviewer], [low_marches], seed=seed, count=100 * seed, now=timezone.now()
        )
        for _ in range(5):
            review_rows.reviewed(creator)
        # Queries: session, user, permissions (2), badges (2), recent actions, and four for the metrics.
        with django_assert_max_num_queries(14):
            reviewer_client.get(INDEX)


# --- Reviewers


def test_lead_sees_a_table_of_all_reviewers(lead_client, reviewer, second_reviewer, verdicts):
    page = lead_client.get(TABLE)

    text = words(page)
    for user in (reviewer, second_reviewer):
        assert page_of(user) in page.content.decode()
        assert user.username in text
    assert "Everybody 80" in text
    assert "approves everything" not in text


def test_table_colours_are_explained(lead_client, reviewer, verdicts):
    text = words(lead_client.get(TABLE))

    assert "approved edited and approved asked again rejected Reviewer Today" in text


def test_leads_have_a_link_to_disputes(lead_client, reviewer_client, ferry_item):
    ferry_item.disputed_at = timezone.now()
    ferry_item.opinions_wanted = 2
    ferry_item.save(update_fields=["disputed_at", "opinions_wanted"])

    link = 'href="/admin/agents/reviewitem/?disputed=true"'
    assert link in lead_client.get(INDEX).content.decode()
    assert link not in reviewer_client.get(INDEX).content.decode()


def test_reviewer_is_redirected_to_own_page(reviewer_client, reviewer, verdicts):
    response = reviewer_client.get(TABLE, follow=True)

    assert response.redirect_chain == [(page_of(reviewer), 302)]
    text = words(response)
    assert "My reviews" in text
    assert "You" in text
    assert "rudi" not in text.split()


def test_reviewer_page_is_for_the_reviewer_and_leads(
    reviewer_client,
    second_reviewer_client,
    lead_client,
    superuser_client,
    second_reviewer,
    signed_in,
    verdicts,
):
    watcher = signed_in(make_user("will", is_staff=True, permissions=("agents.view_reviewitem",)))

    assert [
        client.get(page_of(second_reviewer)).status_code
        for client in (second_reviewer_client, lead_client, superuser_client)
    ] == [200] * 3
    assert [client.get(page_of(second_reviewer)).status_code for client in (reviewer_client, watcher)] == [
        403
    ] * 2
    assert watcher.get(TABLE, follow=True).status_code == 403


def test_non_reviewer_has_no_page(lead_client, creator):
    assert lead_client.get(page_of(creator)).status_code == 404


def test_reviewer_who_approves_everything_is_flagged(lead_client, creator, reviewer):
    for _ in range(20):
        review_rows.decide(review_rows.reviewed(creator), reviewer)
    gold = review_rows.gold(creator, reviewer, "approved")

    page = lead_client.get(page_of(reviewer))

    text = words(page)
    assert (
        "Approves everything. The last 20 verdicts approved the output unchanged, including one gold" in text
    )
    assert "0.0% (0.0% to 79.3%) of 1" in text
    assert reverse("admin:agents_agentjob_change", args=[gold.item.job_id]) in page.content.decode()
    assert "approves everything" in words(lead_client.get(TABLE))


def test_missed_gold_is_not_shown_to_the_reviewer(reviewer_client, creator, reviewer):
    gold = review_rows.gold(creator, reviewer, "approved")

    assert str(gold.item.job_id) not in reviewer_client.get(page_of(reviewer)).content.decode()


def test_reviewer_without_verdicts_has_a_page(reviewer_client, reviewer):
    text = words(reviewer_client.get(page_of(reviewer)))

    assert "Today 0 7 days 0 30 days 0" in text
    assert "No verdict yet." in text
